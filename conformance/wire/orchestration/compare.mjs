// What must agree in a scenario: outcomes (value, error class and fields, not wording), the sequence of
// requests, and logs. Gaps and total times are compared with a tolerance.
import { errorFamily } from '../../lib/errors.mjs';
import { firstDifference, same, show, without } from '../../lib/json.mjs';

/** Where an outcome differs from the recorded one, or null. */
export function compareScenario(each, got, strict) {
  const want = each.expect;
  if (!strict && isRefusal(want) && isRefusal(got)) return null;
  if (want.error || got.error) {
    return same(want.error?.class, got.error?.class) ? null : `want ${show(want, 300)} got ${show(got, 300)}`;
  }
  const difference = firstDifference(comparable(want, each, strict), comparable(got, each, strict));
  if (difference || want.setupError || each.bag || each.noTiming) return difference;
  return compareGaps(want, got) ?? compareTimes(each.mode, want, got);
}

/** Refused when the registry was made or at the call: the same refusal, early or late. */
function isRefusal(result) {
  if (result.setupError) return true;
  const { outcomes = [], requests = [] } = result;
  return outcomes.length > 0 && requests.length === 0 && outcomes.every(isRefused);
}

const isRefused = ({ error }) => error !== undefined && errorFamily(error.class) === 'refused';

function comparable(result, each, strict) {
  if (result.setupError) {
    return { setupError: strict ? result.setupError : { class: errorFamily(result.setupError.class) } };
  }
  const outcomes = result.outcomes.map((outcome) => comparableOutcome(outcome, strict));
  if (each.bag) return comparableBag(result, outcomes);
  const comparesClosing = each.abort !== undefined || (each.group ?? '').startsWith('timeout');
  return {
    outcomes,
    requests: result.requests.map((request) => comparableRequest(request, comparesClosing)),
    logs: result.logs?.map(comparableLog),
    usage: result.usage,
  };
}

function comparableOutcome(outcome, strict) {
  const untimed = without(outcome, 'ms');
  if (!outcome.error || strict) return untimed;
  const error = without(outcome.error, 'message', 'rawResponse');
  return { ...untimed, error: { ...error, class: errorFamily(error.class) } };
}

const comparableRequest = ({ api, model, stream, closedEarly, auth, path }, comparesClosing) => ({
  api,
  model,
  stream,
  auth,
  path,
  ...(comparesClosing && { closedEarly }),
});

/** Concurrent calls have no order: how often each outcome and model came. */
const comparableBag = ({ requests, usage, logs }, outcomes) => ({
  outcomes: countBy(outcomes.map((outcome) => JSON.stringify(outcome))),
  requests: countBy(requests.map((request) => request.model)),
  usage,
  logs: logs?.length,
});

function countBy(keys) {
  const counts = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
}

// The peer's selectedCall is an opaque handle, and it lists the calls of one log in no stable order.
const comparableLog = (log) => ({ ...without(log, 'selected'), calls: log.calls.toSorted(byText) });

const byText = (left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1);

const isNear = (want, got, tolerance) => Math.abs(want - got) <= tolerance;

function compareGaps(want, got) {
  const index = want.requests.findIndex(
    ({ gap }, position) => !isNear(gap, got.requests[position].gap, 90 + 0.3 * gap),
  );
  if (index < 0) return null;
  return `$.requests.${index}.gap: want ~${want.requests[index].gap} ms got ${got.requests[index].gap} ms`;
}

function compareTimes(mode, want, got) {
  // The peer's stream looks for news every 100 ms.
  const tolerance = (ms) => (mode === 'stream' ? 500 + 0.5 * ms : 150 + 0.35 * ms);
  const index = want.outcomes.findIndex(
    ({ ms }, position) => !isNear(ms, got.outcomes[position].ms, tolerance(ms)),
  );
  if (index < 0) return null;
  return `$.outcomes.${index}.ms: want ~${want.outcomes[index].ms} ms got ${got.outcomes[index].ms} ms`;
}
