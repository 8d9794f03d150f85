// buildRequest: prompt rendering and request building, no network.
import { CORE, wideFiles } from '../lib/fixtures.mjs';
import { Project } from '../lib/implementation.mjs';
import { asyncCost, scaling, seriesMetrics, syncCost } from '../lib/measure.mjs';
import { makeItems, prose } from '../lib/payloads.mjs';

const BUDGET_MS = 8_000;
const CLIENT = { base_url: 'http://127.0.0.1:9/v1' };
const KINDS = ['BOOK', 'TOOL', 'TOY'];

export function variants({ quick }) {
  const lists = quick ? [10, 100, 1000] : [10, 100, 1000, 5000];
  return [
    { name: 'small' },
    { name: 'text', sizes: quick ? [20_000, 200_000] : [2_000, 20_000, 200_000, 2_000_000] },
    { name: 'class-list', sizes: lists },
    { name: 'class-list-printed', sizes: lists },
    { name: 'output-format-wide', sizes: quick ? [10, 100] : [10, 100, 1000] },
  ];
}

export async function run({ implementation, name, sizes, quick }) {
  const minMs = quick ? 100 : 300;
  const project = new Project(implementation, CORE);
  if (name === 'small') return smallCosts(project, minMs);
  const points = await scaling(sizes, BUDGET_MS, (size) => {
    const input = INPUTS[name](size);
    const target = input.files ? new Project(implementation, input.files) : project;
    return buildCost(target, input.function, input.args, target.registry(CLIENT), minMs);
  });
  return seriesMetrics('cpu_ms', points);
}

const INPUTS = {
  text: (size) => ({ function: 'ExtractResume', args: { resume: prose(size) } }),
  'class-list': (size) => ({ function: 'Summarise', args: { items: items(size), text: 'x' } }),
  'class-list-printed': (size) => ({ function: 'DumpItems', args: { items: items(size) } }),
  'output-format-wide': (size) => ({ files: wideFiles(size), function: 'ExtractWide', args: { text: 'x' } }),
};

const items = (size) => makeItems(size).map((item, index) => Object.assign(item, { kind: KINDS[index % 3] }));

async function smallCosts(project, minMs) {
  const args = { resume: 'hello' };
  const microseconds = 1000;
  return {
    build_cpu_us:
      microseconds * (await buildCost(project, 'ExtractResume', args, project.registry(CLIENT), minMs)),
    build_static_cpu_us: microseconds * (await buildCost(project, 'ExtractResume', args, undefined, minMs)),
    new_registry_cpu_us:
      microseconds * syncCost(() => project.registry({ ...CLIENT, temperature: 0.5 }), minMs),
    context_clone_cpu_us: microseconds * syncCost(() => project.context.deepClone(), minMs),
  };
}

function buildCost(project, name, args, registry, minMs) {
  return asyncCost(async () => {
    const request = await project.build(name, args, registry);
    return request.body.text().length;
  }, minMs);
}
