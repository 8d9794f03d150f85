/** Strategies made at run time: fallback, round-robin, weighted; nested, with options per member. */

import {
  BamlAbortError,
  BamlClientHttpError,
  BamlError,
  BamlInvalidArgumentError,
  BamlTimeoutError,
  BamlValidationError,
  ClientRegistry,
  Collector,
} from '@boundaryml/baml';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { failure, scriptedLlm } from './support/llm.js';

// Every answer names the model that was asked.
const llm = scriptedLlm({ reply: (request) => request.model });

const models = (): string[] => llm().requests.map((request) => request.model);

/** A registry with the clients A, B and C, which ask for the models a, b and c, and a chosen strategy over them. */
function choosing(provider: string, options: Record<string, unknown>): ClientRegistry {
  const registry = new ClientRegistry();
  for (const name of ['A', 'B', 'C']) {
    registry.addLlmClient(name, 'openai', llm().options({ model: name.toLowerCase() }));
  }
  registry.addLlmClient('Choice', provider, options);
  registry.setPrimary('Choice');
  return registry;
}

const ask = (clientRegistry: ClientRegistry, more: object = {}): Promise<string> =>
  b.Echo('x', { clientRegistry, ...more });

async function asked(registry: ClientRegistry, times: number): Promise<string[]> {
  const answers: string[] = [];
  for (let call = 0; call < times; call++) answers.push(await ask(registry));
  return answers;
}

describe('fallback', () => {
  test('moves on at once after any failure to answer', async () => {
    llm()
      .on({ model: 'a', reply: { status: 401 } })
      .on({ model: 'b', reply: { fault: 'reset' } });
    expect(await ask(choosing('fallback', { strategy: ['A', 'B', 'C'] }))).toBe('c');
    expect(models()).toEqual(['a', 'b', 'c']);
  });

  test('nests, reaches .baml clients, and lays options over a member', async () => {
    llm()
      .on({ model: 'a', reply: { status: 500 } })
      .on({ model: 'standard', reply: { status: 500 } });
    const registry = choosing('fallback', {
      strategy: ['Inner', { client: 'B', options: { temperature: 0.1 } }],
    });
    registry.addLlmClient('Inner', 'fallback', { strategy: ['A', 'Standard'] });
    expect(await ask(registry)).toBe('b');
    expect(models()).toEqual(['a', 'standard', 'b']);
    expect(llm().lastRequest.body).toMatchObject({ temperature: 0.1 });
  });

  test('passes over a member that cannot be built', async () => {
    const registry = choosing('fallback', { strategy: ['Keyless', 'B'] });
    registry.addLlmClient(
      'Keyless',
      'openai',
      llm().options({ model: 'k', api_key: { env: 'NO_SUCH_VARIABLE' } }),
    );
    const collector = new Collector();
    expect(await ask(registry, { collector })).toBe('b');
    expect(collector.last!.calls[0]!.error).toContain('NO_SUCH_VARIABLE');
  });

  test('asks the next for an answer that fits only when told to', async () => {
    llm().on({ model: 'a', reply: 'no colour' }).on({ model: 'b', reply: 'Green' });
    const plain = choosing('fallback', { strategy: ['A', 'B'] });
    await failure(b.PickColor('x', null, { clientRegistry: plain }), BamlValidationError);
    const careful = choosing('fallback', { strategy: ['A', 'B'], fallback_on: ['validation'] });
    expect(await b.PickColor('x', null, { clientRegistry: careful })).toBe('Green');
  });

  test('with a policy waits between passes, and never between members', async () => {
    llm()
      .on({ model: 'a', reply: { status: 503 } })
      .on({ model: 'b', reply: [{ status: 503 }, 'second pass'] });
    const registry = choosing('fallback', { strategy: ['A', 'B'] });
    const strategy = { type: 'constant_delay', delay_ms: 40 } as const;
    registry.addLlmClient('Choice', 'fallback', { strategy: ['A', 'B'] }, { max_retries: 1, strategy });
    expect(await ask(registry)).toBe('second pass');
    expect(models()).toEqual(['a', 'b', 'a', 'b']);
    const [, second, third] = llm().requests.map((request) => request.time);
    expect(third! - second!).toBeGreaterThanOrEqual(39);
  });

  test('ends when its whole time is over', async () => {
    llm().on({ reply: { fault: 'hang' } });
    const registry = choosing('fallback', { strategy: ['A', 'B'], http: { total_timeout_ms: 60 } });
    const error = await failure(ask(registry), BamlTimeoutError);
    expect(error).toMatchObject({ timeout_type: 'total_timeout_ms', configured_value_ms: 60 });
    await expect.poll(() => llm().lastRequest.aborted).toBe(true);
  });

  test('that contains itself, by way of others, is refused where it closes', async () => {
    const registry = choosing('fallback', { strategy: ['Inner'] });
    const close = (): void => registry.addLlmClient('Inner', 'fallback', { strategy: ['A', 'Choice'] });
    expect(close).toThrow(BamlInvalidArgumentError);
    expect(close).toThrow(/Inner[^]*Choice/);
    const error = await failure(ask(registry), BamlError);
    expect(error.message).toContain('Inner');
    expect(llm().requests).toHaveLength(0);
  });
});

