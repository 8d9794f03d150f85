// The verdict on one wire case: like the recorded answer, better than it, or different.
import { readQuestionable } from '../lib/cases.mjs';
import { isBetter } from './better.mjs';

/** The judge of one suite. `difference` is null when the outcome equals the recorded answer. */
export function makeWireJudge(suite) {
  const rules = readQuestionable(suite);
  return (each, outcome, difference) => {
    if (difference === null) return { pass: true, verdict: 'same' };
    const isAccepted = (rules.get(each.id) ?? []).some((rule) => isBetter(rule, each, outcome));
    if (isAccepted) return { pass: true, verdict: 'better' };
    return { pass: false, verdict: outcome.fate ?? 'different', difference };
  };
}
