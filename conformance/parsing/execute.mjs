// Plays one parsing case: the typed value of a model's text, or the class of the error.
import { performance } from 'node:perf_hooks';
import { cleanMessage } from '../lib/errors.mjs';
import { loadSubject } from '../lib/subject.mjs';
import { encode } from './values.mjs';

const CACHED_SCHEMAS = 64;

export async function prepare(spec) {
  const subject = await loadSubject(spec, { native: true });
  const schemas = new SchemaCache(subject);
  return (each) => execute(schemas, each);
}

function execute(schemas, each) {
  const start = performance.now();
  const outcome = parse(schemas, each);
  return { ...outcome, ms: performance.now() - start };
}

function parse(schemas, each) {
  const { runtime, context, refusal } = schemas.get(each.baml);
  if (refusal) return { error: 'schema', message: refusal };
  try {
    const partial = Boolean(each.partial);
    const value = runtime.parseLlmResponse(
      each.function,
      each.text,
      partial,
      context,
      undefined,
      undefined,
      {},
    );
    return { ok: encode(value) };
  } catch (error) {
    return { error: errorClass(error), message: cleanMessage(error?.message ?? error) };
  }
}

/** Many cases share one schema: the latest runtimes are kept. */
class SchemaCache {
  #entries = new Map();

  constructor(subject) {
    this.subject = subject;
  }

  get(source) {
    const known = this.#entries.get(source);
    if (known) return known;
    const made = this.#make(source);
    this.#entries.set(source, made);
    if (this.#entries.size > CACHED_SCHEMAS) this.#entries.delete(this.#entries.keys().next().value);
    return made;
  }

  #make(source) {
    try {
      const runtime = this.subject.BamlRuntime.fromFiles('baml_src', { 'baml_src/main.baml': source }, {});
      return { runtime, context: runtime.createContextManager() };
    } catch (error) {
      return { refusal: `schema refused: ${cleanMessage(error.message)}` };
    }
  }
}

const CLASSES = [
  ['panic', /panic|unreachable|unwrap\(\)/i],
  ['stream', /IncompleteDoneValue|Streaming field is not done/],
  ['coerce', /Failed to coerce value|BamlValidationError|coerc/i],
  ['parse', /Failed to parse|Failed to find any|Failed to fix/i],
  ['schema', /^(BamlError: )?error:|does not exist|validat/i],
  ['no-function', /function .*not found|No such function/i],
];

/** The native layer throws plain errors, so the class is read from the text; compared only with --strict. */
function errorClass(error) {
  const message = String(error?.message ?? error);
  return CLASSES.find(([, pattern]) => pattern.test(message))?.[0] ?? 'other';
}
