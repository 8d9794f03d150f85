/** A wire format that the scripted LLM speaks: one file for each. */

import type { LlmRequest, ReplyDetails } from './reply.js';

/** What a request says, whatever its wire format. */
export interface Asked {
  model: string;
  prompt: string;
  stream: boolean;
}

export interface Dialect {
  /** Whether requests to the path are in this format. */
  speaks(path: string): boolean;
  read(body: Record<string, unknown>, path: string): Asked;
  /** The body of an answer given at once. */
  whole(reply: ReplyDetails, request: LlmRequest): object;
  /** The data of each event of a streamed answer. */
  events(reply: ReplyDetails, request: LlmRequest, pieces: Iterable<string>): Iterable<string>;
  /** The body of an answer with an error status. */
  error(status: number, message: string): object;
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
