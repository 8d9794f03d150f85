// What a call costs beyond the answer: sequential calls against the loopback stub.
import { makeCaller } from '../lib/callers.mjs';
import { quantile, readStub, stopwatch } from '../lib/measure.mjs';

const WARM_UP = 100;
const COMPARATORS = ['fetch', 'undici', 'openai', 'ai'];

export function variants({ quick }) {
  const count = quick ? 300 : 1500;
  return [
    { name: 'static-client', mode: 'static', count, comparators: COMPARATORS },
    { name: 'static-client-pooling-option', mode: 'static-pooled', count },
    { name: 'registry-reused', mode: 'reused', count },
    { name: 'registry-pooling-option', mode: 'reused', pool: true, count },
    { name: 'registry-fresh', mode: 'fresh', count },
    { name: 'registry-fresh-collector', mode: 'fresh', collector: true, count },
    { name: 'default-logging', mode: 'reused', log: 'info', count },
    {
      name: '8KB-response',
      mode: 'reused',
      response: 'medium',
      count: quick ? 100 : 500,
      comparators: COMPARATORS,
    },
  ];
}

export async function run({ implementation, stub, count, response = 'small', ...settings }) {
  const call = await makeCaller(implementation, { ...settings, base: `${stub}/${response}/0/0/v1` });
  for (let index = 0; index < WARM_UP; index++) await call();
  await readStub(stub, { reset: true });
  const latencies = new Float64Array(count);
  const { cpuUs, wallMs } = await stopwatch(async () => {
    for (let index = 0; index < count; index++) {
      const started = performance.now();
      await call();
      latencies[index] = performance.now() - started;
    }
  });
  const { connections } = await readStub(stub);
  latencies.sort();
  return {
    cpu_us_per_call: cpuUs / count,
    wall_us_per_call: (wallMs * 1000) / count,
    p50_us: quantile(latencies, 0.5) * 1000,
    p99_us: quantile(latencies, 0.99) * 1000,
    // One of the connections is this question's own.
    tcp_connections_per_call: (connections - 1) / count,
  };
}
