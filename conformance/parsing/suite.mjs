// Model text to typed values, final and partial.
import { readCases } from '../lib/cases.mjs';
import { show } from '../lib/json.mjs';
import { compareValues } from './values.mjs';

const SLOW_MS = 500;
const PASSES = new Set(['same', 'both-error']);

const suite = {
  execute: new URL('execute.mjs', import.meta.url),
  timeoutMs: 5_000,
  summary: slowCases,
};

export const parsing = {
  ...suite,
  name: 'parsing',
  cases: () => [...readCases('parsing/open/cases.jsonl'), ...readCases('parsing/open/prefixes.jsonl')],
  judge: (each, outcome, options) => judgeAgainst(each.expect, each, outcome, options),
};

/** Cases where the peer is wrong: its answer and the better one both pass, and the verdicts are told apart. */
export const better = {
  ...suite,
  name: 'better',
  cases: () => readCases('parsing/better.jsonl'),
  judge(each, outcome, options) {
    if (judgeAgainst(each.better, each, outcome, options).pass) return { pass: true, verdict: 'better' };
    const likePeer = judgeAgainst(each.expect, each, outcome, options);
    if (likePeer.pass) return { pass: true, verdict: 'like-peer' };
    return {
      ...likePeer,
      difference: `${describe(each, outcome)}\nbetter ${show(each.better)}\nwhy    ${each.why}`,
    };
  },
};

function judgeAgainst(expected, each, outcome, { strict }) {
  const verdict = verdictOf(expected, outcome, strict);
  if (PASSES.has(verdict)) return { pass: true, verdict };
  return { pass: false, verdict, difference: describe(each, outcome) };
}

export function verdictOf(expected, outcome, strict) {
  if (outcome.fate) return outcome.fate;
  if ('error' in expected) {
    if (!('error' in outcome)) return 'differ';
    return !strict || expected.error === outcome.error ? 'both-error' : 'error-class';
  }
  return 'error' in outcome ? 'differ' : compareValues(expected.ok, outcome.ok);
}

const describe = (each, outcome) =>
  [
    each.baml.trim(),
    `text   ${show(each.text, 700)}${each.partial ? ' (partial)' : ''}`,
    `want   ${show(each.expect, 700)}`,
    `got    ${show(outcome, 700)}`,
  ].join('\n');

function slowCases(judged) {
  return judged
    .filter(({ outcome }) => outcome.ms > SLOW_MS)
    .toSorted((left, right) => right.outcome.ms - left.outcome.ms)
    .slice(0, 20)
    .map(({ each, outcome }) => `slower than ${SLOW_MS} ms: ${each.id} ${outcome.ms.toFixed(0)} ms`);
}
