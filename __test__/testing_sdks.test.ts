/** The scripted LLM, judged by the providers' own SDKs: what they read is what was scripted, in each wire format. */

import type { ReplyDetails } from '@boundaryml/baml/testing';
import { describe, expect, test } from 'vitest';

import { oneLlm } from './support/llm.js';
import { SDKS } from './support/sdks.js';

const llm = oneLlm();

const ANSWER: ReplyDetails = {
  text: 'Grüße, 世界 🌍: "quoted"\nand a second line',
  reasoning: 'Schritt für Schritt 🧠',
  usage: { inputTokens: 120, outputTokens: 34, cachedInputTokens: 100 },
};

const HEARD = {
  text: ANSWER.text,
  reasoning: ANSWER.reasoning,
  refusal: '',
  inputTokens: 120,
  outputTokens: 34,
  cachedInputTokens: 100,
};

/** What each calls the reasons that a script names. */
const WORDS: Record<string, Record<string, string>> = {
  'openai-chat': { stop: 'stop', length: 'length', content_filter: 'content_filter', refusal: 'stop' },
  'openai-responses': {
    stop: 'completed',
    length: 'max_output_tokens',
    content_filter: 'content_filter',
    refusal: 'completed',
  },
  anthropic: { stop: 'end_turn', length: 'max_tokens', content_filter: 'refusal', refusal: 'refusal' },
  google: { stop: 'STOP', length: 'MAX_TOKENS', content_filter: 'SAFETY', refusal: 'SAFETY' },
  bedrock: {
    stop: 'end_turn',
    length: 'max_tokens',
    content_filter: 'content_filtered',
    refusal: 'guardrail_intervened',
  },
};

/** How each names the error of a status: the field of its class. */
const ERRORS: Record<string, (status: number, message: string) => object> = {
  'openai-chat': (status) => ({ status, code: 'rate_limit_exceeded', requestID: 'req_9' }),
  'openai-responses': (status) => ({ status, code: 'rate_limit_exceeded', requestID: 'req_9' }),
  anthropic: (status) => ({ status, type: 'rate_limit_error', requestID: 'req_9' }),
  google: (status) => ({ status, name: 'ApiError' }),
  bedrock: (status) => ({
    name: 'ThrottlingException',
    $metadata: expect.objectContaining({ httpStatusCode: status, requestId: 'req_9' }),
  }),
};

/** The AWS SDK asks for no compression and reads none. */
const THAT_READ_COMPRESSED = SDKS.filter(({ dialect }) => dialect !== 'bedrock');

const QUESTION = { system: 'be brief', user: ['hello', 'there'], temperature: 0.5, maxTokens: 99 };

test('each wire format has a judge', () => {
  const dialects = ['openai-chat', 'openai-responses', 'anthropic', 'google', 'bedrock'];
  expect(SDKS.map(({ dialect }) => dialect)).toEqual(dialects);
  expect(THAT_READ_COMPRESSED.map(({ dialect }) => dialect)).toEqual(dialects.slice(0, -1));
});

describe.each(SDKS)('$name', (sdk) => {
  const words = WORDS[sdk.dialect]!;

  describe.each(['ask', 'stream'] as const)('%s', (way) => {
    const asks = (): ReturnType<(typeof sdk)['ask']> => sdk[way](llm().url, 'model-1', QUESTION);

    test('hears what is said', async () => {
      llm().on({ reply: ANSWER });
      expect(await asks()).toEqual({ ...HEARD, finishReason: words['stop'] });
      expect(llm().requests).toHaveLength(1);
      expect(llm().lastRequest).toMatchObject({
        dialect: sdk.dialect,
        model: 'model-1',
        prompt: 'be brief\nhellothere',
        stream: way === 'stream',
      });
    });

    test.each([{ writeBytes: 1 }, { writeBytes: 7, chunkSize: [1, 5, 2] }, { writeBytes: 50 }])(
      'hears the same in pieces of $writeBytes bytes',
      async (pieces) => {
        llm().on({ reply: { ...ANSWER, ...pieces } });
        expect(await asks()).toEqual({ ...HEARD, finishReason: words['stop'] });
      },
    );

    test.each(['length', 'content_filter'])('hears that it stopped for %s', async (finishReason) => {
      llm().on({ reply: { text: 'half an ans', finishReason } });
      expect(await asks()).toMatchObject({ text: 'half an ans', finishReason: words[finishReason] });
    });

    test('hears several blocks as one text', async () => {
      const texts = ['one, ', 'two, ', 'three'];
      llm().on({ reply: { text: texts } });
      // Lists of parts are no part of OpenAI's chat completions, but of those who copied it: its SDK hands them on.
      const isHandedOn = sdk.dialect === 'openai-chat' && way === 'ask';
      const parts = texts.map((text) => ({ type: 'text', text }));
      expect((await asks()).text).toEqual(isHandedOn ? parts : texts.join(''));
    });

    test('hears a refusal', async () => {
      llm().on({ reply: { refusal: 'I will not do that.' } });
      const { text, refusal, finishReason } = await asks();
      // Of Bedrock's guardrails only the reason tells that it is no answer.
      expect(text + refusal).toBe('I will not do that.');
      expect(finishReason).toBe(words['refusal']);
    });

    test('hears an error status as an error of its own', async () => {
      llm().on({ reply: { status: 429, text: 'Slow down, please.', requestId: 'req_9', retryAfter: 7 } });
      const error = await rejected(asks());
      expect(error).toBeInstanceOf(sdk.errors);
      expect(error).toMatchObject(ERRORS[sdk.dialect]!(429, 'Slow down, please.'));
      expect(String(error)).toContain('Slow down, please.');
    });

    test.each(['reset', 'reset-midway', 'garbage'] as const)('fails on %s', async (fault) => {
      llm().on({ reply: { ...ANSWER, fault } });
      // OpenAI's SDK takes a stream without an event for a stream without an answer.
      const isTakenForEmpty = fault === 'garbage' && sdk.dialect === 'openai-chat' && way === 'stream';
      if (isTakenForEmpty) expect(await asks()).toMatchObject({ text: '', finishReason: '' });
      else await rejected(asks());
    });
  });

  test('hears an error in the middle of a stream', async () => {
    llm().on({
      reply: {
        ...ANSWER,
        fault: 'error-midway',
        error: { message: 'The model gave up.' },
        requestId: 'req_9',
      },
    });
    const error = await rejected(sdk.stream(llm().url, 'model-1', QUESTION));
    // OpenAI's SDK throws the event of a response itself.
    if (sdk.dialect !== 'openai-responses') expect(error).toBeInstanceOf(sdk.errors);
    expect((error as Error).message).toContain('The model gave up.');
  });
});

describe.each(THAT_READ_COMPRESSED)('$name', (sdk) => {
  test.each(['gzip', 'deflate', 'br'] as const)('reads %s', async (encoding) => {
    llm().on({ reply: { ...ANSWER, encoding } });
    for (const way of ['ask', 'stream'] as const) {
      expect(await sdk[way](llm().url, 'model-1', QUESTION)).toMatchObject({ text: ANSWER.text });
    }
  });
});

async function rejected(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error;
  throw new TypeError(`expected an error, got ${JSON.stringify(outcome.value)}`);
}
