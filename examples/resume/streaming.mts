/** Streams: the value while it grows, as a response body, ended early, and begun again with the next client. */

import { ClientRegistry } from '@boundaryml/baml';
import { startLlm } from '@boundaryml/baml/testing';

import { b } from './baml_client/index.js';

await using llm = await startLlm({
  json: { name: 'Ada Lovelace', email: null, skills: ['Mathematics', 'French', 'Poetry'], experience: [] },
  chunkDelayMs: 5,
});
process.env['OPENAI_BASE_URL'] = llm.baseUrl;
process.env['OPENAI_API_KEY'] = 'scripted';

console.log('The value while it grows:');
const stream = b.stream.ExtractResume('Ada Lovelace');
for await (const partial of stream) {
  console.log(`  ${partial.name ?? '…'}: ${(partial.skills ?? []).join(', ')}`);
}
const resume = await stream.getFinalResponse();
console.log(`  ${resume.name} has ${resume.skills.length} skills`);

console.log('As the body of a response, for a browser:');
const response = new Response(b.stream.ExtractResume('Ada Lovelace').toStreamable());
const lines = (await response.text()).trimEnd().split('\n');
console.log(`  ${lines.at(-1)}`);

console.log('Ended early, when enough is known:');
const early = b.stream.ExtractResume('Ada Lovelace');
for await (const partial of early) {
  if ((partial.skills ?? []).length > 0) break; // hangs up: no token is paid for that nobody reads
}
while (!llm.lastRequest.aborted) await new Promise(setImmediate);
console.log('  the call ended with the loop');

console.log('Left early, and the whole asked for:');
const left = b.stream.ExtractResume('Ada Lovelace');
for await (const partial of left) {
  if (partial.name) break;
}
console.log(`  ${(await left.getFinalResponse()).skills.length} skills`);

console.log('When a client fails midway:');
llm.on({ model: 'unsteady', reply: { text: '{"name": "Ada Love', fault: 'reset-midway', chunkDelayMs: 5 } });
const registry = new ClientRegistry();
registry.addLlmClient('Unsteady', 'openai', llm.options({ model: 'unsteady' }));
registry.addLlmClient('Steady', 'fallback', { strategy: ['Unsteady', 'Standard'] });
const restarted = b.stream.ExtractResume('Ada Lovelace', { clientRegistry: registry, client: 'Steady' });
restarted.onRestart(({ client, reason }) => console.log(`  ${client} begins again: ${reason}`));
for await (const partial of restarted) {
  if (partial.skills?.length === 3) console.log(`  ${restarted.attempt?.client}: ${partial.name}`);
}
