// The verdict on one wire case: like the recorded answer, better than it, or different.
import { readQuestionable } from '../lib/cases.mjs';
import { isBetter } from './better.mjs';

const questionable = readQuestionable();

/** `difference` is null when the outcome equals the recorded answer. */
export function judgeWire(each, outcome, difference) {
  if (difference === null) return { pass: true, verdict: 'same' };
  const record = questionable.get(each.id);
  if (record && isBetter(record.rule, each, outcome)) return { pass: true, verdict: 'better' };
  return { pass: false, verdict: outcome.fate ?? 'different', difference };
}
