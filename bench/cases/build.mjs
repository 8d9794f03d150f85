// buildRequest: prompt rendering and request building, no network.
import { CORE, ITEMS, scaled, wideFiles } from '../lib/fixtures.mjs';
import { Project } from '../lib/implementation.mjs';
import { asyncCost, scaling, seriesMetrics, stopwatch, syncCost } from '../lib/measure.mjs';
import { makeItems, prose } from '../lib/payloads.mjs';
import { median, slope } from '../lib/statistics.mjs';

const BUDGET_MS = 8_000;
const CLIENT = { base_url: 'http://127.0.0.1:9/v1' };
const ARGUMENTS = [100, 1000, 10_000];
/** So few that what does not belong to them shows, and so many that they are not lost in it. */
const OBJECTS_IN_PROJECTS = 20;
const KINDS = ['BOOK', 'TOOL', 'TOY'];

export function variants({ quick }) {
  const lists = quick ? [10, 100, 1000] : [10, 100, 1000, 5000];
  return [
    { name: 'small' },
    { name: 'text', sizes: quick ? [20_000, 200_000] : [2_000, 20_000, 200_000, 2_000_000] },
    { name: 'class-list', sizes: lists },
    { name: 'class-list-printed', sizes: lists },
    { name: 'output-format-wide', sizes: quick ? [10, 100] : [10, 100, 1000] },
    { name: 'arguments', sizes: ARGUMENTS, rounds: quick ? 5 : 15 },
    { name: 'arguments-printed', sizes: ARGUMENTS, rounds: quick ? 5 : 15 },
    { name: 'arguments-in-projects', sizes: [10, 100, 1000], rounds: quick ? 30 : 100 },
  ];
}

export async function run({ implementation, name, sizes, rounds, quick }) {
  if (name === 'arguments') return objectCosts(implementation, 'CountItems', sizes, rounds);
  if (name === 'arguments-printed') return objectCosts(implementation, 'DumpItems', sizes, rounds);
  if (name === 'arguments-in-projects') return projectCosts(implementation, sizes, rounds);
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

/**
 * What an object of six fields costs as part of an argument: the slope over lists of so many, of all that
 * `buildRequest` does with them. `CountItems` prints their number, so that its slope is what it takes to read the
 * objects, to check them against their class and to hand them to the template; `DumpItems` prints them, too.
 */
async function objectCosts(implementation, name, sizes, rounds) {
  const project = new Project(implementation, CORE);
  const lists = sizes.map(items);
  const builds = lists.map((list) => () => project.build(name, { items: list }));
  // The same number of objects in each, so that no size is measured worse than another.
  const counts = sizes.map((size) => Math.max(...sizes) / size);
  const points = await medians(sizes, builds, counts, rounds);
  const perObject = 1000 * slope(points.map(({ size, value }) => [size, value]));
  return { cpu_us_per_object: perObject, ...seriesMetrics('cpu_ms', points) };
}

/** The same call in projects of so many functions, classes and enums besides. */
async function projectCosts(implementation, sizes, rounds) {
  const args = { items: items(OBJECTS_IN_PROJECTS) };
  const builds = sizes.map((size) => {
    const project = new Project(implementation, { ...scaled(size), 'items.baml': ITEMS });
    return () => project.build('CountItems', args);
  });
  const points = await medians(
    sizes,
    builds,
    sizes.map(() => 50),
    rounds,
  );
  const [smallest, ...others] = points;
  const ratios = others.map(({ size, value }) => [
    `cpu_beside_${smallest.size}_${size}`,
    value / smallest.value,
  ]);
  return { ...seriesMetrics('cpu_ms', points), ...Object.fromEntries(ratios) };
}

/** CPU milliseconds of each operation. Rounds go through all, so that a machine that slows down touches all alike. */
async function medians(sizes, operations, counts, rounds) {
  const costs = sizes.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (let step = 0; step < sizes.length; step++) {
      const index = (round + 1 + step) % sizes.length;
      const { cpuUs } = await stopwatch(() => repeat(operations[index], counts[index]));
      // The first round warms up.
      if (round >= 0) costs[index].push(cpuUs / 1000 / counts[index]);
    }
  }
  return sizes.map((size, index) => ({ size, value: median(costs[index]) }));
}

async function repeat(operation, count) {
  for (let index = 0; index < count; index++) await operation();
}
