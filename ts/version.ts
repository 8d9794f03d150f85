/** The gate between a generated client and the installed package. */

import { BamlError } from './errors.js';
import native = require('./native.js');

const PACKAGE = '@boundaryml/baml';

/**
 * Throws unless the client was generated for this release line (the same major and minor version).
 *
 * @param generated version that stands in the generated client
 */
export function ThrowIfVersionMismatch(generated: string): void {
  const installed = native.get_version();
  if (releaseLine(generated) === releaseLine(installed)) return;
  throw new BamlError(
    `Update to ${PACKAGE} required. This baml_client was generated for ${PACKAGE} ${generated}, but ${installed} is installed.\n` +
      `Either run \`baml-cli generate\` again with the installed version (and set \`version "${installed}"\` in the generator block),\n` +
      `or install the version that it was generated for:\n` +
      `  npm install ${PACKAGE}@${generated}\n` +
      `  yarn add ${PACKAGE}@${generated}\n` +
      `  pnpm add ${PACKAGE}@${generated}`,
  );
}

/** `0.226` of `0.226.2`. */
function releaseLine(version: string): string {
  return version.split('.', 2).join('.');
}
