// What the clients that a call does not use cost it: the same call over registries of 1, 100 and 1,000 clients.
import { CORE } from '../lib/fixtures.mjs';
import { environment, Project } from '../lib/implementation.mjs';
import { seriesMetrics, stopwatch } from '../lib/measure.mjs';
import { median } from '../lib/statistics.mjs';

const SIZES = [1, 100, 1000];
const WARM_UP = 30;

export function variants({ quick }) {
  return [{ name: 'clients', rounds: quick ? 25 : 80, count: 20, timeoutMs: 240_000 }];
}

export async function run({ implementation, stub, rounds, count }) {
  const base = `${stub}/small/0/0/v1`;
  const project = new Project(implementation, CORE, environment({ STUB_URL: base }));
  const callers = SIZES.map((size) => makeCaller(project, base, size));
  for (const call of callers) await repeat(call, WARM_UP);
  // Rounds go through all sizes, each time from another one on: a machine that slows down touches all alike.
  const costs = SIZES.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < SIZES.length; step++) {
      const index = (round + step) % SIZES.length;
      const { cpuUs } = await stopwatch(() => repeat(callers[index], count));
      costs[index].push(cpuUs / count);
    }
  }
  const points = SIZES.map((size, index) => ({ size, value: median(costs[index]) }));
  const [alone, ...others] = points;
  const ratios = others.map(({ size, value }) => [`cpu_beside_one_client_${size}`, value / alone.value]);
  return { ...seriesMetrics('cpu_us_per_call', points), ...Object.fromEntries(ratios) };
}

/** Calls the client that was added first, of so many. */
function makeCaller(project, base, size) {
  const registry = project.registry({ base_url: base });
  for (let index = 1; index < size; index++) {
    registry.addLlmClient(`Other${index}`, 'openai', {
      model: `model-${index}`,
      api_key: `sk-other-${index}`,
      base_url: base,
      temperature: 0.5,
      headers: { 'x-team': `team-${index}` },
    });
  }
  return () => project.call('ExtractResume', { resume: 'hello' }, registry);
}

async function repeat(call, count) {
  for (let index = 0; index < count; index++) await call();
}
