// Streaming a list of N objects in events of about 4 tokens: does the cost grow with N, or with its square?
import { CORE } from '../lib/fixtures.mjs';
import { Project } from '../lib/implementation.mjs';
import { maxRssMegabytes, stopwatch, watchEventLoop } from '../lib/measure.mjs';
import { prepare } from '../lib/stub.mjs';

const BUDGET_US = 30_000_000;

export function variants({ quick }) {
  const shared = { reps: quick ? 1 : 2, timeoutMs: 60_000 };
  const long = quick ? [30, 100, 300] : [100, 300, 1000, 5000];
  const catalog = quick ? [30, 100, 200] : [50, 100, 200, 400];
  return [
    { ...shared, name: 'two-events-per-ms', rate: 2, sizes: long, comparators: ['openai'] },
    {
      ...shared,
      name: 'class-with-list',
      rate: 2,
      shape: 'catalog',
      sizes: catalog,
      comparators: ['openai'],
    },
    { ...shared, name: 'burst', rate: 0, sizes: long, comparators: ['openai'] },
    { ...shared, name: 'speed-of-a-model', rate: 0.025, sizes: [10], comparators: ['openai'] },
  ];
}

export async function run({ implementation, stub, sizes, rate, shape = 'items' }, report) {
  const metrics = {};
  let previous;
  for (const size of sizes) {
    // A size that would take far too long is left out, not waited for.
    if (previous && previous.cpuUs * (size / previous.size) ** 2 > BUDGET_US) break;
    await prepare(stub, `${shape}-${size}`);
    const read = await makeReader(implementation, `${stub}/${shape}-${size}/0/${rate}/v1`, shape);
    const measured = await measureStream(read, size);
    previous = { size, cpuUs: measured.cpuUs };
    Object.assign(metrics, measured.metrics);
    report(metrics);
  }
  return metrics;
}

async function measureStream(read, size) {
  const unwatch = watchEventLoop();
  const started = performance.now();
  let seen;
  const { cpuUs, wallMs } = await stopwatch(async () => {
    seen = await read();
  });
  const loop = unwatch();
  if (seen.items.length !== size) throw new Error(`${size} items expected, ${seen.items.length} came`);
  const metrics = {
    [`cpu_ms@${size}`]: cpuUs / 1000,
    [`wall_ms@${size}`]: wallMs,
    [`first_partial_ms@${size}`]: seen.firstAt - started,
    [`partials@${size}`]: seen.partials,
    [`loop_delay_p99_ms@${size}`]: loop.loop_delay_p99_ms,
    [`loop_delay_max_ms@${size}`]: loop.loop_delay_max_ms,
    [`max_rss_mb@${size}`]: maxRssMegabytes(),
  };
  return { cpuUs, metrics };
}

/** `() => Promise<{ items, partials, firstAt }>` */
function makeReader(implementation, base, shape) {
  if (implementation === 'openai') return makeOpenaiReader(base);
  const project = new Project(implementation, CORE);
  const registry = project.registry({ base_url: base });
  const name = shape === 'catalog' ? 'ExtractCatalog' : 'ExtractItems';
  return async () => {
    const stream = project.stream(name, { text: 'x' }, registry);
    const counts = await countPartials(stream);
    return { ...counts, items: itemsOf(await stream.getFinalResponse()) };
  };
}

async function makeOpenaiReader(base) {
  const { default: OpenAI } = await import('openai');
  const client = new OpenAI({ apiKey: 'sk-stub', baseURL: base, maxRetries: 0 });
  const request = { model: 'stub', stream: true, messages: [{ role: 'user', content: 'x' }] };
  return async () => {
    const texts = [];
    const chunks = await client.chat.completions.create(request);
    const counts = await countPartials(textsOf(chunks, texts));
    return { ...counts, items: itemsOf(JSON.parse(texts.join(''))) };
  };
}

async function* textsOf(chunks, texts) {
  for await (const chunk of chunks) {
    const text = chunk.choices[0]?.delta?.content;
    if (!text) continue;
    texts.push(text);
    yield text;
  }
}

async function countPartials(partials) {
  let count = 0;
  let firstAt;
  for await (const _ of partials) {
    count += 1;
    firstAt ??= performance.now();
  }
  return { partials: count, firstAt };
}

const itemsOf = (answer) => answer.items ?? answer;
