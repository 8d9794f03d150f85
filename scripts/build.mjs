// Makes what is missing or stale: dependencies, addon, compiled TypeScript. Needs nothing but Node and Rust to start.
//   node scripts/build.mjs
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { node, run, step } from './steps.mjs';
import { manifest, requireToolchain, ROOT } from './toolchain.mjs';

export const TSC = 'node_modules/typescript/bin/tsc';

const PARTS = [
  {
    name: 'dependencies',
    inputs: ['package-lock.json', '.npmrc'],
    stamp: 'node_modules/.stamp',
    isThere: () => existsSync(join(ROOT, 'node_modules/.package-lock.json')),
    make: install,
  },
  {
    name: 'addon',
    inputs: ['Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml', 'build.rs', 'src', 'crates'],
    stamp: 'target/addon.stamp',
    isThere: () =>
      existsSync(join(ROOT, 'native.js')) && readdirSync(ROOT).some((name) => name.endsWith('.node')),
    make: () =>
      step('build the addon (a few minutes the first time)', 'npm', ['run', '--silent', 'build:native']),
  },
  {
    name: 'TypeScript',
    inputs: ['ts', 'tsconfig.json'],
    stamp: 'target/typescript.stamp',
    isThere: () => existsSync(join(ROOT, 'dist/native.js')),
    make: () => {
      // What was compiled from files that are gone must not stay importable.
      rmSync(join(ROOT, 'dist'), { recursive: true, force: true });
      node('compile the TypeScript', [TSC, '-p', 'tsconfig.json']);
    },
  },
];

/** As locked; when the registry at hand has not all that is locked (a mirror, say), as near to it as can be had. */
function install() {
  console.log('\n\u2500\u2500 install dependencies');
  if (run('npm', ['ci', '--loglevel=error'], { stdio: 'ignore' }) !== 0) {
    const args = ['install', '--no-package-lock', '--loglevel=error'];
    step('install dependencies, without the lock file', 'npm', args);
  }
  linkOwnCommands();
}

/** Makes `npx baml-cli` in this folder our tool: the peer, which tests compare with, has commands of the same names. */
function linkOwnCommands() {
  // Windows has scripts instead of links, and this is a convenience for whoever works here.
  if (process.platform === 'win32') return;
  for (const command of Object.keys(manifest().bin)) {
    const link = join(ROOT, 'node_modules/.bin', command);
    rmSync(link, { force: true });
    symlinkSync('../../cli.js', link);
  }
}

/** Makes each part whose inputs have changed since it was made. */
export function ensureBuilt() {
  requireToolchain();
  for (const part of PARTS) {
    const stamp = join(ROOT, part.stamp);
    const print = fingerprint(part.inputs);
    if (part.isThere() && existsSync(stamp) && readFileSync(stamp, 'utf8') === print) continue;
    part.make();
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, print);
  }
}

/** A hash over the names and contents of the files; those that are not there do not count. */
function fingerprint(inputs) {
  const hash = createHash('sha256');
  for (const input of inputs) {
    for (const file of filesUnder(input))
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(ROOT, file)))
        .update('\0');
  }
  return hash.digest('hex');
}

/** The file, or the files below the folder that go into a build: tests do not. */
function filesUnder(path) {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .toSorted()
    .filter((name) => name !== 'tests' && name !== 'benches')
    .flatMap((name) => filesUnder(`${path}/${name}`));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) ensureBuilt();
