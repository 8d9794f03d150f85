/** `@boundaryml/baml/logging` for `import`. */
export { getLogLevel, setLogJsonMode, setLogLevel, setLogMaxChunkLength } from './logging.js';
