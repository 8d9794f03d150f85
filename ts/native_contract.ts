/**
 * What the addon exports, as types: the shape that `@boundaryml/baml/native` promises and that generated clients use.
 *
 * The declarations are written by hand, so that users read documentation instead of generated stubs and so that the
 * TypeScript side can be checked without a build of the addon. A test compares the names with those of the addon.
 */

import type { Failure } from './errors.js';

/** Names and values looked up as environment variables. `process.env` itself is one; only needed names are read. */
export type Environment = object;

/** The answer of `@boundaryml/baml/native` to "which peer release does this behave as?". */
export declare function get_version(): string;
/** The level from which on the engine logs, in upper case: `OFF`, `ERROR`, `WARN`, `INFO`, `DEBUG` or `TRACE`. */
export declare function getLogLevel(): string;
/**
 * Sets the level from which on the engine logs: `off`, `error`, `warn`, `info`, `debug` or `trace`, in any case.
 *
 * @throws BamlInvalidArgumentError for any other
 */
export declare function setLogLevel(level: string): void;
/** Whether log lines are JSON objects instead of text. */
export declare function setLogJsonMode(useJson: boolean): void;
/** Cuts prompts and answers in log lines to this many characters; 0 for no limit. */
export declare function setLogMaxChunkLength(length: number): void;
/** Runs the command line tool with the arguments after `node`, and answers its exit code. */
export declare function invoke_runtime_cli(parameters: string[]): number;
/** Sets what makes the errors that the addon throws. Called once, by this package. @internal */
export declare function setErrorFactory(factory: (failure: Failure) => Error): void;
/** Sets what packs arguments for the addon. Called once, by this package. @internal */
export declare function setArgumentPacker(
  packer: (argument: object) => [codes: Float64Array, texts: string] | null,
): void;

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

/** How a registry is made. */
export interface ClientRegistryOptions {
  /** Makes an option that is probably misspelt, and text that reads like a variable, errors instead of log warnings. */
  strict?: boolean | null | undefined;
}

/** A key that a function gave: alone, and then kept for a minute, or with the time until which it may be kept. */
export type ApiKey =
  | string
  | {
      token: string;
      /** A date, a text with one, or seconds or milliseconds since 1970. */
      expires_at?: Date | string | number | null;
      expiresAt?: Date | string | number | null;
      /** As the tools of Azure say it. */
      expiresOnTimestamp?: number | null;
    };

/**
 * A function as `api_key` in the options of a client: asked for a key when a request is sent, once for all calls that
 * wait. What it throws is the `cause` of a {@link BamlClientError}.
 */
export type ApiKeyCallback = () => ApiKey | null | Promise<ApiKey | null>;

/** An option that is looked up as an environment variable at each call. */
export interface EnvReference {
  env: string;
}

/** How long to wait before a client is asked again. */
export type RetryStrategy =
  | { type: 'constant_delay'; delay_ms?: number }
  | {
      type: 'exponential_backoff';
      /** The first wait. */
      delay_ms?: number;
      /** What each wait is multiplied by to give the next. */
      multiplier?: number;
      /** The longest wait. */
      max_delay_ms?: number;
    };

/** How a client is asked again after it failed. The same as a `retry_policy` of a `.baml` file. */
export interface RetryPolicy {
  /** How many times after the first. */
  max_retries: number;
  /** 200 ms each time unless given. */
  strategy?: RetryStrategy;
  /** How much chance there is in a wait: up to a tenth is added unless given; `full` is anything up to the wait. */
  jitter?: 'tenth' | 'full' | 'none';
  /**
   * After which failures: a status (`429`), a class of them (`5xx`), a cause (`network`, `timeout`, `rate_limit`,
   * `validation`, …), or `default` for those that may be gone the next time.
   */
  retry_on?: (string | number)[];
  /** How long a wait that the provider asks for (`Retry-After`) may be: it is cut to this. */
  max_retry_after_ms?: number;
}

/** A client of a registry as JSON. */
export interface RegistryClientJson {
  name: string;
  /** Absent when it extends a client that is not in the registry. */
  provider?: string;
  /** The client that it extends, when that is not in the registry. */
  extends?: string;
  /** Secrets read `[redacted]`. */
  options?: Record<string, unknown>;
  retry_policy?: string | RetryPolicy;
}

