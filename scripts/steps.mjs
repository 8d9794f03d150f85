// Running other programs, one after the other, so that the first failure ends everything.
import { spawnSync } from 'node:child_process';

import { ROOT } from './toolchain.mjs';

/** Says what is done, and does it; when it fails, its output has said why, and this program ends likewise. */
export function step(title, command, args = [], options = {}) {
  const begun = Date.now();
  console.log(`\n\u2500\u2500 ${title}`);
  const code = run(command, args, options);
  if (code !== 0) {
    console.error(`\n${title}: failed (exit code ${code})`);
    process.exit(code);
  }
  return (Date.now() - begun) / 1000;
}

/** Runs a program in the root folder with our input and output, and answers its exit code. */
export function run(command, args = [], options = {}) {
  // npm is a script on Windows, which only a shell starts.
  const shell = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', shell, ...options });
  if (error) console.error(error.message);
  return status ?? 1;
}

/** Runs a script with this Node. */
export function node(title, args, options) {
  return step(title, process.execPath, args, options);
}
