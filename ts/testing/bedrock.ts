/** Amazon Bedrock's `converse` and `converse-stream`: what `aws-bedrock` speaks. */

import { isRecord, joined, records, string, textOfContent } from './body.js';
import { finishReason, jsonOf, named, pieces, retryAfter, type Dialect, type Failure } from './dialect.js';
import { message } from './event_stream.js';
import { blocksOf, type LlmRequest, type ReplyDetails } from './reply.js';

const FINISH_REASONS = {
  stop: 'end_turn',
  length: 'max_tokens',
  content_filter: 'content_filtered',
  tool_calls: 'tool_use',
  refusal: 'guardrail_intervened',
};

const ERRORS: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  408: 'ModelTimeoutException',
  424: 'ModelErrorException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  503: 'ServiceUnavailableException',
};

/** The failures that a stream can tell of; any other is one of the model. */
const STREAM_ERRORS: Readonly<Record<number, string>> = {
  400: 'validationException',
  429: 'throttlingException',
  500: 'internalServerException',
  503: 'serviceUnavailableException',
};

const SIGNATURE = 'c2NyaXB0ZWQ=';

/** `/model/MODEL/converse` and `/model/MODEL/converse-stream`; a model's ARN is encoded in the path. */
const PATH = /\/model\/(.+)\/(converse|converse-stream)$/;

export const bedrock: Dialect = {
  name: 'bedrock',
  speaks: (path) => PATH.test(path),

  read(body, path) {
    const [, model = '', method] = PATH.exec(path) ?? [];
    const { system, messages } = body;
    return {
      model: decodeURIComponent(model),
      prompt: joined(
        system === undefined ? undefined : textOfContent(system),
        ...records(messages).map(({ content }) => textOfContent(content)),
      ),
      stream: method === 'converse-stream',
    };
  },

  whole(reply, request) {
    const content = blocks(reply, request).map(({ whole }) => whole);
    return {
      output: { message: { role: 'assistant', content } },
      stopReason: stopReason(reply, request),
      usage: usage(reply),
      metrics: { latencyMs: 1 },
    };
  },

  *events(reply, request) {
    yield event('messageStart', { role: 'assistant' });
    for (const [contentBlockIndex, block] of blocks(reply, request).entries()) {
      if (block.start) yield event('contentBlockStart', { contentBlockIndex, start: block.start });
      for (const delta of deltas(block, reply))
        yield event('contentBlockDelta', { contentBlockIndex, delta });
      yield event('contentBlockStop', { contentBlockIndex });
    }
    yield event('messageStop', { stopReason: stopReason(reply, request) });
    yield event('metadata', { usage: usage(reply), metrics: { latencyMs: 1 } });
  },

  streamType: () => 'application/vnd.amazon.eventstream',
  error: ({ message: said }) => ({ message: said }),
  errorEvent: ({ status, message: said, type }) =>
    message(
      {
        ':exception-type': type ?? STREAM_ERRORS[status] ?? 'modelStreamErrorException',
        ':content-type': 'application/json',
        ':message-type': 'exception',
      },
      { message: said },
    ),
  headers: (requestId, failure) => ({
    ...named('x-amzn-requestid', requestId),
    ...errorType(failure),
    ...retryAfter(failure),
  }),
};

function event(type: string, payload: object): Uint8Array {
  return message(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    payload,
  );
}

function errorType(failure: Failure | undefined): Record<string, string> {
  if (failure === undefined) return {};
  const { status, type } = failure;
  const usual = ERRORS[status] ?? (status >= 500 ? 'InternalServerException' : 'ValidationException');
  return { 'x-amzn-errortype': type ?? usual };
}

/** A content block: as it is in the end, and how a stream begins and adds to it. */
interface Block {
  whole: object;
  start?: object;
  says: string;
  delta: (piece: string) => object;
  last?: object;
}

function blocks(reply: ReplyDetails, request: LlmRequest): Block[] {
  const { reasoning, refusal } = reply;
  const thoughts = reasoning === undefined ? [] : [thinking(reasoning)];
  const tool = forcedTool(request);
  const said = blocksOf(reply).map(tool === undefined ? text : (input) => toolUse(tool, input));
  // A guardrail's words take the place of the model's.
  const refused = refusal === undefined ? [] : [text(refusal)];
  return [...thoughts, ...said, ...refused];
}

function thinking(says: string): Block {
  return {
    whole: { reasoningContent: { reasoningText: { text: says, signature: SIGNATURE } } },
    says,
    delta: (piece) => ({ reasoningContent: { text: piece } }),
    last: { reasoningContent: { signature: SIGNATURE } },
  };
}

function text(says: string): Block {
  return { whole: { text: says }, says, delta: (piece) => ({ text: piece }) };
}

function toolUse(name: string, says: string): Block {
  const head = { toolUseId: 'tooluse_scripted', name };
  return {
    whole: { toolUse: { ...head, input: jsonOf(says) ?? {} } },
    start: { toolUse: head },
    says,
    delta: (piece) => ({ toolUse: { input: piece } }),
  };
}

function* deltas(block: Block, reply: ReplyDetails): Generator<object> {
  for (const piece of pieces(block.says, reply.chunkSize)) yield block.delta(piece);
  if (block.last) yield block.last;
}

/** The tool that the model must use: it gets as input what the model says. */
function forcedTool(request: LlmRequest): string | undefined {
  const tool: unknown = request.body?.toolConfig?.toolChoice?.tool;
  return isRecord(tool) ? string(tool['name']) : undefined;
}

function stopReason(reply: ReplyDetails, request: LlmRequest): string {
  const words = forcedTool(request) === undefined ? FINISH_REASONS : { ...FINISH_REASONS, stop: 'tool_use' };
  return finishReason(reply, words);
}

function usage({ usage: told = {} }: ReplyDetails): object {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens, cacheWriteTokens } = told;
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + (cachedInputTokens ?? 0) + (cacheWriteTokens ?? 0),
    ...(cachedInputTokens === undefined ? {} : { cacheReadInputTokens: cachedInputTokens }),
    ...(cacheWriteTokens === undefined ? {} : { cacheWriteInputTokens: cacheWriteTokens }),
  };
}
