/** The sample of the user's documentation, as it is written there but for the address of the provider. */

import { ClientRegistry } from '@boundaryml/baml';
import { expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { scriptedLlm } from './support/llm.js';

const llm = scriptedLlm({
  rules: [
    { model: 'gpt-5-mini', reply: { json: { name: 'Ada Lovelace', email: null, skills: ['Mathematics'] } } },
  ],
});

test('ExtractResume is answered by MyAmazingClient', async () => {
  process.env['OPENAI_API_KEY'] = 'sk-sample';

  const cr = new ClientRegistry();
  // Creates a new client
  cr.addLlmClient('MyAmazingClient', 'openai', {
    model: 'gpt-5-mini',
    temperature: 0.7,
    api_key: process.env['OPENAI_API_KEY'],
    base_url: llm().baseUrl,
  });
  // Sets MyAmazingClient as the primary client
  cr.setPrimary('MyAmazingClient');

  // ExtractResume will now use MyAmazingClient as the calling client
  const myResume = await b.ExtractResume('...', { clientRegistry: cr });

  expect(myResume).toEqual({ name: 'Ada Lovelace', email: null, skills: ['Mathematics'] });
  expect(llm().requests).toHaveLength(1);
  expect(llm().lastRequest.headers['authorization']).toBe('Bearer sk-sample');
  expect(llm().lastRequest.body).toMatchObject({ model: 'gpt-5-mini', temperature: 0.7 });
  expect(llm().lastRequest.prompt).toContain('...');
});
