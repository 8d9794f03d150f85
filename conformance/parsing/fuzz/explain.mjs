// Why this package answers differently from the peer: by a rule with a name and a line in docs/parsing.md, or not at all.
import { REWRITES } from './rewrites.mjs';
import { isObject } from '../../lib/json.mjs';
import { isPartOf, leafPairs, sameWrappers } from './partial.mjs';
import { RULES } from './rules.mjs';
import { compareValues } from '../values.mjs';

/** Every name that `explain` may give. */
export const RULE_NAMES = [
  'meant',
  'all-but-one',
  ...REWRITES.map(({ name }) => name),
  ...RULES.map(({ name }) => name),
];

/**
 * The names of the rules that explain a difference; empty where none does. `ask(text, partial)` is the peer's outcome
 * for another text of the same schema.
 */
export async function explain(difference, ask) {
  const { each, peer, subject, meant } = difference;
  const facts = { ...difference, ...each };
  const byAnswer = RULES.find((rule) => rule.holds(facts));
  if (byAnswer) return [byAnswer.name];
  if (subject.fate) return [];
  if ('error' in subject) return byRefusal(each, ask);
  const agrees = async (text) => sameAs(await ask(text, each.partial), subject);
  const mended = await byRewriting(each.text, agrees);
  if (mended.length > 0) return mended;
  if (meant !== undefined && !each.partial) {
    const wanted = await ask(meant, false);
    if (sameAs(wanted, subject)) return ['meant'];
    if ('ok' in wanted && isAllButOne(subject.ok, wanted.ok, peer.ok)) return ['all-but-one'];
    const [ours] = await byRewriting(meant, agrees);
    if (ours !== undefined) return ['meant', ours];
  }
  if (each.partial && meant !== undefined) {
    const whole = await ask(meant, false);
    if ('ok' in whole && showsWhatIsMeant(subject.ok, peer.ok, whole.ok)) return ['meant'];
  }
  return [];
}

/** Rewritings that do no more than to show a value as it is. The peer refuses it then, as this package does at once. */
const PLAIN = new Set(['extra-comma', 'number-before-key', 'comments', 'code-words']);

async function byRefusal(each, ask) {
  if (each.partial) return [];
  const rows = REWRITES.filter(({ name }) => PLAIN.has(name));
  for (const row of rows) {
    const text = row.rewrite(each.text);
    if (text !== each.text && 'error' in (await ask(text, false))) return [row.name];
  }
  return [];
}

/** One place differs from what is meant, the one with the slip; the peer's answer is further from it, or there is none. */
function isAllButOne(ours, wanted, theirs) {
  const distance = leafPairs(ours, wanted).length;
  return (
    distance === 1 &&
    isObject(ours) &&
    (theirs === undefined ||
      leafPairs(theirs, wanted).length > 1 ||
      lost(theirs, wanted) > lost(ours, wanted))
  );
}

const lost = (value, wanted) =>
  leafPairs(value, wanted).reduce((sum, [, part]) => sum + JSON.stringify(part).length, 0);

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
