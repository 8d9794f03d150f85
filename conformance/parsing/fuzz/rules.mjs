// What this package answers differently on purpose, told from the schema, the text and both answers.
import { isObject } from '../../lib/json.mjs';
import { bare, isEmpty, isState, leafPairs, sameBut, sameWrappers } from './partial.mjs';

const isSchema = (outcome) => outcome.error === 'schema';
const isError = (outcome) => 'error' in outcome && !isSchema(outcome);
const isIncomplete = ({ partial, subject }) =>
  partial && isError(subject) && /not complete/.test(subject.message ?? '');

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
    holds: ({ peer, subject, baml }) =>
      'ok' in subject &&
      /DistributeTypeWithMetaFailure\(Could not unify map/.test(peer.message ?? '') &&
      (baml.match(/map</g)?.length ?? 0) > 1,
  },
  {
    name: 'empty-text',
    peer: 'makes a value of nothing of an empty answer',
    holds: ({ text, peer, subject }) => text.trim() === '' && isError(subject) && isEmpty(peer.ok),
  },
  {
    name: 'nothing-fits',
    peer: 'answers with empty lists where nothing in the text fits',
    holds: ({ partial, peer, subject }) => !partial && isError(subject) && isEmpty(peer.ok),
  },
  {
    name: 'out-of-range',
    peer: 'answers with another number where 64 bits do not hold the one in the text',
    holds: ({ partial, text, peer, subject }) =>
      !partial && isError(subject) && typeof peer.ok === 'number' && /\d{19}/.test(text),
  },
  {
    name: 'nothing-yet',
    peer: 'shows empty values before the answer has begun',
    holds: ({ partial, peer, subject }) => partial && isError(subject) && isEmpty(peer.ok),
  },
  {
    name: 'unfinished-word',
    peer: 'shows a number, truth, enum value or literal that the text may still change',
    holds: (facts) => isIncomplete(facts) && isScalar(facts.peer.ok) && !isWholeText(facts.text),
  },
  {
    name: 'unfinished-item',
    peer: 'shows a field or item that the text may still change, and takes it back',
    holds: ({ partial, text, peer, subject }) =>
      partial &&
      'ok' in peer &&
      (isIncomplete({ partial, subject }) ? isLast(peer.ok, text) : 'ok' in subject) &&
      !isWholeText(text) &&
      ('error' in subject || sameBut(subject.ok, peer.ok, (ours, theirs) => hasOneLess(ours, theirs, text))),
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
    name: 'done-is-final',
    peer: 'shows states inside of some of what streams only when done, where the generated types have none',
    holds: ({ partial, baml, peer, subject }) =>
      partial &&
      'ok' in peer &&
      'ok' in subject &&
      /@@?stream\.done/.test(baml) &&
      sameBut(
        subject.ok,
        peer.ok,
        (ours, theirs) => isState(theirs) && sameBut(ours, theirs.value, () => false),
      ),
  },
  {
    name: 'checked-keys',
    peer: 'keeps any key of a map by an enum',
    holds: ({ baml, peer, subject }) => {
      const names = [...baml.matchAll(/^enum \w+ \{\n((?: {2}.*\n)*)\}/gm)].flatMap(([, body]) =>
        [...body.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name),
      );
      return (
        /map<E\d/.test(baml) &&
        'ok' in peer &&
        'ok' in subject &&
        sameBut(subject.ok, peer.ok, (ours, theirs) => hasFewerKeys(ours, theirs, names))
      );
    },
  },
  {
    name: 'map-alias',
    peer: 'drops entries of a map by an enum whose key is the name of a value with an alias, or keeps the alias as key',
    holds: ({ baml, peer, subject }) =>
      /map<E\d/.test(baml) &&
      /@alias/.test(baml) &&
      'ok' in peer &&
      'ok' in subject &&
      sameBut(
        subject.ok,
        peer.ok,
        (ours, theirs) => isObject(ours) && isObject(theirs) && areAliased(ours, theirs, baml),
      ),
  },
  {
    name: 'braces-are-text',
    peer: 'writes braces and brackets of a text as empty ones',
    holds: ({ text, peer, subject }) => {
      const pairs = 'ok' in peer && 'ok' in subject ? leafPairs(subject.ok, peer.ok) : null;
      return (
        pairs !== null &&
        pairs.every(
          ([ours, theirs]) =>
            typeof ours === 'string' &&
            text.includes(ours) &&
            ((typeof theirs === 'string' && /\{\}|\[\]/.test(theirs)) || isEmpty(theirs)),
        )
      );
    },
  },
  {
    name: 'json-text',
    peer: 'leaves the escapes in the text of a JSON string that other text follows',
    holds: ({ text, subject }) => typeof subject.ok === 'string' && subject.ok === leadingString(text),
  },
  {
    name: 'trailing-space',
    peer: 'trims the text so far, and shows the space when more has come',
    holds: ({ partial, text, peer, subject }) =>
      partial &&
      /\s$/.test(text) &&
      'ok' in peer &&
      'ok' in subject &&
      sameBut(
        subject.ok,
        peer.ok,
        (ours, theirs) => typeof ours === 'string' && text.endsWith(ours) && ours.trimEnd() === theirs,
      ),
  },
  {
    name: 'states',
    peer: 'calls a value complete that the text has not closed, or begun that it does not have',
    holds: ({ partial, text, peer, subject }) => {
      const pairs = 'ok' in peer && 'ok' in subject ? leafPairs(subject.ok, peer.ok) : [];
      return (
        partial &&
        endsInside(text) &&
        pairs.length > 0 &&
        pairs.every(
          ([ours, theirs]) =>
            (ours === 'Incomplete' && theirs === 'Complete') ||
            (ours === 'Pending' && theirs === 'Incomplete'),
        )
      );
    },
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
  {
    name: 'draft',
    peer: 'shows what stands in thinking tags before the answer behind them',
    holds: ({ partial, text, peer, subject }) => {
      const [thinking] = /^\s*<think>[^]*?<\/think>/.exec(text) ?? [];
      return (
        partial && isError(subject) && thinking !== undefined && 'ok' in peer && isInText(peer.ok, thinking)
      );
    },
  },
  {
    name: 'kept-escapes',
    peer: 'leaves quotes and backslashes of the JSON in its texts',
    holds: ({ peer, subject }) => {
      const pairs = 'ok' in peer && 'ok' in subject ? leafPairs(subject.ok, peer.ok) : [];
      return (
        pairs.length > 0 &&
        pairs.every(
          ([ours, theirs]) =>
            typeof ours === 'string' &&
            typeof theirs === 'string' &&
            ours.length < theirs.length &&
            withoutQuotes(ours) === withoutQuotes(theirs),
        )
      );
    },
  },
  {
    name: 'done-root',
    peer: 'shows an object that streams only when done while the text has not closed it',
    holds: (facts) => isIncomplete(facts) && /@@stream\.done/.test(facts.baml) && endsInside(facts.text),
  },
  {
    name: 'swallowed',
    peer: 'takes the quotes, commas and fields behind a text for a part of it',
    holds: ({ text, peer, subject }) => {
      const pairs = 'ok' in peer && 'ok' in subject ? leafPairs(bare(subject.ok), bare(peer.ok)) : [];
      return (
        pairs.some(([, theirs]) => swallows(theirs)) &&
        pairs.every(
          ([ours, theirs]) =>
            !isEmpty(ours) &&
            isInText(ours, text) &&
            (isEmpty(theirs) ||
              (swallows(theirs) && JSON.stringify(ours).length <= JSON.stringify(theirs).length)),
        )
      );
    },
  },
  {
    name: 'not-null-item',
    peer: 'shows an item before the field that must not be null has come',
    holds: ({ partial, baml, peer, subject }) => {
      const names = [...baml.matchAll(/^ {2}(\w+) .*@stream\.not_null/gm)].map(([, name]) => name);
      const isEarly = (item) => isObject(item) && names.some((name) => item[name] === null);
      return (
        partial &&
        'ok' in peer &&
        'ok' in subject &&
        sameBut(
          subject.ok,
          peer.ok,
          (ours, theirs) =>
            (ours === null && isEarly(theirs)) ||
            (Array.isArray(ours) &&
              Array.isArray(theirs) &&
              isEarly(theirs.at(-1)) &&
              sameBut(ours, theirs.slice(0, -1), () => false)),
        )
      );
    },
  },
  {
    name: 'alias-lists',
    peer: 'puts empty lists where a recursive alias has values',
    holds: ({ baml, peer, subject }) => {
      const pairs = 'ok' in peer && 'ok' in subject ? leafPairs(subject.ok, peer.ok) : null;
      return (
        /^type T1 = /m.test(baml) &&
        pairs !== null &&
        pairs.every(
          ([ours, theirs]) =>
            Array.isArray(theirs) &&
            ((isEmpty(theirs) && !isEmpty(ours)) ||
              (Array.isArray(ours) &&
                sameBut(
                  ours,
                  theirs.filter((item) => !isEmpty(item)),
                  () => false,
                ))),
        )
      );
    },
  },
  {
    name: 'kept',
    peer: 'answers with nothing at a place where the text has values',
    holds: ({ text, peer, subject }) => {
      const isKept = (ours, theirs) =>
        (theirs === undefined || isEmpty(theirs)) && !isEmpty(ours) && isInText(ours, text);
      return (
        'ok' in peer &&
        'ok' in subject &&
        (!isScalar(subject.ok) || /^[{[]/.test(subject.ok)) &&
        sameWrappers(subject.ok, peer.ok) &&
        sameBut(bare(subject.ok), bare(peer.ok), isKept)
      );
    },
  },
  {
    name: 'word-of-an-object',
    peer: 'takes an enum value that stands somewhere in an object for the object',
    holds: ({ text, peer, subject }) =>
      'ok' in peer &&
      'ok' in subject &&
      sameBut(
        bare(subject.ok),
        bare(peer.ok),
        (ours, theirs) =>
          isObject(ours) &&
          typeof theirs === 'string' &&
          isInText(ours, text) &&
          lostWords(ours, theirs) === 0,
      ),
  },
  {
    name: 'all-of-several',
    peer: 'takes the first of several where a list is wanted, too',
    holds: ({ peer, subject }) =>
      Array.isArray(subject.ok) && subject.ok.length > 1 && sameBut(subject.ok[0], peer.ok, () => false),
  },
  {
    name: 'alias-in-union',
    peer: 'takes the alias of an enum value for text',
    holds: ({ baml, peer, subject }) =>
      'ok' in peer &&
      'ok' in subject &&
      sameBut(
        subject.ok,
        peer.ok,
        (ours, theirs) => typeof theirs === 'string' && baml.includes(`  ${ours} @alias("${theirs}")`),
      ),
  },
  {
    name: 'unchecked',
    peer: 'shows a value of an unfinished answer without its checks',
    holds: ({ partial, peer, subject }) =>
      partial &&
      'ok' in peer &&
      'ok' in subject &&
      sameBut(bare(subject.ok), bare(peer.ok), () => false) &&
      JSON.stringify(subject.ok).split('"checks"').length > JSON.stringify(peer.ok).split('"checks"').length,
  },
  {
    name: 'text-as-key',
    peer: 'takes a piece of the text with quotes and brackets for a key',
    holds: ({ text, peer, subject }) =>
      'ok' in peer &&
      'ok' in subject &&
      sameBut(
        subject.ok,
        peer.ok,
        (ours, theirs) =>
          isObject(ours) &&
          isObject(theirs) &&
          Object.keys(theirs).some((key) => /["'`{}[\]\n]/.test(key)) &&
          isInText(ours, text),
      ),
  },
  {
    name: 'slip',
    peer: 'guesses otherwise where a character of the punctuation is missing or doubled, and several readings are as good',
    holds: (facts) =>
      !facts.partial &&
      facts.corruptions.some((name) => name.endsWith('Character')) &&
      ('ok' in facts.subject ? isOneReading(facts) : isMismatched(facts.text) || hasEscapes(facts.peer.ok)),
  },
  {
    name: 'code-words',
    peer: 'reads None, True and False of Python as text',
    holds: ({ text, peer, subject }) => {
      const pairs = 'ok' in peer && 'ok' in subject ? leafPairs(subject.ok, peer.ok) : [];
      const isNone = (value) =>
        value === 'None' || (Array.isArray(value) && value.length === 1 && isNone(value[0]));
      return (
        pairs.length > 0 &&
        /\bNone\b/.test(text) &&
        pairs.every(([ours, theirs]) => ours === null && isNone(theirs))
      );
    },
  },
  {
    name: 'word-in-key',
    peer: 'takes a word of a key for the value',
    holds: ({ text, partial, peer, subject }) => {
      const words =
        'ok' in peer && !isEmpty(peer.ok) ? wordsOf(JSON.stringify(Object.values(bare(peer.ok)))) : [];
      const keys = [...text.matchAll(/["'`]?([\w -]+)["'`]?\s*:/g)].flatMap(([, key]) => wordsOf(key));
      const values = wordsOf(text.replaceAll(/["'`]?[\w -]+["'`]?\s*:/g, ' '));
      return (
        !partial &&
        isError(subject) &&
        words.length > 0 &&
        words.every((word) => !values.includes(word) && keys.some((key) => key.includes(word)))
      );
    },
  },
  {
    name: 'which-nothing',
    peer: 'fills in another kind of nothing: null, an empty list, an object of nulls, or no entry',
    holds: ({ peer, subject }) =>
      'ok' in peer &&
      'ok' in subject &&
      sameBut(
        subject.ok,
        peer.ok,
        (ours, theirs) => isEmpty(ours) && (theirs === undefined || isEmpty(theirs)),
      ),
  },
];

/** Whether a text is one JSON value that more text would not go on with. */
function isWholeText(text) {
  try {
    return typeof JSON.parse(text) !== 'number';
  } catch {
    return false;
  }
}

const isScalar = (value) => value !== null && typeof value !== 'object';

/** Whether the text ends in a word, a number or a string that has no end, or in a list that has none. */
function endsInside(text) {
  const strings = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').replaceAll(/'(?:[^'\\]|\\.)*'/g, '""');
  const opened = strings.split(/[[{]/).length - strings.split(/[\]}]/).length;
  return /[\w.+\\-]$|["'`][\w .+\\-]*$/.test(strings) || opened > 0;
}

/** Whether a text has what stands between the fields and items of JSON. */
const swallows = (value) => typeof value === 'string' && /["'`]\s*[,:}\]"'`]|[,:{]\s*\\?["'`]/.test(value);

/** Whether every word of a value stands in the text, as does every key that has one. */
function isInText(value, text) {
  const part = bare(value);
  if (part === null) return true;
  if (Array.isArray(part)) return part.every((item) => isInText(item, text));
  if (typeof part === 'number') return numbersOf(text).includes(part);
  if (!isObject(part)) return wordsOf(String(part)).every((word) => text.toLowerCase().includes(word));
  return Object.entries(part).every(
    ([key, item]) => isEmpty(item) || (isInText(key, text) && isInText(item, text)),
  );
}

/** Whether a closer closes another kind of bracket, or none, or something comes behind the end, or quotes are odd. */
function isMismatched(text) {
  const open = [];
  const plain = text.replaceAll(/\\./g, '').replaceAll(/"[^"\n]*"|'[^'\n]*'/g, '');
  for (const [bracket] of plain.matchAll(/[[\]{}]/g)) {
    if (bracket === '[' || bracket === '{') open.push(bracket);
    else if (open.pop() !== (bracket === ']' ? '[' : '{')) return true;
  }
  return open.length > 0 || /["']/.test(plain);
}

/** Nothing in the answer is invented, and what the other one has is there, too, unless brackets or quotes say otherwise. */
const isOneReading = ({ text, peer, subject }) =>
  isInText(subject.ok, text) && (isMismatched(text) || lostWords(subject.ok, peer.ok) <= 4);

const hasEscapes = (value) => JSON.stringify(value ?? null).includes('\\\\');

/** How many words the other answer has that this one does not have. */
function lostWords(ours, theirs) {
  const words = new Set(wordsOf(JSON.stringify(ours)));
  return wordsOf(JSON.stringify(theirs ?? null)).filter((word) => !words.has(word)).length;
}

const numbersOf = (text) => (text.match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi) ?? []).map(Number);

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const withoutQuotes = (text) => text.replaceAll(/\\[nrt]|["'`\\\s]/g, '');

function leadingString(text) {
  const [string] = /^"(?:[^"\\]|\\.)*"/.exec(text.trim()) ?? [];
  try {
    return string && JSON.parse(string);
  } catch {
    return undefined;
  }
}

/** Whether a value, or the last of nested lists, is what the text ends with. */
function isLast(value, text) {
  if (Array.isArray(value)) return value.length === 1 && isLast(value[0], text);
  return (
    isScalar(value) &&
    wordsOf(text)
      .join(' ')
      .endsWith(wordsOf(String(value)).join(' '))
  );
}

/** Whether `theirs` has what the text ends with, and `ours` is the same without. */
function hasOneLess(ours, theirs, text) {
  if (isEmpty(ours) && isScalar(theirs)) return isLast(theirs, text);
  if (!Array.isArray(ours) || !Array.isArray(theirs) || theirs.length === 0) return false;
  const last = theirs.at(-1);
  const rest = theirs.slice(0, -1);
  if (sameBut(ours, rest, () => false)) return isLast(last, text);
  return (
    ours.length === theirs.length &&
    sameBut(ours.slice(0, -1), rest, () => false) &&
    hasOneLess(ours.at(-1), last, text)
  );
}

function hasFewerKeys(ours, theirs, names) {
  if (!isObject(ours) || !isObject(theirs)) return false;
  const extra = Object.keys(theirs).filter((key) => !Object.hasOwn(ours, key));
  const kept = Object.keys(ours);
  return (
    extra.length > 0 &&
    extra.every((key) => !names.includes(key)) &&
    kept.every((key) => Object.hasOwn(theirs, key) && sameBut(ours[key], theirs[key], () => false))
  );
}

function areAliased(ours, theirs, baml) {
  const aliases = [...baml.matchAll(/^ {2}([A-Z]\w*) @alias\("([^"]+)"\)/gm)];
  const names = new Set(aliases.map(([, name]) => name));
  const name = (key) => aliases.find(([, , alias]) => alias === key)?.[1] ?? key;
  const renamed = Object.fromEntries(Object.entries(theirs).map(([key, value]) => [name(key), value]));
  return Object.keys(ours).every((key) =>
    Object.hasOwn(renamed, key) ? sameBut(ours[key], renamed[key], () => false) : names.has(key),
  );
}
