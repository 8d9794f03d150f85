/**
 * Call functions written in `.baml` files, and choose at run time which LLM client answers.
 *
 * ```ts
 * import { ClientRegistry } from '@boundaryml/baml';
 * import { b } from './baml_client';
 *
 * const cr = new ClientRegistry();
 * cr.addLlmClient('Fast', 'openai', { model: 'gpt-5-mini', api_key: process.env.OPENAI_API_KEY });
 * cr.setPrimary('Fast');
 * const resume = await b.ExtractResume(text, { clientRegistry: cr });
 * ```
 */

export {
  BamlAudio as Audio,
  BamlImage as Image,
  BamlPdf as Pdf,
  BamlVideo as Video,
  BamlRuntime,
  ClientRegistry,
  Collector,
  FunctionLog,
  FunctionResult,
  FunctionResultStream,
  LlmCall,
  LlmStreamCall,
  StreamTiming,
  Timing,
  TraceStats,
  Usage,
  getLogLevel,
  invoke_runtime_cli,
  setLogJsonMode,
  setLogLevel,
  setLogMaxChunkLength,
} from './dist/native_contract';
export type {
  Alignment,
  AlignmentNote,
  ApiKey,
  ApiKeyCallback,
  BamlLogEvent,
  ClientHealth,
  ClientRegistryJson,
  ClientRegistryOptions,
  EnvReference,
  HTTPRequest,
  HTTPResponse,
  HttpBody,
  HttpRequest,
  HttpResponse,
  MediaJson,
  Plan,
  PlanArm,
  PlanAttempt,
  PlanOption,
  PlanOrigin,
  RegistryClientJson,
  RetryPolicy,
  RetryStrategy,
  SSEResponse,
  StreamAttempt,
} from './dist/native_contract';
export {
  BamlAbortError,
  BamlClientError,
  BamlClientFinishReasonError,
  BamlClientHttpError,
  BamlError,
  BamlInvalidArgumentError,
  BamlTimeoutError,
  BamlValidationError,
  isBamlError,
  toBamlError,
} from './dist/errors';
export type { BamlAttempt, BamlErrors, BamlProblem, BamlTimeoutType } from './dist/errors';
export { BamlCtxManager } from './dist/context';
export { BamlStream } from './dist/stream';
export { ThrowIfVersionMismatch } from './dist/version';
