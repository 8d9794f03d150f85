#!/usr/bin/env node
'use strict';
const native = require('./dist/native.js');

// Node ends itself on a signal by raising it again, which would come back to a server that ends in its own time, and to
// tests whose report is still to come. With listeners Node leaves signals alone.
if (['serve', 'dev', 'test'].some((command) => process.argv.includes(command))) {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
}

// Set rather than exit: what is still on its way to a pipe is written out first.
process.exitCode = native.invoke_runtime_cli(process.argv.slice(1));
