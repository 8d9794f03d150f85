/** The tour: every way to say which LLM client answers a call. */

import { ClientRegistry } from '@boundaryml/baml';

import { b } from './baml_client/index.js';
import { openProvider, RESUME } from './provider.mjs';
import { show } from './show.mjs';

await using provider = await openProvider();
console.log(`Asking ${provider.description}.`);

await show('The default client: the one that the .baml file names', (collector) =>
  b.ExtractResume(RESUME, { collector }),
);

const cr = new ClientRegistry();
cr.addLlmClient('MyAmazingClient', 'openai', { ...provider.options('gpt-5-mini'), temperature: 0.7 });
cr.setPrimary('MyAmazingClient');
await show('A client made at run time: MyAmazingClient', (collector) =>
  b.ExtractResume(RESUME, { clientRegistry: cr, collector }),
);

const claude = provider.anthropic('claude-haiku-4-5');
if (claude) {
  const other = new ClientRegistry();
  other.addLlmClient('Claude', 'anthropic', claude);
  other.setPrimary('Claude');
  await show('Another provider, in its own wire format', (collector) =>
    b.ExtractResume(RESUME, { clientRegistry: other, collector }),
  );
}

/** Who pays gets the better model. */
function registryFor(tier: 'premium' | 'standard'): ClientRegistry {
  const registry = new ClientRegistry();
  registry.addLlmClient('Tier', 'openai', provider.options(tier === 'premium' ? 'gpt-5' : 'gpt-5-mini'));
  registry.setPrimary('Tier');
  return registry;
}
for (const tier of ['premium', 'standard'] as const) {
  await show(`Tiers: a ${tier} user`, (collector) =>
    b.ExtractResume(RESUME, { clientRegistry: registryFor(tier), collector }),
  );
}

/** Half of the users try the candidate; the same user always the same one. */
function variantFor(userId: number): 'Control' | 'Candidate' {
  return userId % 2 === 0 ? 'Control' : 'Candidate';
}
const experiment = new ClientRegistry();
experiment.addLlmClient('Control', 'openai', provider.options('gpt-5-mini'));
experiment.addLlmClient('Candidate', 'openai', provider.options('gpt-5'));
for (const userId of [1042, 1043]) {
  await show(`An A/B choice: user ${userId} gets ${variantFor(userId)}`, (collector) =>
    b.ExtractResume(RESUME, { clientRegistry: experiment, client: variantFor(userId), collector }),
  );
}

await show('The shorthand: `client` names a client of the .baml files', (collector) =>
  b.ExtractResume(RESUME, { client: 'Premium', collector }),
);

const override = new ClientRegistry();
override.addLlmClient('Premium', 'openai', { ...provider.options('gpt-5-mini'), temperature: 0 });
await show('An override: Premium is another model now, inside the fallback Careful too', (collector) =>
  b.ExtractResume(RESUME, { clientRegistry: override, client: 'Careful', collector }),
);

await show('An unknown primary', (collector) => {
  const registry = new ClientRegistry();
  registry.addLlmClient('Fast', 'openai', provider.options('gpt-5-mini'));
  registry.setPrimary('Fats');
  return b.ExtractResume(RESUME, { clientRegistry: registry, collector });
});

await show('A misspelt provider', async (collector) => {
  const registry = new ClientRegistry();
  registry.addLlmClient('Fast', 'opanai', provider.options('gpt-5-mini'));
  return b.ExtractResume(RESUME, { clientRegistry: registry, collector });
});
