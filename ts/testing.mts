/** `@boundaryml/baml/testing` for `import`. */
export { Llm, startLlm } from './testing.js';
export type {
  DialectName,
  Fault,
  FinishReason,
  LlmRequest,
  LlmScript,
  Reply,
  ReplyDetails,
  ReplyError,
  ReplyUsage,
  Rule,
} from './testing.js';
