/** One function, asked of every provider: what differs is the client, and nothing else. */

import { ClientRegistry, Collector } from '@boundaryml/baml';
import { startLlm } from '@boundaryml/baml/testing';

import { b } from './baml_client/index.js';

await using llm = await startLlm({
  json: { name: 'Ada Lovelace', email: null, skills: ['Mathematics', 'French'], experience: [] },
  usage: { inputTokens: 182, outputTokens: 74 },
});

const registry = new ClientRegistry();
// With the real providers, the model is enough: each takes the key from its usual variable, or signs in as its SDK does.
registry.addLlmClient('OpenAI', 'openai', llm.options('openai', { model: 'gpt-5-mini' }));
registry.addLlmClient('Anthropic', 'anthropic', llm.options('anthropic', { model: 'claude-haiku-4-5' }));
registry.addLlmClient('Google', 'google-ai', llm.options('google-ai', { model: 'gemini-3-flash' }));
registry.addLlmClient(
  'Amazon',
  'aws-bedrock',
  llm.options('aws-bedrock', { model: 'amazon.nova-lite-v1:0' }),
);
registry.addLlmClient('Groq', 'groq', llm.options('groq', { model: 'llama-3.3-70b-versatile' }));

for (const client of ['OpenAI', 'Anthropic', 'Google', 'Amazon', 'Groq']) {
  const collector = new Collector();
  const options = { clientRegistry: registry, client, collector };
  const { name } = await b.ExtractResume('Ada Lovelace, mathematician', options);
  const { model, path } = llm.lastRequest;
  console.log(`${client}: ${name}, by ${model} at ${path}, ${collector.usage.outputTokens} tokens`);
}

// One after the other, whoever made them: the next one answers when one fails.
registry.addLlmClient('Any', 'fallback', { strategy: ['Anthropic', 'Google', 'Amazon'] });
llm.on({ model: /^claude/, reply: { status: 529, text: 'Try again soon.' } });
llm.on({ model: /^gemini/, reply: { status: 503, text: 'The model is overloaded.' } });
const collector = new Collector();
await b.ExtractResume('Ada Lovelace', { clientRegistry: registry, client: 'Any', collector });
for (const call of collector.last?.calls ?? []) {
  console.log(`${call.clientName}: ${call.error ?? 'answered'}`);
}
