#!/usr/bin/env node
// Compares a package with the peer on random schemas, values and corruptions. Every difference has to be explained by a
// rule that docs/parsing.md lists; what none explains is made small and shown.
// Exit status: 0 every difference is explained, and neither crash nor hang of the subject, 1 otherwise.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT } from '../lib/cases.mjs';
import { Isolate } from '../lib/isolate.mjs';
import { show, without } from '../lib/json.mjs';
import { absoluteSubject } from '../lib/subject.mjs';
import { makeCase } from './fuzz/case.mjs';
import { explain, RULE_NAMES } from './fuzz/explain.mjs';
import { Random } from './fuzz/random.mjs';
import { shrink } from './fuzz/shrink.mjs';
import { verdictOf } from './suite.mjs';

const HELP = `node conformance/parsing/fuzz.mjs [options]
  --subject PATH|NAME   the package under test (default: this repository)
  --oracle PATH|NAME    what it is compared with (default: baml-peer)
  --seed N --n N        which cases, and how many (default 1 and 2000)
  --shrink N            make the first N unexplained differences small, and show them (default 5)
  --id ID               only this case, shown with both answers and the rules that explain the difference
  --out FILE            write the unexplained cases, one JSON object per line`;

const EXECUTE = fileURLToPath(new URL('execute.mjs', import.meta.url));
const DOCUMENTATION = join(ROOT, '../docs/parsing.md');
const LIMIT_MS = 5_000;
// The peer takes all memory on some nested texts.
const MEMORY_KB = 4_000_000;
const AGREEMENTS = new Set(['same', 'both-error', 'schema-refused', 'both-hang']);

const text = (value) => ({ type: 'string', default: value });

function readOptions() {
  const { values } = parseArgs({
    options: {
      subject: text(join(ROOT, '..')),
      oracle: text('baml-peer'),
      seed: text('1'),
      n: text('2000'),
      shrink: text('5'),
      id: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, seed: Number(values.seed), count: Number(values.n), shown: Number(values.shrink) };
}

/** Rules that have no line in the documentation. */
function undocumented() {
  const documentation = readFileSync(DOCUMENTATION, 'utf8');
  return RULE_NAMES.filter((name) => !documentation.includes(`| \`${name}\` |`));
}

const makeIsolate = (spec) =>
  new Isolate({
    execute: EXECUTE,
    subject: absoluteSubject(spec),
    timeoutMs: LIMIT_MS,
    memoryKb: MEMORY_KB,
  });

/** One case played by both, how they compare, and why they differ. */
class Pair {
  constructor({ oracle, subject }) {
    this.oracle = makeIsolate(oracle);
    this.subject = makeIsolate(subject);
  }

  async compare({ each, meant }) {
    const [peer, subject] = await Promise.all([this.oracle.run(each), this.subject.run(each)]);
    const difference = { each, meant, peer, subject, verdict: verdictOfPair(peer, subject) };
    return { ...difference, rules: await this.#rulesOf(difference) };
  }

  /** The names of the rules that explain a difference; undefined where there is none. */
  async #rulesOf(difference) {
    const { each, verdict } = difference;
    if (AGREEMENTS.has(verdict) || verdict.startsWith('peer-')) return undefined;
    if (verdict.startsWith('subject-')) return [];
    return explain(difference, (other, partial) => this.oracle.run({ ...each, text: other, partial }));
  }

  stop() {
    this.oracle.stop();
    this.subject.stop();
  }
}

const isRefused = (outcome) => outcome.error === 'schema';

function verdictOfPair(peer, subject) {
  if (subject.fate === 'hang' && peer.fate === 'hang') return 'both-hang';
  if (subject.fate) return `subject-${subject.fate}`;
  if (peer.fate) return `peer-${peer.fate}`;
  if (isRefused(peer) && isRefused(subject)) return 'schema-refused';
  if (isRefused(peer) || isRefused(subject)) return 'schema-differs';
  return verdictOf(peer, subject, false);
}

const isUnexplained = ({ rules }) => rules !== undefined && rules.length === 0;

/** Shows a difference; one that no rule explains is made small first, as long as none explains it. */
async function present(pair, difference) {
  const { verdict } = difference;
  const differs = async (candidate) => {
    const found = await pair.compare({ each: candidate });
    return found.verdict === verdict && isUnexplained(found);
  };
  const canShrink = isUnexplained(difference) && !verdict.endsWith('hang');
  const each =
    canShrink && (await differs(difference.each)) ? await shrink(difference.each, differs) : difference.each;
  print(await pair.compare({ each, meant: each === difference.each ? difference.meant : undefined }));
}

function print({ each, verdict, rules = [], peer, subject }) {
  console.log(`--- ${each.id} ${verdict} [${each.corruptions.join(', ')}]${each.partial ? ' partial' : ''}`);
  console.log(each.baml.trim());
  console.log(`text     ${show(each.text, 800)}\npeer     ${show(peer)}\nsubject  ${show(subject)}`);
  console.log(`rules    ${rules.join(', ') || 'none'}\n`);
}

const record = ({ each, verdict, peer }) =>
  JSON.stringify({
    ...each,
    verdict,
    expect: peer.fate ? { error: peer.fate } : without(peer, 'ms', 'message'),
  });

/** How many differences each rule explains; those that several explain together count for each. */
function printRules(counts) {
  for (const [name, count] of [...counts].toSorted((one, other) => other[1] - one[1])) {
    console.log(`${String(count).padStart(6)}  ${name}`);
  }
}

/** Plays the cases and prints what differs. Returns the exit status. */
export async function fuzz(options) {
  const missing = undocumented();
  if (missing.length > 0) {
    console.error(`docs/parsing.md has no line about ${missing.join(', ')}`);
    return 1;
  }
  const random = new Random(options.seed);
  const pair = new Pair(options);
  const tally = {};
  const counts = new Map();
  const unexplained = [];
  try {
    for (let index = 0; index < options.count; index++) {
      const made = makeCase(random, `fuzz-${options.seed}-${index}`);
      if (options.id !== undefined && made.each.id !== options.id) continue;
      const difference = await pair.compare(made);
      if (options.id !== undefined) print(difference);
      tally[difference.verdict] = (tally[difference.verdict] ?? 0) + 1;
      for (const name of difference.rules ?? []) counts.set(name, (counts.get(name) ?? 0) + 1);
      if (isUnexplained(difference)) unexplained.push({ ...difference, meant: made.meant });
    }
    printRules(counts);
    for (const difference of unexplained.slice(0, options.shown)) await present(pair, difference);
  } finally {
    pair.stop();
  }
  if (options.out) writeFileSync(options.out, unexplained.map((each) => `${record(each)}\n`).join(''));
  console.log(
    JSON.stringify({ seed: options.seed, n: options.count, tally, unexplained: unexplained.length }),
  );
  return unexplained.length === 0 ? 0 : 1;
}

async function main() {
  const options = readOptions();
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  return fuzz(options);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
