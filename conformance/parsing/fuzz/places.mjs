// What this package answers differently on purpose at single places of two answers: each rule is given the two values
// at a place. Of a field or item that only one of them has, the other is undefined.
import { isObject } from '../../lib/json.mjs';
import { bare, isChecked, isEmpty, isState, leafPairs, sameBut } from './partial.mjs';
import {
  hasEscapes,
  isInText,
  isLast,
  isQuoted,
  lostWords,
  rounded,
  swallows,
  withoutQuotes,
  wordsOf,
} from './wording.mjs';

const same = (one, other) => sameBut(one, other, () => false);
const isText = (value) => typeof value === 'string';
const isScalar = (value) => value !== null && value !== undefined && typeof value !== 'object';

/** Each rule has a name, what the peer does, and whether it `holds` of two values at a place of a case. */
export const PLACES = [
  {
    name: 'done-is-final',
    peer: 'shows states inside of some of what streams only when done, where the generated types have none',
    holds: (ours, theirs, { partial, baml }) =>
      partial &&
      /@@?stream\.done/.test(baml) &&
      isState(theirs) &&
      !isState(ours) &&
      same(ours, theirs.value),
  },
  {
    name: 'done-field',
    peer: 'shows the items so far of a list that streams only when done, where it may be null',
    holds: (ours, theirs, { partial, text, baml }) =>
      partial &&
      ours === null &&
      Array.isArray(theirs) &&
      theirs.length > 0 &&
      isLast(theirs.at(-1), text) &&
      /^ {2}\w+ \(.*\[\]\?\) .*@stream\.done/m.test(baml),
  },
  {
    name: 'checked-keys',
    peer: 'keeps any key of a map by an enum',
    holds: (ours, theirs, { baml }) => /map<E\d/.test(baml) && hasFewerKeys(ours, theirs, enumValues(baml)),
  },
  {
    name: 'map-alias',
    peer: 'drops entries of a map by an enum whose key is the name of a value with an alias, or keeps the alias',
    holds: (ours, theirs, { baml }) =>
      /map<E\d/.test(baml) && isObject(ours) && isObject(theirs) && areAliased(ours, theirs, baml),
  },
  {
    name: 'alias-in-union',
    peer: 'takes the alias of an enum value for text',
    holds: (ours, theirs, { baml }) => isText(theirs) && baml.includes(`  ${ours} @alias("${theirs}")`),
  },
  {
    name: 'object-as-text',
    peer: 'takes the quotes out of an object that becomes the text of a field',
    holds: (ours, theirs, { text }) =>
      isText(ours) &&
      isText(theirs) &&
      /^\{[^]*\}$/.test(ours) &&
      text.includes(ours) &&
      theirs.startsWith('{'),
  },
  {
    name: 'braces-are-text',
    peer: 'writes braces and brackets of a text as empty ones',
    holds: (ours, theirs, { text }) =>
      isText(ours) &&
      text.includes(ours) &&
      ((isText(theirs) && /\{\}|\[\]/.test(theirs)) || isEmpty(theirs)),
  },
  {
    name: 'code-words',
    peer: 'reads None, True and False of Python as text',
    holds: (ours, theirs, { text }) => ours === null && /\bNone\b/.test(text) && isNone(theirs),
  },
  {
    name: 'kept-escapes',
    peer: 'leaves quotes and backslashes of the JSON in its texts',
    holds: (ours, theirs, { text, partial }) =>
      (isText(ours) &&
        isText(theirs) &&
        ours.length < theirs.length &&
        withoutQuotes(ours) === withoutQuotes(theirs)) ||
      (partial && /^\s*"/.test(text) && hasEscapes(theirs) && isInText(ours ?? null, text)),
  },
  {
    name: 'quotes-in-text',
    peer: 'leaves out the first quote of a text that has more behind its last one',
    holds: (ours, theirs, { text }) =>
      isText(ours) &&
      isText(theirs) &&
      text.includes(ours) &&
      !isQuoted(ours) &&
      withoutQuotes(ours) === withoutQuotes(theirs),
  },
  {
    name: 'escapes',
    peer: 'does not decode \\uXXXX outside of strict JSON',
    holds: (ours, theirs) =>
      isText(ours) && isText(theirs) && /\\u[\da-f]{3}/.test(theirs) && !/\\u/.test(ours),
  },
  {
    name: 'comments',
    peer: 'reads a # comment as a key',
    holds: (ours, theirs) => isText(ours) && isText(theirs) && hasComment(theirs) && !hasComment(ours),
  },
  {
    name: 'swallowed',
    peer: 'takes the quotes, commas and fields behind a text for a part of it',
    holds: (ours, theirs, { text }) =>
      swallows(theirs) &&
      !isEmpty(ours) &&
      lostWords(theirs, ours) === 0 &&
      isInText(ours, text) &&
      JSON.stringify(ours).length <= JSON.stringify(theirs).length,
  },
  {
    name: 'states',
    peer: 'calls a value complete that the text has not closed, or begun that it does not have',
    holds: (ours, theirs, { partial }) =>
      partial &&
      ((ours === 'Incomplete' && theirs === 'Complete') || (ours === 'Pending' && theirs === 'Incomplete')),
  },
  {
    name: 'unchecked',
    peer: 'shows a value of an unfinished answer without its checks',
    holds: (ours, theirs, { partial }) =>
      partial && isChecked(ours) && !isChecked(theirs) && same(bare(ours), theirs),
  },
  {
    name: 'trailing-space',
    peer: 'trims the text so far, and shows the space when more has come',
    holds: (ours, theirs, { partial, text }) =>
      partial && isText(ours) && text.endsWith(ours) && ours !== theirs && ours.trimEnd() === theirs,
  },
  {
    name: 'unfinished',
    peer: 'shows a number, truth, enum value or literal that the text may still change',
    holds: (ours, theirs, { partial, text }) => partial && hasOneLess(ours, theirs, text),
  },
  {
    name: 'not-null-item',
    peer: 'shows an object before the field that must not be null has come',
    holds: (ours, theirs, { partial, baml }) => {
      const names = [...baml.matchAll(/^ {2}(\w+) .*@stream\.not_null/gm)].map(([, name]) => name);
      const isEarly = (item) => isObject(item) && names.some((name) => item[name] === null);
      const isWithoutLast = Array.isArray(ours) && Array.isArray(theirs) && same(ours, theirs.slice(0, -1));
      return partial && ((ours === null && isEarly(theirs)) || (isWithoutLast && isEarly(theirs.at(-1))));
    },
  },
  {
    name: 'alias-lists',
    peer: 'puts empty lists where a recursive alias has values, or has none',
    holds: (ours, theirs, { baml }) =>
      /^type T1 = /m.test(baml) &&
      Array.isArray(theirs) &&
      ((isEmpty(theirs) && !isEmpty(ours)) ||
        (isPart(ours, theirs) && theirs.filter(isEmpty).length >= theirs.length - ours.length)),
  },
  {
    name: 'wrapper',
    peer: 'does not look into an object around the wanted value',
    holds: (ours, theirs) =>
      isScalar(ours) && isText(theirs) && /^\{[\w -]+: ([^{}[\],]*)\}$/.exec(theirs)?.[1] === String(ours),
  },
  {
    name: 'kept-fraction',
    peer: 'rounds a fraction where a union has int before float',
    holds: (ours, theirs, { baml }) =>
      typeof ours === 'number' &&
      !Number.isInteger(ours) &&
      theirs === rounded(ours) &&
      /\bint\b[^\n]*\bfloat\b/.test(baml),
  },
  {
    name: 'out-of-range',
    peer: 'answers with another number where 64 bits do not hold the one in the text',
    holds: (ours, theirs, { partial, text }) =>
      !partial &&
      /\d{19}/.test(text) &&
      Array.isArray(ours) &&
      Array.isArray(theirs) &&
      ours.length < theirs.length &&
      same(
        ours,
        theirs.filter((item) => !(Math.abs(item) >= 2 ** 63)),
      ),
  },
  {
    name: 'text-in-objects',
    peer: 'puts text into objects with one field each, where the type takes text',
    holds: (ours, theirs, { baml }) => {
      const inner = innermost(theirs);
      return (
        isText(ours) &&
        isObject(theirs) &&
        isText(inner) &&
        /^function F.*->.*\bstring\b/m.test(baml) &&
        wordsOf(inner).join(' ') === wordsOf(ours).join(' ')
      );
    },
  },
  {
    name: 'empty-object',
    peer: 'shows an object with nothing in it where the text so far is another member of a union',
    holds: (ours, theirs, { partial, text, baml }) =>
      partial &&
      isObject(theirs) &&
      isEmpty(theirs) &&
      isScalar(ours) &&
      isInText(ours, text) &&
      !/[{]/.test(text) &&
      /^function F.* \| /m.test(baml),
  },
  {
    name: 'which-nothing',
    peer: 'fills in another kind of nothing: null, an empty list, an object of nulls, or no entry',
    holds: (ours, theirs) => isEmpty(ours) && (theirs === undefined || isEmpty(theirs)),
  },
  {
    name: 'kept',
    peer: 'answers with nothing at a place where the text has values',
    holds: (ours, theirs, { text, subject }) =>
      (ours !== subject.ok || !isScalar(ours) || /^[{[]/.test(ours)) &&
      (theirs === undefined || isEmpty(theirs) || isPart(theirs, ours)) &&
      !isEmpty(ours) &&
      isState(ours) === isState(theirs ?? ours) &&
      isInText(ours, text),
  },
  {
    name: 'word-of-an-object',
    peer: 'takes a word that stands somewhere in an object for the object',
    holds: (ours, theirs, { text }) =>
      (isObject(ours) || (Array.isArray(ours) && ours.some(isObject))) &&
      isText(theirs) &&
      isInText(ours, text) &&
      wordsOf(theirs).every((word) => JSON.stringify(ours).toLowerCase().includes(word)),
  },
  {
    name: 'text-as-key',
    peer: 'takes a piece of the text with quotes and brackets for a key',
    holds: (ours, theirs, { text }) =>
      isObject(ours) &&
      isObject(theirs) &&
      Object.keys(theirs).some((key) => /["'`{}[\]\n]/.test(key)) &&
      isInText(ours, text),
  },
  {
    name: 'cut-text',
    peer: 'leaves out the end of an object that becomes text',
    holds: (ours, theirs, { text }) =>
      isText(ours) &&
      isText(theirs) &&
      ours !== theirs &&
      /^\{[^{}[\]]+\}$/.test(ours) &&
      theirs.endsWith('}') &&
      ours.startsWith(theirs.slice(0, -1)) &&
      isInText(ours, text),
  },
  {
    name: 'number-spelling',
    peer: 'writes a number that becomes text in another way, 0.10 as 0.1',
    holds: (ours, theirs, { text }) =>
      isText(ours) && isText(theirs) && isSpelledIn(ours, text) && respelled(ours) === respelled(theirs),
  },
  {
    name: 'several-lists',
    peer: 'makes one text of each of several lists of texts, punctuation and all',
    holds: (ours, theirs, { subject }) =>
      ours === subject.ok &&
      Array.isArray(ours) &&
      Array.isArray(theirs) &&
      [...ours, ...theirs].every(isText) &&
      theirs.slice(0, -1).every((item) => /^(?:\[[^]*\]|\{[^]*\})$/.test(item)) &&
      /^[[{]/.test(theirs.at(-1) ?? '') &&
      theirs.filter(isListText).length > 1 &&
      unlisted(ours) === unlisted(theirs.filter(isListText)),
  },
  {
    name: 'all-of-several',
    peer: 'takes the first of several where a list is wanted, too',
    holds: (ours, theirs, { subject }) =>
      ours === subject.ok && Array.isArray(ours) && ours.length > 1 && same(ours[0], theirs),
  },
];

/** The names of the rules that explain every place where two answers differ; empty where one is not explained. */
export function explainPlaces(ours, theirs, facts) {
  const names = new Set();
  const allowed = (one, other) => {
    const rule = PLACES.find((place) => place.holds(one, other, facts));
    if (rule) names.add(rule.name);
    return rule !== undefined;
  };
  return sameBut(ours, theirs, allowed) ? [...names] : [];
}

/** Whether a list has the items of another one, in their order, and more. */
function isPart(part, whole) {
  if (!Array.isArray(part) || !Array.isArray(whole) || part.length >= whole.length) return false;
  let at = 0;
  for (const item of whole) if (at < part.length && same(item, part[at])) at += 1;
  return at === part.length;
}

const NUMBERS = /\d+(?:\.\d*)?(?:e[+-]?\d+)?/gi;
const respelled = (text) => text.replaceAll(NUMBERS, (number) => String(Number(number)));

/** Whether every number of a text stands in another one as it is spelled. */
function isSpelledIn(part, text) {
  const spelled = new Set(text.match(NUMBERS));
  return (part.match(NUMBERS) ?? []).every((number) => spelled.has(number));
}

const isListText = (text) => text.startsWith('[');

/** What a list of texts says, without what makes it a list. */
const unlisted = (items) => withoutQuotes(items.join('')).replaceAll(/[[\],]/g, '');

/** What stands under the only key of objects of one field each. */
const innermost = (value) =>
  isObject(value) && Object.keys(value).length === 1 ? innermost(Object.values(value)[0]) : value;

const hasComment = (text) => /(?:#|\/\/|\/\*)\s/.test(text);

const isNone = (value) =>
  value === 'None' || (Array.isArray(value) && value.length === 1 && isNone(value[0]));

/** Whether `theirs` has what the text ends with, and `ours` is the same without. */
function hasOneLess(ours, theirs, text) {
  if (ours !== undefined && isEmpty(ours) && isScalar(bare(theirs ?? null)))
    return isLast(bare(theirs), text);
  if (!Array.isArray(ours) || !Array.isArray(theirs) || theirs.length === 0) return false;
  const rest = theirs.slice(0, -1);
  if (same(ours, rest)) return isLast(theirs.at(-1), text);
  return (
    ours.length === theirs.length &&
    same(ours.slice(0, -1), rest) &&
    hasOneLess(ours.at(-1), theirs.at(-1), text)
  );
}

const enumValues = (baml) =>
  [...baml.matchAll(/^enum \w+ \{\n((?: {2}.*\n)*)\}/gm)].flatMap(([, body]) =>
    [...body.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name),
  );

function hasFewerKeys(ours, theirs, names) {
  if (!isObject(ours) || !isObject(theirs)) return false;
  const extra = Object.keys(theirs).filter((key) => !Object.hasOwn(ours, key));
  return (
    extra.length > 0 &&
    extra.every((key) => !names.includes(key)) &&
    Object.keys(ours).every((key) => Object.hasOwn(theirs, key) && same(ours[key], theirs[key]))
  );
}

function areAliased(ours, theirs, baml) {
  const aliases = [...baml.matchAll(/^ {2}([A-Z]\w*) @alias\("([^"]+)"\)/gm)];
  const names = new Set(aliases.map(([, name]) => name));
  const nameOf = (key) => aliases.find(([, , alias]) => alias === key)?.[1] ?? key;
  const renamed = Object.fromEntries(Object.entries(theirs).map(([key, value]) => [nameOf(key), value]));
  const isKnown = (key) => (Object.hasOwn(renamed, key) ? same(ours[key], renamed[key]) : names.has(key));
  return (
    leafPairs(ours, theirs).length > 0 &&
    Object.keys(ours).every(isKnown) &&
    lostWords(Object.keys(ours), Object.keys(renamed)) === 0
  );
}
