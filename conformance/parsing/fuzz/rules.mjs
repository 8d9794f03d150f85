// What this package answers differently on purpose, told from the schema, the text and the two answers as wholes.
import { isObject } from '../../lib/json.mjs';
import { bare, isEmpty } from './partial.mjs';
import {
  endsInside,
  hasEscapes,
  isInText,
  isLast,
  isMismatched,
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
const hasSlip = ({ corruptions }) => corruptions.some((name) => name.endsWith('Character'));

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
      (isError(subject) || subject.ok === text.match(/\d{19,}/)[0]),
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
    peer: 'shows an object that streams only when done while the text has not closed it',
    holds: (facts) => isIncomplete(facts) && /@@stream\.done/.test(facts.baml) && endsInside(facts.text),
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
    holds: ({ text, peer, subject }) =>
      typeof subject.ok === 'string' &&
      typeof peer.ok === 'string' &&
      /["'`]/.test(subject.ok) &&
      text.includes(subject.ok) &&
      withoutQuotes(subject.ok) === withoutQuotes(peer.ok),
  },
];

/** What is left where no rewriting and no rule about places explains a difference. */
export const LAST_RULES = [
  {
    name: 'word-in-key',
    peer: 'takes a word of a key for the value',
    holds: ({ text, partial, peer, subject }) => {
      if (partial || !isError(subject) || !('ok' in peer)) return false;
      const words = wordsOf(JSON.stringify(Object.values(bare(peer.ok) ?? {})));
      const keys = [...text.matchAll(/["'`]?([\w -]+)["'`]?\s*:/g)].flatMap(([, key]) => wordsOf(key));
      const values = wordsOf(text.replaceAll(/["'`]?[\w -]+["'`]?\s*:/g, ' '));
      const isOfKey = (word) => !values.includes(word) && keys.some((key) => key.includes(word));
      return words.length > 0 && words.every(isOfKey);
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
    name: 'slip',
    peer: 'guesses otherwise where a character of the punctuation is missing or doubled, and several readings are as good',
    holds: (facts) =>
      hasSlip(facts) &&
      ('ok' in facts.subject
        ? isOneReading(facts)
        : !facts.partial && (isMismatched(facts.text) || hasEscapes(facts.peer.ok))),
  },
];

/** Whether at least seven of ten words of a text are in the answer. */
const hasMostOf = (value, text) => lostWords(value, text) <= 0.3 * wordsOf(JSON.stringify(text)).length;

/** Nothing in the answer is invented, and what the other one has is there, too, unless brackets or quotes say otherwise. */
const isOneReading = ({ text, peer, subject }) =>
  isInText(subject.ok, text) && (isMismatched(text) || lostWords(subject.ok, peer.ok) <= 4);
