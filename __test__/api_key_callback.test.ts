/** A function as `api_key`: asked when a key is needed, once for all who wait, and never in the way. */

import {
  type ApiKeyCallback,
  BamlAbortError,
  BamlClientError,
  BamlTimeoutError,
  ClientRegistry,
  Collector,
} from '@boundaryml/baml';
import { expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { b as sync } from './projects/main/baml_client/sync_client.js';
import { failure, scriptedLlm } from './support/llm.js';
import { Workspace } from './support/workspace.js';

const llm = scriptedLlm('ok');

function asking(api_key: ApiKeyCallback | (() => unknown), more: object = {}): ClientRegistry {
  const registry = new ClientRegistry();
  registry.addLlmClient('Mine', 'openai', { ...llm().options({ model: 'm' }), ...more, api_key });
  registry.setPrimary('Mine');
  return registry;
}

const keys = (): (string | string[] | undefined)[] =>
  llm().requests.map((request) => request.headers['authorization']);

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

test('a synchronous and an asynchronous function', async () => {
  await b.Echo('x', { clientRegistry: asking(() => 'one') });
  await b.Echo('x', { clientRegistry: asking(async () => (await later(5), 'two')) });
  expect(keys()).toEqual(['Bearer one', 'Bearer two']);
});

test('calls at once ask once', async () => {
  let asked = 0;
  const clientRegistry = asking(async () => {
    asked += 1;
    await later(30);
    return { token: `t${asked}`, expires_at: new Date(Date.now() + 3_600_000) };
  });
  await Promise.all(Array.from({ length: 100 }, () => b.Echo('x', { clientRegistry })));
  await b.Echo('x', { clientRegistry });
  expect(asked).toBe(1);
  expect(new Set(keys())).toEqual(new Set(['Bearer t1']));
});

test('a token is kept until it expires', async () => {
  let asked = 0;
  const clientRegistry = asking(() => ({
    token: `t${(asked += 1)}`,
    expires_at: new Date(Date.now() + 300),
  }));
  await b.Echo('x', { clientRegistry });
  await later(300);
  await b.Echo('x', { clientRegistry });
  expect(keys()).toEqual(['Bearer t1', 'Bearer t2']);
});

test('every way to say when', async () => {
  const soon = Date.now() + 60_000;
  const ways = [
    { expires_at: soon },
    { expires_at: Math.floor(soon / 1000) },
    { expires_at: new Date(soon).toISOString() },
    { expiresAt: new Date(soon) },
    { expiresOnTimestamp: soon },
  ];
  for (const way of ways) {
    let asked = 0;
    const clientRegistry = asking(() => ({ token: `t${++asked}`, ...way }));
    await b.Echo('x', { clientRegistry });
    await b.Echo('x', { clientRegistry });
    expect(asked).toBe(1);
  }
  for (const [way, times] of [
    [{}, 1],
    [{ expires_at: null }, 1],
    [{ expires_at: new Date() }, 2],
    [{ expires_at: 0 }, 2],
  ] as const) {
    let asked = 0;
    const clientRegistry = asking(() => ({ token: `t${++asked}`, ...way }));
    await b.Echo('x', { clientRegistry });
    await b.Echo('x', { clientRegistry });
    expect(asked).toBe(times);
  }
});

test('clones and extensions share the function and its token', async () => {
  let asked = 0;
  const registry = asking(() => ({ token: `t${++asked}`, expires_at: Date.now() + 60_000 }));
  registry.extend('Warmer', 'Mine', { temperature: 1 });
  await b.Echo('x', { clientRegistry: registry });
  await b.Echo('x', { clientRegistry: registry.clone() });
  await b.Echo('x', { clientRegistry: registry.withPrimary('Warmer') });
  await b.stream.Echo('x', { clientRegistry: registry }).getFinalResponse();
  expect(asked).toBe(1);
  expect(keys()).toEqual(Array.from({ length: 4 }, () => 'Bearer t1'));
});

test('what the function throws is the cause', async () => {
  const sealed = new Error('vault is sealed');
  for (const key of [
    () => Promise.reject(sealed),
    () => {
      throw sealed;
    },
  ]) {
    const error = await failure(b.Echo('x', { clientRegistry: asking(key) }), BamlClientError);
    expect(error.cause).toBe(sealed);
    expect(error.message).toContain('client `Mine`');
    expect(error.message).toContain('vault is sealed');
  }
  const odd = await failure(
    b.Echo('x', { clientRegistry: asking(() => Promise.reject('words')) }),
    BamlClientError,
  );
  expect(odd.cause).toBe('words');
  expect(llm().requests).toHaveLength(0);
});

const said = async (answer: unknown): Promise<string> =>
  (await failure(b.Echo('x', { clientRegistry: asking(() => answer) }), BamlClientError)).message;

test('neither a signal nor a limit waits for the function', async () => {
  const clientRegistry = asking(() => new Promise(() => {}));
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 50);
  await failure(b.Echo('x', { clientRegistry, signal: controller.signal }), BamlAbortError);
  const limited = asking(() => new Promise(() => {}), { http: { request_timeout_ms: 50 } });
  const error = await failure(b.Echo('x', { clientRegistry: limited }), BamlTimeoutError);
  expect(error).toMatchObject({ timeout_type: 'request_timeout_ms', configured_value_ms: 50 });
});

