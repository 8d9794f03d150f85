/**
 * The error classes of the package, and the one place where a failure becomes a class.
 *
 * Nothing here imports the addon, so `@boundaryml/baml/errors` also works in a browser. The engine hands a failure
 * over as data ({@link Failure}) and {@link errorFromFailure} makes the error of it: no class is ever guessed from
 * the words of a message, which may quote what a provider or a user wrote.
 */

/** What one attempt at one client came to. The last one is described by the error itself, too. */
export interface BamlAttempt {
  /** Name of the client that was asked. */
  client_name: string;
  /** Its provider, as written in its configuration. */
  provider: string;
  /** HTTP status of the answer; absent when none came. */
  status_code?: number;
  /** What failed, in the words of {@link BamlError.code}. */
  code: string;
  /** Why it was made: `first`, `retry 1 after network`, `next of Backup after status`. */
  reason: string;
  /** What went wrong. */
  message: string;
  /** When it began, in milliseconds since 1970. */
  start_time_utc_ms: number;
  /** How long the attempt took, in milliseconds. */
  duration_ms: number;
}

/** One thing that is wrong with an argument, an option, a registry entry or an answer. */
export interface BamlProblem {
  /** Where: argument name, field names and list positions joined, outermost first. */
  path: string;
  /** What is wrong there. */
  message: string;
  /** What would be right, when that can be said. */
  help?: string;
  /** The type that an answer should have there, as it is written in `.baml`. */
  expected?: string;
  /** What an answer has there, or its first 80 bytes; not set where it has nothing. */
  found?: string;
}

/** Which limit a {@link BamlTimeoutError} ran into. */
export type BamlTimeoutType =
  'connect' | 'time_to_first_token' | 'idle' | 'request' | 'total' | (string & {});

/** What the engine reports when a call fails. `kind` chooses the error class. */
export interface Failure {
  kind:
    'http' | 'timeout' | 'validation' | 'finish_reason' | 'abort' | 'invalid_argument' | 'client' | 'error';
  code?: string;
  message: string;
  client_name?: string;
  status_code?: number;
  detailed_message?: string;
  raw_response?: string;
  prompt?: string;
  raw_output?: string;
  finish_reason?: string;
  reason?: unknown;
  timeout_type?: string;
  configured_value_ms?: number;
  elapsed_ms?: number;
  retry_after_ms?: number;
  request_id?: string;
  attempts?: BamlAttempt[];
  problems?: BamlProblem[];
  /** What the transport said, where no answer came. */
  transport?: string;
  /** What a callback of the user's own threw. */
  thrown?: unknown;
  /** The failure before, after which the call went on. */
  previous?: Failure;
}

/** An error class, as far as `from` needs to know it. */
type ErrorClass<E extends BamlError> = abstract new (...parameters: never[]) => E;

/** Sets the given fields, leaving out those without a value so that they do not show as `undefined`. */
function assign<T extends object>(target: T, fields: { [K in keyof T]?: T[K] | undefined }): void {
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) Object.assign(target, { [name]: value });
  }
}

/**
 * Gives the class a `name` on its prototype: it is right in stack traces and survives minifiers. The `code` there is
 * that of errors which say nothing more exact.
 */
function named(errorClass: { prototype: Error }, name: string, code: string): void {
  for (const [property, value] of Object.entries({ name, code })) {
    Object.defineProperty(errorClass.prototype, property, { value, writable: true, configurable: true });
  }
}

/** The base of every error that this package throws on purpose. */
export class BamlError extends Error {
  static {
    named(this, 'BamlError', 'error');
  }

  /**
   * What failed, for programs to decide by: `network`, `timeout`, `status`, `reported`, `malformed`, `refusal`,
   * `finish_reason`, `validation`, `unusable` (the client or its request), or `invalid_argument`, `abort`, `error`.
   * The words of retry policies (`retry_on`). An error that the engine did not report has that of its class.
   */
  declare code: string;
  /** Every attempt of the call in the order made, the last one included; absent when none was made. */
  declare attempts?: BamlAttempt[];
  /** How long the provider asked to wait before another try, in milliseconds. */
  declare retry_after_ms?: number;
  /** The provider's name for the request, to quote when asking it for help. */
  declare request_id?: string;
  /**
   * Of a call with several attempts, the error of the one before, whose cause is that of the one before it; else what
   * the transport said, when no answer came.
   */
  declare cause?: unknown;

  /**
   * The error as a plain object: `name`, `message` and every field of the class.
   *
   * `JSON.stringify(error)` is therefore one JSON object, and {@link toBamlError} turns it back into the error.
   */
  toJSON(): Record<string, unknown> {
    const fields: Record<string, unknown> = { name: this.name, message: this.message };
    for (const [name, value] of Object.entries(this)) {
      if (typeof value !== 'function') fields[name] = value instanceof Error ? value.message : value;
    }
    return fields;
  }

  /** The error when it is, or describes, one of this class; otherwise `undefined`. */
  static from<E extends BamlError>(this: ErrorClass<E>, error: unknown): E | undefined {
    const converted = error instanceof BamlError ? error : fromData(error);
    return converted instanceof this ? converted : undefined;
  }
}

