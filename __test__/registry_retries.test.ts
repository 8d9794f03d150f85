/** Retry policies made at run time: how often, after what, and after how long. */

import {
  BamlClientHttpError,
  BamlInvalidArgumentError,
  ClientRegistry,
  type RetryPolicy,
} from '@boundaryml/baml';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm('ok');

const AT_ONCE = { strategy: { type: 'constant_delay', delay_ms: 1 } } as const;

function retrying(policy: string | RetryPolicy): ClientRegistry {
  const registry = new ClientRegistry();
  registry.addLlmClient('Mine', 'openai', llm().options({ model: 'm' }), policy);
  registry.setPrimary('Mine');
  return registry;
}

const ask = (clientRegistry: ClientRegistry): Promise<string> => b.Echo('x', { clientRegistry });

const gaps = (): number[] => {
  const times = llm().requests.map((request) => request.time);
  return times.slice(1).map((time, index) => time - times[index]!);
};

describe('a policy', () => {
  test('is given where the client is', async () => {
    llm().on({ reply: [{ status: 503 }, { status: 503 }, 'at last'] });
    expect(await ask(retrying({ max_retries: 2, ...AT_ONCE }))).toBe('at last');
    expect(llm().requests).toHaveLength(3);
  });

  test('is named, and may be added after the client', async () => {
    llm().on({ reply: { status: 503 } });
    const registry = retrying('Thrice');
    registry.addRetryPolicy('Thrice', { max_retries: 3, ...AT_ONCE });
    const error = await failure(ask(registry), BamlClientHttpError);
    expect(error.attempts).toHaveLength(4);
  });

  test('of a registry wins over one of the .baml files', async () => {
    llm().on({ model: 'stubborn', reply: { status: 503 } });
    const registry = new ClientRegistry();
    registry.addRetryPolicy('Twice', { max_retries: 0 });
    await failure(b.Echo('x', { clientRegistry: registry, client: 'Stubborn' }), BamlClientHttpError);
    expect(llm().requests).toHaveLength(1);
  });

  test('that does not exist is an error of the call that needs it, with the nearest', async () => {
    const registry = retrying('Twise');
    const error = await failure(ask(registry), Error);
    expect(error.message).toMatch(/Twise[^]*Twice/);
    expect(await b.Echo('x', { clientRegistry: registry, client: 'Premium' })).toBe('ok');
  });

  test.each<[string, object]>([
    ['max_retries', { max_retries: 'two' }],
    ['max_retries', {}],
    ['max_retries', { max_retry: 2 }],
    ['delay_ms', { max_retries: 1, strategy: { type: 'constant_delay', delay_ms: -5 } }],
    ['exponential_backoff', { max_retries: 1, strategy: { type: 'exponental_backoff' } }],
    ['jitter', { max_retries: 1, jitter: 'ful' }],
    ['retry_on', { max_retries: 1, retry_on: ['netwrk'] }],
  ])('that is wrong is refused at once, naming %s', (word, policy) => {
    const registry = new ClientRegistry();
    const add = (): void => registry.addRetryPolicy('R', policy as never);
    expect(add).toThrow(BamlInvalidArgumentError);
    expect(add).toThrow(word);
    const beside = (): void => registry.addLlmClient('C', 'openai', {}, policy as never);
    expect(beside).toThrow(BamlInvalidArgumentError);
    expect(registry.has('C')).toBe(false);
  });
});

describe('what is tried again', () => {
  test.each([408, 409, 425, 429, 500, 502, 503, 529])('status %i', async (status) => {
    llm().on({ reply: [{ status }, 'again'] });
    expect(await ask(retrying({ max_retries: 1, ...AT_ONCE }))).toBe('again');
  });

  test.each([400, 401, 403, 404, 422])('not status %i, which stays what it is', async (status) => {
    llm().on({ reply: [{ status }, 'again'] });
    const error = await failure(ask(retrying({ max_retries: 5, ...AT_ONCE })), BamlClientHttpError);
    expect(error.status_code).toBe(status);
    expect(llm().requests).toHaveLength(1);
  });

  test('a connection that breaks, and a time that passes', async () => {
    llm().on({ reply: [{ fault: 'reset' }, { fault: 'hang' }, 'again'] });
    const registry = new ClientRegistry();
    const options = llm().options({ model: 'm', http: { request_timeout_ms: 60 } });
    registry.addLlmClient('Mine', 'openai', options, { max_retries: 2, ...AT_ONCE });
    registry.setPrimary('Mine');
    expect(await ask(registry)).toBe('again');
  });

  test('what retry_on says, wider or narrower', async () => {
    llm().on({ reply: [{ status: 404 }, 'again'] });
    expect(await ask(retrying({ max_retries: 1, retry_on: ['default', 404], ...AT_ONCE }))).toBe('again');
    llm().on({ reply: { status: 503 } });
    const narrow = retrying({ max_retries: 3, retry_on: ['rate_limit', 'timeout'], ...AT_ONCE });
    expect((await failure(ask(narrow), BamlClientHttpError)).attempts).toHaveLength(1);
  });
});

describe('the wait', () => {
  test('begins with delay_ms and grows', async () => {
    llm().on({ reply: { status: 503 } });
    const strategy = { type: 'exponential_backoff', delay_ms: 20, multiplier: 2, max_delay_ms: 50 } as const;
    await failure(ask(retrying({ max_retries: 3, jitter: 'none', strategy })), BamlClientHttpError);
    const [first, second, third] = gaps();
    expect(first).toBeGreaterThanOrEqual(19);
    expect(second).toBeGreaterThanOrEqual(39);
    expect(third).toBeGreaterThanOrEqual(49);
  });

  test('is what the provider asks for, up to a limit', async () => {
    llm().on({ reply: [{ status: 429, headers: { 'retry-after': '3600' } }, 'again'] });
    const policy = { max_retries: 1, max_retry_after_ms: 60, ...AT_ONCE };
    expect(await ask(retrying(policy))).toBe('again');
    expect(gaps()[0]).toBeGreaterThanOrEqual(59);
  });
});
