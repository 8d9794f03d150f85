/** The four switches of the engine's log. It goes to standard error, from level `warn` on unless told otherwise. */

import native = require('./native.js');

export const { getLogLevel, setLogJsonMode, setLogLevel, setLogMaxChunkLength } = native;
