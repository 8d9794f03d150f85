#!/usr/bin/env node
// Holds a package against the recorded cases: `npm run conformance`, or see --help.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printAgainst } from './defects/report.mjs';
import { defects } from './defects/suite.mjs';
import { readDeviations, ROOT, selectCases } from './lib/cases.mjs';
import { runCases, SubjectError } from './lib/isolate.mjs';
import { Report } from './lib/report.mjs';
import { absoluteSubject } from './lib/subject.mjs';
import { fuzz } from './parsing/fuzz.mjs';
import { better, parsing } from './parsing/suite.mjs';
import { orchestration } from './wire/orchestration/suite.mjs';
import { requests } from './wire/requests/suite.mjs';
import { validation } from './wire/validation/suite.mjs';

const SUITES = [parsing, better, requests, validation, orchestration, defects];

// Percent of cases that must pass. Raised as the package improves, never lowered.
const FLOORS = {
  parsing: 100,
  better: 98.8,
  requests: 100,
  validation: 100,
  orchestration: 99,
  defects: 100,
};

// Some of the peer's defects end the process, take its memory or leave it in a state that later tests would see.
const ISOLATION = { fresh: true, memoryKb: 4_000_000 };

const EXIT = { passed: 0, failed: 1, misuse: 2, noSubject: 3 };

const HELP = `node conformance/run.mjs [options]
  --subject PATH|NAME   the package under test (default: this repository; "baml-peer" runs the peer itself)
  --suite NAME          parsing, better, requests, validation, orchestration or defects; may be repeated
  --against NAME        the defects of another package ("peer") beside this one: what fails there must pass here
  --fuzz N --seed N     N random parsing cases (seed 1) with the peer and this package: every difference needs a rule
  --group NAME          only this group and its sub-groups
  --id ID               only this case, shown whole
  --floor SUITE=PERCENT the pass rate a suite must reach; may be repeated
  --diffs N             show the first N differences of each suite (default 0)
  --strict              compare error classes, messages and kinds too
  --jobs N              child processes per suite (default 1; orchestration, which mostly waits, 6)
  --json FILE           write the verdicts
Exit status: 0 every suite reached its floor and nothing crashed or hung, 1 otherwise, 2 misuse, 3 no subject.`;

class Misuse extends Error {}

function readOptions() {
  const { values } = parseArgs({
    options: {
      subject: { type: 'string', default: join(ROOT, '..') },
      suite: { type: 'string', multiple: true },
      against: { type: 'string' },
      fuzz: { type: 'string' },
      seed: { type: 'string', default: '1' },
      group: { type: 'string' },
      id: { type: 'string' },
      floor: { type: 'string', multiple: true, default: [] },
      diffs: { type: 'string' },
      strict: { type: 'boolean', default: false },
      jobs: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    ...values,
    subject: absoluteSubject(values.subject),
    against: values.against && absoluteSubject(values.against === 'peer' ? 'baml-peer' : values.against),
    suites: values.suite?.map(findSuite) ?? SUITES.filter((suite) => isFor(values.subject, suite)),
    floors: { ...FLOORS, ...Object.fromEntries(values.floor.map(readFloor)) },
    fuzz: readCount('fuzz', values.fuzz, 1),
    seed: readCount('seed', values.seed, 0),
    diffs: readCount('diffs', values.diffs, 0) ?? (values.id ? 1 : 0),
    jobs: readCount('jobs', values.jobs, 1),
  };
}

function readCount(name, text, least) {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text) || Number(text) < least)
    throw new Misuse(`--${name} wants a whole number from ${least} on, not "${text}"`);
  return Number(text);
}

/** The peer is not held to its defects. */
const isFor = (subject, suite) => subject !== 'baml-peer' || suite !== defects;

function findSuite(name) {
  const suite = SUITES.find((each) => each.name === name);
  if (!suite)
    throw new Misuse(`no suite "${name}": choose among ${SUITES.map((each) => each.name).join(', ')}`);
  return suite;
}

function readFloor(text) {
  const match = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text);
  if (!match) throw new Misuse(`--floor wants SUITE=PERCENT, not "${text}"`);
  return [findSuite(match[1]).name, Number(match[2])];
}

async function runSuite(suite, options) {
  const deviations = options.subject === 'baml-peer' ? new Map() : readDeviations(suite.name);
  const cases = selectCases(suite.cases(), options);
  const judge = (each, outcome) => judgeCase(suite, each, outcome, options, deviations.get(each.id));
  const outcomes = await play(suite, cases, options, judge);
  const judged = cases.map((each, index) => ({
    each,
    outcome: outcomes[index],
    verdict: judge(each, outcomes[index]),
  }));
  const report = new Report(suite.name);
  for (const { each, outcome, verdict } of judged) report.add(each, outcome, verdict);
  return { report, summary: suite.summary?.(judged) ?? [] };
}

