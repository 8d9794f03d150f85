/**
 * The addon, with what JavaScript does better plugged in: errors, and the packing of arguments. All other modules reach
 * it through here.
 */

import { packArgument } from './packed_argument.js';
import { errorFromFailure } from './errors.js';
import { showContents } from './inspection.js';
import type * as contract from './native_contract.js';

// A literal path, and the loader that napi generates behind it: bundlers can follow both.
// oxlint-disable-next-line typescript/no-require-imports -- the loader is generated, and CommonJS
const addon = require('../native.js') as typeof contract;

addon.setErrorFactory(errorFromFailure);
addon.setArgumentPacker(packArgument);

showContents(addon);

export = addon;
