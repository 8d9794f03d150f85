/** What a scripted LLM answers, and to which requests. */

/** A request as the scripted LLM saw it. */
export interface LlmRequest {
  /** When it had arrived whole, in milliseconds since 1970. */
  time: number;
  method: string;
  /** Path without the query. */
  path: string;
  query: Record<string, string>;
  /** Names in lower case. Keys are in clear: this is a test. */
  headers: Record<string, string | string[] | undefined>;
  /** The body as it came. */
  text: string;
  /** The body as JSON; `undefined` when it is none. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests read the fields that they expect
  body: any;
  /** The model asked for; empty when none was. */
  model: string;
  /** The text of all messages, one after the other, a line break between them. */
  prompt: string;
  /** Whether a streamed answer was asked for. */
  stream: boolean;
  /** Whether the caller hung up before the answer was complete. */
  aborted: boolean;
}

/** Tokens that the answer claims to have cost. */
export interface ReplyUsage {
  inputTokens?: number;
  outputTokens?: number;
  cachedInputTokens?: number;
}

/**
 * How an exchange goes wrong.
 *
 * - `reset`: the connection is torn down instead of an answer; `reset-midway`: half way through it
 * - `hang`: no answer comes; `hang-midway`: it stops half way
 * - `garbage`: status 200 with a page of HTML; `empty`: status 200 with nothing
 */
export type Fault = 'reset' | 'reset-midway' | 'hang' | 'hang-midway' | 'garbage' | 'empty';

/** One answer, in detail. */
export interface ReplyDetails {
  /** What the model says. */
  text?: string;
  /** What the model says, as JSON of this value; `text` wins. */
  json?: unknown;
  /** Why the model stopped, in the words of the provider. `stop` unless given. */
  finishReason?: string;
  usage?: ReplyUsage;
  /** The model that claims to have answered; the one asked for unless given. */
  model?: string;

  /** Status other than 2xx: an error with `text` as its message, in the provider's shape unless `body` is given. */
  status?: number;
  headers?: Record<string, string>;
  /** Sent instead of what the provider would send: text as it is, anything else as JSON. */
  body?: unknown;

  /** Waits this long before it answers. */
  delayMs?: number;
  /** Streaming: characters of text in each event. 8 unless given; a list is gone through again and again. */
  chunkSize?: number | readonly number[];
  /** Streaming: waits this long between events. */
  chunkDelayMs?: number;
  /** Writes this many bytes at a time, so that characters and events arrive split. */
  writeBytes?: number;
  fault?: Fault;
}

/** One answer: what the model says, the details, or what a function makes of the request. */
export type Reply = string | ReplyDetails | ((request: LlmRequest) => Reply | Promise<Reply>);

/** To which requests a rule applies: to those that fulfil each given condition, to all when none is. */
export interface Rule {
  /** The model asked for, or a pattern for it. */
  model?: string | RegExp;
  /** A part of the prompt, a pattern for it, or a test of it. */
  prompt?: string | RegExp | ((prompt: string) => boolean);
  /** A test of the whole request. */
  when?: (request: LlmRequest) => boolean;
  /** The answer; of a list, one after the other, and the last one from then on. */
  reply: Reply | readonly Reply[];
}

/** Whether the rule applies to the request. */
export function applies(rule: Rule, request: LlmRequest): boolean {
  return (
    (rule.model === undefined || fits(rule.model, request.model, (given) => given === request.model)) &&
    (rule.prompt === undefined ||
      fits(rule.prompt, request.prompt, (given) => request.prompt.includes(given))) &&
    (rule.when === undefined || rule.when(request))
  );
}

function fits(
  condition: string | RegExp | ((text: string) => boolean),
  text: string,
  matches: (given: string) => boolean,
): boolean {
  if (typeof condition === 'string') return matches(condition);
  // Not `test`: it moves on in patterns with the flag `g`.
  if (condition instanceof RegExp) return text.search(condition) !== -1;
  return condition(text);
}

/** The details of the answer to a request. */
export async function settle(reply: Reply, request: LlmRequest): Promise<ReplyDetails> {
  let settled = reply;
  while (typeof settled === 'function') settled = await settled(request);
  return typeof settled === 'string' ? { text: settled } : settled;
}

/** What the model says. */
export function textOf(reply: ReplyDetails): string {
  if (reply.text !== undefined) return reply.text;
  return reply.json === undefined ? '' : JSON.stringify(reply.json);
}
