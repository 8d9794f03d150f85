/** A wire format that the scripted LLM speaks: one file for each. */

import type { DialectName, FinishReason, LlmRequest, ReplyDetails } from './reply.js';

/** What a request says, whatever its wire format. */
export interface Asked {
  model: string;
  prompt: string;
  stream: boolean;
}

/** What a provider tells when it fails. */
export interface Failure {
  status: number;
  message: string;
  /** Unless given, what belongs to the status. */
  type: string | undefined;
  code: string | undefined;
  requestId: string | undefined;
  /** Seconds after which to come back. */
  retryAfter: number | undefined;
}

/** A piece of a body: text, or bytes where the format is binary. */
export type Part = string | Uint8Array;

export interface Dialect {
  readonly name: DialectName;
  /** Whether requests to the path are in this format. */
  speaks(path: string): boolean;
  read(body: Readonly<Record<string, unknown>>, path: string): Asked;
  /** The body of an answer given at once. */
  whole(reply: ReplyDetails, request: LlmRequest): object;
  /** The events of a streamed answer, as they are written. */
  events(reply: ReplyDetails, request: LlmRequest): Iterable<Part>;
  /** The media type of a streamed answer. */
  streamType(request: LlmRequest): string;
  /** The body of an answer with an error status. */
  error(failure: Failure): object;
  /** The event by which a stream tells of a failure, as it is written. */
  errorEvent(failure: Failure, request: LlmRequest): Part;
  /** The headers that belong to an answer, in good and in bad; `failure` is given in bad. */
  headers(requestId: string | undefined, failure: Failure | undefined): Record<string, string>;
}

/** Takes a text apart into pieces of the given sizes, never through the middle of a character. */
export function* pieces(text: string, size: number | readonly number[] = 8): Generator<string> {
  const sizes = typeof size === 'number' ? [size] : size;
  const characters = Array.from(text);
  for (let start = 0, turn = 0; start < characters.length; turn++) {
    const length = Math.max(1, sizes[turn % sizes.length] ?? 1);
    yield characters.slice(start, start + length).join('');
    start += length;
  }
}

/** What each format calls the four reasons, and the one for which it refuses. */
export interface FinishReasons {
  stop: string;
  length: string;
  content_filter: string;
  tool_calls: string;
  refusal: string;
}

/** Why the model stopped, in the words of the format. */
export function finishReason(
  { finishReason: given, refusal }: ReplyDetails,
  words: Readonly<FinishReasons>,
): string {
  const reason: FinishReason = given ?? (refusal === undefined ? 'stop' : 'refusal');
  return Object.hasOwn(words, reason) ? words[reason as keyof FinishReasons] : reason;
}

/** JSON of the text; `undefined` when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `retry-after` in seconds, where a header tells it. */
export function retryAfter(failure: Failure | undefined): Record<string, string> {
  return failure?.retryAfter === undefined ? {} : { 'retry-after': String(failure.retryAfter) };
}

/** The header with the provider's name for the request. */
export function named(header: string, requestId: string | undefined): Record<string, string> {
  return requestId === undefined ? {} : { [header]: requestId };
}