/** A registry as JSON, in the shape in which a call over HTTP carries one. */
export interface ClientRegistryJson {
  clients?: RegistryClientJson[];
  primary?: string | null;
  retry_policies?: Record<string, RetryPolicy>;
}

/**
 * LLM clients chosen and configured at run time, laid over those of the `.baml` files for the calls that take it.
 *
 * A call takes a snapshot: what is changed later does not touch it.
 */
export declare class ClientRegistry {
  constructor(options?: ClientRegistryOptions | null);
  /**
   * Adds a client, or replaces the one of that name for the calls that take this registry.
   *
   * @param name any name; the one of a `.baml` client overrides that client
   * @param provider for example `openai`, `anthropic`, `google-ai`, `fallback`, `round-robin`, `weighted`
   * @param options the provider's options; a value of `undefined` counts as not given, `{ env: 'NAME' }` is that
   *   environment variable, looked up at each call, and `api_key` may be a function ({@link ApiKeyCallback})
   * @param retryPolicy name of a retry policy of this registry or of the `.baml` files, or a policy itself
   * @throws BamlInvalidArgumentError naming each thing that is wrong; the registry is then unchanged
   */
  addLlmClient(
    name: string,
    provider: string,
    options: Record<string, unknown>,
    retryPolicy?: string | RetryPolicy | null,
  ): void;
  /**
   * Adds a client that is another one but for these options: `headers`, `query_params`, `http`, `media_url_handler` and
   * `media_download` are changed entry by entry, every other option is replaced. It may have the name of the `.baml` client that it extends.
   *
   * @param base a client of this registry, which is taken as it is now, one of the `.baml` files, or `provider/model`
   * @param retryPolicy that of the other client unless given
   * @throws BamlInvalidArgumentError naming each thing that is wrong; the registry is then unchanged
   */
  extend(
    name: string,
    base: string,
    overrides: Record<string, unknown>,
    retryPolicy?: string | RetryPolicy | null,
  ): void;
  /**
   * Adds a retry policy, or replaces the one of that name, here and over those of the `.baml` files.
   *
   * @throws BamlInvalidArgumentError naming each thing that is wrong; the registry is then unchanged
   */
  addRetryPolicy(name: string, policy: RetryPolicy): void;
  /** Takes a client out, and answers whether it was there. If it was the primary, nobody is any more. */
  remove(name: string): boolean;
  /** Whether this registry has a client of that name; those of the `.baml` files are not in it. */
  has(name: string): boolean;
  /** The client of that name, secrets redacted; `null` when there is none. */
  get(name: string): RegistryClientJson | null;
  /** The clients in the order of their adding, secrets redacted. */
  get clients(): RegistryClientJson[];
  /** The client that was chosen; `null` when none was. */
  get primary(): string | null;
  /** Chooses the client that answers: one added here, one of the `.baml` files, or `provider/model`. */
  setPrimary(name: string): void;
  /** A copy of this registry with another primary; this one stays as it is. */
  withPrimary(name: string): ClientRegistry;
  /** A copy that goes its own way and can be changed, even when this one is frozen. Round-robins go on together. */
  clone(): ClientRegistry;
  /** From now on every change throws `BamlInvalidArgumentError`. */
  freeze(): void;
  get isFrozen(): boolean;
  /** What {@link ClientRegistry.fromJSON} and the HTTP server take; secrets are redacted, variables stay variables. */
  toJSON(): ClientRegistryJson;
  /**
   * A registry from JSON.
   *
   * @throws BamlInvalidArgumentError naming each thing that is wrong, secrets that were redacted among them
   */
  static fromJSON(json: ClientRegistryJson, options?: ClientRegistryOptions | null): ClientRegistry;
}

/**
 * What a call would do if everything failed that can be tried again: plain data, without secrets. Weighted clients
 * choose for each plan anew, unless their `sticky_key` decides.
 */
export interface Plan {
  /** The client that was chosen. */
  client: string;
  /** Its provider: a strategy, or that of the only client. */
  provider: string;
  /** How many requests there are at most. */
  worstCaseRequests: number;
  /** Whether {@link Plan.attempts} are all; they are cut after 100. */
  complete: boolean;
  /** In order. */
  attempts: PlanAttempt[];
}

