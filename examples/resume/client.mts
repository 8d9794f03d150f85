/** The `client` option: who answers this one call. A name of the registry, of the .baml files, or `provider/model`. */

import { BamlError, ClientRegistry, Collector } from '@boundaryml/baml';

import { b } from './baml_client/index.js';
import { openProvider, RESUME } from './provider.mjs';

await using provider = await openProvider();

const registry = new ClientRegistry();
registry.addLlmClient('Mine', 'openai', provider.options('gpt-5-mini'));
registry.setPrimary('Mine');

async function answeredBy(client?: string): Promise<string | undefined> {
  const collector = new Collector();
  await b.ExtractResume(RESUME, { clientRegistry: registry, client, collector });
  return collector.last?.selectedCall?.clientName;
}

console.log('the primary:', await answeredBy());
console.log('a client of the .baml files:', await answeredBy('Premium'));
console.log('a fallback of the .baml files, by its first member:', await answeredBy('Careful'));
console.log('the primary is still', await answeredBy());

// Nothing is sent here: the shorthand would ask the real provider.
const request = await b.request.ExtractResume(RESUME, { client: 'openai/gpt-5' });
console.log('the shorthand:', (request.body.json() as { model: string }).model, 'at', request.url);

// All calls of one part of a program.
const premium = b.withOptions({ client: 'Premium' });
console.log('withOptions:', (await premium.ExtractResume(RESUME)).name);

try {
  await answeredBy('Premuim');
} catch (error) {
  if (error instanceof BamlError) console.log('a misspelt name:', error.message);
}
