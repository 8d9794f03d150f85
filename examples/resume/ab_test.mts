/**
 * An A/B test: one user in four tries the candidate. The same user always gets the same arm, on every machine and after
 * every restart, and nothing needs to be stored for it.
 */

import { ClientRegistry, Collector } from '@boundaryml/baml';

import { b } from './baml_client/index.js';
import { openProvider, RESUME } from './provider.mjs';

await using provider = await openProvider();

const registry = new ClientRegistry();
registry.addLlmClient('Control', 'openai', provider.options('gpt-5-mini'));
registry.addLlmClient('Candidate', 'openai', provider.options('gpt-5'));
registry.addLlmClient('Experiment', 'weighted', {
  strategy: [
    { client: 'Control', weight: 3 },
    { client: 'Candidate', weight: 1 },
  ],
  // The call's tag of this name decides; without a sticky key every call would draw anew.
  sticky_key: { tag: 'user' },
});
registry.setPrimary('Experiment');

/** Which arm answered the user: the log of the call says it, for whoever evaluates the test. */
async function armOf(user: string): Promise<string> {
  const collector = new Collector();
  await b.ExtractResume(RESUME, { clientRegistry: registry, tags: { user }, collector });
  return collector.last?.selectedCall?.clientName ?? 'nobody';
}

const users = Array.from({ length: 40 }, (_, number) => `user-${number}`);
const first = await Promise.all(users.map(armOf));
const second = await Promise.all(users.map(armOf));

const candidates = first.filter((arm) => arm === 'Candidate').length;
console.log(`Candidate answered ${candidates} of ${users.length} users`);
console.log(`user-0 got ${first[0]} and then ${second[0]}`);
console.log(`the same arm for each user both times: ${first.join() === second.join()}`);
