#!/usr/bin/env node
// Compares a package with the peer on random schemas, values and corruptions, and shrinks what differs.
// Exit status: 0 few enough differences and neither crash nor hang of the subject, 1 otherwise.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ROOT } from '../lib/cases.mjs';
import { Isolate } from '../lib/isolate.mjs';
import { show, without } from '../lib/json.mjs';
import { absoluteSubject } from '../lib/subject.mjs';
import { corrupt } from './fuzz/corruptions.mjs';
import { Random } from './fuzz/random.mjs';
import { makeSchema } from './fuzz/schema.mjs';
import { shrink } from './fuzz/shrink.mjs';
import { makeValue, printValue } from './fuzz/text.mjs';
import { verdictOf } from './suite.mjs';

const HELP = `node conformance/parsing/fuzz.mjs [options]
  --subject PATH|NAME   the package under test (default: this repository)
  --oracle PATH|NAME    what it is compared with (default: baml-peer)
  --seed N --n N        which cases, and how many (default 1 and 2000)
  --shrink N            shrink and show the first N differences (default 10)
  --max-differ SHARE    the share of cases that may differ (default 0)
  --out FILE            write the differing cases, one JSON object per line`;

const EXECUTE = fileURLToPath(new URL('execute.mjs', import.meta.url));
const LIMIT_MS = 5_000;
const AGREEMENTS = new Set(['same', 'both-error', 'schema-refused', 'both-hang']);

const text = (value) => ({ type: 'string', default: value });

function readOptions() {
  const { values } = parseArgs({
    options: {
      subject: text(join(ROOT, '..')),
      oracle: text('baml-peer'),
      seed: text('1'),
      n: text('2000'),
      shrink: text('10'),
      'max-differ': text('0'),
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return { ...values, seed: Number(values.seed), count: Number(values.n), shown: Number(values.shrink) };
}

function makeCase(random, id) {
  const partial = random.chance(0.3);
  const { source, root } = makeSchema(random, partial);
  const style = { pretty: random.chance(0.3), compact: random.chance(0.25) };
  const corrupted = corrupt(random, printValue(makeValue(random, root), style));
  const cut = partial ? random.below(corrupted.text.length + 1) : corrupted.text.length;
  return {
    id,
    group: 'fuzz',
    baml: source,
    function: 'F',
    text: corrupted.text.slice(0, cut),
    partial,
    corruptions: corrupted.applied,
  };
}

const makeIsolate = (spec) =>
  new Isolate({ execute: EXECUTE, subject: absoluteSubject(spec), timeoutMs: LIMIT_MS });

/** One case played by both, and how they compare. */
class Pair {
  constructor({ oracle, subject }) {
    this.oracle = makeIsolate(oracle);
    this.subject = makeIsolate(subject);
  }

  async compare(each) {
    const [peer, subject] = await Promise.all([this.oracle.run(each), this.subject.run(each)]);
    return { peer, subject, verdict: verdictOfPair(peer, subject) };
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

async function present(pair, difference) {
  const { verdict } = difference;
  const differs = async (candidate) => (await pair.compare(candidate)).verdict === verdict;
  const each = verdict.endsWith('hang') ? difference.each : await shrink(difference.each, differs);
  const { peer, subject } = await pair.compare(each);
  console.log(`--- ${each.id} ${verdict} [${each.corruptions.join(', ')}]${each.partial ? ' partial' : ''}`);
  console.log(each.baml.trim());
  console.log(`text     ${show(each.text, 800)}\npeer     ${show(peer)}\nsubject  ${show(subject)}\n`);
  return { each, verdict, peer };
}

const record = ({ each, verdict, peer }) =>
  JSON.stringify({
    ...each,
    verdict,
    expect: peer.fate ? { error: peer.fate } : without(peer, 'ms', 'message'),
  });

const isFatal = ({ verdict }) => verdict.startsWith('subject-');

async function main() {
  const options = readOptions();
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const random = new Random(options.seed);
  const pair = new Pair(options);
  const tally = {};
  const differences = [];
  try {
    for (let index = 0; index < options.count; index++) {
      const each = makeCase(random, `fuzz-${options.seed}-${index}`);
      const { peer, verdict } = await pair.compare(each);
      tally[verdict] = (tally[verdict] ?? 0) + 1;
      if (!AGREEMENTS.has(verdict)) differences.push({ each, verdict, peer });
    }
    const ordered = [...differences.filter(isFatal), ...differences.filter((each) => !isFatal(each))];
    for (let index = 0; index < Math.min(options.shown, ordered.length); index++) {
      ordered[index] = await present(pair, ordered[index]);
    }
    if (options.out) writeFileSync(options.out, ordered.map((each) => `${record(each)}\n`).join(''));
    const share = differences.length / Math.max(1, options.count - (tally['schema-refused'] ?? 0));
    console.log(JSON.stringify({ seed: options.seed, n: options.count, tally, differing: share }));
    return differences.some(isFatal) || share > Number(options['max-differ']) ? 1 : 0;
  } finally {
    pair.stop();
  }
}

process.exitCode = await main();
