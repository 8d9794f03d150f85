// Throughput and tail latency at a fixed concurrency, with a stub that answers at once or after 50 ms.
import { makeCaller } from '../lib/callers.mjs';
import { maxRssMegabytes, quantile, readStub, stopwatch, watchEventLoop } from '../lib/measure.mjs';

const WARM_UP = 20;
const COMPARATORS = ['undici', 'openai'];

export function variants({ quick }) {
  const shared = { reps: quick ? 1 : 2, comparators: COMPARATORS, timeoutMs: 40_000 };
  const large = { concurrency: 16, delay: 0, response: 'medium', count: quick ? 200 : 600 };
  const small = [16, 128, 1024].flatMap((concurrency) => {
    const count = quick ? Math.max(500, concurrency * 2) : Math.max(3000, concurrency * 6);
    return [0, 50].map((delay) => ({ concurrency, delay, count }));
  });
  return [large, ...small].map((variant) => Object.assign(variant, shared, { name: nameOf(variant) }));
}

const nameOf = ({ concurrency, delay, response }) =>
  response ? `${concurrency}-at-once-8KB-response` : `${concurrency}-at-once-delay-${delay}`;

export async function run({ implementation, stub, concurrency, delay, count, response = 'small' }) {
  const call = await makeCaller(implementation, { base: `${stub}/${response}/${delay}/0/v1`, mode: 'fresh' });
  for (let index = 0; index < WARM_UP; index++) await call();
  await readStub(stub, { reset: true });
  const lanes = new Lanes(call, count);
  const unwatch = watchEventLoop();
  const { cpuUs, wallMs } = await stopwatch(() => lanes.run(concurrency));
  const loop = unwatch();
  const { connections, maxActive } = await readStub(stub);
  if (lanes.errors.length === count) throw lanes.errors[0];
  const latencies = lanes.latencies.toSorted();
  return {
    calls_per_s: (count / wallMs) * 1000,
    cpu_us_per_call: cpuUs / count,
    p50_ms: quantile(latencies, 0.5),
    p99_ms: quantile(latencies, 0.99),
    max_rss_mb: maxRssMegabytes(),
    ...loop,
    errors_n: lanes.errors.length,
    tcp_connections_per_call: (connections - 1) / count,
    stub_max_in_flight: maxActive,
  };
}

/** `count` calls shared by some lanes, each calling one after the other. */
class Lanes {
  #next = 0;

  constructor(call, count) {
    this.call = call;
    this.latencies = new Float64Array(count);
    this.errors = [];
  }

  run(width) {
    return Promise.all(Array.from({ length: width }, () => this.#lane()));
  }

  async #lane() {
    while (this.#next < this.latencies.length) {
      const index = this.#next++;
      const started = performance.now();
      try {
        await this.call();
      } catch (error) {
        this.errors.push(error);
      }
      this.latencies[index] = performance.now() - started;
    }
  }
}
