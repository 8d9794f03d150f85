/** `ClientRegistry`: which client answers a call, and what is refused before anything is sent. */

import { inspect } from 'node:util';

import { BamlError, BamlInvalidArgumentError, ClientRegistry } from '@boundaryml/baml';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { asking, failure, scriptedLlm } from './support/llm.js';

// Every answer names the model that was asked.
const llm = scriptedLlm({ reply: (request) => request.model });

const models = (): string[] => llm().requests.map((request) => request.model);

describe('who answers', () => {
  test('without a registry, the client of the function', async () => {
    expect(await b.Echo('x')).toBe('standard');
  });

  test('an empty registry changes nothing', async () => {
    expect(await b.Echo('x', { clientRegistry: new ClientRegistry() })).toBe('standard');
  });

  test('the primary, whatever the order of adding and choosing', async () => {
    const registry = new ClientRegistry();
    registry.setPrimary('B');
    registry.addLlmClient('A', 'openai', llm().options({ model: 'a' }));
    registry.addLlmClient('B', 'openai', llm().options({ model: 'b' }));
    expect(await b.Echo('x', { clientRegistry: registry })).toBe('b');
    registry.setPrimary('A');
    expect(await b.Echo('x', { clientRegistry: registry })).toBe('a');
  });

  test('the last client added under a name', async () => {
    const registry = asking(llm(), 'first');
    registry.addLlmClient('Mine', 'openai', llm().options({ model: 'second' }));
    expect(await b.Echo('x', { clientRegistry: registry })).toBe('second');
  });

  test('a client of the .baml files as primary', async () => {
    const registry = new ClientRegistry();
    registry.setPrimary('Premium');
    expect(await b.Echo('x', { clientRegistry: registry })).toBe('premium');
  });

  test('a client of the same name overrides that of the .baml files, for its calls only', async () => {
    const registry = new ClientRegistry();
    registry.addLlmClient('Standard', 'openai', llm().options({ model: 'override' }));
    expect(await b.Echo('x', { clientRegistry: registry })).toBe('override');
    expect(await b.Echo('x')).toBe('standard');
  });

  test('an override reaches into a fallback of the .baml files', async () => {
    const registry = new ClientRegistry();
    registry.addLlmClient('Standard', 'openai', llm().options({ model: 'override' }));
    expect(await b.Echo('x', { clientRegistry: registry, client: 'Backup' })).toBe('override');
  });

  test('`client` names a client of the .baml files', async () => {
    expect(await b.Echo('x', { client: 'Premium' })).toBe('premium');
  });

  test('`client` wins over the primary, and leaves the registry as it was', async () => {
    const registry = asking(llm(), 'mine');
    expect(await b.Echo('x', { clientRegistry: registry, client: 'Premium' })).toBe('premium');
    expect(await b.Echo('x', { clientRegistry: registry })).toBe('mine');
    const together = await Promise.all([
      b.Echo('x', { clientRegistry: registry }),
      b.Echo('x', { clientRegistry: registry, client: 'Premium' }),
      b.Echo('x', { clientRegistry: registry }),
    ]);
    expect(together).toEqual(['mine', 'premium', 'mine']);
  });

  test('a name with a slash is a name when a client has it', async () => {
    const registry = new ClientRegistry();
    registry.addLlmClient('openai/gpt-4o', 'openai', llm().options({ model: 'named' }));
    registry.setPrimary('openai/gpt-4o');
    expect(await b.Echo('x', { clientRegistry: registry })).toBe('named');
  });

  test('the shorthand makes a client of provider and model', async () => {
    const request = await b.request.Echo('x', {
      client: 'openai/gpt-4o',
      env: { OPENAI_API_KEY: 'sk-short' },
    });
    expect(request.url).toBe('https://api.openai.com/v1/chat/completions');
    expect(request.body.json()).toMatchObject({ model: 'gpt-4o' });
  });

  test('a call in flight keeps the registry it began with', async () => {
    const registry = asking(llm(), 'before');
    const answer = b.Echo('x', { clientRegistry: registry });
    registry.addLlmClient('Mine', 'openai', llm().options({ model: 'after' }));
    expect(await answer).toBe('before');
  });

  test('many registries at once do not mix', async () => {
    const wanted = Array.from({ length: 40 }, (_, index) => `m${index}`);
    expect(
      await Promise.all(wanted.map((model) => b.Echo('x', { clientRegistry: asking(llm(), model) }))),
    ).toEqual(wanted);
  });
});

