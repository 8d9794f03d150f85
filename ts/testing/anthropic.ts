/** Anthropic's messages: what `anthropic` speaks, and Claude on Vertex AI. */

import { isRecord, joined, records, string, textOfContent } from './body.js';
import { finishReason, jsonOf, named, pieces, retryAfter, type Dialect, type Failure } from './dialect.js';
import { blocksOf, type LlmRequest, type ReplyDetails } from './reply.js';
import { namedEvent } from './sse.js';

const FINISH_REASONS = {
  stop: 'end_turn',
  length: 'max_tokens',
  content_filter: 'refusal',
  tool_calls: 'tool_use',
  refusal: 'refusal',
};

const ERRORS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

const SIGNATURE = 'c2NyaXB0ZWQ=';

/** Claude on Vertex AI: `…/publishers/anthropic/models/MODEL:rawPredict` and `:streamRawPredict`. */
const VERTEX = /\/models\/([^/]+):(?:rawPredict|streamRawPredict)$/;

export const anthropic: Dialect = {
  name: 'anthropic',
  speaks: (path) => path.endsWith('/messages') || VERTEX.test(path),

  read(body, path) {
    const { system, messages } = body;
    return {
      model: string(body['model']) || decodeURIComponent(VERTEX.exec(path)?.[1] ?? ''),
      prompt: joined(
        system === undefined ? undefined : textOfContent(system),
        ...records(messages).map(({ content }) => textOfContent(content)),
      ),
      stream: body['stream'] === true,
    };
  },

  whole(reply, request) {
    const content = blocks(reply, request).map(({ whole }) => whole);
    return { ...message(reply, request), content, ...stop(reply, request), usage: usage(reply) };
  },

  *events(reply, request) {
    yield namedEvent({
      type: 'message_start',
      message: {
        ...message(reply, request),
        content: [],
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: { ...usage(reply), output_tokens: 1 },
      },
    });
    yield namedEvent({ type: 'ping' });
    for (const [index, block] of blocks(reply, request).entries()) {
      yield namedEvent({ type: 'content_block_start', index, content_block: block.empty });
      for (const delta of deltas(block, reply))
        yield namedEvent({ type: 'content_block_delta', index, delta });
      yield namedEvent({ type: 'content_block_stop', index });
    }
    yield namedEvent({ type: 'message_delta', delta: stop(reply, request), usage: usage(reply) });
    yield namedEvent({ type: 'message_stop' });
  },

  streamType: () => 'text/event-stream',
  error: failed,
  errorEvent: (failure) => namedEvent(failed(failure)),
  headers: (requestId, failure) => ({ ...named('request-id', requestId), ...retryAfter(failure) }),
};

function failed({
  status,
  message: said,
  type,
  requestId,
}: Failure): { type: string } & Record<string, unknown> {
  const usual = ERRORS[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
  return { type: 'error', error: { type: type ?? usual, message: said }, request_id: requestId ?? null };
}

/** A content block: as it is in the end, as a stream begins it, and what a stream adds to it. */
interface Block {
  whole: object;
  empty: object;
  says: string;
  delta: (piece: string) => object;
  last?: object;
}

function blocks(reply: ReplyDetails, request: LlmRequest): Block[] {
  const { reasoning } = reply;
  const thoughts = reasoning === undefined ? [] : [thinking(reasoning)];
  const tool = forcedTool(request);
  return [...thoughts, ...blocksOf(reply).map(tool === undefined ? text : (input) => toolUse(tool, input))];
}

function thinking(says: string): Block {
  const type = 'thinking';
  return {
    whole: { type, thinking: says, signature: SIGNATURE },
    empty: { type, thinking: '', signature: '' },
    says,
    delta: (piece) => ({ type: 'thinking_delta', thinking: piece }),
    last: { type: 'signature_delta', signature: SIGNATURE },
  };
}

function text(says: string): Block {
  const type = 'text';
  return {
    whole: { type, text: says, citations: null },
    empty: { type, text: '', citations: null },
    says,
    delta: (piece) => ({ type: 'text_delta', text: piece }),
  };
}

function toolUse(name: string, says: string): Block {
  const head = { type: 'tool_use', id: 'toolu_scripted', name };
  return {
    whole: { ...head, input: jsonOf(says) ?? {} },
    empty: { ...head, input: {} },
    says,
    delta: (piece) => ({ type: 'input_json_delta', partial_json: piece }),
  };
}

function* deltas(block: Block, reply: ReplyDetails): Generator<object> {
  for (const piece of pieces(block.says, reply.chunkSize)) yield block.delta(piece);
  if (block.last) yield block.last;
}

/** The tool that the model must use: it gets as input what the model says. */
function forcedTool(request: LlmRequest): string | undefined {
  const choice: unknown = request.body?.tool_choice;
  return isRecord(choice) && choice['type'] === 'tool' ? string(choice['name']) : undefined;
}

function message(reply: ReplyDetails, request: LlmRequest): object {
  const model = reply.model ?? request.model;
  return { id: 'msg_scripted', type: 'message', role: 'assistant', model };
}

function stop(reply: ReplyDetails, request: LlmRequest): object {
  const words = forcedTool(request) === undefined ? FINISH_REASONS : { ...FINISH_REASONS, stop: 'tool_use' };
  const { refusal } = reply;
  return {
    stop_reason: finishReason(reply, words),
    stop_sequence: null,
    stop_details: refusal === undefined ? null : { type: 'refusal', category: null, explanation: refusal },
  };
}

function usage({ usage: told = {} }: ReplyDetails): object {
  const {
    inputTokens = 0,
    outputTokens = 0,
    cachedInputTokens = 0,
    cacheWriteTokens = 0,
    reasoningTokens,
  } = told;
  return {
    input_tokens: inputTokens,
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedInputTokens,
    output_tokens: outputTokens,
    ...(reasoningTokens === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoningTokens } }),
  };
}
