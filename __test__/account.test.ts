/** The account of a call: its attempts in the log and on the error, what failed, why it was made, what caused what. */

import {
  BamlAbortError,
  BamlClientError,
  BamlClientFinishReasonError,
  BamlClientHttpError,
  BamlError,
  BamlInvalidArgumentError,
  BamlTimeoutError,
  BamlValidationError,
  ClientRegistry,
  Collector,
  type FunctionLog,
  type RetryPolicy,
} from '@boundaryml/baml';
import type { ReplyDetails } from '@boundaryml/baml/testing';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { asking, failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm();

const AT_ONCE: RetryPolicy = {
  max_retries: 1,
  strategy: { type: 'constant_delay', delay_ms: 1 },
  jitter: 'none',
};

function registry(): ClientRegistry {
  const made = new ClientRegistry();
  const add = (name: string, options: object = {}, policy?: RetryPolicy): void =>
    made.addLlmClient(name, 'openai', llm().options({ model: name, ...options }), policy);
  add('Busy', {}, AT_ONCE);
  add('Silent', { http: { request_timeout_ms: 30 } });
  add('Torn');
  add('Fine');
  made.addLlmClient('Keyless', 'openai', { model: 'k', api_key: { env: 'NOT_SET_ANYWHERE' } });
  llm().on({ model: 'Busy', reply: { status: 503, headers: { 'x-request-id': 'req_busy' } } });
  llm().on({ model: 'Silent', reply: { fault: 'hang' } });
  llm().on({ model: 'Torn', reply: { fault: 'reset' } });
  llm().on({ model: 'Fine', reply: { text: 'fine', headers: { 'x-request-id': 'req_fine' } } });
  return made;
}

const facts = (log: FunctionLog): unknown[] =>
  log.calls.map(({ clientName, reason, status, kind, selected }) => [
    clientName,
    reason,
    status,
    kind,
    selected,
  ]);

describe('the log', () => {
  test.each(['call', 'stream'] as const)('of a %s tells each attempt and why it was made', async (how) => {
    const made = registry();
    made.addLlmClient('All', 'fallback', { strategy: ['Busy', 'Silent', 'Keyless', 'Torn', 'Fine'] });
    const collector = new Collector();
    const options = { clientRegistry: made, client: 'All', collector };
    const before = Date.now();
    const answer = how === 'call' ? b.Echo('x', options) : b.stream.Echo('x', options).getFinalResponse();
    expect(await answer).toBe('fine');
    const log = collector.last!;
    expect(log.logType).toBe(how);
    expect(facts(log)).toEqual([
      ['Busy', 'first', 503, 'status', false],
      ['Busy', 'retry 1 after status', 503, 'status', false],
      ['Silent', 'next of All after status', null, 'timeout', false],
      ['Keyless', 'next of All after timeout', null, 'unusable', false],
      ['Torn', 'next of All after unusable', null, 'network', false],
      ['Fine', 'next of All after network', 200, null, true],
    ]);
    const starts = log.calls.map((call) => call.timing.startTimeUtcMs);
    expect(starts).toEqual(starts.toSorted((one, other) => one - other));
    expect(starts[0]).toBeGreaterThanOrEqual(before - 1);
    const silent = log.calls[2]!.timing.durationMs;
    expect(silent).toBeGreaterThanOrEqual(28);
    expect(silent).toBeLessThanOrEqual(log.timing.durationMs);
    expect(log.calls.map((call) => call.error === null)).toEqual([false, false, false, false, false, true]);
  });

  test('names the arm that a weighted client took', async () => {
    const made = registry();
    made.addLlmClient('Inner', 'weighted', {
      strategy: [{ client: 'Fine', weight: 1 }],
      sticky_key: { tag: 'user' },
    });
    made.addLlmClient('Outer', 'weighted', { strategy: ['Inner'] });
    const collector = new Collector();
    await b.Echo('x', { clientRegistry: made, client: 'Outer', collector, tags: { user: 'ada' } });
    expect(collector.last!.selectedCall!.arms).toEqual([
      { strategy: 'Outer', member: 'Inner', sticky: false },
      { strategy: 'Inner', member: 'Fine', sticky: true },
    ]);
    await b.Echo('x', { clientRegistry: made, client: 'Fine', collector });
    expect(collector.last!.selectedCall!.arms).toEqual([]);
  });

  test('of an answer that did not fit says so, and keeps it', async () => {
    llm().on({ reply: 'no number' });
    const collector = new Collector();
    await failure(b.Price('x', { collector, clientRegistry: asking(llm(), 'm') }), BamlValidationError);
    expect(facts(collector.last!)).toEqual([['Mine', 'first', 200, 'validation', true]]);
    expect(collector.last!.calls[0]!.error).toContain('does not fit');
    expect(collector.last!.rawLlmResponse).toBe('no number');
  });

  test('grows while the call waits to try again', async () => {
    const made = registry();
    made.addLlmClient('Patient', 'openai', llm().options({ model: 'Busy' }), {
      ...AT_ONCE,
      strategy: { type: 'constant_delay', delay_ms: 60 },
    });
    llm().on({ model: 'Busy', reply: [{ status: 503 }, { text: 'late', delayMs: 200 }] });
    const collector = new Collector();
    const answer = b.Echo('x', { clientRegistry: made, client: 'Patient', collector });
    await expect.poll(() => collector.last?.calls.length, { interval: 5 }).toBe(1);
    expect(facts(collector.last!)).toEqual([['Patient', 'first', 503, 'status', false]]);
    expect(await answer).toBe('late');
    expect(collector.logs).toHaveLength(1);
  });
});

interface Case {
  errorClass: abstract new (...parameters: never[]) => BamlError;
  reply: ReplyDetails;
  options?: Record<string, unknown>;
  code: string;
}

const CASES: Record<string, Case> = {
  'an error status': { errorClass: BamlClientHttpError, reply: { status: 422 }, code: 'status' },
  'a connection that breaks': { errorClass: BamlClientHttpError, reply: { fault: 'reset' }, code: 'network' },
  'a time that ran out': {
    errorClass: BamlTimeoutError,
    reply: { fault: 'hang' },
    options: { http: { request_timeout_ms: 30 } },
    code: 'timeout',
  },
  'an answer that does not fit': {
    errorClass: BamlValidationError,
    reply: { text: 'no number' },
    code: 'validation',
  },
  'a finish reason that is refused': {
    errorClass: BamlClientFinishReasonError,
    reply: { text: '4', finishReason: 'length' },
    options: { finish_reason_allow_list: ['stop'] },
    code: 'finish_reason',
  },
  'a refusal': {
    errorClass: BamlClientError,
    reply: { body: { choices: [{ message: { refusal: 'no' }, finish_reason: 'stop' }] } },
    code: 'refusal',
  },
  'a client that cannot be used': {
    errorClass: BamlInvalidArgumentError,
    reply: {},
    options: { api_key: { env: 'NOT_SET_ANYWHERE' } },
    code: 'unusable',
  },
};

describe('an error', () => {
  test.each(Object.keys(CASES))('of %s has its code and the attempts', async (name) => {
    const { errorClass, reply, options, code } = CASES[name]!;
    llm().on({ reply });
    const clientRegistry = asking(llm(), 'm', options);
    const error = await failure(b.Price('x', { clientRegistry }), errorClass);
    expect(error).toMatchObject({
      code,
      attempts: [{ client_name: 'Mine', provider: 'openai', code, reason: 'first', message: error.message }],
    });
    expect(error.attempts![0]!.duration_ms).toBeGreaterThanOrEqual(0);
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ code, attempts: [{ code }] });
  });

  test('that ends a chain of attempts has the one before as its cause', async () => {
    const made = registry();
    made.addLlmClient('All', 'fallback', { strategy: ['Torn', 'Silent', 'Keyless', 'Busy'] });
    const error = await failure(b.Echo('x', { clientRegistry: made, client: 'All' }), BamlClientHttpError);
    const chain: Error[] = [];
    for (let at: unknown = error; at instanceof Error; at = at.cause) chain.push(at);
    expect(chain.map((each) => [each.constructor.name, (each as BamlError).code])).toEqual([
      ['BamlClientHttpError', 'status'],
      ['BamlClientHttpError', 'status'],
      ['BamlInvalidArgumentError', 'unusable'],
      ['BamlTimeoutError', 'timeout'],
      ['BamlClientHttpError', 'network'],
      ['Error', undefined],
    ]);
    expect(chain.at(-1)!.message).toMatch(/connection/);
    expect(error.attempts!.map(({ client_name, code }) => [client_name, code])).toEqual([
      ['Torn', 'network'],
      ['Silent', 'timeout'],
      ['Keyless', 'unusable'],
      ['Busy', 'status'],
      ['Busy', 'status'],
    ]);
    expect(error.request_id).toBe('req_busy');
    expect(Object.keys(error)).not.toContain('cause');
  });

  test('of a provider that asks to wait says how long, whatever its class', async () => {
    llm().on({ reply: { status: 429, headers: { 'retry-after': '7' } } });
    const error = await failure(b.Echo('x', { clientRegistry: asking(llm(), 'm') }), BamlError);
    expect(error.retry_after_ms).toBe(7000);
  });

  test('of an answer that does not fit names the request', async () => {
    llm().on({ reply: { text: 'no number', headers: { 'x-request-id': 'req_9' } } });
    const error = await failure(b.Price('x', { clientRegistry: asking(llm(), 'm') }), BamlValidationError);
    expect(error.request_id).toBe('req_9');
  });

  test('of an abort has the attempts made until then, and the reason', async () => {
    const made = registry();
    made.addLlmClient('Both', 'fallback', { strategy: ['Busy', 'Hanging'] });
    made.addLlmClient('Hanging', 'openai', llm().options({ model: 'Silent' }));
    const controller = new AbortController();
    const options = { clientRegistry: made, client: 'Both', signal: controller.signal };
    const answer = failure(b.Echo('x', options), BamlAbortError);
    await expect.poll(() => llm().requests.length).toBe(3);
    controller.abort(new RangeError('enough'));
    const error = await answer;
    expect(error.reason).toBeInstanceOf(RangeError);
    expect(error.attempts!.map(({ client_name, code }) => [client_name, code])).toEqual([
      ['Busy', 'status'],
      ['Busy', 'status'],
      ['Hanging', 'abort'],
    ]);
    expect(error.detailed_message).toContain('3 failed attempts');
    expect(error.code).toBe('abort');
  });

  test('about options has a code, and one about a plan says what is wrong where', async () => {
    const misspelt = await failure(b.Echo('x', { cleint: 'Fine' } as never), BamlInvalidArgumentError);
    expect(misspelt.code).toBe('invalid_argument');
    const unknown = await failure(b.Echo('x', { client: 'Standrad' }), BamlInvalidArgumentError);
    expect(unknown.problems).toMatchObject([
      { path: 'client', message: expect.stringContaining('did you mean `Standard`') },
    ]);
    expect(unknown.attempts).toBeUndefined();
    const made = registry();
    made.addLlmClient('Lost', 'fallback', { strategy: ['Fine', 'Nowhere'] });
    made.addLlmClient('Late', 'openai', { model: 'm' }, 'Nothing');
    for (const [client, path] of [
      ['Lost', 'Lost.strategy'],
      ['Late', 'Late.retry_policy'],
    ] as const) {
      const error = await failure(b.Echo('x', { clientRegistry: made, client }), BamlInvalidArgumentError);
      expect(error.problems!.map((problem) => problem.path)).toEqual([path]);
    }
  });

  test('about JSON of a registry names the client', () => {
    const json = { clients: [{ name: 'Fine', provider: 'openai', options: { api_key: 4 } }] };
    expect(() => ClientRegistry.fromJSON(json)).toThrow(/client `Fine`: `api_key` must be a string/);
    const problems = [
      {
        path: 'clients.0.options.api_key',
        message: 'client `Fine`: `api_key` must be a string, got a number',
      },
    ];
    expect(failureOf(() => ClientRegistry.fromJSON(json))).toMatchObject({ problems });
  });
});

function failureOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new TypeError('no error');
}

test('a wait that would end after the limit of the whole is not waited for', async () => {
  const made = registry();
  made.addLlmClient('Slow', 'openai', llm().options({ model: 'Busy' }), {
    ...AT_ONCE,
    strategy: { type: 'constant_delay', delay_ms: 5000 },
  });
  made.addLlmClient('Limited', 'fallback', { strategy: ['Slow'], http: { total_timeout_ms: 4000 } });
  made.addLlmClient('Around', 'fallback', { strategy: ['Limited', 'Fine'] });
  const before = performance.now();
  const error = await failure(b.Echo('x', { clientRegistry: made, client: 'Limited' }), BamlTimeoutError);
  expect(performance.now() - before).toBeLessThan(1000);
  expect(error).toMatchObject({
    client_name: 'Limited',
    timeout_type: 'total_timeout_ms',
    configured_value_ms: 4000,
    attempts: [{ client_name: 'Slow', code: 'status' }],
  });
  expect(error.elapsed_ms).toBeLessThan(1000);
  expect(error.message).toMatch(/the next attempt would begin in 5000 ms, and 3\d\d\d ms are left/);
  expect(error.cause).toMatchObject({ client_name: 'Slow', status_code: 503 });
  // What stands around it goes on.
  expect(await b.Echo('x', { clientRegistry: made, client: 'Around' })).toBe('fine');
});
