/** `@boundaryml/baml/errors` for `import`: the same classes as for `require`. */
export {
  BamlAbortError,
  BamlClientError,
  BamlClientFinishReasonError,
  BamlClientHttpError,
  BamlError,
  BamlInvalidArgumentError,
  BamlTimeoutError,
  BamlValidationError,
  errorFromFailure,
  isBamlError,
  toBamlError,
} from './errors.js';
export type {
  BamlAttempt,
  BamlClientHttpDetails,
  BamlErrors,
  BamlProblem,
  BamlTimeoutDetails,
  BamlTimeoutType,
  Failure,
} from './errors.js';
