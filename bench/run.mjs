#!/usr/bin/env node
// Measures this package beside the peer: `npm run bench`, or see --help.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isInstalled } from './lib/implementation.mjs';
import { runRepetitions } from './lib/repetitions.mjs';
import { summarise } from './lib/statistics.mjs';
import { startStub } from './lib/stub.mjs';
import { printRow, printTargets } from './lib/table.mjs';
import { judgeTargets } from './lib/targets.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const CASES = [
  'cold',
  'overhead',
  'registry',
  'tls',
  'throughput',
  'build',
  'parse',
  'stream',
  'memory',
  'serve',
  'cli-test',
  'size',
];

const HELP = `node bench/run.mjs [options]
  --quick             fewer sizes, calls and repetitions: a few minutes instead of an hour
  --only A,B          cases: ${CASES.join(', ')}
  --variant TEXT      only variants whose name contains this
  --reps N            repetitions of each variant
  --subject PATH|NAME the package under test (default: this repository; "baml-peer" calibrates: ratios near 1)
  --peer-only         measure the peer alone
  --no-comparators    leave out the other libraries, also where they are installed
  --check             exit with 1 when a target does not hold
  --out FILE          where the JSON goes (default: bench/results/)`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: CASES.join(',') },
      variant: { type: 'string', default: '' },
      reps: { type: 'string' },
      subject: { type: 'string', default: join(HERE, '..') },
      'peer-only': { type: 'boolean', default: false },
      'no-comparators': { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const names = values.only.split(',');
  const unknown = names.find((name) => !CASES.includes(name));
  if (unknown) throw new Error(`no case "${unknown}": choose among ${CASES.join(', ')}`);
  return {
    ...values,
    cases: CASES.filter((name) => names.includes(name)),
    subject: existsSync(values.subject) ? resolve(values.subject) : values.subject,
    out: values.out ?? join(HERE, 'results', `${new Date().toISOString().replaceAll(/[:.]/g, '-')}.json`),
  };
}

const measured = (options) => (options['peer-only'] ? ['peer'] : ['peer', 'subject']);

function implementationsOf(variant, options) {
  const wanted = options['no-comparators'] ? [] : (variant.comparators ?? []);
  return [...measured(options), ...wanted.filter(isInstalled)];
}

async function runVariant(name, variant, options, stub) {
  const started = Date.now();
  const implementations = implementationsOf(variant, options);
  const repetitions = Number(options.reps ?? variant.reps ?? (options.quick ? 1 : 3));
  const job = { case: name, quick: options.quick, stub: stub.url, ...variant };
  const samples = await runRepetitions(job, { implementations, repetitions, subject: options.subject });
  const seconds = (Date.now() - started) / 1000;
  return { case: name, variant: variant.name, repetitions, seconds, ...summarise(samples) };
}

function save(options, rows) {
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, loadavg: loadavg() };
  const document = { date: new Date().toISOString(), ...machine, quick: options.quick, rows };
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, JSON.stringify(document, null, 1));
}

async function main() {
  const options = readOptions();
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const stub = await startStub();
  const rows = [];
  try {
    for (const name of options.cases) {
      const { variants } = await import(`./cases/${name}.mjs`);
      for (const variant of variants(options).filter((each) => each.name.includes(options.variant))) {
        const row = await runVariant(name, variant, options, stub);
        rows.push(row);
        printRow(row);
        save(options, rows);
      }
    }
  } finally {
    stub.stop();
  }
  const targets = judgeTargets(rows);
  printTargets(targets);
  console.log(`\n${relative(process.cwd(), options.out)}`);
  return options.check && targets.some((target) => !target.holds) ? 1 : 0;
}

process.exitCode = await main();
