/** OpenAI's responses: what `openai-responses` speaks. */

import { joined, records, string, textOfContent } from './body.js';
import { finishReason, pieces, type Dialect } from './dialect.js';
import { openaiError, openaiHeaders } from './openai_chat.js';
import { blocksOf, type LlmRequest, type ReplyDetails } from './reply.js';
import { namedEvent } from './sse.js';

const CREATED = 1_700_000_000;

/** The reasons for which an answer is incomplete; `completed` is none. */
const FINISH_REASONS = {
  stop: 'completed',
  length: 'max_output_tokens',
  content_filter: 'content_filter',
  tool_calls: 'completed',
  refusal: 'completed',
};

interface Response {
  status: string;
  [field: string]: unknown;
}

type Item = { id: string; type: string; status?: string } & Record<string, unknown>;

export const openaiResponses: Dialect = {
  name: 'openai-responses',
  speaks: (path) => path.endsWith('/responses'),

  read(body) {
    const { instructions, input } = body;
    const texts =
      typeof input === 'string' ? [input] : records(input).map(({ content }) => textOfContent(content));
    return {
      model: string(body['model']),
      prompt: joined(typeof instructions === 'string' ? instructions : undefined, ...texts),
      stream: body['stream'] === true,
    };
  },

  whole: ended,

  *events(reply, request) {
    let number = 0;
    const event = (type: string, fields: object): string =>
      namedEvent({ type, sequence_number: number++, ...fields });
    const begun = { ...response(reply, request, 'in_progress', []), usage: null };
    yield event('response.created', { response: begun });
    yield event('response.in_progress', { response: begun });
    for (const [index, item] of items(reply).entries()) {
      const place = { item_id: item.id, output_index: index };
      yield event('response.output_item.added', { output_index: index, item: emptied(item) });
      yield* item.type === 'reasoning'
        ? reasoningEvents(reply, place, event)
        : messageEvents(reply, item, place, event);
      yield event('response.output_item.done', { output_index: index, item });
    }
    const whole = ended(reply, request);
    yield event(`response.${whole.status}`, { response: whole });
  },

  streamType: () => 'text/event-stream',
  error: openaiError,
  errorEvent: ({ message, code, type, status }) =>
    namedEvent({
      type: 'error',
      sequence_number: 1,
      code: code ?? type ?? (status === 429 ? 'rate_limit_exceeded' : 'server_error'),
      message,
      param: null,
    }),
  headers: openaiHeaders,
};

type Event = (type: string, fields: object) => string;

function* reasoningEvents(reply: ReplyDetails, place: object, event: Event): Generator<string> {
  const at = { ...place, summary_index: 0 };
  const text = reply.reasoning ?? '';
  yield event('response.reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } });
  for (const delta of pieces(text, reply.chunkSize))
    yield event('response.reasoning_summary_text.delta', { ...at, delta });
  yield event('response.reasoning_summary_text.done', { ...at, text });
  yield event('response.reasoning_summary_part.done', { ...at, part: { type: 'summary_text', text } });
}

function* messageEvents(reply: ReplyDetails, item: Item, place: object, event: Event): Generator<string> {
  for (const [index, part] of (item['content'] as ContentPart[]).entries()) {
    const at = { ...place, content_index: index };
    const [text, kind, empty, extra] =
      part.type === 'refusal'
        ? [part.refusal, 'refusal', { ...part, refusal: '' }, {}]
        : [part.text, 'output_text', { ...part, text: '' }, { logprobs: [] }];
    yield event('response.content_part.added', { ...at, part: empty });
    for (const delta of pieces(text, reply.chunkSize))
      yield event(`response.${kind}.delta`, { ...at, delta, ...extra });
    const whole = part.type === 'refusal' ? { refusal: text } : { text, ...extra };
    yield event(`response.${kind}.done`, { ...at, ...whole });
    yield event('response.content_part.done', { ...at, part });
  }
}

type ContentPart =
  { type: 'output_text'; text: string; annotations: []; logprobs: [] } | { type: 'refusal'; refusal: string };

function contentParts(reply: ReplyDetails): ContentPart[] {
  const parts: ContentPart[] = blocksOf(reply).map((text) => ({
    type: 'output_text',
    text,
    annotations: [],
    logprobs: [],
  }));
  if (reply.refusal !== undefined) parts.push({ type: 'refusal', refusal: reply.refusal });
  return parts;
}

/** What the model made: its thoughts in summary, then its message. */
function items(reply: ReplyDetails): Item[] {
  const { reasoning } = reply;
  const message: Item = {
    id: 'msg_scripted',
    type: 'message',
    status: incompleteness(reply) === null ? 'completed' : 'incomplete',
    role: 'assistant',
    content: contentParts(reply),
  };
  if (reasoning === undefined) return [message];
  return [
    { id: 'rs_scripted', type: 'reasoning', summary: [{ type: 'summary_text', text: reasoning }] },
    message,
  ];
}

/** The item as a stream begins it. */
function emptied(item: Item): Item {
  return item.type === 'reasoning'
    ? { ...item, summary: [] }
    : { ...item, status: 'in_progress', content: [] };
}

function incompleteness(reply: ReplyDetails): { reason: string } | null {
  const reason = finishReason(reply, FINISH_REASONS);
  return reason === 'completed' ? null : { reason };
}

function ended(reply: ReplyDetails, request: LlmRequest): Response {
  const status = incompleteness(reply) === null ? 'completed' : 'incomplete';
  return response(reply, request, status, items(reply));
}

function response(reply: ReplyDetails, request: LlmRequest, status: string, output: Item[]): Response {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens = 0, reasoningTokens = 0 } = reply.usage ?? {};
  return {
    id: 'resp_scripted',
    object: 'response',
    created_at: CREATED,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? incompleteness(reply) : null,
    instructions: null,
    metadata: {},
    model: reply.model ?? request.model,
    output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: cachedInputTokens },
      output_tokens: outputTokens,
      output_tokens_details: { reasoning_tokens: reasoningTokens },
      total_tokens: inputTokens + outputTokens,
    },
  };
}
