/** Streams: the value while it grows, as a response body, and ended early. */

import { BamlAbortError } from '@boundaryml/baml';
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
try {
  await early.getFinalResponse();
} catch (error) {
  if (error instanceof BamlAbortError) console.log('  the call ended with the loop');
}
