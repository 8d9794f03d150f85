/** OpenAI's chat completions: what `openai`, `openai-generic`, `azure-openai`, `ollama` and `openrouter` speak. */

import type { Dialect } from './dialect.js';
import { textOf, type LlmRequest, type ReplyDetails } from './reply.js';

const CREATED = 1_700_000_000;

interface ContentPart {
  type?: string;
  text?: string;
}

interface ChatMessage {
  content?: string | ContentPart[] | null;
}

export const openaiChat: Dialect = {
  speaks: (path) => path.endsWith('/chat/completions'),

  read(body) {
    const messages = Array.isArray(body['messages']) ? (body['messages'] as ChatMessage[]) : [];
    return {
      model: typeof body['model'] === 'string' ? body['model'] : '',
      prompt: messages.map(textOfMessage).join('\n'),
      stream: body['stream'] === true,
    };
  },

  whole(reply, request) {
    return {
      ...head(reply, request, 'chat.completion'),
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: textOf(reply), refusal: null },
          logprobs: null,
          finish_reason: reply.finishReason ?? 'stop',
        },
      ],
      usage: usage(reply),
    };
  },

  *events(reply, request, pieces) {
    const base = head(reply, request, 'chat.completion.chunk');
    const event = (delta: object, finishReason: string | null): string =>
      JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason: finishReason }] });
    yield event({ role: 'assistant', content: '' }, null);
    for (const piece of pieces) yield event({ content: piece }, null);
    yield event({}, reply.finishReason ?? 'stop');
    if (asksForUsage(request)) yield JSON.stringify({ ...base, choices: [], usage: usage(reply) });
    yield '[DONE]';
  },

  error: (status, message) => ({
    error: {
      message,
      type: status >= 500 ? 'server_error' : 'invalid_request_error',
      param: null,
      code: null,
    },
  }),
};

function textOfMessage({ content }: ChatMessage): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((part) => part.text ?? '').join('');
}

function head(reply: ReplyDetails, request: LlmRequest, object: string): object {
  return { id: 'chatcmpl-scripted', object, created: CREATED, model: reply.model ?? request.model };
}

function usage(reply: ReplyDetails): object {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens } = reply.usage ?? {};
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedInputTokens === undefined
      ? {}
      : { prompt_tokens_details: { cached_tokens: cachedInputTokens } }),
  };
}

function asksForUsage(request: LlmRequest): boolean {
  const { stream_options: options } = request.body as { stream_options?: { include_usage?: unknown } };
  return options?.include_usage === true;
}
