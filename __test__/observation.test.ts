/** Seeing what happens: collectors, tags, traces. */

import { inspect } from 'node:util';

import { BamlClientHttpError, type BamlLogEvent, Collector } from '@boundaryml/baml';
import { describe, expect, test } from 'vitest';

import { b, flush, onLogEvent, setTags, traceAsync, traceSync } from './projects/main/baml_client/index.js';
import { asking, failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm({
  reply: { text: 'the answer', usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 2 } },
});

describe('a collector', () => {
  test('holds each call: who answered, what was sent, what came back', async () => {
    const collector = new Collector('mine');
    await b.Echo('the prompt', { collector, tags: { user: '7' } });
    const log = collector.last!;
    expect(collector.logs).toHaveLength(1);
    expect(log.functionName).toBe('Echo');
    expect(log.logType).toBe('call');
    expect(log.id).toMatch(/^bfcall_/);
    expect(log.rawLlmResponse).toBe('the answer');
    expect(log.tags).toMatchObject({ user: '7' });
    expect(log.timing.durationMs).toBeGreaterThanOrEqual(0);
    expect(Math.abs(log.timing.startTimeUtcMs - Date.now())).toBeLessThan(10_000);
    const [call] = log.calls;
    expect(call!.clientName).toBe('Standard');
    expect(call!.provider).toBe('openai');
    expect(call!.selected).toBe(true);
    expect(call!.httpRequest!.url).toBe(`${llm().baseUrl}/chat/completions`);
    expect(call!.httpRequest!.method).toBe('POST');
    expect(call!.httpRequest!.body.json()).toMatchObject({ model: 'standard' });
    expect(call!.httpResponse!.status).toBe(200);
    expect(call!.httpResponse!.body.json()).toMatchObject({
      choices: [{ message: { content: 'the answer' } }],
    });
    expect(log.selectedCall!.clientName).toBe('Standard');
    expect(collector.id(log.id)!.id).toBe(log.id);
  });

  test('adds up usage', async () => {
    const collector = new Collector();
    await Promise.all([b.Echo('a', { collector }), b.Echo('b', { collector })]);
    expect(collector.logs).toHaveLength(2);
    const { inputTokens, outputTokens, cachedInputTokens } = collector.usage;
    expect({ inputTokens, outputTokens, cachedInputTokens }).toEqual({
      inputTokens: 20,
      outputTokens: 10,
      cachedInputTokens: 4,
    });
    collector.clear();
    expect(collector.logs).toHaveLength(0);
    expect(collector.last).toBeNull();
  });

  test('holds every attempt of a fallback', async () => {
    llm().on({ model: 'standard', reply: { status: 500 } });
    const collector = new Collector();
    await b.Echo('x', { collector, client: 'Backup' });
    expect(
      collector.last!.calls.map((call) => [call.clientName, call.selected, call.httpResponse?.status]),
    ).toEqual([
      ['Standard', false, 500],
      ['Premium', true, 200],
    ]);
  });

  test('holds failed calls', async () => {
    llm().on({ reply: { status: 500 } });
    const collector = new Collector();
    await failure(b.Echo('x', { collector }), BamlClientHttpError);
    expect(collector.last!.calls).toHaveLength(1);
    expect(collector.last!.selectedCall).toBeNull();
  });

  test('is one of several, and withOptions gives it to every call', async () => {
    const [one, two] = [new Collector('one'), new Collector('two')];
    await b.Echo('x', { collector: [one, two] });
    await b.withOptions({ collector: two }).Echo('y');
    expect([one.logs.length, two.logs.length]).toEqual([1, 2]);
  });

  test('does not show keys', async () => {
    const collector = new Collector();
    const secret = 'sk-do-not-show-me';
    await b.Echo('x', { collector, clientRegistry: asking(llm(), 'm', { api_key: secret }) });
    const request = collector.last!.calls[0]!.httpRequest!;
    const shown = [collector, collector.last, collector.last!.calls[0], request].map(String);
    shown.push(
      inspect(collector, { depth: 10, showHidden: true, getters: true }),
      JSON.stringify(request.headers),
    );
    expect(shown.join('\n')).not.toContain(secret);
  });

  test('shows what is in it when it is printed', async () => {
    const collector = new Collector();
    const clientRegistry = asking(llm(), 'm', {
      base_url: `${llm().baseUrl}?key=sk-of-the-query`,
      headers: { 'x-own': 'sk-of-a-header' },
    });
    await b.Echo('x', { collector, clientRegistry });
    await b.stream.Echo('y', { collector, clientRegistry }).getFinalResponse();
    const [log, streamed] = collector.logs;
    const call = inspect(log!.calls[0], { depth: 0 });
    expect(call).toMatch(/^LlmCall \{/);
    for (const part of [
      "clientName: 'Mine'",
      "reason: 'first'",
      'status: 200',
      'Timing { start: 20',
      'Usage { inputTokens: 10, outputTokens: 5, cachedInputTokens: 2 }',
      `HttpRequest { POST ${llm().baseUrl}/chat/completions?…, headers: `,
      'HttpResponse { 200, body: ',
    ]) {
      expect(call).toContain(part);
    }
    expect(call).not.toContain('error:');
    expect(inspect(log)).toMatch(/^FunctionLog \{[^]*rawLlmResponse: 'the answer'[^]*$/);
    expect(inspect(log, { depth: 0 })).toContain('calls: [Array]');
    expect(inspect(streamed!.calls[0])).toMatch(/^LlmStreamCall \{[^]*timeToFirstTokenMs: \d/);
    expect(inspect(collector, { depth: null })).toMatch(/^Collector \{[^]*LlmStreamCall/);
    const shown = await b.request.Echo('x', { clientRegistry });
    expect(inspect(shown)).toMatch(/^HttpRequest \{ POST http:/);
    expect(inspect(shown.body)).toBe(`HttpBody { ${shown.body.raw().byteLength} bytes }`);
    expect(inspect({ collector, shown }, { depth: null, showHidden: true })).not.toContain('sk-');
  });
});

describe('log events', () => {
  test('are told for each call, until nobody listens', async () => {
    const events: BamlLogEvent[] = [];
    onLogEvent((event) => events.push(event));
    await b.Echo('the prompt');
    llm().on({ reply: { status: 500 } });
    await failure(b.Echo('again'), BamlClientHttpError);
    onLogEvent();
    await failure(b.Echo('unheard'), BamlClientHttpError);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({
      metadata: { eventId: expect.stringMatching(/^bfcall_/) },
      rawOutput: 'the answer',
      parsedOutput: '"the answer"',
    });
    expect(events[0]!.prompt).toContain('the prompt');
    expect(Number.isNaN(Date.parse(events[0]!.startTime))).toBe(false);
    expect(events[1]).not.toHaveProperty('parsedOutput');
  });
});

describe('traces', () => {
  test('carry tags into the calls inside, and out of no other', async () => {
    const collector = new Collector();
    const traced = traceAsync('outer', async (text: string) => {
      setTags({ tenant: 'acme' });
      await Promise.resolve();
      return b.Echo(text, { collector, tags: { step: '1' } });
    });
    expect(await traced('x')).toBe('the answer');
    expect(collector.last!.tags).toMatchObject({ tenant: 'acme', step: '1' });
    await b.Echo('y', { collector });
    expect(collector.last!.tags).not.toHaveProperty('tenant');
  });

  test('side by side do not mix', async () => {
    const collectors = [new Collector(), new Collector()];
    const traced = traceAsync('outer', async (tenant: string, collector: Collector) => {
      setTags({ tenant });
      await new Promise((resolve) => {
        setTimeout(resolve, 5);
      });
      await b.Echo('x', { collector });
    });
    await Promise.all(collectors.map((collector, index) => traced(`t${index}`, collector)));
    expect(collectors.map((collector) => collector.last!.tags['tenant'])).toEqual(['t0', 't1']);
  });

  test('answer and throw as the function does', async () => {
    expect(traceSync('add', (x: number, y: number) => x + y)(1, 2)).toBe(3);
    const failing = traceSync('fail', () => {
      throw new RangeError('no');
    });
    expect(failing).toThrow(RangeError);
    expect(() => flush()).not.toThrow();
    const rejecting = traceAsync('reject', () => Promise.reject(new RangeError('no')));
    await expect(rejecting()).rejects.toThrow(RangeError);
  });
});