/** One attempt that a call would make. */
export interface PlanAttempt {
  client: string;
  provider: string;
  /** `null` when it is not known. */
  model: string | null;
  /**
   * Where the request would go, without user, password and the values of its query. Variables that are not set read
   * `$NAME`. `null` when no request can be made.
   */
  url: string | null;
  /** Where the client is defined. */
  origin: PlanOrigin;
  /** Why the attempt would be made: `first`, `retry 1`, `next of Backup`, `Backup again, retry 1`. */
  reason: string;
  /** The shortest and the longest wait before it, in milliseconds, unless the provider asks for more. */
  delayMs: { shortest: number; longest: number };
  /** The client's own limits, in milliseconds; absent where there is none, 0 for "no limit". */
  timeouts: {
    connectTimeoutMs?: number;
    requestTimeoutMs?: number;
    timeToFirstTokenTimeoutMs?: number;
    idleTimeoutMs?: number;
  };
  /** The strategies around it that limit their whole time, from the outside in. */
  limits: { client: string; totalTimeoutMs: number }[];
  /** What weighted clients chose on the way here, from the outside in; `sticky` when a key decided, not chance. */
  arms: PlanArm[];
  /** Whether a stream goes on when it fails after its first partial values; not inside `restart_stream false`. */
  restartStream: boolean;
  /** Why it would fail before anything is sent; empty when it can be sent. */
  problems: string[];
  /** The client's options, what it has from its provider included. */
  options: PlanOption[];
}

/** What a weighted client chose. */
export interface PlanArm {
  /** The weighted client. */
  strategy: string;
  /** The member that answers. */
  member: string;
  /** Whether its `sticky_key` decided, not chance. */
  sticky: boolean;
}

/** An option of a client in a plan. */
export interface PlanOption {
  name: string;
  /** Redacted where it could be a secret; a variable is `{ env: 'NAME' }`. */
  value: unknown;
  origin: PlanOrigin;
}

/** Who said it: the call's registry, a `.baml` file, a name like `provider/model`, a strategy's member, the provider. */
export type PlanOrigin = 'registry' | 'program' | 'shorthand' | 'member' | 'default';

export declare class RuntimeContextManager {
  private constructor();
  upsertTags(tags: Record<string, unknown>): void;
  deepClone(): RuntimeContextManager;
  contextDepth(): number;
}

/** A traced piece of a program. */
export declare class BamlSpan {
  private constructor();
  // oxlint-disable-next-line typescript/no-misused-new -- generated clients and the peer call it so
  static new(
    runtime: BamlRuntime,
    functionName: string,
    args: Record<string, unknown>,
    ctx: RuntimeContextManager,
    envVars?: Environment | null,
  ): BamlSpan;
  finish(result: unknown, ctx: RuntimeContextManager, envVars?: Environment | null): unknown;
}

export declare class TraceStats {
  private constructor();
  get failed(): number;
  get started(): number;
  get finalized(): number;
  get submitted(): number;
  get sent(): number;
  get done(): number;
  toJson(): string;
}

/** Collects what happened during the calls that it is given to. */
export declare class Collector {
  constructor(name?: string | null);
  /** One log per call, in the order in which they began. */
  get logs(): FunctionLog[];
  get last(): FunctionLog | null;
  id(functionLogId: string): FunctionLog | null;
  /** The sum over all logs. */
  get usage(): Usage;
  clear(): number;
  toString(): string;
}

/** What happened during one call of a function. */
export declare class FunctionLog {
  private constructor();
  get id(): string;
  get functionName(): string;
  get logType(): 'call' | 'stream';
  get timing(): Timing;
  get usage(): Usage;
  /** One entry per attempt, in order. While the call runs: those that failed, and the streamed one under way. */
  get calls(): (LlmCall | LlmStreamCall)[];
  get rawLlmResponse(): string | null;
  /** What the model thought before it answered; `null` where its provider does not tell. */
  get reasoning(): string | null;
  /** What was done to the model's text to make it fit the return type; `null` while there is no value. */
  get alignment(): Alignment | null;
  get tags(): Record<string, unknown>;
  get selectedCall(): LlmCall | LlmStreamCall | null;
  toString(): string;
}

/** What was done to a model's text to make it fit the return type: docs/parsing.md names the rules. */
export interface Alignment {
  /** Empty when the text was strict JSON of the type. Repairs once for each rule, everything else one by one. */
  notes: AlignmentNote[];
  /** How many notes there would be beyond the first 200. */
  more: number;
}

