/** `runtime.health()`: how each client has been doing. */

import { BamlRuntime, ClientRegistry } from '@boundaryml/baml';
import { beforeEach, expect, test } from 'vitest';

import { scriptedLlm } from './support/llm.js';

const FILES = {
  'main.baml': 'function Count(text: string) -> int {\n  client "openai/gpt-5"\n  prompt #"{{ text }}"#\n}\n',
};

const usage = { inputTokens: 10, outputTokens: 5 };
const llm = scriptedLlm({ reply: { text: '7', usage } });

let runtime: BamlRuntime;
let registry: ClientRegistry;

beforeEach(() => {
  runtime = BamlRuntime.fromFiles('baml_src', FILES, {});
  registry = new ClientRegistry();
  for (const model of ['a', 'b']) {
    const http = { request_timeout_ms: 1000 };
    registry.addLlmClient(model.toUpperCase(), 'openai', llm().options({ model, http }));
  }
  registry.addLlmClient('Both', 'fallback', { strategy: ['A', 'B'] });
  registry.setPrimary('Both');
});

/** One call, however it ends. */
async function call(): Promise<void> {
  await runtime.callFunction(
    'Count',
    { text: 'x' },
    runtime.createContextManager(),
    null,
    registry,
    [],
    {},
    {},
  );
}

test('nobody was asked', () => {
  expect(runtime.health()).toEqual({});
});

test('counts requests, failures by cause, and tokens, for each client that was asked', async () => {
  llm().on({ model: 'a', reply: [{ status: 503 }, { fault: 'reset' }, { fault: 'hang' }, 'seven?', '7'] });
  for (let time = 0; time < 5; time++) await call();
  const { A, B, ...others } = runtime.health();
  expect(others).toEqual({});
  expect(A).toMatchObject({ provider: 'openai', requests: 5 });
  expect(A!.failures).toEqual({ status: 1, network: 1, timeout: 1, validation: 1 });
  expect(B).toMatchObject({ provider: 'openai', requests: 3, failures: {} });
  expect(B!.tokens).toMatchObject({ input: 30, output: 15 });
});

test('says how long answers take', async () => {
  llm().on({ model: 'a', reply: { text: '7', delayMs: 40 } });
  for (let time = 0; time < 4; time++) await call();
  const { p50, p90, p99 } = runtime.health()['A']!.latencyMs;
  // Times are counted in buckets: off by a tenth at most.
  expect(p50).toBeGreaterThanOrEqual(35);
  expect(p90).toBeGreaterThanOrEqual(p50!);
  expect(p99).toBeGreaterThanOrEqual(p90!);
});
