/** OpenAI's chat completions: what `openai`, `openai-generic`, `azure-openai`, `ollama` and most other vendors speak. */

import { joined, records, string, textOfContent } from './body.js';
import { finishReason, named, pieces, retryAfter, type Dialect, type Failure } from './dialect.js';
import { blocksOf, textOf, type LlmRequest, type ReplyDetails } from './reply.js';
import { dataEvent } from './sse.js';

const CREATED = 1_700_000_000;

const FINISH_REASONS = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content_filter',
  tool_calls: 'tool_calls',
  refusal: 'stop',
};

export const openaiChat: Dialect = {
  name: 'openai-chat',
  speaks: (path) => path.endsWith('/chat/completions'),

  read(body, path) {
    return {
      model: string(body['model']) || azureDeployment(path),
      prompt: joined(...records(body['messages']).map(({ content }) => textOfContent(content))),
      stream: body['stream'] === true,
    };
  },

  whole(reply, request) {
    return {
      ...head(reply, request, 'chat.completion'),
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: contentOf(reply),
            refusal: reply.refusal ?? null,
            ...(reply.reasoning === undefined ? {} : { reasoning_content: reply.reasoning }),
          },
          logprobs: null,
          finish_reason: finishReason(reply, FINISH_REASONS),
        },
      ],
      usage: usage(reply),
    };
  },

  *events(reply, request) {
    const base = head(reply, request, 'chat.completion.chunk');
    const event = (delta: object, reason: string | null): string =>
      dataEvent({ ...base, choices: [{ index: 0, delta, finish_reason: reason }] });
    yield event({ role: 'assistant', content: '' }, null);
    // Not OpenAI's own, which keeps its thoughts: DeepSeek's, vLLM's and others'.
    for (const piece of pieces(reply.reasoning ?? '', reply.chunkSize))
      yield event({ reasoning_content: piece }, null);
    for (const piece of pieces(textOf(reply), reply.chunkSize)) yield event({ content: piece }, null);
    for (const piece of pieces(reply.refusal ?? '', reply.chunkSize)) yield event({ refusal: piece }, null);
    yield event({}, finishReason(reply, FINISH_REASONS));
    if (asksForUsage(request)) yield dataEvent({ ...base, choices: [], usage: usage(reply) });
    yield dataEvent('[DONE]');
  },

  streamType: () => 'text/event-stream',
  error: openaiError,
  errorEvent: (failure) => dataEvent(openaiError(failure)),
  headers: openaiHeaders,
};

/** An error of OpenAI, in whichever of its formats it was asked. */
export function openaiError({ status, message, type, code }: Failure): object {
  const [usualType, usualCode] = ERRORS[status] ?? [
    status >= 500 ? 'server_error' : 'invalid_request_error',
    null,
  ];
  return { error: { message, type: type ?? usualType, param: null, code: code ?? usualCode } };
}

/** The headers of OpenAI, in whichever of its formats it was asked. */
export function openaiHeaders(
  requestId: string | undefined,
  failure: Failure | undefined,
): Record<string, string> {
  return { ...named('x-request-id', requestId), ...retryAfter(failure) };
}

const ERRORS: Readonly<Record<number, [type: string, code: string | null]>> = {
  401: ['invalid_request_error', 'invalid_api_key'],
  429: ['rate_limit_error', 'rate_limit_exceeded'],
};

/** Azure names what is asked in the path, and the body may leave it out. */
function azureDeployment(path: string): string {
  return decodeURIComponent(/\/deployments\/([^/]+)\//.exec(path)?.[1] ?? '');
}

/** Text; a list of parts as Mistral and others send it; `null` with a refusal. */
function contentOf(reply: ReplyDetails): unknown {
  const blocks = blocksOf(reply);
  if (blocks.length === 0) return null;
  return Array.isArray(reply.text) ? blocks.map((text) => ({ type: 'text', text })) : blocks.join('');
}

function head(reply: ReplyDetails, request: LlmRequest, object: string): object {
  return { id: 'chatcmpl-scripted', object, created: CREATED, model: reply.model ?? request.model };
}

function usage({ usage: told = {} }: ReplyDetails): object {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens, reasoningTokens } = told;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedInputTokens === undefined
      ? {}
      : { prompt_tokens_details: { cached_tokens: cachedInputTokens } }),
    ...(reasoningTokens === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
  };
}

function asksForUsage(request: LlmRequest): boolean {
  const { stream_options: options } = request.body as { stream_options?: { include_usage?: unknown } };
  return options?.include_usage === true;
}