async function play(suite, cases, options, judge) {
  const stage = (await suite.start?.()) ?? { stop() {} };
  const settings = {
    execute: fileURLToPath(suite.execute),
    subject: options.subject,
    timeoutMs: suite.timeoutMs,
    ...options.isolation,
    jobs: options.jobs ?? suite.jobs ?? 1,
    env: stage.env,
  };
  try {
    const outcomes = await runCases(cases, settings);
    if (suite.retryAlone) await playAgain(cases, outcomes, settings, judge);
    return outcomes;
  } finally {
    stage.stop();
  }
}

/** Timing cases that differed are played once more, alone: that separates a busy machine from behaviour. */
async function playAgain(cases, outcomes, settings, judge) {
  const indexes = cases.map((_, index) => index);
  const chosen = indexes.filter((index) => !judge(cases[index], outcomes[index]).pass);
  const again = await runCases(
    chosen.map((index) => cases[index]),
    { ...settings, jobs: 1 },
  );
  chosen.forEach((index, position) => {
    if (judge(cases[index], again[position]).pass) outcomes[index] = again[position];
  });
}

/** The recorded answer passes, and so does the answer that `deviations.jsonl` states and defends. */
function judgeCase(suite, each, outcome, options, deviation) {
  const verdict = suite.judge(each, outcome, options);
  if (!deviation) return verdict;
  if (verdict.pass) return { ...verdict, verdict: 'deviation-not-needed' };
  const deviating = suite.judge(
    { ...each, expect: deviation.answer, better: deviation.answer },
    outcome,
    options,
  );
  return deviating.pass ? { pass: true, verdict: 'deviation' } : verdict;
}

function printSuite({ report, summary }, options) {
  console.log(`\n${report.suite}`);
  report.printGroups();
  for (const line of summary) console.log(`  ${line}`);
  report.printDifferences(options.diffs, { whole: options.id !== undefined });
}

function failuresOf({ report }, options) {
  const floor = options.floors[report.suite];
  const isSelection = options.group !== undefined || options.id !== undefined;
  const isBelow = isSelection ? report.passed < report.total : report.percent < floor;
  const below = isBelow ? [`${report.suite}: ${report.percent.toFixed(2)} % is below its floor`] : [];
  return [...below, ...report.fates.map((fate) => `${report.suite}: ${fate}`)];
}

/** Every defect with the other package and with this one; what is not as it should be is played again, alone. */
async function compareDefects(options) {
  const cases = selectCases(defects.cases(), options);
  const playWith = (subject, shouldPass) =>
    play(defects, cases, { ...options, subject, isolation: ISOLATION }, (each, outcome) => ({
      pass: defects.judge(each, outcome).pass === shouldPass,
    }));
  const theirs = await playWith(options.against, false);
  const ours = await playWith(options.subject, true);
  return printAgainst(cases, theirs, ours) ? EXIT.passed : EXIT.failed;
}

async function main() {
  const options = readOptions();
  if (options.help) {
    console.log(HELP);
    return EXIT.passed;
  }
  if (options.against) return compareDefects(options);
  if (options.fuzz) {
    const { subject, id } = options;
    return fuzz({ subject, oracle: 'baml-peer', id, count: options.fuzz, seed: options.seed, shown: 5 });
  }
  const started = Date.now();
  const isRepository = options.subject === join(ROOT, '..');
  const results = [];
  for (const suite of options.suites) {
    const result = await runSuite(suite, options);
    printSuite(result, options);
    results.push(result);
  }
  if (results.every(({ report }) => report.total === 0)) throw new Misuse('no case is selected');
  console.log(
    `\n${isRepository ? 'this repository' : options.subject}, ${((Date.now() - started) / 1000).toFixed(1)} s`,
  );
  for (const { report } of results) report.printTotal(options.floors[report.suite]);
  if (options.json)
    writeFileSync(
      options.json,
      JSON.stringify(
        results.map(({ report }) => report),
        null,
        1,
      ),
    );
  const failures = results.flatMap((result) => failuresOf(result, options));
  for (const failure of failures) console.error(`FAILED ${failure}`);
  return failures.length === 0 ? EXIT.passed : EXIT.failed;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isMisuse = error instanceof Misuse || error.code?.startsWith('ERR_PARSE_ARGS');
  if (!isMisuse && !(error instanceof SubjectError)) throw error;
  console.error(isMisuse ? `${error.message}\n\n${HELP}` : `the subject does not load: ${error.message}`);
  process.exitCode = isMisuse ? EXIT.misuse : EXIT.noSubject;
}
