/** What a registry holds: deriving, removing, copying, freezing, showing, and JSON. */

import { inspect } from 'node:util';

import { BamlInvalidArgumentError, ClientRegistry, type ClientRegistryJson } from '@boundaryml/baml';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { asking, failure, scriptedLlm } from './support/llm.js';

// Every answer names the model that was asked.
const llm = scriptedLlm({ reply: (request) => request.model });

const ask = (clientRegistry: ClientRegistry, client?: string): Promise<string> =>
  b.Echo('x', { clientRegistry, client });

/** What the action throws. */
function refusal(action: () => unknown): BamlInvalidArgumentError {
  try {
    action();
  } catch (error) {
    if (error instanceof BamlInvalidArgumentError) return error;
    throw error;
  }
  throw new TypeError('nothing was refused');
}

describe('extend', () => {
  test('takes a client of the .baml files as it is, but for what is given', async () => {
    const registry = new ClientRegistry();
    registry.extend('Warm', 'Standard', { temperature: 0.9 });
    registry.setPrimary('Warm');
    expect(await ask(registry)).toBe('standard');
    expect(llm().lastRequest.body).toMatchObject({ model: 'standard', temperature: 0.9 });
    expect(llm().lastRequest.headers['authorization']).toBe('Bearer sk-of-the-process');
  });

  test('under its own name, it is that client with a difference, in strategies too', async () => {
    const registry = new ClientRegistry();
    registry.extend('Standard', 'Standard', { model: 'tuned' });
    expect(await ask(registry)).toBe('tuned');
    expect(await ask(registry, 'Backup')).toBe('tuned');
    expect(await b.Echo('x')).toBe('standard');
  });

  test('changes headers and limits entry by entry, and replaces everything else', async () => {
    const registry = new ClientRegistry();
    const base = { model: 'm', headers: { 'x-one': '1', 'x-two': '2' }, stop: ['a', 'b'] };
    registry.addLlmClient('Base', 'openai', llm().options(base));
    registry.extend('Derived', 'Base', { headers: { 'x-two': 'two', 'x-three': '3' }, stop: ['c'] });
    await ask(registry, 'Derived');
    expect(llm().lastRequest.headers).toMatchObject({ 'x-one': '1', 'x-two': 'two', 'x-three': '3' });
    expect(llm().lastRequest.body).toMatchObject({ stop: ['c'] });
  });

  test('of a client of the registry takes it as it is now', async () => {
    const registry = asking(llm(), 'before');
    registry.extend('Derived', 'Mine', { temperature: 1 });
    registry.addLlmClient('Mine', 'openai', llm().options({ model: 'after' }));
    expect(await ask(registry, 'Derived')).toBe('before');
  });

  test('keeps the retry policy unless another is given', async () => {
    llm().on({ model: 'stubborn', reply: [{ status: 500 }, 'again'] });
    const registry = new ClientRegistry();
    registry.extend('Derived', 'Stubborn', { temperature: 1 });
    expect(await ask(registry, 'Derived')).toBe('again');
  });

  test('of a client that does not exist is an error of the call that uses it, with what there is', async () => {
    const registry = asking(llm(), 'm');
    registry.extend('Lost', 'Standart', {});
    expect(await ask(registry)).toBe('m');
    const error = await failure(ask(registry, 'Lost'), Error);
    expect(error.message).toMatch(/Standart[^]*Standard/);
  });

  test('checks the result', () => {
    const registry = asking(llm(), 'm');
    expect(refusal(() => registry.extend('Bad', 'Mine', { base_url: 42 })).message).toContain('base_url');
    expect(registry.has('Bad')).toBe(false);
  });
});

