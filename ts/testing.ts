/**
 * A scripted LLM for tests: it listens on the loopback interface, speaks OpenAI's chat completions (at once and
 * streamed), answers as it is told, and keeps the requests that it saw. It needs no test framework and no addon.
 */

export { Llm, startLlm } from './testing/llm.js';
export type { LlmScript } from './testing/llm.js';
export type { Fault, LlmRequest, Reply, ReplyDetails, ReplyUsage, Rule } from './testing/reply.js';
