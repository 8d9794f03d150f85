// Growth of the resident memory over many operations: bytes per operation over the second half of the run.
import { setTimeout as sleep } from 'node:timers/promises';
import { CORE } from '../lib/fixtures.mjs';
import { environment, Project } from '../lib/implementation.mjs';
import { collectGarbage, cpuSince, rssMegabytes } from '../lib/measure.mjs';
import { itemsOfBytes } from '../lib/payloads.mjs';
import { slope } from '../lib/statistics.mjs';

const STEPS = 20;
const MEGABYTE = 1_048_576;

export function variants({ quick }) {
  const shared = { reps: 1, timeoutMs: 150_000, lanes: 1 };
  const count = quick ? 4_000 : 50_000;
  return [
    { ...shared, name: 'calls', lanes: 8, count },
    { ...shared, name: 'calls-fresh-collector-each', lanes: 8, count },
    { ...shared, name: 'calls-one-collector', lanes: 8, count: quick ? 2_000 : 10_000 },
    { ...shared, name: 'parse-100KB', count: quick ? 30 : 200 },
    { ...shared, name: 'new-runtime-each', count: quick ? 200 : 2_000 },
    { ...shared, name: 'failing-calls', count: quick ? 1_000 : 10_000 },
  ];
}

export async function run({ implementation, name, stub, count, lanes, quick }) {
  const base = `${stub}/small/0/0/v1`;
  const env = environment({ STUB_URL: base });
  const project = new Project(implementation, CORE, env);
  const operation = OPERATIONS[name](project, { base, env, implementation });
  const limitMs = quick ? 20_000 : 60_000;
  const started = performance.now();
  const cpu = process.cpuUsage();
  const samples = [];
  const perStep = Math.ceil(count / STEPS);
  while (samples.length < STEPS && performance.now() - started < limitMs) {
    await runLanes(operation, perStep, lanes);
    await settle();
    samples.push([perStep * (samples.length + 1), rssMegabytes()]);
  }
  const [operations, lastMegabytes] = samples.at(-1);
  return {
    operations_n: operations,
    rss_start_mb: samples[0][1],
    rss_end_mb: lastMegabytes,
    growth_bytes_per_operation: slope(samples.slice(samples.length >> 1)) * MEGABYTE,
    cpu_us_per_operation: cpuSince(cpu) / operations,
  };
}

const ARGUMENTS = { resume: 'hello' };

const OPERATIONS = {
  calls: (project, { base }) => callWith(project, project.registry({ base_url: base }), () => []),
  'calls-fresh-collector-each': (project, { base }) =>
    callWith(project, project.registry({ base_url: base }), () => [project.collector()]),
  'calls-one-collector': (project, { base }) => {
    const collectors = [project.collector()];
    return callWith(project, project.registry({ base_url: base }), () => collectors);
  },
  'parse-100KB': (project) => {
    const text = itemsOfBytes(100_000);
    return () => project.parse('ExtractItems', text);
  },
  'new-runtime-each': (_, { implementation, env }) => {
    return () => new Project(implementation, CORE, env).build('ExtractResume', ARGUMENTS);
  },
  'failing-calls': (project) => {
    const call = callWith(project, project.registry({ base_url: 'http://127.0.0.1:9/v1' }), () => []);
    return () => call().then(refuseSuccess, () => undefined);
  },
};

const callWith = (project, registry, collectors) => () =>
  project.call('ExtractResume', ARGUMENTS, registry, collectors());

function refuseSuccess() {
  throw new Error('a call to a closed port succeeded');
}

async function runLanes(operation, count, width) {
  let left = count;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await operation();
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}

async function settle() {
  collectGarbage();
  await sleep(10);
  collectGarbage();
}
