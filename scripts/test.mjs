// Everything that can fail, from a clean clone with Node and Rust.
//   npm test                      all of it
//   npm test -- vitest types      only the named parts: rust, types, vitest, conformance
import { spawnSync } from 'node:child_process';

import { ensureBuilt } from './build.mjs';
import { node, step } from './steps.mjs';
import { ROOT } from './toolchain.mjs';

const PARTS = {
  rust: () =>
    hasNextest()
      ? step('cargo nextest', 'cargo', ['nextest', 'run', '--workspace', '--locked', '--no-fail-fast'])
      : step('cargo test', 'cargo', ['test', '--workspace', '--locked', '--quiet', '--no-fail-fast']),
  types: () => node('types', ['scripts/check.mjs']),
  vitest: () => node('vitest', ['node_modules/vitest/vitest.mjs', 'run']),
  conformance: () => node('conformance', ['conformance/run.mjs']),
};

const chosen = process.argv.slice(2);
const unknown = chosen.find((name) => !Object.hasOwn(PARTS, name));
if (unknown !== undefined) {
  console.error(`There is no part "${unknown}". Parts are: ${Object.keys(PARTS).join(', ')}.`);
  process.exit(2);
}

ensureBuilt();
const times = Object.entries(PARTS)
  .filter(([name]) => chosen.length === 0 || chosen.includes(name))
  .map(([name, runPart]) => `${name} ${runPart().toFixed(0)} s`);
console.log(`\nall tests passed: ${times.join(', ')}`);

function hasNextest() {
  return spawnSync('cargo', ['nextest', '--version'], { cwd: ROOT, stdio: 'ignore' }).status === 0;
}
