/** A model for each tier: one registry holds them all, and each call says whose turn it is. */

import { ClientRegistry, Collector } from '@boundaryml/baml';

import { b } from './baml_client/index.js';
import { openProvider, RESUME } from './provider.mjs';

await using provider = await openProvider();

// Made once, when the program starts. Frozen, so that no request can change what another one gets.
const registry = new ClientRegistry();
registry.addRetryPolicy('Patient', {
  max_retries: 2,
  strategy: { type: 'exponential_backoff', delay_ms: 100 },
});
registry.addLlmClient('premium', 'openai', provider.options('gpt-5'), 'Patient');
registry.addLlmClient('standard', 'openai', provider.options('gpt-5-mini'), 'Patient');
registry.setPrimary('standard');
registry.freeze();

const USERS = [
  { name: 'Grace', tier: 'premium' },
  { name: 'Linus', tier: 'standard' },
  { name: 'a guest', tier: undefined },
];

for (const { name, tier } of USERS) {
  const collector = new Collector();
  const resume = await b.ExtractResume(RESUME, { clientRegistry: registry, client: tier, collector });
  const answered = collector.last?.selectedCall?.clientName;
  console.log(`${name} is served by ${answered}, which found ${resume.skills.length} skills`);
}
