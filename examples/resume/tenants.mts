/** Tenants: each call gets its own key through `env`, and none of them is remembered for the next one. */

import { startLlm } from '@boundaryml/baml/testing';

import { b } from './baml_client/index.js';

await using llm = await startLlm({ json: { name: 'Ada', skills: [], experience: [] } });

const KEYS: Record<string, string> = { acme: 'key-of-acme', globex: 'key-of-globex' };

for (const tenant of ['acme', 'globex', 'acme']) {
  await b.ExtractResume('Ada', {
    env: { OPENAI_BASE_URL: llm.baseUrl, OPENAI_API_KEY: KEYS[tenant] },
    tags: { tenant },
  });
}

for (const request of llm.requests) console.log(request.headers['authorization']);
