/** Overrides: a client of the .baml files is another one for some calls, wherever it is used, and only for those. */

import { ClientRegistry } from '@boundaryml/baml';

import { b } from './baml_client/index.js';
import { RESUME } from './provider.mjs';

// Nothing is sent in this example: the requests are only built, and shown.
process.env['OPENAI_BASE_URL'] = 'https://llm.example.org/v1';
process.env['OPENAI_API_KEY'] = 'key';

async function show(title: string, clientRegistry?: ClientRegistry, client?: string): Promise<void> {
  const request = await b.request.ExtractResume(RESUME, { clientRegistry, client });
  const { model, temperature } = request.body.json() as { model: string; temperature?: number };
  console.log(`${title}: ${model} at ${request.url}, temperature ${temperature ?? 'as the provider likes'}`);
}

await show('as the .baml file says');

// The client as it is, but for what is given: address, key and retry policy stay.
const tuned = new ClientRegistry();
tuned.extend('Standard', 'Standard', { temperature: 0 });
await show('extended', tuned);

// Another client under that name. What is not given is not there: the address, for one.
const replaced = new ClientRegistry();
replaced.addLlmClient('Premium', 'openai', { model: 'gpt-5-nano', base_url: 'https://eu.example.org/v1' });
await show('replaced', replaced, 'Premium');

// Strategies of the .baml files reach it by its name, too: Careful asks Premium first.
await show('inside a fallback', replaced, 'Careful');

// Calls without the registry do not know of it.
await show('as ever', undefined, 'Premium');
