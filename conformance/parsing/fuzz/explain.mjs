// Why this package answers differently from the peer: by a rule with a name and a line in docs/parsing.md, or not at
// all. A rule has to tell why the answer here is right, not only that the two differ.
import { isObject } from '../../lib/json.mjs';
import { compareValues } from '../values.mjs';
import { meantValue } from './meant.mjs';
import { bare, isPartOf, leafPairs, sameBut, isEmpty, sameWrappers } from './partial.mjs';
import { REWRITES, rewrite } from './rewrites.mjs';
import { explainPlaces, PLACES } from './places.mjs';
import { LAST_RULES, RULES } from './rules.mjs';

/** Every name that `explain` may give. */
export const RULE_NAMES = [
  ...new Set([
    'meant',
    'all-but-one',
    ...[...REWRITES, ...RULES, ...PLACES, ...LAST_RULES].map(({ name }) => name),
  ]),
];

/**
 * The names of the rules that explain a difference; empty where none does. `ask(text, partial)` is the peer's outcome
 * for another text of the same schema.
 */
export async function explain(difference, ask) {
  const { each, subject } = difference;
  const facts = { ...difference, ...each };
  if (subject.fate) return [];
  const rule = RULES.find((row) => row.holds(facts));
  if (rule) return [rule.name];
  const names = 'error' in subject ? await byRefusal(facts, ask) : await byAnswer(facts, ask);
  if (names.length > 0) return names;
  const last = LAST_RULES.find((row) => row.holds(facts));
  return last ? [last.name] : [];
}

async function byAnswer(facts, ask) {
  const { each, peer, subject } = facts;
  const agrees = async (text) => sameAs(await ask(text, each.partial), subject);
  const mended = await byRewriting(each.text, agrees);
  if (mended.length > 0) return mended;
  const meant = await byMeaning(facts, peer.ok, ask, agrees);
  if (meant.length > 0) return meant;
  const places = 'ok' in peer ? explainPlaces(subject.ok, peer.ok, facts) : [];
  return places.length > 0 ? places : byRewritingAndShape(facts, ask);
}

/** Rules about how a value is shown, and not about what was read: they hold of a rewritten text as well. */
const SHAPES = new Set(['done-is-final', 'object-as-text', 'unchecked', 'schema-order']);

/** The rewritings with which the peer agrees but for how values are shown. */
async function byRewritingAndShape(facts, ask) {
  const { each, subject } = facts;
  let shapes = [];
  const agrees = async (text) => {
    const outcome = await ask(text, each.partial);
    if (!('ok' in outcome)) return false;
    shapes = explainPlaces(subject.ok, outcome.ok, facts);
    return shapes.length > 0 && shapes.every((name) => SHAPES.has(name));
  };
  const mended = await byRewriting(each.text, agrees);
  if (mended.length === 0) return [];
  return [...mended, ...shapes.filter((name) => SHAPES.has(name))];
}

const sameAs = (outcome, subject) =>
  'ok' in outcome && ['same', 'order'].includes(compareValues(outcome.ok, subject.ok));

/** The fewest rewritings with which the peer agrees, tried together and then one less at a time. */
async function byRewriting(text, agrees) {
  for (const used of attempts()) {
    if (!(await agrees(rewrite(text, used)))) continue;
    return (await fewest(text, used, agrees)).map(({ name }) => name);
  }
  for (const row of REWRITES) {
    const rewritten = row.rewrite(text);
    if (rewritten !== text && (await agrees(rewritten))) return [row.name];
  }
  return [];
}

/** Those that only mend what is written, and with them those that leave something out. */
function* attempts() {
  yield chosen();
  yield chosen('behind-the-value');
  yield chosen('unclosed');
  yield chosen('unfinished-key', 'unclosed');
  yield chosen('wrapper');
  yield chosen('wrapper', 'behind-the-value');
  yield chosen('wrapper', 'unfinished-key', 'unclosed');
}

const chosen = (...names) => REWRITES.filter(({ name, cuts }) => !cuts || names.includes(name));

async function fewest(text, rows, agrees) {
  let used = rows;
  for (const row of rows.toReversed()) {
    const fewer = used.filter((each) => each !== row);
    if (await agrees(rewrite(text, fewer))) used = fewer;
  }
  return used;
}

/** Rewritings that do no more than to show a value as it is: what the peer refuses then is refused here at once. */
const PLAIN = new Set([
  'extra-comma',
  'number-before-key',
  'comments',
  'code-words',
  'behind-the-value',
  'missing-comma',
  'json-in-string',
  'missing-value',
]);

async function byRefusal({ each, meant }, ask) {
  if (each.partial) return [];
  // What it refuses in strict JSON is refused here however it is written.
  if (meant !== undefined && meant !== each.text && 'error' in (await ask(meant, false))) return ['meant'];
  for (const row of REWRITES.filter(({ name }) => PLAIN.has(name))) {
    const rows = REWRITES.filter((other) => other === row || other.name === 'behind-the-value');
    const text = rewrite(each.text, rows);
    if (text === each.text) continue;
    const outcome = await ask(text, false);
    if ('error' in outcome) return [row.name];
    // What it makes of nothing is refused here.
    if (isEmpty(outcome.ok)) return [row.name, 'nothing-fits'];
  }
  return [];
}

/** Compared with what is meant: the peer's answer to the text before it was broken, and the value that was printed. */
async function byMeaning({ each, meant, baml, subject }, theirs, ask, agrees) {
  if (meant === undefined) return [];
  const answer = await ask(meant, false);
  const wanted = 'ok' in answer ? [bare(answer.ok)] : [];
  const printed = meantValue(meant, baml);
  if (printed !== undefined) wanted.push(printed);
  const ours = bare(subject.ok);
  for (const whole of wanted) {
    if (each.partial ? showsPart(subject.ok, theirs, whole) : isFilled(ours, whole)) return ['meant'];
  }
  if (each.partial) return [];
  if (wanted.some((whole) => isAllButOne(ours, bare(theirs), whole))) return ['all-but-one'];
  const [name] = await byRewriting(meant, agrees);
  return name === undefined ? [] : ['meant', name];
}

/** The same but for what is filled in where there is nothing. */
const isFilled = (ours, whole) =>
  sameBut(ours, whole, (one, other) => isEmpty(one) && isEmpty(other ?? null));

/** Of an unfinished answer, this package shows a part of what is meant, and the peer less of it or something else. */
function showsPart(ours, theirs, whole) {
  if (!isPartOf(ours, whole)) return false;
  if (theirs === undefined) return true;
  return sameWrappers(ours, theirs) && !(isPartOf(theirs, whole) && isPartOf(ours, theirs));
}

/** One place differs from what is meant, that with the slip, and the peer's answer is further from it, or none. */
function isAllButOne(ours, theirs, wanted) {
  if (!isObject(ours) || leafPairs(ours, wanted).length !== 1) return false;
  return (
    theirs === undefined || leafPairs(theirs, wanted).length > 1 || lost(theirs, wanted) > lost(ours, wanted)
  );
}

const lost = (value, wanted) =>
  leafPairs(value, wanted).reduce((sum, [, part]) => sum + (JSON.stringify(part)?.length ?? 0), 0);
