// Cold start: require() and fromFiles().
import { CORE, scaled } from '../lib/fixtures.mjs';
import { environment, requireImplementation } from '../lib/implementation.mjs';
import { collectGarbage, rssMegabytes, stopwatch } from '../lib/measure.mjs';

const USES = 20;
const ANSWER = '[{"id":1,"name":"a","parent":null,"kind":"ALPHA","scores":[1.5],"extra":{}}]';

export const variants = ({ quick }) => [
  { name: 'require', reps: quick ? 3 : 9 },
  { name: 'fromFiles', sizes: quick ? [10, 100] : [10, 30, 100, 300, 1000], reps: quick ? 1 : 3 },
  { name: 'fromFiles-one-file', sizes: quick ? [10, 100] : [100, 300, 1000], oneFile: true, reps: 1 },
];

export const run = (job) => (job.name === 'require' ? firstUse(job) : projectSizes(job));

async function firstUse({ implementation }) {
  collectGarbage();
  const before = rssMegabytes();
  let module;
  const loading = await stopwatch(() => {
    module = requireImplementation(implementation);
  });
  const loaded = rssMegabytes();
  const reading = await stopwatch(() => module.BamlRuntime.fromFiles('baml_src', CORE, environment()));
  const after = rssMegabytes();
  return {
    require_wall_ms: loading.wallMs,
    require_cpu_ms: loading.cpuUs / 1000,
    require_rss_mb: loaded - before,
    first_from_files_wall_ms: reading.wallMs,
    first_from_files_cpu_ms: reading.cpuUs / 1000,
    first_from_files_rss_mb: after - loaded,
    total_rss_mb: after,
  };
}

async function projectSizes({ implementation, sizes, oneFile }) {
  const { BamlRuntime } = requireImplementation(implementation);
  BamlRuntime.fromFiles('baml_src', CORE, environment());
  const metrics = {};
  const kept = [];
  for (const size of sizes) {
    const files = scaled(size, { oneFile });
    const load = () => BamlRuntime.fromFiles('baml_src', files, environment());
    Object.assign(metrics, await measureLoad(load, size, kept));
    Object.assign(metrics, await measureUse(kept.at(-1), size));
  }
  return metrics;
}

async function measureLoad(load, size, kept) {
  collectGarbage();
  const before = rssMegabytes();
  const times = [];
  kept.push(undefined);
  for (let round = 0; round < (size <= 100 ? 5 : 1); round++) {
    times.push(
      await stopwatch(() => {
        const runtime = load();
        kept[kept.length - 1] ??= runtime;
      }),
    );
  }
  return {
    [`cpu_ms@${size}`]: Math.min(...times.map(({ cpuUs }) => cpuUs)) / 1000,
    [`wall_ms@${size}`]: Math.min(...times.map(({ wallMs }) => wallMs)),
    [`rss_mb@${size}`]: rssMegabytes() - before,
  };
}

/** The last function of a project: what a call costs must not depend on the size of the project. */
async function measureUse(runtime, size) {
  const name = `F${size - 1}`;
  const context = runtime.createContextManager();
  const env = environment();
  const building = await stopwatch(async () => {
    for (let use = 0; use < USES; use++) {
      await runtime.buildRequest(name, { text: 'hi' }, context.deepClone(), undefined, undefined, false, env);
    }
  });
  const parsing = await stopwatch(() => {
    for (let use = 0; use < USES; use++) {
      runtime.parseLlmResponse(name, ANSWER, false, context.deepClone(), undefined, undefined, env);
    }
  });
  return {
    [`build20_cpu_ms@${size}`]: building.cpuUs / 1000,
    [`parse20_cpu_ms@${size}`]: parsing.cpuUs / 1000,
  };
}