/** A call whose primary is `Loop`, in a registry of fallbacks. */
async function loop(strategies: Record<string, string[]>): Promise<unknown> {
  const registry = new ClientRegistry();
  for (const [name, strategy] of Object.entries(strategies))
    registry.addLlmClient(name, 'fallback', { strategy });
  registry.setPrimary('Loop');
  return b.Echo('x', { clientRegistry: registry });
}

describe('strategies', () => {
  test('a fallback made at run time moves on, over clients of both kinds', async () => {
    llm().on({ model: 'dead', reply: { status: 500 } });
    const registry = new ClientRegistry();
    registry.addLlmClient('Dead', 'openai', llm().options({ model: 'dead' }));
    registry.addLlmClient('Both', 'fallback', { strategy: ['Dead', 'Premium'] });
    registry.setPrimary('Both');
    expect(await b.Echo('x', { clientRegistry: registry })).toBe('premium');
    expect(models()).toEqual(['dead', 'premium']);
  });

  test('a round-robin made at run time turns from call to call', async () => {
    const registry = new ClientRegistry();
    registry.addLlmClient('A', 'openai', llm().options({ model: 'a' }));
    registry.addLlmClient('B', 'openai', llm().options({ model: 'b' }));
    registry.addLlmClient('Turns', 'round-robin', { strategy: ['A', 'B'], start: 0 });
    registry.setPrimary('Turns');
    const answers: string[] = [];
    for (let call = 0; call < 4; call++) answers.push(await b.Echo('x', { clientRegistry: registry }));
    expect(answers).toEqual(['a', 'b', 'a', 'b']);
  });

  test('one that names itself is an error, directly and through another', async () => {
    expect((await failure(loop({ Loop: ['Loop'] }), BamlError)).message).toContain('Loop');
    const mutual = await failure(loop({ Loop: ['Other', 'Standard'], Other: ['Loop'] }), BamlError);
    expect(mutual.message).toMatch(/Loop[^]*Other/);
    expect(llm().requests).toHaveLength(0);
  });
});

function add(provider: string, options: Record<string, unknown> = {}): void {
  new ClientRegistry().addLlmClient('C', provider, options);
}

describe('refused', () => {
  test('an unknown primary names what there is, the registry’s own clients too', async () => {
    const registry = new ClientRegistry();
    registry.addLlmClient('Speedy', 'openai', llm().options());
    registry.setPrimary('Spedy');
    const error = await failure(b.Echo('x', { clientRegistry: registry }), BamlError);
    expect(error.message).toContain('Spedy');
    expect(error.message).toContain('Speedy');
    expect(llm().requests).toHaveLength(0);
  });

  test('a misspelt provider names the nearest', () => {
    expect(() => add('opanai')).toThrow(BamlInvalidArgumentError);
    expect(() => add('opanai')).toThrow(/opanai[^]*openai/);
  });

  test('options of the wrong type, each of them at once', () => {
    let problems: unknown;
    try {
      add('openai', { api_key: 42, base_url: false });
    } catch (error) {
      expect(error).toBeInstanceOf(BamlInvalidArgumentError);
      problems = (error as BamlInvalidArgumentError).problems;
    }
    const expected = ['api_key', 'base_url'].map((name) =>
      expect.objectContaining({ path: expect.stringContaining(name) }),
    );
    expect(problems).toEqual(expect.arrayContaining(expected));
  });

  test('options that are no object', () => {
    expect(() => new ClientRegistry().addLlmClient('C', 'openai', [] as never)).toThrow(
      BamlInvalidArgumentError,
    );
    expect(() => new ClientRegistry().addLlmClient('C', 'openai', 'x' as never)).toThrow(
      'options of client `C` must be an object',
    );
    expect(() => new ClientRegistry().addLlmClient('C', 'openai', null as never)).toThrow(
      BamlInvalidArgumentError,
    );
  });

  test('options that contain themselves', () => {
    const options: Record<string, unknown> = { model: 'm' };
    options['self'] = { list: [options] };
    expect(() => add('openai', options)).toThrow(BamlInvalidArgumentError);
    expect(() => add('openai', options)).toThrow(/self/);
  });

  test('options nested without end', () => {
    let deep: Record<string, unknown> = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { deep };
    expect(() => add('openai', { model: 'm', deep })).toThrow(BamlInvalidArgumentError);
  });

  test('functions and symbols as options', () => {
    expect(() => add('openai', { model: 'm', temperature: () => 1 })).toThrow(BamlInvalidArgumentError);
    expect(() => add('openai', { model: 'm', temperature: Symbol('x') })).toThrow(BamlInvalidArgumentError);
  });
});

