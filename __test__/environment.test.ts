/** The environment: read for each call as it is then, never copied, never remembered. */

import { BamlError, BamlInvalidArgumentError, BamlTimeoutError, ClientRegistry } from '@boundaryml/baml';
import { expect, test } from 'vitest';

import { b, resetBamlEnvVars } from './projects/main/baml_client/index.js';
import { asking, failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm('ok');

const keys = (): (string | string[] | undefined)[] =>
  llm().requests.map((request) => request.headers['authorization']);

test('a change of process.env reaches the next call', async () => {
  process.env['TEST_KEY'] = 'one';
  await b.Echo('x');
  process.env['TEST_KEY'] = 'two';
  await b.Echo('x');
  expect(keys()).toEqual(['Bearer one', 'Bearer two']);
});

test('`env` lies over process.env for its call', async () => {
  process.env['TEST_KEY'] = 'process';
  await b.Echo('x', { env: { TEST_KEY: 'tenant' } });
  await b.Echo('x');
  await b.withOptions({ env: { TEST_KEY: 'mine' } }).Echo('x');
  expect(keys()).toEqual(['Bearer tenant', 'Bearer process', 'Bearer mine']);
});

test('a key of one call is not used by another that has none', async () => {
  delete process.env['TEST_KEY'];
  await b.Echo('x', { env: { TEST_KEY: 'tenant-a' } });
  const error = await failure(b.Echo('x'), BamlError);
  expect(error.message).toContain('TEST_KEY');
  expect(error.message).toContain('Standard');
  expect(keys()).toEqual(['Bearer tenant-a']);
});

test('undefined takes a variable away', async () => {
  process.env['TEST_KEY'] = 'process';
  const error = await failure(b.Echo('x', { env: { TEST_KEY: undefined } }), BamlError);
  expect(error.message).toContain('TEST_KEY');
});

test('many tenants at once each use their own key', async () => {
  const tenants = Array.from({ length: 40 }, (_, index) => `tenant-${index}`);
  await Promise.all(tenants.map((tenant) => b.Echo(tenant, { env: { TEST_KEY: tenant } })));
  for (const request of llm().requests)
    expect(request.headers['authorization']).toBe(`Bearer ${request.prompt}`);
  expect(llm().requests).toHaveLength(40);
});

test('withOptions stacks', async () => {
  process.env['TEST_KEY'] = 'process';
  const stacked = b.withOptions({ env: { TEST_KEY: 'outer' } }).withOptions({ client: 'Premium' });
  await stacked.Echo('x');
  expect(llm().lastRequest).toMatchObject({ model: 'premium', headers: { authorization: 'Bearer outer' } });
  expect((await stacked.request.Echo('x')).body.json()).toMatchObject({ model: 'premium' });
});

test('resetBamlEnvVars lies over process.env from then on', async () => {
  process.env['TEST_KEY'] = 'process';
  resetBamlEnvVars({ TEST_KEY: 'reset' });
  await b.Echo('x');
  resetBamlEnvVars({});
  await b.Echo('x');
  expect(keys()).toEqual(['Bearer reset', 'Bearer process']);
});

test('numbers and bools are read from variables, too', async () => {
  llm().on({ reply: { fault: 'hang' } });
  const clientRegistry = asking(llm(), 'm', { http: { request_timeout_ms: { env: 'LIMIT' } } });
  const error = await failure(b.Echo('x', { clientRegistry, env: { LIMIT: '60' } }), BamlTimeoutError);
  expect(error).toMatchObject({ timeout_type: 'request_timeout_ms', configured_value_ms: 60 });
  expect(b.plan.Echo('x', { clientRegistry, env: { LIMIT: '70' } }).attempts[0]!.timeouts).toEqual({
    requestTimeoutMs: 70,
  });
  const wrong = await failure(
    b.Echo('x', { clientRegistry, env: { LIMIT: 'soon' } }),
    BamlInvalidArgumentError,
  );
  expect(wrong.message).toContain(
    '`http.request_timeout_ms` must be a whole number of milliseconds, and `LIMIT` holds something else',
  );
});

test('the shape of a strategy is no variable, because it is needed before there is a call', () => {
  const registry = new ClientRegistry();
  const http = { total_timeout_ms: { env: 'LIMIT' } };
  expect(() => registry.addLlmClient('Some', 'fallback', { strategy: ['Standard'], http })).toThrow(
    '`http.total_timeout_ms` cannot be the environment variable `LIMIT`',
  );
});
