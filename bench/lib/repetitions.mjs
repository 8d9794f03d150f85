// Every repetition of every implementation is a fresh child process; the order alternates (A B, B A, …), so that a
// machine that slows down or speeds up touches both alike.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));
const DEFAULT_LIMIT_MS = 60_000;
const KEPT_OUTPUT = 2_000;

/** `{ implementation: { metrics: { name: number[] }, errors: string[] } }` */
export async function runRepetitions(job, { implementations, repetitions, subject }) {
  const samples = Object.fromEntries(implementations.map((name) => [name, { metrics: {}, errors: [] }]));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const order = repetition % 2 === 0 ? implementations : implementations.toReversed();
    for (const implementation of order) {
      const sample = samples[implementation];
      if (sample.errors.length === 0) collect(sample, await runChild({ ...job, implementation }, subject));
    }
  }
  return samples;
}

function collect(sample, { metrics, error }) {
  if (error) sample.errors.push(error);
  for (const [name, value] of Object.entries(metrics)) {
    if (Number.isFinite(value)) (sample.metrics[name] ??= []).push(value);
  }
}

/** The metrics of one run; those that a child reported before it died are kept. */
function runChild(job, subject) {
  const child = fork(WORKER, [JSON.stringify(job)], {
    env: environmentOf(job, subject),
    execArgv: ['--expose-gc', '--no-warnings'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const limit = job.timeoutMs ?? DEFAULT_LIMIT_MS;
  const reported = {};
  let output = '';
  let result;
  let isLate = false;
  child.stderr.on('data', (data) => {
    output = (output + data).slice(0, KEPT_OUTPUT);
  });
  child.on('message', (message) => {
    if (message.partial) Object.assign(reported, message.partial);
    else result = message;
  });
  const timer = setTimeout(() => {
    isLate = true;
    child.kill('SIGKILL');
  }, limit);
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      const ending = isLate
        ? `no end after ${limit} ms`
        : `died: ${signal ?? `exit ${code}`} ${output.slice(0, 300)}`;
      resolve(result ?? { metrics: reported, error: ending });
    });
  });
}

const environmentOf = ({ log }, subject) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  BAML_LOG: log ?? 'off',
  BENCH_SUBJECT: subject,
  NO_PROXY: '127.0.0.1',
  SCARF_ANALYTICS: 'false',
});
