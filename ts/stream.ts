/** A streamed call, as something to iterate over. */

import { BamlAbortError, toBamlError } from './errors.js';
import type {
  FunctionResult,
  FunctionResultStream,
  RuntimeContextManager,
  StreamAttempt,
} from './native_contract.js';

/** How long a call goes on whose loop was left, before it is known that nobody asks for its final value. */
const GRACE_MS = 20;

/** What is needed of a streamed call; one that tells nothing of its attempts will do. */
type Call = Pick<FunctionResultStream, 'onEvent' | 'done' | 'cancel'> &
  Partial<Pick<FunctionResultStream, 'onAttempt'>>;

/**
 * The answer of a function while it grows: iterate for its partial values, await `getFinalResponse()` for the whole.
 *
 * The call starts with the first of the two, and both may be used together, in any order. No partial value waits in a
 * queue: whoever comes back to the loop gets the newest, so a slow loop sees fewer of them, and always the last one.
 * Leaving the loop ends the call, unless somebody asks for the whole.
 */
export class BamlStream<PartialValue, FinalValue> implements AsyncIterable<PartialValue> {
  readonly #stream: Call;
  readonly #toPartial: (value: never) => PartialValue;
  readonly #toFinal: (value: never) => FinalValue;
  readonly #context: RuntimeContextManager;

  /** The whole call; there once it has started. */
  #final: Promise<FinalValue> | undefined;
  #settled = false;
  /** The newest partial result, read when somebody asks for it, and its place in the order of all. */
  #newest: FunctionResult | undefined;
  #count = 0;
  /** Wakes the iterations that wait for the next partial result or the end. */
  #waiting: (() => void)[] = [];
  /** Iterations that have begun and not ended. */
  #iterating = 0;
  /** Whether somebody asked for the final value. */
  #isAwaited = false;
  /** The attempt that partial values are of. */
  #attempt: StreamAttempt | null = null;
  readonly #restartListeners: ((attempt: StreamAttempt) => void)[] = [];

  // The signal ends the call inside the addon, which got it with the call; it is taken here as generated clients give it.
  constructor(
    stream: Call,
    toPartial: (value: never) => PartialValue,
    toFinal: (value: never) => FinalValue,
    context: RuntimeContextManager,
    _signal?: AbortSignal | null,
  ) {
    this.#stream = stream;
    this.#toPartial = toPartial;
    this.#toFinal = toFinal;
    this.#context = context;
  }

  /** The value of the finished answer. Rejects with the error class of what went wrong. */
  getFinalResponse(): Promise<FinalValue> {
    this.#isAwaited = true;
    return this.#start();
  }

  /**
   * The attempt that the newest partial value is of; `null` before the first value. It is another object once a client
   * failed midway and the partial values began again.
   */
  get attempt(): StreamAttempt | null {
    return this.#attempt;
  }

  /**
   * Calls the listener each time when the partial values begin again, because a client failed midway and the call went
   * on with another attempt: what was shown until then is void. It is told before the first of the new values.
   */
  onRestart(listener: (attempt: StreamAttempt) => void): this {
    this.#restartListeners.push(listener);
    return this;
  }

