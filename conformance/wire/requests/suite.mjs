// Prompts and provider requests: arguments in, HTTP request out.
import { readCases } from '../../lib/cases.mjs';
import { errorFamily } from '../../lib/errors.mjs';
import { firstDifference } from '../../lib/json.mjs';
import { makeWireJudge } from '../judge.mjs';

const judgeWire = makeWireJudge('requests');

export const requests = {
  name: 'requests',
  execute: new URL('execute.mjs', import.meta.url),
  timeoutMs: 15_000,
  cases: () => readCases('wire/open/requests.jsonl'),
  judge(each, outcome, { strict }) {
    const difference = firstDifference(comparable(each.expect, strict), comparable(outcome, strict));
    return judgeWire(each, outcome, withMessage(difference, each, outcome));
  },
};

/** What two requests must share: errors by family only, and not the peer's own bookkeeping header. */
function comparable(request, strict) {
  if (request.error) return { error: strict ? request.error : { class: errorFamily(request.error.class) } };
  return { ...request, headers: comparableHeaders(request, strict), fetched: request.fetched ?? [] };
}

function comparableHeaders({ headers, url }, strict) {
  if (strict) return headers;
  const isBedrock = /\/converse(-stream)?$/.test(url);
  const kept = Object.entries(headers).filter(
    ([name]) => name !== 'baml-original-url' && !(isBedrock && isSigning(name)),
  );
  return Object.fromEntries(kept);
}

// The peer leaves a built request unsigned, so what signing adds cannot be compared.
const isSigning = (name) => name === 'authorization' || name === 'host' || name.startsWith('x-amz-');

function withMessage(difference, each, outcome) {
  if (difference === null || !outcome.error || each.expect.error) return difference;
  return `${difference} :: ${outcome.error.message.slice(0, 300)}`;
}