export interface AlignmentNote {
  /** Where in the value: `items[2].name`; empty for the value itself. Of several repairs, the first place. */
  path: string;
  /** `repaired`: the text was mended; `coerced`: another kind of value; `defaulted`: filled in; `dropped`: left out. */
  change: 'repaired' | 'coerced' | 'defaulted' | 'dropped';
  /** The rule's name, as in docs/parsing.md. */
  rule: string;
  /** What was done, in a sentence. */
  message: string;
  /** How many times; more than once for repairs only. */
  count: number;
}

/** One attempt at one client. */
export declare class LlmCall {
  private constructor();
  /** Whether this attempt's answer became the result. */
  get selected(): boolean;
  get httpRequest(): HttpRequest | null;
  get httpResponse(): HttpResponse | null;
  /** Its tokens; each count is `null` when nothing was counted. */
  get usage(): Usage;
  /** What the model thought before it answered; `null` where its provider does not tell. */
  get reasoning(): string | null;
  get timing(): Timing;
  get provider(): string;
  get clientName(): string;
  /** Status of the answer; `null` when none came. */
  get status(): number | null;
  /** Why the attempt was made: `first`, `retry 1 after network`, `next of Backup after status`. */
  get reason(): string;
  /** What weighted clients chose on the way to the client, from the outside in. */
  get arms(): PlanArm[];
  /** What failed, in the words of `BamlError.code`; `null` when nothing did. */
  get kind(): string | null;
  /** What went wrong in this attempt, in words; `null` when nothing did. */
  get error(): string | null;
  toString(): string;
}

/** One attempt at one client whose answer was streamed. */
export declare class LlmStreamCall {
  private constructor();
  get selected(): boolean;
  get httpRequest(): HttpRequest | null;
  get httpResponse(): HttpResponse | null;
  /** Its tokens; each count is `null` when nothing was counted. */
  get usage(): Usage;
  /** What the model thought before it answered; `null` where its provider does not tell. */
  get reasoning(): string | null;
  get timing(): StreamTiming;
  get provider(): string;
  get clientName(): string;
  /** Status of the answer; `null` when none came. */
  get status(): number | null;
  /** Why the attempt was made: `first`, `retry 1 after network`, `next of Backup after status`. */
  get reason(): string;
  /** What weighted clients chose on the way to the client, from the outside in. */
  get arms(): PlanArm[];
  /** What failed, in the words of `BamlError.code`; `null` when nothing did. */
  get kind(): string | null;
  /** What went wrong in this attempt, in words; `null` when nothing did. */
  get error(): string | null;
  /** The events as received; `null` when no stream began. */
  sseResponses(): SseResponse[] | null;
  toString(): string;
}

export declare class Timing {
  private constructor();
  /** Milliseconds since 1970. */
  get startTimeUtcMs(): number;
  get durationMs(): number;
  toString(): string;
}

export declare class StreamTiming {
  private constructor();
  /** Milliseconds since 1970. */
  get startTimeUtcMs(): number;
  get durationMs(): number;
  /** From the request to the model's first text or thought; `null` when none came. */
  get timeToFirstTokenMs(): number | null;
  toString(): string;
}

/** Tokens as the provider counted them. Each count is `null` where it did not say. */
export declare class Usage {
  private constructor();
  /** Of the prompt: with cached ones at OpenAI and Google, without them at Anthropic and Bedrock. */
  get inputTokens(): number | null;
  get outputTokens(): number | null;
  /** Those of the prompt that came from the provider's cache. */
  get cachedInputTokens(): number | null;
  toString(): string;
}

/** A request to a provider. Secrets are masked where it is printed. */
export declare class HttpRequest {
  private constructor();
  get id(): string;
  get url(): string;
  get method(): string;
  get headers(): Record<string, string>;
  get body(): HttpBody;
  toString(): string;
}

export declare class HttpResponse {
  private constructor();
  get status(): number;
  get headers(): Record<string, string>;
  get body(): HttpBody;
  toString(): string;
}

export declare class HttpBody {
  private constructor();
  raw(): ArrayBuffer;
  text(): string;
  // What a body holds is the provider's affair; the peer types it `any`, and code written for it reads fields.
  // oxlint-disable-next-line typescript/no-explicit-any
  json(): any;
}

/** One event of a streamed answer. */
export declare class SseResponse {
  private constructor();
  get text(): string;
  // oxlint-disable-next-line typescript/no-explicit-any -- as HttpBody.json
  json(): any;
}