  /**
   * The partial values as they come; the last one is that of the finished answer. Ends quietly when the call is aborted
   * and throws when it fails. Leaving the loop before its end ends the call, unless somebody awaits
   * `getFinalResponse()` by then or asks for it at once: later it rejects with `BamlAbortError`.
   */
  [Symbol.asyncIterator](): AsyncGenerator<PartialValue, void, undefined> {
    const at = { begun: false, ended: false, seen: 0 };

    const end = (): { value: undefined; done: true } => {
      if (at.begun && !at.ended) this.#iterating--;
      at.ended = true;
      return { value: undefined, done: true };
    };
    const leave = (): { value: undefined; done: true } => {
      const isLast = at.begun && !at.ended && this.#iterating === 1;
      const done = end();
      if (isLast) setTimeout(() => this.#cancelIfUnwanted(), GRACE_MS);
      this.#wake();
      return done;
    };

    const iteration = {
      next: async (): Promise<IteratorResult<PartialValue, void>> => {
        if (!at.begun) {
          this.#iterating++;
          at.begun = true;
        }
        const final = this.#start();
        while (!at.ended) {
          if (this.#count > at.seen) {
            at.seen = this.#count;
            const partial = this.#read(this.#newest);
            if (partial) return partial;
          } else if (this.#settled) {
            end();
            await endedQuietly(final);
          } else {
            await new Promise<void>((resolve) => {
              this.#waiting.push(resolve);
            });
          }
        }
        return end();
      },
      return: async (): Promise<IteratorResult<PartialValue, void>> => leave(),
      throw: async (error: unknown): Promise<IteratorResult<PartialValue, void>> => {
        leave();
        throw error;
      },
      [Symbol.asyncIterator]: () => iteration,
    };
    return iteration as AsyncGenerator<PartialValue, void, undefined>;
  }

  /**
   * The answer as lines of JSON for a response body: `{"partial":…}` each, then `{"final":…}` or `{"error":"…"}`,
   * where the error is the JSON text of the error's fields. Who cancels the body ends the call.
   */
  toStreamable(): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    const partials = this[Symbol.asyncIterator]();
    const line = (value: object): Uint8Array => encoder.encode(`${JSON.stringify(value)}\n`);
    let cancelled = false;
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          try {
            const { value, done } = await partials.next();
            if (!done) return controller.enqueue(line({ partial: value }));
            controller.enqueue(line({ final: await this.getFinalResponse() }));
          } catch (error) {
            if (cancelled) return;
            controller.enqueue(line({ error: JSON.stringify(describe(error)) }));
          }
          controller.close();
        },
        cancel: async () => {
          cancelled = true;
          await partials.return();
          this.#cancelIfUnwanted();
        },
      },
      // Nothing is fetched before the reader asks: what it gets is then the newest.
      { highWaterMark: 0 },
    );
  }

  #start(): Promise<FinalValue> {
    if (!this.#final) {
      this.#final = this.#drive();
      // Whoever awaits it sees the failure; nobody has to.
      this.#final.catch(() => undefined);
    }
    return this.#final;
  }

  async #drive(): Promise<FinalValue> {
    try {
      this.#stream.onAttempt?.((attempt) => this.#begin(attempt));
      this.#stream.onEvent((error, result) => {
        if (error !== null) return;
        this.#newest = result;
        this.#count++;
        this.#wake();
      });
      const result = await this.#stream.done(this.#context);
      return this.#toFinal(result.parsed(false) as never);
    } catch (error) {
      throw toBamlError(error);
    } finally {
      this.#settled = true;
      this.#wake();
    }
  }

  /** Partial values of another attempt come: the newest of the one before is not to be seen any more. */
  #begin(attempt: StreamAttempt): void {
    const isRestart = this.#attempt !== null;
    this.#attempt = attempt;
    if (!isRestart) return;
    this.#newest = undefined;
    for (const listener of this.#restartListeners) listener(attempt);
  }

  #cancelIfUnwanted(): void {
    if (!this.#settled && !this.#isAwaited && this.#iterating === 0) this.#stream.cancel();
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** What can be read of the answer so far; too little to be read yet is no failure. */
  #read(result: FunctionResult | undefined): { value: PartialValue; done: false } | undefined {
    try {
      return result && { value: this.#toPartial(result.parsed(true) as never), done: false };
    } catch {
      return undefined;
    }
  }
}

/** Waits for the end of a call. An abort is no failure of an iteration: who aborts knows. */
async function endedQuietly(final: Promise<unknown>): Promise<void> {
  try {
    await final;
  } catch (error) {
    if (!(error instanceof BamlAbortError)) throw error;
  }
}

function describe(error: unknown): object {
  const converted = toBamlError(error);
  return 'toJSON' in converted && typeof converted.toJSON === 'function'
    ? (converted.toJSON() as object)
    : { name: converted.name, message: converted.message };
}
