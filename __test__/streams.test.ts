/** Streamed calls from end to end: over a socket, from a scripted LLM that can go wrong in every way. */

import {
  BamlAbortError,
  BamlClientFinishReasonError,
  BamlClientHttpError,
  BamlError,
  BamlInvalidArgumentError,
  type BamlStream,
  BamlTimeoutError,
  BamlValidationError,
  ClientRegistry,
  Collector,
  type FunctionLog,
  type LlmStreamCall,
} from '@boundaryml/baml';
import type { ReplyDetails } from '@boundaryml/baml/testing';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { asking, failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm('ok');

const RESUME = {
  name: 'Ada Lovelace',
  email: 'ada@example.org',
  skills: ['Mathematics', 'Poésie 🪶', '数学'],
};

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

/** The first partial value; the stream goes on. */
async function first<T>(stream: BamlStream<T, unknown>): Promise<T> {
  const { value, done } = await stream[Symbol.asyncIterator]().next();
  if (done) throw new TypeError('the stream ended without a partial value');
  return value;
}

/** A body of events, sent as written. */
function events(...data: (string | object)[]): ReplyDetails {
  const texts = data.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  return {
    headers: { 'content-type': 'text/event-stream' },
    body: texts.map((text) => `data: ${text}\n\n`).join(''),
  };
}

/** An event with a piece of the answer. */
function piece(content: string, finishReason: string | null = null): object {
  return { choices: [{ index: 0, delta: { content }, finish_reason: finishReason }] };
}

describe('an answer', () => {
  test('grows, and its last partial value is the final one', async () => {
    llm().on({ reply: { json: RESUME, chunkSize: 3, chunkDelayMs: 10 } });
    const stream = b.stream.ExtractResume('Ada');
    const partials = await all(stream);
    expect(await stream.getFinalResponse()).toEqual(RESUME);
    expect(partials.at(-1)).toEqual(RESUME);
    expect(partials.length).toBeGreaterThan(3);
    const lengths = partials.map((partial) => JSON.stringify(partial).length);
    expect(partials[0]).toMatchObject({ skills: [] });
    for (const partial of partials) {
      expect(RESUME.name.startsWith(partial.name ?? '')).toBe(true);
      expect((partial.skills ?? []).length).toBeLessThanOrEqual(RESUME.skills.length);
    }
    expect(lengths.at(-1)).toBe(Math.max(...lengths));
    expect(llm().lastRequest.stream).toBe(true);
  });

  test.each([1, 2, 3, 7, 64])('arrives whole in pieces of %i bytes', async (writeBytes) => {
    llm().on({ reply: { json: RESUME, chunkSize: [30, 50], writeBytes } });
    const stream = b.stream.ExtractResume('Ada');
    const partials = await all(stream);
    expect(JSON.stringify(partials)).not.toContain('\uFFFD');
    expect(partials.at(-1)).toEqual(RESUME);
    expect(await stream.getFinalResponse()).toEqual(RESUME);
  });

  test('is there without iterating', async () => {
    llm().on({ reply: { json: RESUME } });
    expect(await b.stream.ExtractResume('Ada').getFinalResponse()).toEqual(RESUME);
    expect(llm().requests).toHaveLength(1);
  });

  test('is shown before it is complete', async () => {
    llm().on({ reply: { text: 'one two three four', fault: 'hang-midway' } });
    const controller = new AbortController();
    const stream = b.stream.Echo('x', { signal: controller.signal });
    expect('one two three four'.startsWith(await first(stream))).toBe(true);
    controller.abort();
    await failure(stream.getFinalResponse(), BamlAbortError);
  });

  test('without an end mark is an answer when a reason for its end came', async () => {
    llm().on({ reply: events(piece('the whole'), piece(' of it', 'stop')) });
    expect(await b.stream.Echo('x').getFinalResponse()).toBe('the whole of it');
  });

  test('that comes at once, as JSON, is read as well', async () => {
    const choices = [{ index: 0, message: { role: 'assistant', content: 'at once' }, finish_reason: 'stop' }];
    llm().on({ reply: { body: { id: 'c', object: 'chat.completion', model: 'm', choices } } });
    const stream = b.stream.Echo('x');
    expect((await all(stream)).at(-1)).toBe('at once');
    expect(await stream.getFinalResponse()).toBe('at once');
  });

  test('that comes faster than a screen draws is shown as often as one does', async () => {
    const text = 'word '.repeat(100).trim();
    llm().on({ reply: { text, chunkSize: 5, chunkDelayMs: 1 } });
    const started = performance.now();
    const seen = await all(b.stream.Echo('x'));
    const elapsedMs = performance.now() - started;
    expect(seen.at(-1)).toBe(text);
    // The first at once, then one in 8 ms, and the last.
    expect(seen.length).toBeLessThanOrEqual(2 + elapsedMs / 8);
  });

  test('reaches a slow loop less often, and the last value always', async () => {
    const text = 'word '.repeat(200).trim();
    llm().on({ reply: { text, chunkSize: 5, chunkDelayMs: 1 } });
    const seen: string[] = [];
    for await (const partial of b.stream.Echo('x')) {
      seen.push(partial);
      await new Promise((resolve) => {
        setTimeout(resolve, 40);
      });
    }
    expect(seen.length).toBeLessThan(100);
    expect(seen.at(-1)).toBe(text);
  });

  test.each(['client', 'clientRegistry'] as const)('comes from the one that %s says', async (option) => {
    llm().on({ reply: ({ model }) => model });
    const stream =
      option === 'client'
        ? b.stream.Echo('x', { client: 'Premium' })
        : b.stream.Echo('x', { clientRegistry: asking(llm(), 'mine') });
    expect(await stream.getFinalResponse()).toBe(option === 'client' ? 'premium' : 'mine');
  });
});

test('fifty at once do not mix', async () => {
  llm().on({
    reply: ({ prompt }) => ({ text: `${prompt} `.repeat(20).trim(), chunkSize: 4, chunkDelayMs: 1 }),
  });
  const names = Array.from({ length: 50 }, (_, index) => `n${index}n`);
  await Promise.all(
    names.map(async (name) => {
      const whole = `${name} `.repeat(20).trim();
      const stream = b.stream.Echo(name);
      for await (const partial of stream) expect(whole.startsWith(partial.trim())).toBe(true);
      expect(await stream.getFinalResponse()).toBe(whole);
    }),
  );
  expect(llm().requests).toHaveLength(50);
});

describe('a failure', () => {
  test('before the stream is an http error, iterating or not', async () => {
    llm().on({ reply: { status: 400, text: 'no' } });
    const error = await failure(b.stream.Echo('x').getFinalResponse(), BamlClientHttpError);
    expect(error).toMatchObject({ client_name: 'Standard', status_code: 400 });
    await failure(all(b.stream.Echo('x')), BamlClientHttpError);
  });

  test.each<[string, ReplyDetails]>([
    ['a connection that is torn down', { text: 'x'.repeat(400), fault: 'reset-midway' }],
    ['a body that ends too early', events(piece('only the beginning'))],
    ['a page of HTML', { fault: 'garbage' }],
    ['nothing', { fault: 'empty' }],
    ['an event that is no JSON', events(piece('x'), '{"choices": [')],
  ])('%s is an http error in plain words', async (_, reply) => {
    llm().on({ reply });
    const error = await failure(b.stream.Echo('x').getFinalResponse(), BamlClientHttpError);
    expect(error.client_name).toBe('Standard');
    expect(error.message).not.toMatch(/Error \{|reqwest::|Some\(|kind:/);
  });

  test('told as an event is told in its words', async () => {
    llm().on({
      reply: events(piece('so far'), {
        error: { message: 'The server had an error', type: 'server_error', code: null },
      }),
    });
    const error = await failure(b.stream.Echo('x').getFinalResponse(), BamlClientHttpError);
    expect(error.message).toContain('The server had an error');
  });

  test('of the text to fit is a validation error, after its partial values', async () => {
    llm().on({ reply: { text: 'I do not know.', chunkSize: 3 } });
    const stream = b.stream.PickColor('x', null);
    const error = await failure(stream.getFinalResponse(), BamlValidationError);
    expect(error.raw_output).toBe('I do not know.');
  });

  test('for the reason that the model stopped', async () => {
    llm().on({ reply: { text: 'half an ans', finishReason: 'length' } });
    const registry = asking(llm(), 'm', { finish_reason_allow_list: ['stop'] });
    const stream = b.stream.Echo('x', { clientRegistry: registry });
    const error = await failure(stream.getFinalResponse(), BamlClientFinishReasonError);
    expect(error).toMatchObject({ finish_reason: 'length', raw_output: 'half an ans' });
  });

  test('of an argument sends nothing', async () => {
    await failure(b.stream.Echo(42 as never).getFinalResponse(), BamlInvalidArgumentError);
    expect(llm().requests).toHaveLength(0);
  });

  test('that nobody awaits is no unhandled rejection', async () => {
    llm().on({ reply: { status: 400 } });
    await failure(all(b.stream.Echo('x')), BamlError);
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  });
});

const limited = (http: Record<string, number>): ClientRegistry => asking(llm(), 'm', { http });

describe('limits', () => {
  test('time to the first token counts from the request, headers or not', async () => {
    llm().on({ reply: { fault: 'hang' } });
    const stream = b.stream.Echo('x', { clientRegistry: limited({ time_to_first_token_timeout_ms: 60 }) });
    const error = await failure(stream.getFinalResponse(), BamlTimeoutError);
    expect(error).toMatchObject({
      client_name: 'Mine',
      status_code: 408,
      timeout_type: 'time_to_first_token_timeout_ms',
      configured_value_ms: 60,
    });
    expect(error.elapsed_ms).toBeGreaterThanOrEqual(55);
  });

  test('what a model thinks is a token, too', async () => {
    llm().on({ reply: { reasoning: 'hm '.repeat(40), text: 'yes', chunkDelayMs: 15 } });
    const collector = new Collector();
    const clientRegistry = limited({ time_to_first_token_timeout_ms: 200 });
    const stream = b.stream.Echo('x', { clientRegistry, collector });
    expect(await stream.getFinalResponse()).toBe('yes');
    const { timing } = collector.last!.calls[0] as LlmStreamCall;
    expect(timing.timeToFirstTokenMs).toBeLessThan(200);
    expect(timing.durationMs).toBeGreaterThan(200);
  });

  test('on streams mean nothing to a client that is never asked for one', async () => {
    llm().on({ reply: { text: 'whole', delayMs: 120 } });
    const http = { time_to_first_token_timeout_ms: 40 };
    const registry = asking(llm(), 'm', { supports_streaming: false, http });
    expect(await b.stream.Echo('x', { clientRegistry: registry }).getFinalResponse()).toBe('whole');
  });

  test('an idle stream', async () => {
    llm().on({ reply: { text: 'x'.repeat(80), fault: 'hang-midway' } });
    const stream = b.stream.Echo('x', { clientRegistry: limited({ idle_timeout_ms: 60 }) });
    expect(await first(stream)).toMatch(/^x+$/);
    const error = await failure(stream.getFinalResponse(), BamlTimeoutError);
    expect(error).toMatchObject({ timeout_type: 'idle_timeout_ms', configured_value_ms: 60 });
  });

  test('a stream that never ends, though it never stops', async () => {
    llm().on({ reply: { text: 'x'.repeat(8000), chunkDelayMs: 5 } });
    const stream = b.stream.Echo('x', {
      clientRegistry: limited({ request_timeout_ms: 150, idle_timeout_ms: 5000 }),
    });
    const error = await failure(stream.getFinalResponse(), BamlTimeoutError);
    expect(error).toMatchObject({ timeout_type: 'request_timeout_ms', configured_value_ms: 150 });
    await expect.poll(() => llm().lastRequest.aborted).toBe(true);
  });

  test('that do not pass do nothing', async () => {
    llm().on({ reply: { json: RESUME, chunkDelayMs: 1 } });
    const http = {
      time_to_first_token_timeout_ms: 5000,
      idle_timeout_ms: 5000,
      request_timeout_ms: 10_000,
      connect_timeout_ms: 5000,
    };
    const stream = b.stream.ExtractResume('x', { clientRegistry: limited(http) });
    expect(await stream.getFinalResponse()).toEqual(RESUME);
  });
});

describe('the next client', () => {
  test('takes over from one that dies midway, and partial values start again', async () => {
    llm()
      .on({ model: 'standard', reply: { text: 'a'.repeat(400), chunkDelayMs: 1, fault: 'reset-midway' } })
      .on({ model: 'premium', reply: { text: 'b'.repeat(400), chunkDelayMs: 1 } });
    const collector = new Collector();
    const stream = b.stream.Echo('x', { client: 'Backup', collector });
    const letters = (await all(stream)).map((partial) => partial[0]);
    expect(await stream.getFinalResponse()).toBe('b'.repeat(400));
    expect(letters).toContain('a');
    expect(letters.lastIndexOf('a')).toBeLessThan(letters.indexOf('b'));
    expect(collector.last!.calls.map((call) => [call.clientName, call.selected])).toEqual([
      ['Standard', false],
      ['Premium', true],
    ]);
    expect(collector.last!.calls[0]!.error).toBeTruthy();
  });

  test('is asked when the first sends no token in time', async () => {
    llm()
      .on({ model: 'slow', reply: { fault: 'hang' } })
      .on({ model: 'premium', reply: 'here' });
    const registry = new ClientRegistry();
    const http = { time_to_first_token_timeout_ms: 40 };
    registry.addLlmClient('Slow', 'openai', llm().options({ model: 'slow', http }));
    registry.addLlmClient('Both', 'fallback', { strategy: ['Slow', 'Premium'] });
    registry.setPrimary('Both');
    const stream = b.stream.Echo('x', { clientRegistry: registry });
    expect(await stream.getFinalResponse()).toBe('here');
    await expect.poll(() => llm().requests[0]!.aborted).toBe(true);
  });

  test('is the same one, when a policy says so', async () => {
    llm().on({
      model: 'stubborn',
      reply: [events(piece('cut')), { status: 503 }, { text: 'at last', chunkSize: 2 }],
    });
    expect(await b.stream.Echo('x', { client: 'Stubborn' }).getFinalResponse()).toBe('at last');
    expect(llm().requests).toHaveLength(3);
  });

  test('does not exist: every attempt is told', async () => {
    llm()
      .on({ model: 'standard', reply: events(piece('cut')) })
      .on({ model: 'premium', reply: { status: 503 } });
    const stream = b.stream.Echo('x', { client: 'Backup' });
    const error = await failure(stream.getFinalResponse(), BamlClientHttpError);
    expect(error.attempts).toMatchObject([{ client_name: 'Standard' }, { client_name: 'Premium' }]);
    expect(error.status_code).toBe(503);
  });
});

/** An answer that takes longer than any test. */
const endless = (): void => void llm().on({ reply: { text: 'x'.repeat(8000), chunkDelayMs: 5 } });

describe('ending it', () => {
  test('by a signal keeps the reason, ends the loop quietly and hangs up', async () => {
    endless();
    const controller = new AbortController();
    const stream = b.stream.Echo('x', { signal: controller.signal });
    const reason = { why: 'the user left' };
    for await (const _ of stream) controller.abort(reason);
    const error = await failure(stream.getFinalResponse(), BamlAbortError);
    expect(error.reason).toBe(reason);
    await expect.poll(() => llm().lastRequest.aborted).toBe(true);
  });

  test('before it began sends nothing', async () => {
    const controller = new AbortController();
    const stream = b.stream.Echo('x', { signal: controller.signal });
    controller.abort('early');
    const error = await failure(stream.getFinalResponse(), BamlAbortError);
    expect(error.reason).toBe('early');
    expect(llm().requests).toHaveLength(0);
    expect(() => b.stream.Echo('x', { signal: controller.signal })).toThrow(BamlAbortError);
  });

  test('by leaving the loop hangs up, when nobody asks for the whole', async () => {
    endless();
    const stream = b.stream.Echo('x');
    for await (const _ of stream) break;
    await expect.poll(() => llm().lastRequest.aborted).toBe(true);
    await failure(stream.getFinalResponse(), BamlAbortError);
  });

  test.each(['before', 'at once after', 'a turn after'])(
    'asking %s the end of the loop goes on',
    async (when) => {
      llm().on({ reply: { text: 'word '.repeat(40).trim(), chunkDelayMs: 2 } });
      const stream = b.stream.Echo('x');
      let whole = when === 'before' ? stream.getFinalResponse() : undefined;
      for await (const partial of stream) {
        expect(partial.length).toBeLessThan(199);
        break;
      }
      if (when === 'a turn after') {
        await new Promise((resolve) => {
          setTimeout(resolve, 0);
        });
      }
      whole ??= stream.getFinalResponse();
      expect(await whole).toHaveLength(199);
      expect(llm().lastRequest.aborted).toBe(false);
    },
  );

  test('by cancelling the response body hangs up', async () => {
    endless();
    const reader = b.stream.Echo('x').toStreamable().getReader();
    await reader.read();
    await reader.cancel();
    await expect.poll(() => llm().lastRequest.aborted).toBe(true);
  });

  test('while it waits to try again', async () => {
    llm().on({ model: 'stubborn', reply: { status: 500 } });
    const signal = AbortSignal.timeout(10);
    const stream = b.stream.Echo('x', { client: 'Stubborn', signal });
    const error = await failure(stream.getFinalResponse(), BamlAbortError);
    expect(error.reason).toBe(signal.reason);
  });
});

describe('the log', () => {
  test('tells of a stream: its events, its times, its tokens', async () => {
    const usage = { inputTokens: 10, outputTokens: 5, cachedInputTokens: 2 };
    llm().on({ reply: { text: 'the answer', chunkSize: 4, usage, delayMs: 20 } });
    const collector = new Collector();
    await b.stream.Echo('the prompt', { collector, tags: { user: '7' } }).getFinalResponse();
    const log = collector.last!;
    expect(log.logType).toBe('stream');
    expect(log.rawLlmResponse).toBe('the answer');
    expect(log.tags).toMatchObject({ user: '7' });
    const call = log.selectedCall as LlmStreamCall;
    expect(call.constructor.name).toBe('LlmStreamCall');
    expect(call.selected).toBe(true);
    expect(call.error).toBeNull();
    expect(call.usage).toMatchObject(usage);
    expect(call.httpRequest!.body.json()).toMatchObject({ stream: true });
    const { durationMs, timeToFirstTokenMs } = call.timing;
    expect(timeToFirstTokenMs).toBeGreaterThanOrEqual(15);
    expect(durationMs).toBeGreaterThanOrEqual(timeToFirstTokenMs!);
    const texts = call.sseResponses()!.map((event) => event.text);
    expect(texts.filter((text) => text.includes('"content":"the '))).toHaveLength(1);
    expect(call.sseResponses()![1]!.json()).toMatchObject({ choices: [{ delta: { content: 'the ' } }] });
  });

  test('of a stream that was aborted is kept', async () => {
    llm().on({ reply: { text: 'x'.repeat(800), fault: 'hang-midway' } });
    const collector = new Collector();
    const stream = b.stream.Echo('x', { collector });
    for await (const _ of stream) break;
    await expect.poll(() => llm().lastRequest.aborted).toBe(true);
    const error = await failure(stream.getFinalResponse(), BamlAbortError);
    expect(error.attempts).toMatchObject([{ client_name: 'Standard', code: 'abort', reason: 'first' }]);
    const log = collector.last!;
    expect(log.logType).toBe('stream');
    expect(log.selectedCall).toBeNull();
    const call = log.calls[0] as LlmStreamCall;
    expect(call).toMatchObject({ kind: 'abort', status: 200, reason: 'first' });
    expect(call.timing.timeToFirstTokenMs).toBeGreaterThanOrEqual(0);
    expect(call.sseResponses()!.length).toBeGreaterThan(1);
  });

  test('onTick is called while the answer grows, also of a call that does not stream', async () => {
    llm().on({ reply: { text: 'x'.repeat(200), chunkDelayMs: 1 } });
    const ticks: [string, FunctionLog | null][] = [];
    const answer = await b.Echo('x', { onTick: (reason, log) => ticks.push([reason, log]) });
    expect(answer).toBe('x'.repeat(200));
    expect(ticks.length).toBeGreaterThan(1);
    expect(new Set(ticks.map(([reason]) => reason))).toEqual(new Set(['Unknown']));
    for (const [, log] of ticks) expect(log).toMatchObject({ functionName: 'Echo', logType: 'stream' });
  });

  test('shows a stream while it is under way: its events so far', async () => {
    llm().on({ reply: { text: 'x'.repeat(200), chunkDelayMs: 2 } });
    const counts: number[] = [];
    const look = (_: string, log: FunctionLog | null): void => {
      const call = log!.calls.at(-1) as LlmStreamCall;
      expect(call).toMatchObject({ clientName: 'Standard', error: null, status: 200 });
      counts.push(call.sseResponses()!.length);
    };
    await b.stream.Echo('x', { onTick: look }).getFinalResponse();
    expect(counts[0]).toBeLessThan(counts.at(-1)!);
    expect(counts).toEqual(counts.toSorted((one, other) => one - other));
  });
});

test('as a response body, it is lines of JSON', async () => {
  llm().on({ reply: { json: RESUME, chunkSize: 4, chunkDelayMs: 1 } });
  const text = await new Response(b.stream.ExtractResume('Ada').toStreamable()).text();
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.at(-1)).toEqual({ final: RESUME });
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines.slice(0, -1)) expect(Object.keys(line)).toEqual(['partial']);
});

test('streams show no keys', async () => {
  llm().on({ reply: { status: 401, text: 'bad key sk-do-not-show-me' } });
  const collector = new Collector();
  const registry = asking(llm(), 'm', { api_key: 'sk-do-not-show-me' });
  const text = await new Response(
    b.stream.Echo('x', { clientRegistry: registry, collector }).toStreamable(),
  ).text();
  const shown = [text, ...collector.last!.calls.map(String), String(collector.last!.calls[0]!.error)];
  expect(shown.join('\n')).not.toContain('sk-do-not-show-me');
});