/** An LLM client could not be used: it could not be reached, refused, or answered with something unreadable. */
export class BamlClientError extends BamlError {
  static {
    named(this, 'BamlClientError', 'client');
  }

  /** Name of the client that failed last, where it is known. */
  declare client_name?: string;
  /**
   * HTTP status of the answer that is at fault, where one came: the provider's, or that of the host whose media were to
   * be downloaded.
   */
  declare status_code?: number;
}

/** Fields that a {@link BamlClientHttpError} has when they are known. */
export interface BamlClientHttpDetails {
  attempts?: BamlAttempt[] | undefined;
  retry_after_ms?: number | undefined;
  request_id?: string | undefined;
}

/** A provider answered with an error status, or the exchange with it failed. */
export class BamlClientHttpError extends BamlClientError {
  static {
    named(this, 'BamlClientHttpError', 'http');
  }

  /** Name of the client that failed last. */
  declare client_name: string;
  /** HTTP status of the answer. Without an answer, 503 when no connection came about. */
  declare status_code: number;
  /** Every attempt in words, one block each. */
  detailed_message: string;
  /** Body of the answer, when there was one. */
  declare raw_response?: string;

  constructor(
    client_name: string,
    message: string,
    status_code: number,
    detailed_message: string,
    raw_response?: string,
    details: BamlClientHttpDetails = {},
  ) {
    super(message);
    this.client_name = client_name;
    this.status_code = status_code;
    this.detailed_message = detailed_message;
    assign<BamlClientHttpError>(this, {
      raw_response,
      attempts: details.attempts,
      retry_after_ms: details.retry_after_ms,
      request_id: details.request_id,
    });
  }
}

/** Fields that a {@link BamlTimeoutError} has when they are known. */
export interface BamlTimeoutDetails extends BamlClientHttpDetails {
  timeout_type?: BamlTimeoutType | undefined;
  configured_value_ms?: number | undefined;
  elapsed_ms?: number | undefined;
  detailed_message?: string | undefined;
}

/**
 * A limit of the client's `http` block passed before the answer was there, or its `media_download.timeout_ms` before the
 * media were. `status_code` is always 408.
 */
export class BamlTimeoutError extends BamlClientHttpError {
  static {
    named(this, 'BamlTimeoutError', 'timeout');
  }

  /** Which limit passed. */
  declare timeout_type?: BamlTimeoutType;
  /** The limit as configured, in milliseconds. */
  declare configured_value_ms?: number;
  /** How long was waited, in milliseconds. */
  declare elapsed_ms?: number;

  constructor(client_name: string, message: string, details: BamlTimeoutDetails = {}) {
    super(client_name, message, 408, details.detailed_message ?? '', undefined, details);
    assign<BamlTimeoutError>(this, {
      timeout_type: details.timeout_type,
      configured_value_ms: details.configured_value_ms,
      elapsed_ms: details.elapsed_ms,
    });
  }
}

/** An argument, an option or a registry entry is wrong. Nothing was sent. */
export class BamlInvalidArgumentError extends BamlError {
  static {
    named(this, 'BamlInvalidArgumentError', 'invalid_argument');
  }

  /** Each thing that is wrong, all at once. */
  declare problems?: BamlProblem[];

  constructor(message: string, details: { problems?: BamlProblem[] | undefined } = {}) {
    super(message);
    assign<BamlInvalidArgumentError>(this, {
      problems: details.problems,
    });
  }
}

/** The model answered, but its answer does not fit the function's return type. */
export class BamlValidationError extends BamlError {
  static {
    named(this, 'BamlValidationError', 'validation');
  }

  /** The prompt that was sent, as text. */
  prompt: string;
  /** What the model answered. */
  raw_output: string;
  /** The message, with every attempt when there were several. */
  detailed_message: string;
  /** Each place that does not fit: its path, and what was expected and found there. */
  declare problems?: BamlProblem[];

  constructor(
    prompt: string,
    raw_output: string,
    message: string,
    detailed_message: string,
    details: { problems?: BamlProblem[] | undefined } = {},
  ) {
    super(message);
    this.prompt = prompt;
    this.raw_output = raw_output;
    this.detailed_message = detailed_message;
    assign<BamlValidationError>(this, { problems: details.problems });
  }
}

/** The model stopped for a reason that the client does not allow. */
export class BamlClientFinishReasonError extends BamlError {
  static {
    named(this, 'BamlClientFinishReasonError', 'finish_reason');
  }

  /** The prompt that was sent, as text. */
  prompt: string;
  /** What the model had answered until then. */
  raw_output: string;
  /** The provider's word for why it stopped. */
  declare finish_reason?: string;
  /** The message, with every attempt when there were several. */
  detailed_message: string;

  constructor(
    prompt: string,
    raw_output: string,
    message: string,
    finish_reason: string | undefined,
    detailed_message: string,
  ) {
    super(message);
    this.prompt = prompt;
    this.raw_output = raw_output;
    assign<BamlClientFinishReasonError>(this, { finish_reason });
    this.detailed_message = detailed_message;
  }
}