test('it works in a worker thread, too', async () => {
  const workspace = await Workspace.create({
    'main.cjs': `
      const { Worker, isMainThread, workerData } = require('node:worker_threads');
      const { BamlRuntime, ClientRegistry } = require('@boundaryml/baml');
      if (isMainThread) {
        new Worker(__filename, { workerData: process.argv[2] }).on('exit', (code) => console.log('exit', code));
      } else {
        const runtime = BamlRuntime.fromFiles('baml_src', {
          'main.baml': 'function F() -> string { client "openai/m" prompt #"hi"# }',
        }, process.env);
        const call = async (api_key) => {
          const registry = new ClientRegistry();
          registry.addLlmClient('C', 'openai', { model: 'm', api_key, base_url: workerData });
          registry.setPrimary('C');
          const result = await runtime.callFunction(
            'F', {}, runtime.createContextManager(), null, registry, [], {}, process.env);
          return result.parsed(false);
        };
        call(async () => 'k').then(async (text) => {
          console.log(text);
          // The thread ends while a function is asked for a key.
          void call(() => new Promise(() => {}));
          setTimeout(() => process.exit(0), 50);
        });
      }
    `,
  });
  const ended = await workspace.node(['main.cjs', llm().baseUrl]);
  expect(ended).toMatchObject({ code: 0, stdout: 'ok\nexit 0\n' });
});

test('what is no key is named', async () => {
  expect(await said(42)).toContain('gave a number');
  expect(await said(undefined)).toContain('gave undefined');
  expect(await said({ key: 'canary' })).toContain('without `token`');
  expect(await said('')).toContain('an empty key');
  expect(await said({ token: 'canary', expires_at: 'tomorrow' })).toContain('`expires_at` must be');
  expect(llm().requests).toHaveLength(0);
});

test('a synchronous call takes a token that is kept, and otherwise says why not', async () => {
  const clientRegistry = asking(() => ({ token: 'kept', expires_at: Date.now() + 60_000 }));
  expect(() => sync.request.Echo('x', { clientRegistry })).toThrow('cannot run while a synchronous call');
  await b.Echo('x', { clientRegistry });
  expect(sync.request.Echo('x', { clientRegistry }).headers['authorization']).toBe('Bearer kept');
});

test('it is shown as a function, and JSON cannot bring it back', () => {
  const registry = asking(() => 'canary');
  expect(registry.get('Mine')).toMatchObject({ options: { api_key: '[callback]' } });
  expect(() => ClientRegistry.fromJSON(registry.toJSON())).toThrow('stands for a function');
  expect(() => registry.addLlmClient('Odd', 'openai', { model: () => 'm' })).toThrow('a function');
});

const canary: ApiKeyCallback = () => ({ token: 'canary-of-callback', expires_at: Date.now() + 60_000 });

test('the token is in no error and no collector, whatever the provider repeats', async () => {
  const body = { error: { message: 'the key canary-of-callback is not known' } };
  llm().on({ reply: { status: 401, body } });
  const collector = new Collector('all');
  const error = await failure(b.Echo('x', { clientRegistry: asking(canary), collector }), BamlClientError);
  const call = collector.last?.calls[0];
  expect(call?.httpRequest?.headers['authorization']).toBe('[redacted]');
  const shown = [
    error,
    error.message,
    error.stack,
    call?.httpRequest?.headers,
    call?.httpResponse?.body.text(),
  ];
  expect(JSON.stringify(shown)).not.toContain('canary-of-callback');
});

test('the process ends although a registry holds a function', async () => {
  const workspace = await Workspace.create({
    'main.cjs': `
      const { ClientRegistry } = require('@boundaryml/baml');
      const registry = new ClientRegistry();
      registry.addLlmClient('Mine', 'openai', { model: 'm', api_key: async () => 'k' });
      globalThis.kept = registry;
      console.log('done');
    `,
  });
  expect(await workspace.node(['main.cjs'])).toMatchObject({ code: 0, stdout: 'done\n' });
});

test('a member of a strategy may have a function of its own', async () => {
  const clientRegistry = asking(() => 'own');
  const strategy = [
    { client: 'Mine', options: { temperature: 0, api_key: () => Promise.resolve('of the member') } },
  ];
  const options = { strategy };
  clientRegistry.addLlmClient('Some', 'fallback', options);
  await b.Echo('x', { clientRegistry, client: 'Some' });
  await b.Echo('x', { clientRegistry });
  expect(keys()).toEqual(['Bearer of the member', 'Bearer own']);
  expect(JSON.stringify(clientRegistry.get('Some'))).toContain('"api_key":"[callback]"');
  expect(options.strategy[0]!.options.api_key).toBeInstanceOf(Function);
});

test('the wait for the first text includes the wait for a token', async () => {
  const clientRegistry = asking(() => new Promise(() => {}), {
    http: { time_to_first_token_timeout_ms: 40 },
  });
  const error = await failure(b.stream.Echo('x', { clientRegistry }).getFinalResponse(), BamlTimeoutError);
  expect(error).toMatchObject({ timeout_type: 'time_to_first_token_timeout_ms', configured_value_ms: 40 });
});

test('a request that is only shown can be aborted while its token is awaited', async () => {
  const clientRegistry = asking(() => new Promise(() => {}));
  const controller = new AbortController();
  const shown = failure(b.request.Echo('x', { clientRegistry, signal: controller.signal }), BamlAbortError);
  controller.abort('enough');
  expect((await shown).reason).toBe('enough');
  const before = b.request.Echo('x', { clientRegistry, signal: AbortSignal.abort('never') });
  expect((await failure(before, BamlAbortError)).reason).toBe('never');
});
