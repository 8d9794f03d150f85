/** Everything that goes wrong, at every provider, as whoever calls a function sees it. */

import {
  BamlAbortError,
  BamlClientHttpError,
  BamlTimeoutError,
  type ClientRegistry,
  Collector,
} from '@boundaryml/baml';
import type { CallOptions } from '@boundaryml/baml/client';
import type { Fault, ReplyDetails } from '@boundaryml/baml/testing';
import { describe, expect, test } from 'vitest';

import { b } from '../projects/dialects/baml_client/index.js';
import { failure, oneLlm } from '../support/llm.js';
import { asking, PROVIDERS } from './providers.js';

const llm = oneLlm();

/** The two ways to ask: all at once, and streamed to the end. */
const ECHOES = {
  call: (options: CallOptions) => b.Echo('hello', options),
  stream: (options: CallOptions) => b.stream.Echo('hello', options).getFinalResponse(),
};

/** Long enough that half of it is more than one event, and in pieces that do not all come at once. */
const LONG: ReplyDetails = { text: 'one two three four five six seven eight nine ten', chunkSize: 4 };

/** Words of Rust, not of people. */
const DEBUG = /Error \{|reqwest|hyper|Some\(|kind:|serde|Utf8|panicked/;

describe.each(PROVIDERS)('$name', (row) => {
  const registryWith = (options?: Record<string, unknown>): ClientRegistry => asking(llm(), row, options);

  describe.each(['call', 'stream'] as const)('%s', (way) => {
    const fails = (options?: Record<string, unknown>): Promise<BamlClientHttpError> =>
      failure(ECHOES[way]({ clientRegistry: registryWith(options) }), BamlClientHttpError);

    test.each([400, 401, 403, 404, 429, 500, 503, 529])(
      'status %i says what the provider says',
      async (status) => {
        llm().on({ reply: { status, text: 'Not like this.', requestId: 'req_7' } });
        const error = await fails();
        expect(error).toMatchObject({ client_name: 'Mine', status_code: status, code: 'status' });
        expect(error.message).toContain('Not like this.');
        expect(error.message).not.toMatch(DEBUG);
        if (row.namesRequests) expect(error.request_id).toBe('req_7');
        expect(error.raw_response).toContain('Not like this.');
        expect(llm().requests).toHaveLength(1);
      },
    );

    test('when to come back is known', async () => {
      llm().on({ reply: { status: 429, text: 'Slow down.', retryAfter: 7 } });
      expect((await fails()).retry_after_ms).toBe(7000);
    });

    test('an error page of a proxy is told of in plain words', async () => {
      llm().on({
        reply: {
          status: 502,
          body: '<html><h1>Bad gateway</h1></html>',
          headers: { 'content-type': 'text/html' },
        },
      });
      const error = await fails();
      expect(error.status_code).toBe(502);
      expect(error.message).not.toMatch(DEBUG);
    });

    test('an error in place of an answer, or in the middle of one', async () => {
      llm().on({ reply: { ...LONG, fault: 'error-midway', error: { message: 'It gave up.' } } });
      const error = await fails();
      expect(error.message).toContain('It gave up.');
      expect(error.code).toBe('reported');
    });

    test.each<Fault>(['reset', 'reset-midway', 'cut', 'garbage', 'empty'])('%s', async (fault) => {
      llm().on({ reply: { ...LONG, fault } });
      const error = await fails();
      expect(error.message).not.toMatch(DEBUG);
      expect(['network', 'malformed']).toContain(error.code);
    });

    test('an answer that never comes', async () => {
      llm().on({ reply: { fault: 'hang' } });
      const error = await fails({ http: { request_timeout_ms: 80 } });
      expect(error).toBeInstanceOf(BamlTimeoutError);
      expect(error).toMatchObject({ status_code: 408, timeout_type: 'request_timeout_ms' });
    });

    test('an answer that stops half way', async () => {
      llm().on({ reply: { ...LONG, fault: 'hang-midway' } });
      const limits = way === 'stream' ? { idle_timeout_ms: 80 } : { request_timeout_ms: 80 };
      const error = await fails({ http: limits });
      expect(error).toBeInstanceOf(BamlTimeoutError);
      expect(error).toMatchObject({ timeout_type: Object.keys(limits)[0] });
    });

    test('the next client answers in its place', async () => {
      llm().on({ model: 'the-second', reply: 'second' });
      for (const reply of [
        { status: 500 },
        { ...LONG, fault: 'error-midway' },
        { ...LONG, fault: 'cut' },
      ] as const) {
        llm().on({ model: row.model, reply });
        const registry = registryWith();
        registry.addLlmClient('Second', 'openai', llm().options({ model: 'the-second' }));
        registry.addLlmClient('Both', 'fallback', { strategy: ['Mine', 'Second'] });
        registry.setPrimary('Both');
        const collector = new Collector();
        expect(await ECHOES[way]({ clientRegistry: registry, collector })).toBe('second');
        expect(collector.last!.calls.map((call) => [call.clientName, call.selected])).toEqual([
          ['Mine', false],
          ['Second', true],
        ]);
      }
    });

    test('an abort hangs up', async () => {
      llm().on({ reply: { fault: 'hang' } });
      const controller = new AbortController();
      const call = ECHOES[way]({ clientRegistry: registryWith(), signal: controller.signal });
      const outcome = failure(call, BamlAbortError);
      await expect.poll(() => llm().requests.length).toBe(1);
      controller.abort('enough');
      expect((await outcome).reason).toBe('enough');
      await expect.poll(() => llm().lastRequest.aborted).toBe(true);
    });
  });

  test('a stream whose first word is late', async () => {
    llm().on({ reply: { ...LONG, firstByteDelayMs: 5000 } });
    const registry = registryWith({ http: { time_to_first_token_timeout_ms: 80 } });
    const error = await failure(ECHOES.stream({ clientRegistry: registry }), BamlTimeoutError);
    expect(error.timeout_type).toBe('time_to_first_token_timeout_ms');
  });
});
