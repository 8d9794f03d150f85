// What must be on the machine before anything can be built: Node and Rust. A missing or old one gets one line.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Ends the program with one line that says what to install, unless Node and Rust are there and new enough. */
export function requireToolchain() {
  const wantedNode = /(\d+\.\d+)/.exec(manifest().engines.node)[1];
  if (older(process.versions.node, wantedNode)) {
    give(
      `Node.js ${wantedNode} or newer is needed, this is ${process.versions.node}: install it from https://nodejs.org`,
    );
  }
  const wantedRust = /^rust-version = "([\d.]+)"/m.exec(readFileSync(`${ROOT}Cargo.toml`, 'utf8'))[1];
  const cargo = spawnSync('cargo', ['--version'], {
    cwd: ROOT,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (cargo.error || cargo.status !== 0) {
    const reason = cargo.stderr?.trim().split('\n')[0];
    const found = reason ? `cargo does not run (${reason})` : 'cargo was not found';
    give(`Rust ${wantedRust} or newer is needed, and ${found}: install it from https://rustup.rs`);
  }
  const rust = /(\d+\.\d+\.\d+)/.exec(cargo.stdout)?.[1] ?? '0.0.0';
  if (older(rust, wantedRust)) {
    give(`Rust ${wantedRust} or newer is needed, this is ${rust}: run \`rustup update stable\``);
  }
}

export function manifest() {
  return JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
}

/** Whether the version lies before the wanted one, number by number. */
export function older(version, wanted) {
  const have = version.split('.').map(Number);
  const want = wanted.split('.').map(Number);
  const index = want.findIndex((number, at) => (have[at] ?? 0) !== number);
  return index !== -1 && (have[index] ?? 0) < want[index];
}

function give(line) {
  console.error(line);
  process.exit(1);
}