/** The call was aborted through its `AbortSignal`. */
export class BamlAbortError extends BamlError {
  static {
    named(this, 'BamlAbortError', 'abort');
  }

  /** What was given to `AbortController.abort`. */
  declare reason?: unknown;
  /** The message, with every attempt made before the abort. */
  detailed_message: string;

  constructor(message: string, reason?: unknown, detailed_message = '') {
    super(message);
    assign<BamlAbortError>(this, { reason });
    this.detailed_message = detailed_message;
  }
}

/** Any error class of this package. */
export type BamlErrors =
  | BamlError
  | BamlClientError
  | BamlClientHttpError
  | BamlTimeoutError
  | BamlInvalidArgumentError
  | BamlValidationError
  | BamlClientFinishReasonError
  | BamlAbortError;

/** Makes the error that a failure of the engine stands for. */
export function errorFromFailure(failure: Failure): BamlError {
  const error = ofItsClass(failure);
  const { code, attempts, retry_after_ms, request_id, previous, transport, thrown } = failure;
  assign<BamlError>(error, { code, attempts, retry_after_ms, request_id });
  const words = transport === undefined ? undefined : new Error(transport);
  // What a callback of the user's own threw says more than any attempt before it.
  const cause = thrown ?? (previous ? errorFromFailure(previous) : words);
  if (cause !== undefined) {
    // As the constructor of `Error` sets it: not among the error's own fields.
    Object.defineProperty(error, 'cause', { value: cause, writable: true, configurable: true });
  }
  return error;
}

function ofItsClass(failure: Failure): BamlError {
  const { message } = failure;
  const detailed = failure.detailed_message ?? '';
  switch (failure.kind) {
    case 'http':
      return new BamlClientHttpError(
        failure.client_name ?? '',
        message,
        failure.status_code ?? 0,
        detailed,
        failure.raw_response,
        failure,
      );
    case 'timeout':
      return new BamlTimeoutError(failure.client_name ?? '', message, failure);
    case 'validation':
      return new BamlValidationError(
        failure.prompt ?? '',
        failure.raw_output ?? '',
        message,
        detailed,
        failure,
      );
    case 'finish_reason':
      return new BamlClientFinishReasonError(
        failure.prompt ?? '',
        failure.raw_output ?? '',
        message,
        failure.finish_reason,
        detailed,
      );
    case 'abort':
      return new BamlAbortError(message, failure.reason, detailed);
    case 'invalid_argument':
      return new BamlInvalidArgumentError(message, failure);
    case 'client': {
      const error = new BamlClientError(message);
      const { client_name, status_code } = failure;
      assign<BamlClientError>(error, { client_name, status_code });
      return error;
    }
    default:
      return new BamlError(message);
  }
}

/** The `kind` of the failure that each class stands for: how `toJSON` is read back. */
const KIND_OF_NAME: Readonly<Record<string, Failure['kind']>> = {
  BamlError: 'error',
  BamlClientError: 'client',
  BamlClientHttpError: 'http',
  BamlTimeoutError: 'timeout',
  BamlValidationError: 'validation',
  BamlClientFinishReasonError: 'finish_reason',
  BamlAbortError: 'abort',
  BamlInvalidArgumentError: 'invalid_argument',
};

/** Whether the value is an error of this package. */
export function isBamlError(error: unknown): error is BamlErrors {
  return error instanceof BamlError;
}

/**
 * The error of this package that a caught value stands for.
 *
 * An error of this package is answered as it is. What `toJSON` made of one (also when it crossed a process, a worker
 * or a server action, as an object or inside the message of another error) becomes the class that it names. Any other
 * `Error` is answered unchanged, and a value that is not an error becomes the message of a plain `Error`. The words of
 * a message are never searched: they may quote a provider or a user.
 */
export function toBamlError(error: unknown): Error {
  if (error instanceof BamlError) return error;
  const converted = fromData(error);
  if (converted) return converted;
  if (error instanceof Error) return error;
  return new Error(typeof error === 'string' ? error : String(error));
}

/** The error described by structured data: what `toJSON` answers, or an error whose whole message is that document. */
function fromData(value: unknown): BamlError | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const described = errorFromRecord(value as Record<string, unknown>);
  if (described || !(value instanceof Error)) return described;
  const document = readObject(value.message);
  return document && errorFromRecord(document);
}

/** The error described by a record with a class name in `name` or `type`. */
function errorFromRecord(record: Record<string, unknown>): BamlError | undefined {
  const className = kindNamed(record['name']) ?? kindNamed(record['type']);
  if (!className || typeof record['message'] !== 'string') return undefined;
  return errorFromFailure({ ...record, kind: className, message: record['message'] } as Failure);
}

function kindNamed(name: unknown): Failure['kind'] | undefined {
  return typeof name === 'string' && Object.hasOwn(KIND_OF_NAME, name) ? KIND_OF_NAME[name] : undefined;
}

/** The JSON object that a text is, when all of it is one. */
function readObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