test('what is no option says where it is, and each argument of another kind is an invalid one', () => {
  const circle: Record<string, unknown> = { list: [1] };
  circle['self'] = { again: circle };
  const wrong: [unknown, string][] = [
    [() => 1, '`extra.value` is a function'],
    [Number.NaN, '`extra.value` is NaN, which JSON has no word for'],
    [circle, '`extra.value.self.again` refers to an object around it (it is circular)'],
    [[0, Symbol('x')], '`extra.value[1]` is a symbol'],
    [new Map([[1, 2]]), '`extra.value` is a Map with a key that is not a string'],
  ];
  for (const [value, said] of wrong) {
    const error = thrown(() => new ClientRegistry().addLlmClient('C', 'openai', { extra: { value } }));
    expect(error.message).toBe(`options of client \`C\`: ${said}`);
    expect(error.problems).toEqual([{ path: said.slice(1, said.indexOf('`', 1)), message: said }]);
  }
  const registry = new ClientRegistry();
  for (const change of [
    () => registry.addLlmClient('C', 'openai', {}, 5 as never),
    () => registry.addLlmClient('C', 'openai', {}, [] as never),
    () => registry.extend(5 as never, 'openai/m', {}),
    () => registry.extend('C', null as never, {}),
    () => registry.addRetryPolicy(5 as never, { max_retries: 1 }),
    () => registry.addRetryPolicy('P', null as never),
    () => registry.setPrimary(undefined as never),
    () => registry.withPrimary(5 as never),
  ]) {
    expect(thrown(change).code).toBe('invalid_argument');
  }
  expect(registry.clients).toEqual([]);
});

test('a Map is as good as an object', async () => {
  const registry = asking(llm(), 'mine', { headers: new Map([['x-one', '1']]) });
  expect(await b.Echo('x', { clientRegistry: registry })).toBe('mine');
  expect(llm().lastRequest.headers['x-one']).toBe('1');
});

function thrown(run: () => unknown): BamlInvalidArgumentError {
  try {
    run();
  } catch (error) {
    if (error instanceof BamlInvalidArgumentError) return error;
    throw error;
  }
  throw new TypeError('nothing was thrown');
}

test('an option that is undefined counts as not given', async () => {
  const registry = new ClientRegistry();
  registry.addLlmClient('C', 'openai', {
    model: 'm',
    base_url: llm().baseUrl,
    api_key: process.env['NO_SUCH_VARIABLE'],
    temperature: undefined,
  });
  registry.setPrimary('C');
  expect(await b.Echo('x', { clientRegistry: registry, env: { OPENAI_API_KEY: 'sk-from-env' } })).toBe('m');
  expect(llm().lastRequest.headers['authorization']).toBe('Bearer sk-from-env');
  expect(llm().lastRequest.body).not.toHaveProperty('temperature');
});

test('an unused client that asks for more than there is does not stop a call', async () => {
  const registry = asking(llm(), 'mine');
  registry.addLlmClient('Unused', 'fallback', { strategy: ['NoSuchClient'] });
  expect(await b.Echo('x', { clientRegistry: registry })).toBe('mine');
});

test('a registry does not show keys', () => {
  const registry = asking(llm(), 'm', { api_key: 'sk-very-secret' });
  expect(inspect(registry, { depth: 10, showHidden: true })).not.toContain('sk-very-secret');
  expect(JSON.stringify(registry)).not.toContain('sk-very-secret');
});

test('withPrimary copies', async () => {
  const registry = asking(llm(), 'mine');
  const copy = registry.withPrimary('Premium');
  expect(copy).toBeInstanceOf(ClientRegistry);
  expect(await b.Echo('x', { clientRegistry: copy })).toBe('premium');
  expect(await b.Echo('x', { clientRegistry: registry })).toBe('mine');
});
