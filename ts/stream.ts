/** A streamed call, as something to iterate over. */

import { toBamlError } from './errors.js';
import type { FunctionResult, FunctionResultStream, RuntimeContextManager } from './native_contract.js';

/**
 * The answer of a function while it grows: iterate for its partial values, await `getFinalResponse()` for the whole.
 *
 * The call starts with the first of the two, and both may be used together, in any order.
 */
export class BamlStream<PartialValue, FinalValue> implements AsyncIterable<PartialValue> {
  readonly #stream: FunctionResultStream;
  readonly #toPartial: (value: never) => PartialValue;
  readonly #toFinal: (value: never) => FinalValue;
  readonly #context: RuntimeContextManager;
  readonly #signal: AbortSignal | undefined;

  /** The whole call; there once it has started. */
  #final: Promise<FinalValue> | undefined;
  #partials: PartialValue[] = [];
  #settled = false;
  /** Wakes the iteration that waits for the next partial or the end. */
  #wake: (() => void) | undefined;

  constructor(
    stream: FunctionResultStream,
    toPartial: (value: never) => PartialValue,
    toFinal: (value: never) => FinalValue,
    context: RuntimeContextManager,
    signal?: AbortSignal | null,
  ) {
    this.#stream = stream;
    this.#toPartial = toPartial;
    this.#toFinal = toFinal;
    this.#context = context;
    this.#signal = signal ?? undefined;
  }

  /** The value of the finished answer. Rejects with the error class of what went wrong. */
  getFinalResponse(): Promise<FinalValue> {
    return this.#start();
  }

  /** The partial values as they come. Ends quietly when the call is aborted; throws when it fails. */
  async *[Symbol.asyncIterator](): AsyncGenerator<PartialValue, void, undefined> {
    const final = this.#start();
    for (;;) {
      const ready = this.#partials;
      this.#partials = [];
      yield* ready;
      if (this.#partials.length > 0) continue;
      if (this.#settled) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (!this.#signal?.aborted) await final;
  }

  /**
   * The answer as lines of JSON for a response body: `{"partial":…}` each, then `{"final":…}` or `{"error":"…"}`,
   * where the error is the JSON text of the error's fields.
   */
  toStreamable(): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    const lines = this.#lines();
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value, done } = await lines.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
      },
      async cancel() {
        await lines.return();
      },
    });
  }

  async *#lines(): AsyncGenerator<Record<string, unknown>, void, undefined> {
    try {
      for await (const partial of this) yield { partial };
      yield { final: await this.getFinalResponse() };
    } catch (error) {
      yield { error: JSON.stringify(describe(error)) };
    }
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
      this.#stream.onEvent((error, result) => {
        if (error === null) this.#take(result);
      });
      const result = await this.#stream.done(this.#context);
      return this.#toFinal(result.parsed(false) as never);
    } catch (error) {
      throw toBamlError(error);
    } finally {
      this.#settled = true;
      this.#wake?.();
    }
  }

  /** Queues what can be read of the answer so far; too little to be read yet is no failure. */
  #take(result: FunctionResult): void {
    try {
      this.#partials.push(this.#toPartial(result.parsed(true) as never));
    } catch {
      return;
    }
    this.#wake?.();
  }
}

function describe(error: unknown): object {
  const converted = toBamlError(error);
  return 'toJSON' in converted && typeof converted.toJSON === 'function'
    ? (converted.toJSON() as object)
    : { name: converted.name, message: converted.message };
}
