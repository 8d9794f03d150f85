/** Clients that are chosen and configured at run time. */

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