describe('round-robin', () => {
  test('turns evenly, also when all are asked at once', async () => {
    const registry = choosing('round-robin', { strategy: ['A', 'B', 'C'] });
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(registry)));
    for (const model of ['a', 'b', 'c']) expect(answers.filter((each) => each === model)).toHaveLength(10);
  });

  test('starts where it is told, and copies turn together', async () => {
    const registry = choosing('round-robin', { strategy: ['A', 'B', 'C'], start: 1 });
    expect(await asked(registry, 2)).toEqual(['b', 'c']);
    expect(await ask(registry.clone())).toBe('a');
    expect(await ask(registry)).toBe('b');
  });

  test('tries one member', async () => {
    llm().on({ model: 'a', reply: { status: 500 } });
    const registry = choosing('round-robin', { strategy: ['A', 'B'], start: 0 });
    await failure(ask(registry), BamlClientHttpError);
    expect(models()).toEqual(['a']);
  });
});

const member = (client: string, weight: number): object => ({ client, weight });

describe('weighted', () => {
  test('gives each its share', async () => {
    const registry = choosing('weighted', { strategy: [member('A', 3), member('B', 1), member('C', 0)] });
    const answers = await Promise.all(Array.from({ length: 400 }, () => ask(registry)));
    const share = answers.filter((each) => each === 'a').length;
    // Six standard deviations around 300.
    expect(share).toBeGreaterThan(248);
    expect(share).toBeLessThan(352);
    expect(answers).not.toContain('c');
  });

  test('with a sticky key gives the same user always the same arm', async () => {
    const strategy = [member('A', 1), member('B', 1)];
    const arm = async (user: string): Promise<string> => {
      const registry = choosing('weighted', { strategy, sticky_key: user });
      return (await asked(registry, 3)).join('');
    };
    const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);
    const arms = await Promise.all(users.map(arm));
    expect(new Set(arms)).toEqual(new Set(['aaa', 'bbb']));
    expect(await Promise.all(users.map(arm))).toEqual(arms);
  });

  test('takes the key from a tag, so that one registry serves all users', async () => {
    const registry = choosing('weighted', {
      strategy: [member('A', 1), member('B', 1)],
      sticky_key: { tag: 'user' },
    });
    const arm = (user: string): Promise<string> => ask(registry, { tags: { user } });
    const users = Array.from({ length: 30 }, (_, index) => `user-${index}`);
    const arms = await Promise.all(users.map(arm));
    expect(new Set(arms)).toEqual(new Set(['a', 'b']));
    expect(await Promise.all(users.map(arm))).toEqual(arms);
  });

  test('tells the arm in the log', async () => {
    const registry = choosing('weighted', { strategy: [member('A', 1), member('B', 0)] });
    const collector = new Collector();
    await ask(registry, { collector });
    expect(collector.last!.selectedCall!.clientName).toBe('A');
  });

  test.each<[string, Record<string, unknown>]>([
    ['weight', { strategy: [{ client: 'A', weight: -1 }] }],
    ['weight', { strategy: [{ client: 'A', weight: 'half' }] }],
    ['weight', { strategy: [{ client: 'A', wieght: 1 }] }],
    ['weight', { strategy: [{ client: 'A', weight: 0 }] }],
    ['strategy', {}],
    ['sticky_key', { strategy: ['A'], sticky_key: ['x'] }],
  ])('refuses what is wrong with %s', (word, options) => {
    expect(() => choosing('weighted', options)).toThrow(BamlInvalidArgumentError);
    expect(() => choosing('weighted', options)).toThrow(word);
  });
});

test('the registry may change while calls are under way: each keeps what it began with', async () => {
  llm().on({ reply: ({ model }) => ({ text: model, delayMs: 20 }) });
  const registry = choosing('fallback', { strategy: ['A'] });
  const calls = Array.from({ length: 20 }, () => ask(registry));
  registry.remove('Choice');
  registry.addLlmClient('A', 'openai', llm().options({ model: 'changed' }));
  expect(new Set(await Promise.all(calls))).toEqual(new Set(['a']));
});

test('an abort ends a fallback, and nobody else is asked', async () => {
  llm().on({ model: 'a', reply: { fault: 'hang' } });
  const controller = new AbortController();
  const registry = choosing('fallback', { strategy: ['A', 'B'] });
  const call = failure(ask(registry, { signal: controller.signal }), BamlAbortError);
  await expect.poll(() => llm().requests.length).toBe(1);
  controller.abort('enough');
  expect((await call).reason).toBe('enough');
  expect(models()).toEqual(['a']);
});
