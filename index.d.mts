/** The public face for `import`: the same declarations as for `require`. */
export * from './index.js';
