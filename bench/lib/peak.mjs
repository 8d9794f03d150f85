// Peak memory of one parse, in a process that has done nothing else: what it has resident at most, less what it had
// before, per byte of the text.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CORE } from './fixtures.mjs';
import { Project } from './implementation.mjs';

const SELF = fileURLToPath(import.meta.url);
const LIMIT_MS = 20_000;

/** `task`: the implementation, the function, the text, and whether it may be unfinished. */
export function peakBytesPerByte({ text, ...task }) {
  const folder = mkdtempSync(join(tmpdir(), 'baml-bench-'));
  try {
    const file = join(folder, 'text');
    writeFileSync(file, text);
    const child = spawnSync(process.execPath, ['--expose-gc', SELF, JSON.stringify({ ...task, file })], {
      encoding: 'utf8',
      env: process.env,
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    return child.status === 0 ? Number(child.stdout) : undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// The text is read from a file: making it here would leave memory behind that the parse could use unseen.
function measureOnce({ implementation, function: name, isPartial, file }) {
  const text = readFileSync(file, 'utf8');
  const parse = parserOf(implementation, name, isPartial);
  tolerate(() => parse('[]'));
  globalThis.gc();
  const before = process.memoryUsage.rss();
  forgetPeak();
  tolerate(() => parse(text));
  const most = peak();
  process.stdout.write(String((most - before) / Buffer.byteLength(text)));
}

const STATUS = '/proc/self/status';
const CLEAR_REFS = '/proc/self/clear_refs';
const FORGET_PEAK = '5';

/** On Linux the peak can be set back: what loading took is not the parse's. */
function forgetPeak() {
  if (existsSync(CLEAR_REFS)) writeFileSync(CLEAR_REFS, FORGET_PEAK);
}

/**
 * The most bytes resident since. What `getrusage` tells will not do on Linux: a process begins with the peak of the one that
 * started it, which is larger here than what many texts take.
 */
function peak() {
  if (!existsSync(STATUS)) return process.resourceUsage().maxRSS * 1024;
  const [, kilobytes] = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(STATUS, 'utf8'));
  return Number(kilobytes) * 1024;
}

function parserOf(implementation, name, isPartial) {
  if (implementation === 'JSON.parse') return JSON.parse;
  const project = new Project(implementation, CORE);
  return (text) => project.parse(name, text, isPartial);
}

/** A text that is refused takes memory, too. */
function tolerate(operation) {
  try {
    return operation();
  } catch (error) {
    return error;
  }
}

if (process.argv[1] === SELF) measureOnce(JSON.parse(process.argv[2]));
