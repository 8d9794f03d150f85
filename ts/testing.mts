/** `@boundaryml/baml/testing` for `import`. */
export { Llm, startLlm } from './testing.js';
export type { Fault, LlmRequest, LlmScript, Reply, ReplyDetails, ReplyUsage, Rule } from './testing.js';