describe('looking in', () => {
  const registry = new ClientRegistry();
  registry.addLlmClient('A', 'openai', { model: 'a', api_key: 'sk-secret', base_url: { env: 'A_URL' } });
  registry.addLlmClient('B', 'fallback', { strategy: ['A', 'Standard'] }, { max_retries: 1 });
  registry.extend('C', 'Premium', { temperature: 0.5 }, 'Twice');
  registry.setPrimary('B');

  test('tells what is there, in order, without secrets', () => {
    expect([registry.has('A'), registry.has('Standard'), registry.has('toString')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(registry.primary).toBe('B');
    expect(registry.get('A')).toEqual({
      name: 'A',
      provider: 'openai',
      options: { model: 'a', api_key: '[redacted]', base_url: { env: 'A_URL' } },
    });
    expect(registry.get('Nobody')).toBeNull();
    expect(registry.clients.map((client) => client.name)).toEqual(['A', 'B', 'C']);
    expect(registry.get('C')).toEqual({
      name: 'C',
      extends: 'Premium',
      options: { temperature: 0.5 },
      retry_policy: 'Twice',
    });
  });

  test('console.log shows it', () => {
    const shown = inspect(registry);
    expect(shown).toMatch(/^ClientRegistry \{[^]*name: 'A'[^]*\{ env: 'A_URL' \}[^]*primary: 'B'/);
    expect(shown).not.toContain('sk-secret');
    expect(inspect({ nested: [registry] }, { depth: 10, showHidden: true })).not.toContain('sk-secret');
  });

  test('what is handed out is a copy', () => {
    registry.clients.pop();
    registry.get('A')!.options!['model'] = 'changed';
    expect(registry.clients).toHaveLength(3);
    expect(registry.get('A')!.options!['model']).toBe('a');
  });
});

describe('remove', () => {
  test('takes a client out, and the program’s own is back', async () => {
    const registry = new ClientRegistry();
    registry.addLlmClient('Standard', 'openai', llm().options({ model: 'override' }));
    expect(await ask(registry)).toBe('override');
    expect([registry.remove('Standard'), registry.remove('Standard')]).toEqual([true, false]);
    expect(await ask(registry)).toBe('standard');
  });

  test('of the primary leaves none', async () => {
    const registry = asking(llm(), 'mine');
    registry.remove('Mine');
    expect(registry.primary).toBeNull();
    expect(await ask(registry)).toBe('standard');
  });
});

describe('clone and freeze', () => {
  test('a copy goes its own way', async () => {
    const registry = asking(llm(), 'one');
    const copy = registry.clone();
    copy.addLlmClient('Mine', 'openai', llm().options({ model: 'two' }));
    expect(copy).toBeInstanceOf(ClientRegistry);
    expect(await Promise.all([ask(registry), ask(copy)])).toEqual(['one', 'two']);
  });

  test('a frozen registry answers calls and refuses every change', async () => {
    const registry = asking(llm(), 'm');
    registry.freeze();
    expect(registry.isFrozen).toBe(true);
    const changes: (() => unknown)[] = [
      () => registry.addLlmClient('X', 'openai', {}),
      () => registry.extend('X', 'Mine', {}),
      () => registry.addRetryPolicy('R', { max_retries: 1 }),
      () => registry.remove('Mine'),
      () => registry.setPrimary('Standard'),
    ];
    for (const change of changes) expect(refusal(change).message).toContain('frozen');
    expect(registry.clients.map(({ name }) => name)).toEqual(['Mine']);
    expect(await ask(registry)).toBe('m');
    expect(await ask(registry, 'Premium')).toBe('premium');
    expect(registry.clone().isFrozen).toBe(false);
  });
});

describe('JSON', () => {
  test('goes out and comes in', async () => {
    const registry = new ClientRegistry();
    const options = { model: 'm', base_url: llm().baseUrl, api_key: { env: 'OTHER_KEY' } };
    registry.addLlmClient('A', 'openai', options, { max_retries: 1, jitter: 'none' });
    registry.extend('B', 'Standard', { temperature: 0.1 });
    registry.addRetryPolicy('Often', { max_retries: 5, strategy: { type: 'constant_delay', delay_ms: 1 } });
    registry.setPrimary('A');
    const text = JSON.stringify(registry);
    const back = ClientRegistry.fromJSON(JSON.parse(text) as ClientRegistryJson);
    expect(back).toBeInstanceOf(ClientRegistry);
    expect(JSON.stringify(back)).toBe(text);
    const answer = await b.Echo('x', { clientRegistry: back, env: { OTHER_KEY: 'sk-other' } });
    expect(answer).toBe('m');
    expect(llm().lastRequest.headers['authorization']).toBe('Bearer sk-other');
  });

  test('with everything wrong says everything at once, each with its place', () => {
    const error = refusal(() =>
      ClientRegistry.fromJSON({
        clients: [
          { name: 'A', provider: 'opnai' },
          { name: 'B', provider: 'openai', options: { base_url: 1 } },
          { provider: 'openai' } as never,
        ],
        primry: 'A',
      } as never),
    );
    const paths = error.problems!.map((problem) => problem.path);
    expect(paths).toEqual(
      expect.arrayContaining(['primry', 'clients.0', 'clients.1.options.base_url', 'clients.2']),
    );
    expect(error.message).toMatch(/opnai[^]*openai/);
  });

  test('with a secret that was redacted is refused: it would be sent', () => {
    const shown = asking(llm(), 'm', { api_key: 'sk-very-secret' }).toJSON();
    const error = refusal(() => ClientRegistry.fromJSON(shown));
    expect(error.problems).toMatchObject([{ path: 'clients.0.options.api_key' }]);
  });
});

describe('strict', () => {
  test('is the only option, and a boolean', () => {
    const misspelt: object = { strikt: true };
    const odd = { strict: 'yes' } as object;
    expect(refusal(() => new ClientRegistry(misspelt)).message).toMatch(/unknown option `strikt`.*`strict`/);
    expect(refusal(() => new ClientRegistry(odd)).message).toContain('boolean');
  });

  test.each([
    ['a misspelt option', { temprature: 1 }, /temprature[^]*temperature/],
    ['text that reads like a variable', { api_key: 'env.KEY' }, /\{ env: 'KEY' \}/],
  ])('makes %s an error', (_, options, words) => {
    const registry = new ClientRegistry({ strict: true });
    expect(refusal(() => registry.addLlmClient('C', 'openai', options)).message).toMatch(words);
    expect(registry.has('C')).toBe(false);
    new ClientRegistry().addLlmClient('C', 'openai', options);
  });

  test('lets through what is known', () => {
    const registry = new ClientRegistry({ strict: true });
    registry.addLlmClient('C', 'openai', { model: 'm', temperature: 1, max_completion_tokens: 5 });
    expect(registry.has('C')).toBe(true);
    expect(() => ClientRegistry.fromJSON(registry.toJSON(), { strict: true })).not.toThrow();
  });
});

test('an environment variable as an option is looked up at each call, never remembered', async () => {
  const shared = new ClientRegistry();
  const options = { model: 'm', base_url: llm().baseUrl, api_key: { env: 'TENANT_KEY' } };
  shared.addLlmClient('C', 'openai', options);
  shared.setPrimary('C');
  for (const key of ['one', 'two']) {
    await b.Echo('x', { clientRegistry: shared, env: { TENANT_KEY: key } });
    expect(llm().lastRequest.headers['authorization']).toBe(`Bearer ${key}`);
  }
  const error = await failure(b.Echo('x', { clientRegistry: shared }), Error);
  expect(error.message).toContain('TENANT_KEY');
  expect(llm().requests).toHaveLength(2);
});
