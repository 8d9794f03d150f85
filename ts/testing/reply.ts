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
  /** The wire format, told from the path; OpenAI's chat completions for a path that belongs to none. */
  dialect: DialectName;
  /** The model asked for; empty when none was. */
  model: string;
  /** The text of all messages, the system's first, a line break between them. */
  prompt: string;
  /** Whether a streamed answer was asked for. */
  stream: boolean;
  /** Whether the caller hung up before the answer was complete. */
  aborted: boolean;
}

/** A wire format, as {@link LlmRequest.dialect} names it. */
export type DialectName = 'openai-chat' | 'openai-responses' | 'anthropic' | 'google' | 'bedrock';

/** Tokens that the answer claims to have cost, written into the provider's own fields as they are. */
export interface ReplyUsage {
  /** Anthropic and Bedrock do not count cached tokens here, the others do. */
  inputTokens?: number;
  outputTokens?: number;
  /** Read from the cache. */
  cachedInputTokens?: number;
  /** Written to the cache; only Anthropic and Bedrock tell. */
  cacheWriteTokens?: number;
  /** Spent on reasoning; Bedrock does not tell. */
  reasoningTokens?: number;
}

/**
 * Why the model stopped: one of four reasons, which each wire format says in its own words (`length` is `max_tokens`
 * at Anthropic and `MAX_TOKENS` at Google), or any other word, which is sent as it is.
 */
export type FinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls' | (string & {});

/** What the provider says when it fails. */
export interface ReplyError {
  message?: string;
  /** The provider's name of the error, for example `overloaded_error`; the one that belongs to the status unless given. */
  type?: string;
  /** A code beside the type; only OpenAI has one. */
  code?: string;
}

/**
 * How an exchange goes wrong.
 *
 * - `reset`: the connection is torn down instead of an answer; `reset-midway`: half way through it
 * - `hang`: no answer comes; `hang-midway`: it stops half way
 * - `cut`: it ends in good order half way through
 * - `error-midway`: half way through a stream comes the event by which the provider tells of a failure; an answer
 *   that is not streamed is status 200 with the body of an error
 * - `garbage`: status 200 with a page of HTML; `empty`: status 200 with nothing
 */
export type Fault =
  'reset' | 'reset-midway' | 'hang' | 'hang-midway' | 'cut' | 'error-midway' | 'garbage' | 'empty';

/** One answer, in detail. */
export interface ReplyDetails {
  /** What the model says; a list is sent as several blocks of text. */
  text?: string | readonly string[];
  /** What the model says, as JSON of this value; `text` wins. */
  json?: unknown;
  /** What it thinks before it speaks: a thinking block, thought parts, reasoning. */
  reasoning?: string;
  /** It refuses, in these words. */
  refusal?: string;
  /** `stop` unless given, or what belongs to a refusal. */
  finishReason?: FinishReason;
  usage?: ReplyUsage;
  /** The model that claims to have answered; the one asked for unless given. */
  model?: string;
  /** The provider's name for the request, where the provider puts it. */
  requestId?: string;

  /** Status other than 2xx: an error in the provider's shape unless `body` is given. */
  status?: number;
  /** What an error says; `text` is its message unless one is given here. */
  error?: ReplyError;
  /** Seconds after which to come back, told with an error as the provider tells it. */
  retryAfter?: number;
  headers?: Record<string, string>;
  /** Sent instead of what the provider would send: text and bytes as they are, anything else as JSON. */
  body?: unknown;

  /** Waits this long before it answers. */
  delayMs?: number;
  /** Waits this long between the headers and the first byte of the body. */
  firstByteDelayMs?: number;
  /** Streaming: characters of text in each event. 8 unless given; a list is gone through again and again. */
  chunkSize?: number | readonly number[];
  /** Streaming: waits this long between events. */
  chunkDelayMs?: number;
  /** Writes this many bytes at a time, so that characters and events arrive split. */
  writeBytes?: number;
  /** Compresses the body, whether or not the caller said that it takes it. */
  encoding?: 'gzip' | 'deflate' | 'br';
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

/** The blocks of text that the model says; none when it refuses without a word. */
export function blocksOf({ text, json, refusal }: ReplyDetails): readonly string[] {
  if (typeof text === 'string') return [text];
  if (text !== undefined) return text;
  if (json !== undefined) return [JSON.stringify(json)];
  return refusal === undefined ? [''] : [];
}

/** What the model says. */
export function textOf(reply: ReplyDetails): string {
  return blocksOf(reply).join('');
}
