// The tables that a run prints.

export function printRow({ case: name, variant, repetitions, seconds, implementations, ratios }) {
  const names = Object.keys(implementations);
  console.log(`\n## ${name} / ${variant}   (${repetitions} repetitions, ${seconds.toFixed(0)} s)`);
  const metrics = [...new Set(names.flatMap((each) => Object.keys(implementations[each].metrics)))];
  const head = ['metric', ...names, 'subject/peer', 'spread (peer)'];
  const lines = metrics.map((metric) => {
    const values = names.map((each) => number(implementations[each].metrics[metric]?.median));
    const { spread } = implementations.peer.metrics[metric] ?? {};
    return [metric, values, number(ratios[metric]), percent(spread)].flat();
  });
  printColumns([head, ...lines]);
  for (const each of names) printNotes(each, implementations[each]);
}

function printNotes(name, { growth, errors }) {
  const series = Object.entries(growth).map(
    ([metric, { all, last }]) => `${metric} ~ n^${all.toFixed(2)} (last step n^${last.toFixed(2)})`,
  );
  if (series.length > 0) console.log(`  growth of ${name}: ${series.join(', ')}`);
  for (const error of errors) console.log(`  ERROR ${name}: ${error}`);
}

export function printTargets(targets) {
  if (targets.length === 0) return;
  console.log('\n## targets');
  const head = ['target', 'limit', 'measured', ''];
  const lines = targets.map(({ name, limit, value, holds }) => [
    name,
    `<= ${number(limit)}`,
    number(value),
    holds ? 'holds' : 'MISSED',
  ]);
  printColumns([head, ...lines]);
}

function printColumns(lines) {
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const [first, ...rest] of lines) {
    const cells = rest.map((cell, index) => cell.padStart(widths[index + 1]));
    console.log([first.padEnd(widths[0]), ...cells].join('  '));
  }
}

const percent = (share) => (share === undefined ? '-' : `${(share * 100).toFixed(0)}%`);

function number(value) {
  if (value === undefined) return '-';
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  if (size >= 100) return value.toFixed(1);
  return size >= 1 ? value.toFixed(2) : value.toFixed(4);
}
