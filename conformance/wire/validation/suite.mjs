// Which sources are accepted. The lines and kinds of the errors are reported, and required with --strict.
import { readCases } from '../../lib/cases.mjs';
import { same, show } from '../../lib/json.mjs';
import { makeWireJudge } from '../judge.mjs';

const judgeWire = makeWireJudge('validation');

export const validation = {
  name: 'validation',
  execute: new URL('execute.mjs', import.meta.url),
  timeoutMs: 15_000,
  cases: () => readCases('wire/open/validation.jsonl'),
  judge(each, outcome, { strict }) {
    const agrees = sameAnswer(each.expect, outcome) && (!strict || same(each.expect.errors, outcome.errors));
    return judgeWire(each, outcome, agrees ? null : `want ${show(each.expect)} got ${show(outcome)}`);
  },
  summary: (judged) => [agreement(judged)],
};

const sameAnswer = (want, got) =>
  Boolean(want.ok) === Boolean(got.ok) && (want.error?.class ?? null) === (got.error?.class ?? null);

const linesOf = ({ errors }) => errors.map(([, line]) => line);

/** How often the places and the kinds of the errors agree, among the sources that both refuse. */
function agreement(judged) {
  const refused = judged.filter(({ each, outcome }) => each.expect.errors && outcome.errors);
  const count = (test) => refused.filter(({ each, outcome }) => test(each.expect, outcome)).length;
  const firstLine = count((want, got) => linesOf(want)[0] === linesOf(got)[0]);
  const allLines = count((want, got) => same(linesOf(want), linesOf(got)));
  const everything = count((want, got) => same(want.errors, got.errors));
  return (
    `of ${refused.length} sources refused by both: first line agrees ${firstLine}, ` +
    `all lines ${allLines}, all lines and kinds ${everything}`
  );
}
