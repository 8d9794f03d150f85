// The whole story in one command, on a fresh clone: install, build, generate, run.
//   npm run demo                   with a scripted LLM on this machine
//   OPENAI_API_KEY=… npm run demo  with the real one
//   npm run demo -- errors         another example
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { ensureBuilt, TSC } from './build.mjs';
import { generateAll } from './generate.mjs';
import { node } from './steps.mjs';
import { ROOT } from './toolchain.mjs';

const FOLDER = 'examples/resume';
const name = process.argv[2] ?? 'main';
if (!existsSync(join(ROOT, FOLDER, `${name}.mts`))) {
  // What the others import is no example; each example says in its first line what it shows.
  const parts = new Set(['provider', 'show', 'extract.test']);
  const names = readdirSync(join(ROOT, FOLDER)).flatMap((file) => /^(.*)\.mts$/.exec(file)?.[1] ?? []);
  console.error(
    `There is no example "${name}". Examples are: ${names.filter((each) => !parts.has(each)).join(', ')}.`,
  );
  process.exit(2);
}

ensureBuilt();
generateAll();
node('compile the examples', [TSC, '-p', 'tsconfig.examples.json']);
node(`run ${FOLDER}/${name}.mts`, [`examples/build/resume/${name}.mjs`]);
