/** A scripted LLM for each test of a file, and registries that ask it. */

import { ClientRegistry } from '@boundaryml/baml';
import { type Llm, type LlmScript, type Reply, startLlm } from '@boundaryml/baml/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** One scripted LLM for the tests of the file; each test begins with the script, or with nothing scripted. */
export function oneLlm(script: LlmScript | Reply = {}): () => Llm {
  let llm: Llm;
  beforeAll(async () => {
    llm = await startLlm(script);
  });
  beforeEach(() => llm.reset());
  afterAll(() => llm.close());
  return () => llm;
}

/** As {@link oneLlm}, and the project's own clients ask it. */
export function scriptedLlm(script: LlmScript | string = 'ok'): () => Llm {
  const llm = oneLlm(script);
  beforeAll(() => {
    process.env['TEST_BASE_URL'] = llm().baseUrl;
    process.env['TEST_KEY'] = 'sk-of-the-process';
  });
  return llm;
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
