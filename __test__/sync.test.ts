/** The synchronous client. It holds the thread, so the LLM that answers it runs in another one. */

import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import {
  BamlAbortError,
  BamlClientHttpError,
  BamlError,
  BamlInvalidArgumentError,
  BamlValidationError,
  ClientRegistry,
  Collector,
} from '@boundaryml/baml';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/sync_client.js';
import { ROOT } from './support/workspace.js';

const LLM = `
const { parentPort } = require('node:worker_threads');
const { startLlm } = require(${JSON.stringify(join(ROOT, 'dist/testing.js'))});
const rules = [{ model: 'broken', reply: { status: 500 } }, { prompt: 'nonsense', reply: 'nonsense' }];
startLlm({ rules, reply: '{"name": "Ada", "email": null, "skills": []}' }).then((llm) => parentPort.postMessage(llm.baseUrl));
`;

let worker: Worker;
let baseUrl: string;

beforeAll(async () => {
  worker = new Worker(LLM, { eval: true });
  [baseUrl] = (await once(worker, 'message')) as [string];
  process.env['TEST_BASE_URL'] = baseUrl;
  process.env['TEST_KEY'] = 'k';
});
afterAll(() => worker.terminate());

test('answers with the value itself', () => {
  const collector = new Collector();
  expect(b.ExtractResume('Ada', { collector })).toEqual({ name: 'Ada', email: null, skills: [] });
  expect(collector.last!.calls[0]!.clientName).toBe('Standard');
});

test('takes a registry', () => {
  const registry = new ClientRegistry();
  registry.addLlmClient('Broken', 'openai', { model: 'broken', base_url: baseUrl, api_key: 'k' });
  registry.setPrimary('Broken');
  expect(() => b.Echo('x', { clientRegistry: registry })).toThrow(BamlClientHttpError);
});

test('throws the same classes', () => {
  expect(() => b.PickColor('nonsense', null)).toThrow(BamlValidationError);
  expect(() => b.Echo(1 as never)).toThrow(BamlInvalidArgumentError);
  expect(() => b.Echo('x', { signal: AbortSignal.abort() })).toThrow(BamlAbortError);
  expect(() => b.request.Echo('x', { signal: AbortSignal.abort() })).toThrow(BamlAbortError);
});

test('says why it cannot stream', () => {
  expect(() => b.stream).toThrow(BamlError);
  expect(() => b.Echo('x', { onTick: () => undefined })).toThrow('onTick');
});

test('builds requests and reads answers', () => {
  expect(b.request.Echo('x').body.json()).toMatchObject({ model: 'standard' });
  expect(b.parse.Numbers('[1, 2]')).toEqual([1, 2]);
});
