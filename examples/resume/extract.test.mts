/** How to test code that calls an LLM: the LLM is scripted, all the rest is what runs in production. */

import { ClientRegistry } from '@boundaryml/baml';
import { type Llm, startLlm } from '@boundaryml/baml/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { b } from './baml_client/index.js';

let llm: Llm;
let cr: ClientRegistry;

beforeAll(async () => {
  llm = await startLlm({
    json: { name: 'Ada Lovelace', email: null, skills: ['Mathematics'], experience: [] },
  });
  cr = new ClientRegistry();
  cr.addLlmClient('Test', 'openai', llm.options({ model: 'gpt-5-mini' }), 'Patient');
  cr.setPrimary('Test');
});
beforeEach(() => llm.reset());
afterAll(() => llm.close());

test('the résumé is sent, and its reading comes back', async () => {
  const resume = await b.ExtractResume('Ada Lovelace, mathematician', { clientRegistry: cr });
  expect(resume).toEqual({ name: 'Ada Lovelace', email: null, skills: ['Mathematics'], experience: [] });
  expect(llm.lastRequest.prompt).toContain('Ada Lovelace, mathematician');
});

test('a busy provider is asked again', async () => {
  llm.on({
    reply: [{ status: 503 }, { status: 429 }, { json: { name: 'Ada', skills: [], experience: [] } }],
  });
  expect((await b.ExtractResume('Ada', { clientRegistry: cr })).name).toBe('Ada');
  expect(llm.requests).toHaveLength(3);
});
