/** The types of `@boundaryml/baml/native` for `import`: the same as for `require`. */
export * from './native_contract.js';
