/** A fallback made at run time: when one provider fails, the next is asked, at once. The log tells each attempt. */

import { ClientRegistry, Collector } from '@boundaryml/baml';
import { startLlm } from '@boundaryml/baml/testing';

import { b } from './baml_client/index.js';

// Two providers: one that is overloaded, one that works.
await using busy = await startLlm({ status: 529, text: 'Overloaded' });
await using ready = await startLlm({
  json: { name: 'Ada Lovelace', skills: ['Mathematics'], experience: [] },
});

const registry = new ClientRegistry();
registry.addLlmClient('Favourite', 'openai', busy.options({ model: 'gpt-5' }));
registry.addLlmClient('Reserve', 'openai', ready.options({ model: 'gpt-5-mini' }));
registry.addLlmClient(
  'Reliable',
  'fallback',
  {
    strategy: [
      'Favourite',
      // A member may be asked with options of its own.
      { client: 'Reserve', options: { temperature: 0 } },
    ],
    // An answer that does not fit the type counts as a failure, too.
    fallback_on: ['validation'],
    // All attempts and waits together.
    http: { total_timeout_ms: 30_000 },
  },
  // When all of them fail, once more from the beginning.
  { max_retries: 1 },
);
registry.setPrimary('Reliable');

const collector = new Collector();
const resume = await b.ExtractResume('Ada Lovelace, mathematician', { clientRegistry: registry, collector });

for (const call of collector.last?.calls ?? []) {
  const outcome = call.selected ? `answered ${resume.name}` : `failed: ${call.kind} ${call.status}`;
  console.log(`${call.clientName} (${call.reason}) ${outcome}`);
}
