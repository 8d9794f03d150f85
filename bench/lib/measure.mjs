// Clocks and gauges. CPU figures are of the whole process, all threads: they suffer least from a busy machine.
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

const MEGABYTE = 1_048_576;

/** Microseconds of CPU since an earlier `process.cpuUsage()`. */
export function cpuSince(start) {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

export const rssMegabytes = () => process.memoryUsage.rss() / MEGABYTE;
export const maxRssMegabytes = () => process.resourceUsage().maxRSS / 1024;
export const collectGarbage = () => globalThis.gc?.();

/** CPU milliseconds per run of a synchronous function, repeated for at least `minMs`. */
export function syncCost(operation, minMs) {
  operation();
  const cpu = process.cpuUsage();
  const started = performance.now();
  let count = 0;
  do {
    operation();
    count += 1;
  } while (performance.now() - started < minMs);
  return cpuSince(cpu) / 1000 / count;
}

/** The same for an asynchronous function, one run after the other. */
export async function asyncCost(operation, minMs) {
  await operation();
  const cpu = process.cpuUsage();
  const started = performance.now();
  let count = 0;
  do {
    await operation();
    count += 1;
  } while (performance.now() - started < minMs);
  return cpuSince(cpu) / 1000 / count;
}

/** Runs `operation` and measures the CPU and the wall time of the whole. */
export async function stopwatch(operation) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await operation();
  return { wallMs: performance.now() - started, cpuUs: cpuSince(cpu) };
}

export const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];

/** Starts watching the event loop; the result stops. The histogram's own timer resolution is taken off. */
export function watchEventLoop(resolution = 5) {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  const delay = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolution);
  return () => {
    histogram.disable();
    return { loop_delay_p99_ms: delay(histogram.percentile(99)), loop_delay_max_ms: delay(histogram.max) };
  };
}

/**
 * `[{ size, value }]` for ascending sizes. Stops before a size whose predicted time is over the budget, so a
 * missing size means "too slow to measure", not "not run".
 */
export async function scaling(sizes, budgetMs, measure) {
  const points = [];
  for (const size of sizes) {
    if (points.length > 0 && predict(points, size) > budgetMs) break;
    points.push({ size, value: await measure(size) });
  }
  return points;
}

const FIRST_GUESS = 2;
const STEEPEST = 3.2;

function predict(points, size) {
  const last = points.at(-1);
  const previous = points.at(-2);
  const growth = previous
    ? Math.max(1, Math.log(last.value / previous.value) / Math.log(last.size / previous.size))
    : FIRST_GUESS;
  return last.value * (size / last.size) ** Math.min(growth, STEEPEST);
}

/** `{ 'name@size': value }`: one point of a scaling series per metric. */
export const seriesMetrics = (name, points) =>
  Object.fromEntries(points.map(({ size, value }) => [`${name}@${size}`, value]));

/** The stub's counters, `{ connections, requests, maxActive }`; resetting returns those before. */
export async function readStub(stub, { reset = false } = {}) {
  return (await fetch(`${stub}/${reset ? '__reset' : '__stats'}`)).json();
}
