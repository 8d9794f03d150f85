// Answers judged better than the peer's (see questionable.jsonl): a questionable case passes with the peer's
// answer or when its rule accepts the outcome. An outcome is what the suite's execute.mjs returns.

import { same, without } from '../lib/json.mjs';

const requestsOf = (outcome) => outcome.requests ?? [];
const firstOf = (outcome) => outcome.outcomes?.[0] ?? {};
const modelsOf = (outcome) => requestsOf(outcome).map((request) => request.model);
const textOf = (value) => JSON.stringify(value ?? '');
const isPresent = (value) => value !== null && value !== undefined;

const isRefused = (outcome) =>
  isPresent(outcome.error) ||
  isPresent(firstOf(outcome).error) ||
  isPresent(outcome.setupError) ||
  outcome.ok === false;

const isSound = (outcome) => outcome.fate === undefined;

const sameModels = (each, outcome) =>
  textOf(modelsOf(outcome)) === textOf((each.expect.requests ?? []).map((request) => request.model));

const delayedRequests = (outcome) =>
  requestsOf(outcome).filter((request, index) => index > 0 && request.gap > 30).length;

function isEven(models) {
  const counts = new Map();
  for (const model of models) counts.set(model, (counts.get(model) ?? 0) + 1);
  const [first, second, ...others] = counts.values();
  return others.length === 0 && second !== undefined && Math.abs(first - second) <= 1;
}

function renderedFilterBlock(each, outcome) {
  if (outcome.error) return true;
  const isUpper = each.files['main.baml'].includes('filter upper');
  return textOf(outcome.body).includes(isUpper ? 'HELLO THERE' : '"1"');
}

function userHeadersWin(each, outcome) {
  const headers = each.registry?.[0]?.options?.headers ?? {};
  return Object.entries(headers).every(([name, value]) => outcome.headers[name.toLowerCase()] === value);
}

function firstDelayIsBase(each, outcome) {
  const base = Number(/delay_ms (\d+)/.exec(each.files['main.baml'])?.[1] ?? 200);
  const requests = requestsOf(outcome);
  return requests.length > 1 && Math.abs(requests[1].gap - base) < 90 + 0.3 * base;
}

const urlOf = (each) => Object.values(each.args.x)[0].url;
const isTimeout = (outcome) => firstOf(outcome).error?.class === 'BamlTimeoutError';
const isEcho = (outcome) => String(firstOf(outcome).value ?? '').startsWith('echo');

const RULES = {
  'abort-reason': (each, outcome) => {
    const { error } = firstOf(outcome);
    return error?.class === 'BamlAbortError' && error.reason === (each.abort?.reason ?? 'stop');
  },
  'accept-instead': (_, outcome) => outcome.ok === true,
  'bedrock-stream': (_, outcome) => !outcome.error && (outcome.url ?? '').endsWith('converse-stream'),
  'error-instead': (_, outcome) => isRefused(outcome),
  'exp-first-delay-is-base': firstDelayIsBase,
  'bucket-address-kept': (each, outcome) =>
    !outcome.error && textOf(outcome.body).includes(`"fileUri":"${urlOf(each)}"`),
  'gzip-decoded': (_, outcome) => isEcho(outcome),
  'integral-float-ok': (_, outcome) => !outcome.error,
  'gemini-answers-as-model': (each, outcome) =>
    textOf(outcome.body) === textOf(each.expect.body).replaceAll('"role":"assistant"', '"role":"model"'),
  'missing-key-named': (_, outcome) => isPresent(outcome.error) || isPresent(firstOf(outcome).error),
  'mp3-is-mp3': (each, outcome) =>
    textOf(outcome.body) === textOf(each.expect.body).replace('"format":"mpeg"', '"format":"mp3"'),
  'no-crash-error': (_, outcome) =>
    isSound(outcome) && (isPresent(outcome.error) || isPresent(outcome.setupError)),
  'no-crash-renders': (each, outcome) => isSound(outcome) && renderedFilterBlock(each, outcome),
  'no-delay-between-members': (each, outcome) =>
    sameModels(each, outcome) && delayedRequests(outcome) <= delayedRequests(each.expect),
  'no-retry-on-client-error': (_, outcome) =>
    requestsOf(outcome).length === 1 && isPresent(firstOf(outcome).error),
  'model-path-kept': (each, outcome) =>
    !outcome.error &&
    outcome.url.includes(`/${each.registry[0].options.model}:`) &&
    !/models\/(tunedModels|projects|publishers)/.test(outcome.url),
  'null-in-map': (_, outcome) =>
    !outcome.error && /null/.test(textOf(outcome.body)) && !/none/.test(textOf(outcome.body)),
  'query-kept-last': (_, outcome) =>
    !outcome.error && outcome.url.endsWith('?x=1') && /h\.test\/v1\/[a-z]/.test(outcome.url),
  'redirect-is-an-answer': (_, outcome) =>
    requestsOf(outcome).length === 1 && firstOf(outcome).error?.status === 307,
  'reject-or-peer': (_, outcome) => outcome.ok === false,
  'retry-after-honoured': (_, outcome) => {
    const requests = requestsOf(outcome);
    return requests.length === 2 && requests[1].gap >= 950;
  },
  'rr-rotates': (_, outcome) => isEven(modelsOf(outcome)),
  'stream-is-of-the-call': (each, outcome) =>
    same(outcome.body, without(each.expect.body, 'stream')) && outcome.url === each.expect.url,
  'text-kept': (_, outcome) => isEcho(outcome),
  'timeout-class': (_, outcome) => isTimeout(outcome),
  'timeout-or-total': (_, outcome) => isTimeout(outcome) && firstOf(outcome).ms < 600,
  'tojson-enum': (_, outcome) => !outcome.error && /\\"e\\":\\"(RED|rouge)\\"/.test(textOf(outcome.body)),
  'truncated-is-error': (each, outcome) => isPresent(firstOf(outcome).error) || !sameModels(each, outcome),
  'ttft-before-headers': (_, outcome) => isTimeout(outcome),
  'usage-final': (_, outcome) => textOf(outcome.usage) === '[10,5,3]',
  'user-header-wins': (each, outcome) => !outcome.error && userHeadersWin(each, outcome),
  'vendor-row': (_, outcome) => !outcome.error && /^https?:/.test(outcome.url ?? ''),
  'whole-answer-read': (_, outcome) => isEcho(outcome),
};

/** Whether a rule of `questionable.jsonl`, if there is one, accepts an outcome that differs from the peer's. */
export const isBetter = (rule, each, outcome) => RULES[rule]?.(each, outcome) ?? false;
