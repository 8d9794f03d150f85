/** A scripted LLM for each test of a file, and registries that ask it. */

import { ClientRegistry } from '@boundaryml/baml';
import { type Llm, type LlmScript, startLlm } from '@boundaryml/baml/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** Starts an LLM for the tests of the file and points the project's own clients at it; each test begins with its script. */
export function scriptedLlm(script: LlmScript | string = 'ok'): () => Llm {
  let llm: Llm;
  beforeAll(async () => {
    llm = await startLlm(script);
    process.env['TEST_BASE_URL'] = llm.baseUrl;
    process.env['TEST_KEY'] = 'sk-of-the-process';
  });
  beforeEach(() => llm.reset());
  afterAll(() => llm.close());
  return () => llm;
}

/** A registry with one client, chosen, that asks the LLM for the model. */
export function asking(llm: Llm, model: string, options: Record<string, unknown> = {}): ClientRegistry {
  const registry = new ClientRegistry();
  registry.addLlmClient('Mine', 'openai', llm.options({ model, ...options }));
  registry.setPrimary('Mine');
  return registry;
}

/** What a promise is rejected with. */
export async function failure<E extends Error>(
  promise: Promise<unknown>,
  errorClass: abstract new (...parameters: never[]) => E,
): Promise<E> {
  const outcome = await promise.then(
    (value: unknown) => new TypeError(`no error, but the value ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
  if (outcome instanceof errorClass) return outcome;
  throw new TypeError(`expected a ${errorClass.name}, got ${String(outcome)}`, { cause: outcome });
}
