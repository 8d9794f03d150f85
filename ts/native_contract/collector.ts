/** What happened during calls. */

import type { Alignment } from './alignment.js';
import type { HttpRequest, HttpResponse, SseResponse } from './http.js';
import type { PlanArm } from './plan.js';

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

export type LLMCall = LlmCall;
export type LLMStreamCall = LlmStreamCall;
