/** Programs, and what comes of calling their functions. */

import type { Alignment } from './alignment.js';
import type { Collector } from './collector.js';
import type { HttpRequest } from './http.js';
import type { Plan } from './plan.js';
import type { Environment } from './process.js';
import type { ClientRegistry } from './registry.js';
import type { BamlLogEvent, RuntimeContextManager, TraceStats } from './tracing.js';
import type { TypeBuilder } from './type_builder.js';

/** A checked program: the functions, types and clients of a set of `.baml` files. */
export declare class BamlRuntime {
  private constructor();
  /** Reads every `.baml` file below the directory. Throws when there is none or when they have errors. */
  static fromDirectory(directory: string, envVars?: Environment): BamlRuntime;
  /** Takes the files as texts by path. Throws when they have errors, showing the source lines. */
  static fromFiles(rootPath: string, files: Record<string, string>, envVars?: Environment): BamlRuntime;
  /** Replaces the program in place. */
  reset(rootPath: string, files: Record<string, string>, envVars?: Environment): void;
  createContextManager(): RuntimeContextManager;
  /**
   * Calls a function. `envVars` may be any object whose properties, inherited ones too, are the environment.
   *
   * Rejects when nothing could be sent; what a provider did wrong comes out of {@link FunctionResult.parsed}.
   */
  callFunction(
    functionName: string,
    args: Record<string, unknown>,
    ctx: RuntimeContextManager,
    tb?: TypeBuilder | null,
    clientRegistry?: ClientRegistry | null,
    collectors?: Collector[] | null,
    tags?: Record<string, string> | null,
    envVars?: Environment | null,
    signal?: AbortSignal | null,
    watchers?: object | null,
  ): Promise<FunctionResult>;
  /** As {@link BamlRuntime.callFunction}, holding the thread until the answer is there. */
  callFunctionSync(
    functionName: string,
    args: Record<string, unknown>,
    ctx: RuntimeContextManager,
    tb?: TypeBuilder | null,
    clientRegistry?: ClientRegistry | null,
    collectors?: Collector[] | null,
    tags?: Record<string, string> | null,
    envVars?: Environment | null,
    signal?: AbortSignal | null,
    watchers?: object | null,
  ): FunctionResult;
  /** A call whose answer is handed over as it grows. It begins with {@link FunctionResultStream.done}. */
  streamFunction(
    functionName: string,
    args: Record<string, unknown>,
    callback: ((error: Error | null, result: FunctionResult) => void) | undefined,
    ctx: RuntimeContextManager,
    tb?: TypeBuilder | null,
    clientRegistry?: ClientRegistry | null,
    collectors?: Collector[] | null,
    tags?: Record<string, string> | null,
    envVars?: Environment | null,
    signal?: AbortSignal | null,
    onTick?: (() => void) | null,
  ): FunctionResultStream;
  /** Another name for {@link BamlRuntime.streamFunction}. */
  streamFunctionSync(
    functionName: string,
    args: Record<string, unknown>,
    callback: ((error: Error | null, result: FunctionResult) => void) | undefined,
    ctx: RuntimeContextManager,
    tb?: TypeBuilder | null,
    clientRegistry?: ClientRegistry | null,
    collectors?: Collector[] | null,
    tags?: Record<string, string> | null,
    envVars?: Environment | null,
    signal?: AbortSignal | null,
    onTick?: (() => void) | null,
  ): FunctionResultStream;
  /**
   * The request that a call would send. The provider is not asked; media may be downloaded for it and credentials
   * fetched, which `signal` ends.
   */
  buildRequest(
    functionName: string,
    args: Record<string, unknown>,
    ctx: RuntimeContextManager,
    tb: TypeBuilder | null | undefined,
    clientRegistry: ClientRegistry | null | undefined,
    stream: boolean,
    envVars?: Environment | null,
    signal?: AbortSignal | null,
  ): Promise<HttpRequest>;
  buildRequestSync(
    functionName: string,
    args: Record<string, unknown>,
    ctx: RuntimeContextManager,
    tb: TypeBuilder | null | undefined,
    clientRegistry: ClientRegistry | null | undefined,
    stream: boolean,
    envVars?: Environment | null,
  ): HttpRequest;
  /** What a call would do, with up to `mostSteps` attempts (100). Nothing is sent. */
  planFunction(
    functionName: string,
    ctx: RuntimeContextManager,
    clientRegistry?: ClientRegistry | null,
    tags?: Record<string, string> | null,
    envVars?: Environment | null,
    mostSteps?: number | null,
  ): Plan;
  /** Reads a model's answer as the function's return type; with `allowPartials`, an answer that is not finished. */
  parseLlmResponse(
    functionName: string,
    llmResponse: string,
    allowPartials: boolean,
    ctx: RuntimeContextManager,
    tb?: TypeBuilder | null,
    clientRegistry?: ClientRegistry | null,
    envVars?: Environment | null,
  ): unknown;
  /** What is done to a model's answer to make it fit the function's return type. Throws as `parseLlmResponse` does. */
  alignLlmResponse(functionName: string, llmResponse: string, tb?: TypeBuilder | null): Alignment;
  setLogEventCallback(callback?: ((error: Error | null, event: BamlLogEvent) => void) | null): void;
  flush(): void;
  drainStats(): TraceStats;
  /** How each client that was asked has been doing since the program was loaded, by name. */
  health(): Record<string, ClientHealth>;
}

/** How a client has been doing. */
export interface ClientHealth {
  provider: string;
  /** Attempts, those under way included. */
  requests: number;
  /** Attempts that failed, by cause: `network`, `timeout`, `status`, `malformed`, `validation`, … */
  failures: Record<string, number>;
  /** The time that half, nine in ten, and 99 in a hundred of the answers stayed within; `null` before the first. */
  latencyMs: { p50: number | null; p90: number | null; p99: number | null };
  /** Of all answers together; `null` when the provider never said. */
  tokens: { input: number | null; output: number | null; cachedInput: number | null };
}

/** An attempt of a streamed call whose partial values are handed over. */
export interface StreamAttempt {
  /** Its place among the attempts of the call, from 1: in the collector's log it is `calls[number - 1]`. */
  number: number;
  /** The client that answers. */
  client: string;
  provider: string;
  /** Why it is made: `first`, `retry 1 after network`, `next of Backup after timeout`. */
  reason: string;
}

/** What came of a call. */
export declare class FunctionResult {
  private constructor();
  isOk(): boolean;
  /** The typed value. Throws the error of the call when it failed. */
  parsed(allowPartials: boolean): unknown;
}

/** A call whose answer is handed over as it grows. */
export declare class FunctionResultStream {
  private constructor();
  /** Who gets the partial results as they come; a slow receiver gets the newest. */
  onEvent(callback?: ((error: Error | null, result: FunctionResult) => void) | null): void;
  /** Who is told which attempt the next partial results are of; after the first, that they begin anew. */
  onAttempt(callback?: ((attempt: StreamAttempt) => void) | null): void;
  /** Begins the call and waits for its end. Can be called once. */
  done(ctx: RuntimeContextManager): Promise<FunctionResult>;
  /** Ends the call: its connection is closed, and `done` rejects with `BamlAbortError`. */
  cancel(): void;
}
