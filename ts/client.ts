/**
 * What generated clients import besides the public face: the logic of a call, so that it is mended here and not in
 * every project's generated code.
 */

export {
  AsyncClientBase,
  AsyncRequestBase,
  ParserBase,
  PlanBase,
  StreamClientBase,
  SyncClientBase,
  SyncRequestBase,
} from './client/bases.js';
export { all_succeeded, get_checks } from './client/checks.js';
export type { Check, Checked, RecursivePartialNull, StreamState } from './client/checks.js';
export type { CallOptions, ParseOptions, RequestOptions } from './client/options.js';
export { openProject, tracing } from './client/project.js';
export type { Project, ProjectSource, Tracing } from './client/project.js';
export type {
  BamlAudio as Audio,
  BamlImage as Image,
  BamlLogEvent,
  BamlPdf as Pdf,
  BamlVideo as Video,
  ClientRegistry,
  Collector,
  FunctionLog,
  HttpRequest,
  Plan,
  PlanAttempt,
} from './native_contract.js';
export { BamlStream } from './stream.js';
