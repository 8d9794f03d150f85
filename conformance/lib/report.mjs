// Counts verdicts by group and prints them.
import { show } from './json.mjs';

export class Report {
  #groups = new Map();
  #differences = [];
  #verdicts = new Map();
  #fates = [];

  constructor(suite) {
    this.suite = suite;
  }

  /** Adds one judged case: `{ pass, verdict, difference }`. */
  add(each, outcome, judged) {
    const group = this.#groups.get(each.group) ?? { passed: 0, total: 0 };
    group.total += 1;
    if (judged.pass) group.passed += 1;
    this.#groups.set(each.group, group);
    this.#verdicts.set(judged.verdict, [...(this.#verdicts.get(judged.verdict) ?? []), each.id]);
    if (outcome.fate) this.#fates.push(`${each.id}: ${outcome.fate} (${outcome.error.message})`);
    if (!judged.pass) this.#differences.push({ each, outcome, judged });
  }

  get total() {
    return sum(this.#groups, 'total');
  }

  get passed() {
    return sum(this.#groups, 'passed');
  }

  get percent() {
    return this.total === 0 ? 100 : (100 * this.passed) / this.total;
  }

  /** Cases that ended or stopped the process: never acceptable, whatever the pass rate. */
  get fates() {
    return this.#fates;
  }

  printGroups() {
    const width = Math.max(5, ...[...this.#groups.keys()].map((name) => name.length));
    for (const [name, group] of [...this.#groups].toSorted(([left], [right]) => left.localeCompare(right))) {
      console.log(`  ${name.padEnd(width)} ${rate(group.passed, group.total)}`);
    }
  }

  printTotal(floor) {
    const notes = [...this.#verdicts].map(([verdict, ids]) => `${verdict} ${ids.length}`).join(', ');
    console.log(`${this.suite.padEnd(12)} ${rate(this.passed, this.total)}  floor ${floor} %  (${notes})`);
  }

  printDifferences(limit, { whole = false } = {}) {
    for (const { each, outcome, judged } of this.#differences.slice(0, limit)) {
      console.log(`\n--- ${each.id} [${each.group}] ${judged.verdict}`);
      if (whole) console.log(JSON.stringify(each, null, 2));
      console.log(judged.difference ?? `want ${show(each.expect)}\ngot  ${show(outcome)}`);
    }
    const hidden = this.#differences.length - limit;
    if (hidden > 0 && limit > 0)
      console.log(`\n… ${hidden} more differences: --diffs ${this.#differences.length}`);
  }

  toJSON() {
    return {
      suite: this.suite,
      passed: this.passed,
      total: this.total,
      groups: Object.fromEntries(this.#groups),
      verdicts: Object.fromEntries(this.#verdicts),
      fates: this.#fates,
      failed: this.#differences.map(({ each, outcome, judged }) => ({ id: each.id, ...judged, outcome })),
    };
  }
}

const sum = (groups, field) => [...groups.values()].reduce((total, group) => total + group[field], 0);

function rate(passed, total) {
  const percent = total === 0 ? 100 : (100 * passed) / total;
  return `${String(passed).padStart(5)} / ${String(total).padEnd(5)} ${percent.toFixed(2).padStart(6)} %`;
}
