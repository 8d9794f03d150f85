/** Errors: each is a class with fields, and `attempts` tells the whole story of retries and fallbacks. */

import {
  BamlAbortError,
  BamlClientHttpError,
  BamlInvalidArgumentError,
  BamlTimeoutError,
  BamlValidationError,
  ClientRegistry,
} from '@boundaryml/baml';
import { startLlm } from '@boundaryml/baml/testing';

import { b } from './baml_client/index.js';

await using llm = await startLlm({
  rules: [
    { model: 'busy', reply: { status: 429, headers: { 'retry-after': '1' }, text: 'Rate limit reached' } },
    { model: 'slow', reply: { fault: 'hang' } },
    { model: 'chatty', reply: 'I would rather not say.' },
  ],
});

/** A registry whose only client asks the model. */
function asking(model: string, options: object = {}): ClientRegistry {
  const registry = new ClientRegistry();
  registry.addLlmClient('Example', 'openai', llm.options({ model, ...options }));
  registry.setPrimary('Example');
  return registry;
}

/** What became of a call, in one line. */
async function outcome(call: () => Promise<unknown>): Promise<string> {
  try {
    return `a value: ${JSON.stringify(await call())}`;
  } catch (error) {
    if (error instanceof BamlTimeoutError) {
      return `${error.name}: ${error.timeout_type} of ${error.configured_value_ms} ms passed`;
    }
    if (error instanceof BamlClientHttpError) {
      return `${error.name}: ${error.client_name} answered ${error.status_code}, ${error.attempts?.length} attempt(s)`;
    }
    if (error instanceof BamlValidationError) return `${error.name}: the model said "${error.raw_output}"`;
    if (error instanceof BamlAbortError) return `${error.name}: ${String(error.reason)}`;
    if (error instanceof BamlInvalidArgumentError) return `${error.name}: ${error.message}`;
    throw error;
  }
}

console.log(await outcome(() => b.ExtractResume('Ada', { clientRegistry: asking('busy') })));
const impatient = asking('slow', { http: { request_timeout_ms: 50 } });
console.log(await outcome(() => b.ExtractResume('Ada', { clientRegistry: impatient })));
console.log(await outcome(() => b.ExtractResume('Ada', { clientRegistry: asking('chatty') })));

const controller = new AbortController();
setTimeout(() => controller.abort('the user left'), 20);
console.log(
  await outcome(() => b.ExtractResume('Ada', { clientRegistry: asking('slow'), signal: controller.signal })),
);
console.log(await outcome(async () => asking('any', { temprature: 1, api_key: 42 })));
