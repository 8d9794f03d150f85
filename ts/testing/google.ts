/** Gemini's `generateContent`: what `google-ai` speaks, and Gemini on Vertex AI. */

import { isRecord, joined, records, textOfContent } from './body.js';
import { finishReason, pieces, type Dialect, type Failure } from './dialect.js';
import { blocksOf, type LlmRequest, type ReplyDetails } from './reply.js';
import { dataEvent } from './sse.js';

const FINISH_REASONS = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  content_filter: 'SAFETY',
  tool_calls: 'STOP',
  refusal: 'SAFETY',
};

const ERRORS: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** `…/models/MODEL:generateContent` and `:streamGenerateContent`, with the publisher before the models on Vertex AI. */
const PATH = /\/([^/]+):(generateContent|streamGenerateContent)$/;

export const google: Dialect = {
  name: 'google',
  speaks: (path) => PATH.test(path),

  read(body, path) {
    const [, model = '', method] = PATH.exec(path) ?? [];
    const system = body['systemInstruction'] ?? body['system_instruction'];
    return {
      model: decodeURIComponent(model),
      prompt: joined(
        isRecord(system) ? textOfContent(system['parts']) : undefined,
        ...records(body['contents']).map(({ parts }) => textOfContent(parts)),
      ),
      stream: method === 'streamGenerateContent',
    };
  },

  whole(reply, request) {
    if (isBlocked(reply)) return blocked(reply, request);
    return chunk(reply, request, [...thoughts(reply), ...texts(reply)], true);
  },

  *events(reply, request) {
    const write = framing(request);
    for (const answer of answers(reply, request)) yield write(answer);
    if (!asksForEvents(request)) yield ']';
  },

  streamType: (request) => (asksForEvents(request) ? 'text/event-stream' : 'application/json'),
  error: failed,
  errorEvent: (failure, request) =>
    asksForEvents(request) ? dataEvent(failed(failure)) : `,\n${JSON.stringify(failed(failure))}]`,
  // When to come back is told in the body, and a request has no name but the one in the answer.
  headers: () => ({}),
};

function* answers(reply: ReplyDetails, request: LlmRequest): Generator<object> {
  if (isBlocked(reply)) return yield blocked(reply, request);
  for (const { text, ...kind } of [...thoughts(reply), ...texts(reply)]) {
    for (const piece of pieces(text, reply.chunkSize))
      yield chunk(reply, request, [{ text: piece, ...kind }], false);
  }
  yield chunk(reply, request, [{ text: '' }], true);
}

/** Events where they are asked for, and otherwise one list, written as it grows. */
function framing(request: LlmRequest): (answer: object) => string {
  if (asksForEvents(request)) return dataEvent;
  let before = '[';
  return (answer) => {
    const part = `${before}${JSON.stringify(answer)}`;
    before = ',\n';
    return part;
  };
}

function asksForEvents({ query }: LlmRequest): boolean {
  return query['alt'] === 'sse';
}

interface TextPart {
  text: string;
  thought?: true;
}

function thoughts({ reasoning }: ReplyDetails): TextPart[] {
  return reasoning === undefined ? [] : [{ text: reasoning, thought: true }];
}

function texts(reply: ReplyDetails): TextPart[] {
  return blocksOf(reply).map((text) => ({ text }));
}

function chunk(reply: ReplyDetails, request: LlmRequest, parts: TextPart[], last: boolean): object {
  const { refusal } = reply;
  return {
    candidates: [
      {
        content: { parts, role: 'model' },
        ...(last ? { finishReason: finishReason(reply, FINISH_REASONS) } : {}),
        ...(last && refusal !== undefined ? { finishMessage: refusal } : {}),
        index: 0,
      },
    ],
    ...head(reply, request, last),
  };
}

/** A refusal without a word of an answer is one of the prompt. */
function isBlocked(reply: ReplyDetails): boolean {
  return reply.refusal !== undefined && blocksOf(reply).length === 0;
}

function blocked(reply: ReplyDetails, request: LlmRequest): object {
  const blockReason = finishReason(reply, FINISH_REASONS);
  return {
    promptFeedback: { blockReason, blockReasonMessage: reply.refusal },
    ...head(reply, request, true),
  };
}

function head(reply: ReplyDetails, request: LlmRequest, last: boolean): object {
  return {
    usageMetadata: usage(reply, last),
    modelVersion: reply.model ?? request.model,
    responseId: reply.requestId ?? 'scripted',
  };
}

/** What the model writes is counted when it has written. */
function usage({ usage: told = {} }: ReplyDetails, last: boolean): object {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens, reasoningTokens } = told;
  const output = last ? outputTokens : 0;
  return {
    promptTokenCount: inputTokens,
    ...(last ? { candidatesTokenCount: output } : {}),
    totalTokenCount: inputTokens + output + (last ? (reasoningTokens ?? 0) : 0),
    ...(cachedInputTokens === undefined ? {} : { cachedContentTokenCount: cachedInputTokens }),
    ...(reasoningTokens === undefined || !last ? {} : { thoughtsTokenCount: reasoningTokens }),
  };
}

function failed({ status, message, type, retryAfter }: Failure): object {
  const usual = ERRORS[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT');
  const details =
    retryAfter === undefined
      ? {}
      : { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfter}s` }] };
  return { error: { code: status, message, status: type ?? usual, ...details } };
}
