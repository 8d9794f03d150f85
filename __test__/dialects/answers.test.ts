/** Answers of every provider, at once and streamed, as calls through a generated client see them. */

import {
  BamlClientError,
  BamlClientFinishReasonError,
  BamlClientHttpError,
  Collector,
} from '@boundaryml/baml';
import type { CallOptions } from '@boundaryml/baml/client';
import type { ReplyDetails } from '@boundaryml/baml/testing';
import { describe, expect, test } from 'vitest';

import { b } from '../projects/dialects/baml_client/index.js';
import { failure, oneLlm } from '../support/llm.js';
import { asking, PROVIDERS } from './providers.js';

const llm = oneLlm();

const RESUME = { name: 'Ada Lovelace', email: null, skills: ['Mathematics', 'Poésie 🪶', '数学'] };

const ANSWER: ReplyDetails = {
  json: RESUME,
  reasoning: 'Who is it? {"name": "nobody", "skills": []}',
  usage: { inputTokens: 120, outputTokens: 34, cachedInputTokens: 100 },
};

/** The two ways to ask: all at once, and streamed to the end. */
const WAYS = {
  call: (text: string, options: CallOptions) => b.ExtractResume(text, options),
  stream: (text: string, options: CallOptions) => b.stream.ExtractResume(text, options).getFinalResponse(),
};

const ECHOES = {
  call: (text: string, options: CallOptions) => b.Echo(text, options),
  stream: (text: string, options: CallOptions) => b.stream.Echo(text, options).getFinalResponse(),
};

describe.each(PROVIDERS)('$name', (row) => {
  const clientRegistry = (options?: Record<string, unknown>): ReturnType<typeof asking> =>
    asking(llm(), row, options);

  describe.each(['call', 'stream'] as const)('%s', (way) => {
    test('gives the value, and asks as the provider is asked', async () => {
      llm().on({ reply: ANSWER });
      expect(await WAYS[way]('Ada Lovelace', { clientRegistry: clientRegistry() })).toEqual(RESUME);
      expect(llm().requests).toHaveLength(1);
      expect(llm().lastRequest).toMatchObject({
        method: 'POST',
        path: (way === 'stream' ? row.streamPath : undefined) ?? row.path,
        dialect: row.dialect,
        model: row.model,
        stream: way === 'stream',
      });
      expect(llm().lastRequest.prompt).toMatch(/^Extract the résumé\.[^]*name: string[^]*Ada Lovelace$/);
    });

    test('leaves an account: tokens, and what the model wrote', async () => {
      llm().on({ reply: ANSWER });
      const collector = new Collector();
      await WAYS[way]('x', { clientRegistry: clientRegistry(), collector });
      const log = collector.last!;
      expect(JSON.parse(log.rawLlmResponse!)).toEqual(RESUME);
      expect([log.reasoning, log.calls[0]!.reasoning]).toEqual([ANSWER.reasoning, ANSWER.reasoning]);
      const { inputTokens, outputTokens, cachedInputTokens } = log.usage;
      expect({ inputTokens, outputTokens, cachedInputTokens }).toEqual(
        way === 'stream' && row.streamsWithoutUsage
          ? { inputTokens: null, outputTokens: null, cachedInputTokens: null }
          : ANSWER.usage,
      );
      expect(log.calls).toMatchObject([
        { provider: row.provider, clientName: 'Mine', selected: true, status: 200 },
      ]);
    });

    test.each([{ writeBytes: 1, chunkSize: 20 }, { writeBytes: 3, chunkSize: 1 }, { writeBytes: 100 }])(
      'gives the same in pieces of $writeBytes bytes',
      async (pieces) => {
        llm().on({ reply: { ...ANSWER, ...pieces } });
        expect(await WAYS[way]('x', { clientRegistry: clientRegistry() })).toEqual(RESUME);
      },
    );

    test.each(['gzip', 'br', 'deflate'] as const)('reads %s', async (encoding) => {
      llm().on({ reply: { ...ANSWER, encoding, writeBytes: 50 } });
      expect(await WAYS[way]('x', { clientRegistry: clientRegistry() })).toEqual(RESUME);
    });

    test('joins several blocks of text', async () => {
      llm().on({ reply: { text: ['one, ', 'two, ', 'three'] } });
      expect(await ECHOES[way]('x', { clientRegistry: clientRegistry() })).toBe('one, two, three');
    });

    test('gives an empty answer as an empty text', async () => {
      llm().on({ reply: { text: '' } });
      expect(await ECHOES[way]('x', { clientRegistry: clientRegistry() })).toBe('');
    });

    test.each(['stop', 'length', 'content_filter'] as const)('knows the reason %s', async (reason) => {
      llm().on({ reply: { text: 'half an ans', finishReason: reason } });
      const registry = clientRegistry({ finish_reason_allow_list: ['no such reason'] });
      const error = await failure(
        ECHOES[way]('x', { clientRegistry: registry }),
        BamlClientFinishReasonError,
      );
      expect(error).toMatchObject({ finish_reason: row.finishReasons[reason], raw_output: 'half an ans' });
    });

    test('tells of a refusal', async () => {
      llm().on({ reply: { refusal: 'I will not do that.' } });
      if (row.refusesInText) {
        const registry = clientRegistry({ finish_reason_deny_list: ['guardrail_intervened'] });
        await failure(ECHOES[way]('x', { clientRegistry: registry }), BamlClientFinishReasonError);
        return;
      }
      const error = await failure(ECHOES[way]('x', { clientRegistry: clientRegistry() }), BamlClientError);
      expect(error.message).toContain('I will not do that.');
      expect(error.code).toBe('refusal');
    });
  });

  test('a stream grows towards its end', async () => {
    llm().on({ reply: { ...ANSWER, chunkSize: 6, chunkDelayMs: 10 } });
    const stream = b.stream.ExtractResume('Ada', { clientRegistry: clientRegistry() });
    const names: string[] = [];
    let last: unknown;
    for await (const partial of stream) {
      names.push(partial.name ?? '');
      last = partial;
    }
    expect(await stream.getFinalResponse()).toEqual(RESUME);
    expect(last).toEqual(RESUME);
    expect(names.length).toBeGreaterThan(1);
    // Not for a moment is a thought taken for the answer.
    for (const name of names) expect(RESUME.name.startsWith(name), name).toBe(true);
  });

  test('hanging up on a stream is seen', async () => {
    llm().on({ reply: { ...ANSWER, chunkSize: 1, chunkDelayMs: 20 } });
    for await (const partial of b.stream.ExtractResume('Ada', { clientRegistry: clientRegistry() })) {
      expect(partial).toBeDefined();
      break;
    }
    await expect.poll(() => llm().lastRequest.aborted).toBe(true);
  });

  test('many at once do not mix', async () => {
    llm().on({ reply: (request) => ({ text: `heard ${request.prompt.split('\n').at(-1)}`, chunkSize: 2 }) });
    const registry = clientRegistry();
    const numbers = Array.from({ length: 12 }, (_, number) => `number ${number}`);
    const calls = numbers.map((text, index) =>
      ECHOES[index % 2 ? 'call' : 'stream'](text, { clientRegistry: registry }),
    );
    expect(await Promise.all(calls)).toEqual(numbers.map((text) => `heard ${text}`));
  });

  test('an answer that does not come is an error of HTTP', async () => {
    llm().on({ reply: { fault: 'reset' } });
    await failure(b.Echo('x', { clientRegistry: clientRegistry() }), BamlClientHttpError);
  });
});