export type HTTPBody = HttpBody;
export type HTTPRequest = HttpRequest;
export type HTTPResponse = HttpResponse;
export type LLMCall = LlmCall;
export type LLMStreamCall = LlmStreamCall;
export type SSEResponse = SseResponse;

/** A picture, as an argument of a function. */
export declare class BamlImage {
  private constructor();
  static fromUrl(url: string, mediaType?: string | null): BamlImage;
  static fromBase64(mediaType: string, base64: string): BamlImage;
  isUrl(): boolean;
  asUrl(): string;
  /** The content in base64 and its media type. */
  asBase64(): [string, string];
  toJSON(): MediaJson;
}

/** A sound, as an argument of a function. */
export declare class BamlAudio {
  private constructor();
  static fromUrl(url: string, mediaType?: string | null): BamlAudio;
  static fromBase64(mediaType: string, base64: string): BamlAudio;
  isUrl(): boolean;
  asUrl(): string;
  asBase64(): [string, string];
  toJSON(): MediaJson;
}

/** A PDF document, as an argument of a function. */
export declare class BamlPdf {
  private constructor();
  static fromUrl(url: string): BamlPdf;
  static fromBase64(base64: string): BamlPdf;
  isUrl(): boolean;
  /** `null` when it is given by its content. */
  get url(): string | null;
  asUrl(): string;
  asBase64(): [string, string];
  toJSON(): MediaJson;
}

/** A film, as an argument of a function. */
export declare class BamlVideo {
  private constructor();
  static fromUrl(url: string, mediaType?: string | null): BamlVideo;
  static fromBase64(mediaType: string, base64: string): BamlVideo;
  isUrl(): boolean;
  /** `null` when it is given by its content. */
  get url(): string | null;
  asUrl(): string;
  asBase64(): [string, string];
  toJSON(): MediaJson;
}

/** Media as plain data; also accepted where a function takes media. */
export type MediaJson = { url: string; media_type?: string } | { base64: string; media_type: string };

/** Types added at run time. Generated clients wrap it as `TypeBuilder` of their own. */
export declare class TypeBuilder {
  constructor();
  reset(): void;
  getEnum(name: string): EnumBuilder;
  getClass(name: string): ClassBuilder;
  list(inner: FieldType): FieldType;
  optional(inner: FieldType): FieldType;
  string(): FieldType;
  literalString(value: string): FieldType;
  literalInt(value: number): FieldType;
  literalBool(value: boolean): FieldType;
  int(): FieldType;
  float(): FieldType;
  bool(): FieldType;
  null(): FieldType;
  map(key: FieldType, value: FieldType): FieldType;
  union(types: FieldType[]): FieldType;
  /** Adds what the text declares; `dynamic class X` and `dynamic enum X` extend types marked `@@dynamic`. */
  addBaml(baml: string, runtime: BamlRuntime): void;
  toString(): string;
}

export declare class ClassBuilder {
  private constructor();
  field(): FieldType;
  property(name: string): ClassPropertyBuilder;
  listProperties(): [string, ClassPropertyBuilder][];
  removeProperty(name: string): void;
  reset(): void;
}

export declare class ClassPropertyBuilder {
  private constructor();
  setType(type: FieldType): ClassPropertyBuilder;
  getType(): FieldType;
  alias(alias?: string | null): ClassPropertyBuilder;
  description(description?: string | null): ClassPropertyBuilder;
}

export declare class EnumBuilder {
  private constructor();
  field(): FieldType;
  value(name: string): EnumValueBuilder;
  alias(alias?: string | null): EnumBuilder;
}

export declare class EnumValueBuilder {
  private constructor();
  alias(alias?: string | null): EnumValueBuilder;
  skip(skip?: boolean | null): EnumValueBuilder;
  description(description?: string | null): EnumValueBuilder;
}

export declare class FieldType {
  private constructor();
  list(): FieldType;
  optional(): FieldType;
  equals(other: FieldType): boolean;
}

export interface LogEventMetadata {
  eventId: string;
  parentId?: string;
  rootEventId: string;
}

export interface BamlLogEvent {
  metadata: LogEventMetadata;
  prompt?: string;
  rawOutput?: string;
  /** The value, as JSON text. */
  parsedOutput?: string;
  startTime: string;
}
