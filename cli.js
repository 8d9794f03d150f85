#!/usr/bin/env node
'use strict';
const native = require('./dist/native.js');

// Set rather than exit: what is still on its way to a pipe is written out first.
process.exitCode = native.invoke_runtime_cli(process.argv.slice(1));
