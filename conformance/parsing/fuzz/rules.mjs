// What this package answers differently on purpose, told from the schema, the text and the two answers as wholes.
import { isObject } from '../../lib/json.mjs';
import { bare, isEmpty } from './partial.mjs';
import {
  endsInside,
  hasEscapes,
  isInText,
  isLast,
  isMismatched,
  isOfKeys,
  isQuoted,
  isWholeText,
  leadingString,
  lostWords,
  withoutQuotes,
  wordsOf,
} from './wording.mjs';

const isSchema = (outcome) => outcome.error === 'schema';
const isError = (outcome) => 'error' in outcome && !isSchema(outcome);
const isIncomplete = ({ partial, subject }) =>
  partial && isError(subject) && /not complete/.test(subject.message ?? '');
const hasSlip = ({ corruptions }) =>
  corruptions.some((name) => name.endsWith('Character')) ||
  // A word without quotes beside one with them, and no comma: a quote may end a text there or begin one.
  (corruptions.includes('dropComma') && corruptions.includes('unquoteOne'));

/** Each rule has a name, what the peer does, and whether it `holds` of a difference. */
export const RULES = [
  {
    name: 'literal-list',
    peer: 'refuses a list of a literal without parentheses, `"a"[]`',
    holds: ({ peer, subject, baml }) => isSchema(peer) && !isSchema(subject) && /("|\b\d+)\[\]/.test(baml),
  },
  {
    name: 'schema-order',
    peer: 'shows the absent fields of an unfinished object in an order of its own',
    holds: ({ verdict, partial }) => verdict === 'order' && partial,
  },
  {
    name: 'union-of-maps',
    peer: 'fails on the answer that it has found when a union has two maps',
    holds: ({ peer, subject, baml, text }) =>
      'ok' in subject &&
      /DistributeTypeWithMetaFailure\(Could not unify map/.test(peer.message ?? '') &&
      (baml.match(/map</g)?.length ?? 0) > 1 &&
      (isEmpty(subject.ok) || isInText(subject.ok, text) || /@alias/.test(baml)),
  },
  {
    name: 'nothing-fits',
    peer: 'makes empty values of an answer in which nothing fits, or that is empty',
    holds: ({ partial, peer, subject }) => !partial && isError(subject) && isEmpty(peer.ok),
  },
  {
    name: 'nothing-yet',
    peer: 'shows empty values before the answer has begun',
    holds: ({ partial, peer, subject }) => partial && isError(subject) && isEmpty(peer.ok),
  },
  {
    name: 'out-of-range',
    peer: 'answers with another number where 64 bits do not hold the one in the text',
    holds: ({ partial, text, peer, subject }) =>
      !partial &&
      typeof peer.ok === 'number' &&
      /\d{19}/.test(text) &&
      (isError(subject) || subject.ok === null || subject.ok === text.match(/\d{19,}/)[0]),
  },
  {
    name: 'unfinished',
    peer: 'shows a number, truth, enum value or literal that the text may still change',
    holds: (facts) =>
      isIncomplete(facts) &&
      !isWholeText(facts.text) &&
      (isLast(facts.peer.ok, facts.text) || (facts.peer.ok !== null && typeof facts.peer.ok !== 'object')),
  },
  {
    name: 'not-null-root',
    peer: 'makes up an object where a required field of the outermost one has not come',
    holds: (facts) =>
      isIncomplete(facts) &&
      isObject(facts.peer.ok) &&
      /@stream\.not_null/.test(facts.baml) &&
      /^ {2}\w+: is/m.test(facts.subject.message),
  },
  {
    name: 'done-root',
    peer: 'shows an object that streams only when done while the text has not closed it, or without a field that is required',
    holds: (facts) =>
      isIncomplete(facts) &&
      /@@stream\.done/.test(facts.baml) &&
      (endsInside(facts.text) || lacksRequired(facts.peer.ok, facts.baml)),
  },
  {
    name: 'draft',
    peer: 'takes what stands in thinking tags for the answer, or shows it before the answer behind them',
    holds: ({ partial, text, peer, subject }) => {
      const [thinking] = /^\s*<think>[^]*?<\/think>/.exec(text) ?? [];
      if (thinking === undefined || !('ok' in peer)) return false;
      const rest = text.replace(thinking, '');
      if (isError(subject)) return partial && isInText(peer.ok, thinking);
      return isInText(subject.ok, rest) && !isInText(peer.ok, rest);
    },
  },
  {
    name: 'json-text',
    peer: 'leaves the escapes in the text of a JSON string that other text follows',
    holds: ({ text, subject }) => typeof subject.ok === 'string' && subject.ok === leadingString(text),
  },
  {
    name: 'quotes-in-text',
    peer: 'leaves out the first quote of a text that has more behind its last one',
    holds: ({ text, peer, subject }) => {
      const theirs = Array.isArray(peer.ok) && peer.ok.length === 1 ? peer.ok[0] : peer.ok;
      return (
        typeof subject.ok === 'string' &&
        typeof theirs === 'string' &&
        /["'`]/.test(subject.ok) &&
        !isQuoted(subject.ok) &&
        text.includes(subject.ok) &&
        withoutQuotes(subject.ok) === withoutQuotes(theirs)
      );
    },
  },
];

/** What is left where no rewriting and no rule about places explains a difference. */
export const LAST_RULES = [
  {
    name: 'word-in-key',
    peer: 'takes a word of a key for the value',
    holds: ({ text, partial, peer, subject }) =>
      !partial &&
      'ok' in peer &&
      (isError(subject) || isInText(subject.ok, text)) &&
      (isOfKeys(peer.ok, text) || isFieldOfKeys(peer.ok, subject, text)),
  },
  {
    name: 'closer-as-text',
    peer: 'takes the brace or bracket that closes a value for a text',
    holds: ({ text, partial, peer, subject }) =>
      !partial &&
      isError(subject) &&
      isObject(peer.ok) &&
      Object.values(peer.ok).some((part) => /^[\]}]+$/.test(part) && !text.includes(`"${part}"`)),
  },
  {
    name: 'word-across',
    peer: 'finds a word in letters that punctuation and line breaks stand between',
    holds: ({ text, partial, peer, subject }) => {
      if (partial || !isError(subject) || typeof peer.ok !== 'string') return false;
      const [word, said] = [peer.ok.toLowerCase(), text.toLowerCase()];
      return !said.includes(word) && wordsOf(said).join('').includes(wordsOf(word).join(''));
    },
  },
  {
    name: 'list-in-wrapper',
    peer: 'takes a word of a list in another object for the value',
    holds: ({ text, partial, subject }) =>
      !partial && isError(subject) && /^\s*\{\s*["'`]?\w+["'`]?\s*:\s*\[/.test(text),
  },
  {
    name: 'null-for-optional',
    peer: 'refuses what is no value of a type that may be null',
    holds: ({ baml, peer, subject }) =>
      isError(peer) && subject.ok === null && /^function F\(.*\?/m.test(baml),
  },
  {
    name: 'refused',
    peer: 'refuses an answer of which every part can be read',
    holds: ({ text, peer, subject }) =>
      isError(peer) && 'ok' in subject && isInText(subject.ok, text) && hasMostOf(subject.ok, text),
  },
  {
    name: 'as-written',
    peer: 'takes another value, or none, for the one that is written behind the key',
    holds: ({ text, baml, peer, subject }) =>
      isObject(subject.ok) && isObject(peer.ok) && isAsWritten(subject.ok, peer.ok, { text, baml }),
  },
  {
    name: 'slip',
    peer: 'guesses otherwise where a character of the punctuation is missing or doubled, and several readings are as good',
    holds: (facts) =>
      hasSlip(facts) &&
      ('ok' in facts.subject
        ? isOneReading(facts)
        : !facts.partial && (isMismatched(facts.text) || hasEscapes(facts.peer.ok))),
  },
];

/** Whether a field that is refused here is a word of a key there. */
const isFieldOfKeys = (theirs, subject, text) =>
  isObject(theirs) &&
  Object.entries(theirs).some(
    ([field, value]) =>
      typeof value === 'string' &&
      new RegExp(`^ {2}${field}\\b`, 'm').test(subject.message ?? '') &&
      isOfKeys(value, text),
  );

/** Whether an object has null in a field that cannot be null. */
function lacksRequired(object, baml) {
  if (!isObject(object)) return false;
  const isRequired = (field) => new RegExp(`^ {2}${field} (?!.*(?:\\?|\\bnull\\b))`, 'm').test(baml);
  return Object.keys(object).some((field) => bare(object[field]) === null && isRequired(field));
}

/** Whether each place where two objects differ is a scalar that stands behind its key in the text. */
function isAsWritten(ours, theirs, facts) {
  return Object.keys(ours).every((key) => {
    const [one, other] = [bare(ours[key]), bare(theirs[key])];
    if (JSON.stringify(one) === JSON.stringify(other)) return true;
    if (isObject(one) && isObject(other)) return isAsWritten(one, other, facts);
    return one !== null && typeof one !== 'object' && isBehindKey(key, one, facts);
  });
}

function isBehindKey(field, value, { text, baml }) {
  const [, alias = field] = new RegExp(`^ {2}${field} .*@alias\\("([^"]+)"\\)`, 'm').exec(baml) ?? [];
  const places = text.split(`"${alias}"`).slice(1);
  const written = places.filter((rest) => rest.trimStart().startsWith(':'));
  const isSaid = (rest) => {
    const said = rest.trimStart().slice(1).trimStart();
    const json = JSON.stringify(value);
    return said.startsWith(json) && /^\s*[,}]/.test(said.slice(json.length));
  };
  return written.some(isSaid);
}

/** Whether at least seven of ten words of a text are in the answer. */
function hasMostOf(value, text) {
  const words = wordsOf(text);
  const said = new Set(wordsOf(JSON.stringify(value)));
  return words.filter((word) => !said.has(word)).length <= 0.3 * words.length;
}

/** Nothing in the answer is invented, and what the other one has is there, too, unless brackets or quotes say otherwise. */
const isOneReading = ({ text, peer, subject }) =>
  isInText(subject.ok, text) && (isMismatched(text) || lostWords(subject.ok, peer.ok) <= 4);
