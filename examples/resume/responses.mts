/** OpenAI's Responses API, chosen at run time: for its options and for models that have no other. */

import { ClientRegistry, Collector } from '@boundaryml/baml';
import { startLlm } from '@boundaryml/baml/testing';

import { b } from './baml_client/index.js';

await using llm = await startLlm({
  json: { name: 'Ada Lovelace', email: null, skills: ['Mathematics', 'French'], experience: [] },
  chunkDelayMs: 2,
});

const registry = new ClientRegistry();
registry.addLlmClient(
  'Thinker',
  'openai-responses',
  // With the real API, the model and its options are enough: the key is that of OPENAI_API_KEY.
  llm.options('openai-responses', {
    model: 'gpt-5',
    reasoning: { effort: 'low' },
    max_output_tokens: 2000,
  }),
);
registry.setPrimary('Thinker');

const collector = new Collector();
const resume = await b.ExtractResume('Ada Lovelace, mathematician', { clientRegistry: registry, collector });
console.log(`${resume.name} knows ${resume.skills.join(' and ')}`);

const request = collector.last?.selectedCall?.httpRequest;
const body = request?.body.json() as { model: string; reasoning: object; input: unknown[] };
console.log('sent to', new URL(request?.url ?? '').pathname);
console.log('with', JSON.stringify({ model: body.model, reasoning: body.reasoning }));

// Streams speak it as well.
const stream = b.stream.ExtractResume('Ada Lovelace, mathematician', { clientRegistry: registry });
let partials = 0;
for await (const _ of stream) partials++;
console.log(
  `streamed: ${(await stream.getFinalResponse()).name}, ${partials > 1 ? 'piece by piece' : 'at once'}`,
);
