// The packages that are measured, through the native API that both have.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

// What a comparator needs; `fetch` and `JSON.parse` are Node's own.
const PACKAGES = {
  undici: ['undici'],
  openai: ['openai'],
  ai: ['ai', '@ai-sdk/openai', 'zod'],
};

/** Whether a comparator can run here: the other libraries are optional. */
export const isInstalled = (comparator) => (PACKAGES[comparator] ?? []).every(canResolve);

function canResolve(name) {
  try {
    return Boolean(require.resolve(name));
  } catch {
    return false;
  }
}

const nameOf = (implementation) => (implementation === 'peer' ? 'baml-peer' : process.env.BENCH_SUBJECT);

export const requireImplementation = (implementation) => require(nameOf(implementation));

export const entryFile = (implementation) => require.resolve(nameOf(implementation));

/** A usual environment: a generated client of the peer passes the whole of process.env on each call. */
export function environment(extra) {
  const settings = Array.from({ length: 30 }, (_, index) => [
    `APP_SETTING_${index}`,
    `value-${index}-${'x'.repeat(20)}`,
  ]);
  return {
    ...Object.fromEntries(settings),
    STUB_KEY: 'sk-stub',
    STUB_URL: 'http://127.0.0.1:9/v1',
    OPENAI_API_KEY: 'sk-stub',
    ...extra,
  };
}

const unchanged = (value) => value;

/** One loaded project. Calls take the path that a generated client takes. */
export class Project {
  constructor(implementation, files, env = environment()) {
    this.module = requireImplementation(implementation);
    this.env = env;
    this.runtime = this.module.BamlRuntime.fromFiles('baml_src', files, env);
    this.context = this.runtime.createContextManager();
  }

  registry(options) {
    const registry = new this.module.ClientRegistry();
    registry.addLlmClient('Bench', 'openai', { model: 'stub', api_key: 'sk-stub', ...options });
    registry.setPrimary('Bench');
    return registry;
  }

  primary(name) {
    const registry = new this.module.ClientRegistry();
    registry.setPrimary(name);
    return registry;
  }

  collector() {
    return new this.module.Collector('bench');
  }

  async call(name, args, registry, collectors = []) {
    const context = this.context.deepClone();
    const env = { ...this.env };
    const result = await this.runtime.callFunction(
      name,
      args,
      context,
      undefined,
      registry,
      collectors,
      {},
      env,
    );
    return result.parsed(false);
  }

  stream(name, args, registry) {
    const context = this.context.deepClone();
    const env = { ...this.env };
    const native = this.runtime.streamFunction(
      name,
      args,
      undefined,
      context,
      undefined,
      registry,
      [],
      {},
      env,
    );
    return new this.module.BamlStream(native, unchanged, unchanged, this.context.deepClone());
  }

  parse(name, text, isPartial = false) {
    const context = this.context.deepClone();
    return this.runtime.parseLlmResponse(name, text, isPartial, context, undefined, undefined, this.env);
  }

  build(name, args, registry) {
    const context = this.context.deepClone();
    return this.runtime.buildRequest(name, args, context, undefined, registry, false, this.env);
  }
}
