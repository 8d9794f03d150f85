/** What a call would do. */

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
