/**
 * What the addon exports, as types: the shape that `@boundaryml/baml/native` promises and that generated clients use.
 *
 * The declarations are written by hand, so that users read documentation instead of generated stubs and so that the
 * TypeScript side can be checked without a build of the addon. A test compares the names with those of the addon.
 */

export * from './native_contract/process.js';
export * from './native_contract/runtime.js';
export * from './native_contract/registry.js';
export * from './native_contract/plan.js';
export * from './native_contract/tracing.js';
export * from './native_contract/collector.js';
export * from './native_contract/alignment.js';
export * from './native_contract/http.js';
export * from './native_contract/media.js';
export * from './native_contract/type_builder.js';
