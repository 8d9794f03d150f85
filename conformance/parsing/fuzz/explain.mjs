// Why this package answers differently from the peer: by a rule with a name and a line in docs/parsing.md, or not at all.
import { REWRITES } from './rewrites.mjs';
import { isPartOf, sameWrappers } from './partial.mjs';
import { RULES } from './rules.mjs';
import { compareValues } from '../values.mjs';

/** Every name that `explain` may give. */
export const RULE_NAMES = ['meant', ...REWRITES.map(({ name }) => name), ...RULES.map(({ name }) => name)];

/**
 * The names of the rules that explain a difference; empty where none does. `ask(text, partial)` is the peer's outcome
 * for another text of the same schema.
 */
export async function explain(difference, ask) {
  const { each, peer, subject, meant } = difference;
  const facts = { ...difference, ...each };
  const byAnswer = RULES.find((rule) => rule.holds(facts));
  if (byAnswer) return [byAnswer.name];
  if ('error' in subject || subject.fate) return [];
  const agrees = async (text) => sameAs(await ask(text, each.partial), subject);
  const mended = await byRewriting(each.text, agrees);
  if (mended.length > 0) return mended;
  if (meant !== undefined && !each.partial && (await agrees(meant))) return ['meant'];
  if (each.partial && meant !== undefined) {
    const whole = await ask(meant, false);
    if ('ok' in whole && showsWhatIsMeant(subject.ok, peer.ok, whole.ok)) return ['meant'];
  }
  return [];
}

const sameAs = (outcome, subject) =>
  'ok' in outcome && ['same', 'order'].includes(compareValues(outcome.ok, subject.ok));

/** The fewest rewritings with which the peer agrees, tried all together and then one less at a time. */
async function byRewriting(text, agrees) {
  for (const last of [REWRITES.length, REWRITES.length - 1, REWRITES.length - 2]) {
    let used = REWRITES.slice(0, last);
    if (!(await agrees(rewrite(text, used)))) continue;
    for (const row of [...used].toReversed()) {
      const fewer = used.filter((each) => each !== row);
      const isNeeded = rewrite(text, fewer) !== rewrite(text, used) && !(await agrees(rewrite(text, fewer)));
      if (!isNeeded) used = fewer;
    }
    return used.map(({ name }) => name);
  }
  for (const row of REWRITES) {
    const rewritten = row.rewrite(text);
    if (rewritten !== text && (await agrees(rewritten))) return [row.name];
  }
  return [];
}

const rewrite = (text, rows) => rows.reduce((result, row) => row.rewrite(result), text);

/** Of an unfinished answer, this package shows a part of what is meant, and the peer shows less of it or something else. */
function showsWhatIsMeant(ours, theirs, whole) {
  if (!isPartOf(ours, whole)) return false;
  if (theirs === undefined) return true;
  return sameWrappers(ours, theirs) && !(isPartOf(theirs, whole) && isPartOf(ours, theirs));
}
