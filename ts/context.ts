/** Which traced function the running code belongs to, and the tags that its calls carry. */

import { AsyncLocalStorage } from 'node:async_hooks';

import type {
  BamlLogEvent,
  BamlRuntime,
  BamlSpan,
  Environment,
  RuntimeContextManager,
} from './native_contract.js';
import native = require('./native.js');

/** Follows the running code through awaits, so that a call knows the traced functions around it and their tags. */
export class BamlCtxManager {
  readonly #runtime: BamlRuntime;
  /** Tags set outside every traced function. */
  #root: RuntimeContextManager;
  readonly #contexts = new AsyncLocalStorage<RuntimeContextManager>();

  constructor(runtime: BamlRuntime) {
    this.#runtime = runtime;
    this.#root = runtime.createContextManager();
  }

  /** Whether no traced function is running here: only then may the runtime be reset. */
  allowResets(): boolean {
    return this.#current().contextDepth() === 0;
  }

  /** Forgets the tags set outside every traced function. */
  reset(): void {
    this.#root = this.#runtime.createContextManager();
  }

  /** Adds tags to every later call inside the traced function that is running, or to all calls outside any. */
  upsertTags(tags: Record<string, string>): void {
    this.#current().upsertTags(tags);
  }

  /** A context of its own for one call, with the tags known here. */
  cloneContext(): RuntimeContextManager {
    return this.#current().deepClone();
  }

  startTrace(
    name: string,
    args: Record<string, unknown>,
    envVars: Environment = process.env,
  ): [RuntimeContextManager, BamlSpan] {
    const context = this.cloneContext();
    return [context, native.BamlSpan.new(this.#runtime, name, args, context, envVars)];
  }

  endTrace(span: BamlSpan, response: unknown, envVars: Environment = process.env): void {
    span.finish(response, this.#current(), envVars);
  }

  flush(): void {
    this.#runtime.flush();
  }

  /** Is told of each logged event; without a callback, of none any more. */
  onLogEvent(callback?: (event: BamlLogEvent) => void): void {
    if (!callback) return this.#runtime.setLogEventCallback();
    this.#runtime.setLogEventCallback((error, event) => {
      if (error === null) callback(event);
    });
  }

  /** The function, traced under the name. */
  traceFnSync<A extends unknown[], R>(name: string, traced: (...args: A) => R): (...args: A) => R {
    return (...args) => {
      const [context, span] = this.startTrace(name, labelled(args));
      return this.#contexts.run(context, () => {
        let response: R | undefined;
        try {
          response = traced(...args);
          return response;
        } finally {
          this.endTrace(span, response);
        }
      });
    };
  }

  /** The function, traced under the name until its promise settles. */
  traceFnAsync<A extends unknown[], R>(
    name: string,
    traced: (...args: A) => Promise<R>,
  ): (...args: A) => Promise<R> {
    return (...args) => {
      const [context, span] = this.startTrace(name, labelled(args));
      return this.#contexts.run(context, async () => {
        let response: R | undefined;
        try {
          response = await traced(...args);
          return response;
        } finally {
          this.endTrace(span, response);
        }
      });
    };
  }

  #current(): RuntimeContextManager {
    return this.#contexts.getStore() ?? this.#root;
  }
}

/** Positional arguments by the names `arg0`, `arg1`, … */
function labelled(args: unknown[]): Record<string, unknown> {
  return Object.fromEntries(args.map((value, index) => [`arg${index}`, value]));
}
