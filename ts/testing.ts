/**
 * A scripted LLM for tests: it listens on the loopback interface, speaks the wire formats of OpenAI (chat completions and
 * responses), Anthropic, Google and Amazon Bedrock (at once and streamed), answers as it is told, and keeps the requests
 * that it saw. It needs no test framework and no addon.
 */

export { Llm, startLlm } from './testing/llm.js';
export type { LlmScript } from './testing/llm.js';
export type {
  DialectName,
  Fault,
  FinishReason,
  LlmRequest,
  Reply,
  ReplyDetails,
  ReplyError,
  ReplyUsage,
  Rule,
} from './testing/reply.js';
