// What a text says, told without reading it as JSON: its words and numbers, its quotes, and how it ends.
import { isObject } from '../../lib/json.mjs';
import { bare, isEmpty } from './partial.mjs';

export const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

const numbersOf = (text) => (text.match(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi) ?? []).map(Number);

const unescaped = (text) =>
  text.replaceAll(/\\u([\da-f]{4})/gi, (_, hex) => String.fromCharCode(Number(`0x${hex}`)));

/** Half is rounded away from zero. */
export const rounded = (number) => Math.sign(number) * Math.round(Math.abs(number));

/** Whether every word and number of a value stands in the text, as does every key that has one: nothing is invented. */
export function isInText(value, text) {
  const part = bare(value);
  if (part === null) return true;
  if (Array.isArray(part)) return part.every((item) => isInText(item, text));
  if (typeof part === 'number')
    return numbersOf(text).some((number) => number === part || rounded(number) === part);
  if (!isObject(part)) {
    const said = unescaped(text).toLowerCase();
    return wordsOf(String(part)).every((word) => said.includes(word));
  }
  return Object.entries(part).every(
    ([key, item]) => isEmpty(item) || (isInText(key, text) && isInText(item, text)),
  );
}

/** How many words of `other` a value does not have. */
export function lostWords(value, other) {
  const words = new Set(wordsOf(JSON.stringify(value)));
  return wordsOf(JSON.stringify(other ?? null)).filter((word) => !words.has(word)).length;
}

/** Whether a value, or the last of nested lists, is what the text ends with. */
export function isLast(value, text) {
  if (value !== null && typeof value === 'object') {
    const parts = Object.values(value).filter((part) => !isEmpty(part));
    return parts.length === 1 && isLast(parts[0], text);
  }
  if (typeof value === 'number') {
    const [last] = /[-+]?\d[\d.,]*(?:e[-+]?\d*)?$/i.exec(text.trimEnd()) ?? [];
    if (last !== undefined && Number(last.replaceAll(',', '')) === value) return true;
  }
  const words = value === null ? [] : wordsOf(String(value));
  return words.length > 0 && wordsOf(text).join(' ').endsWith(words.join(' '));
}

/** Whether a text begins and ends with a quote that stands nowhere else in it: then the quotes are not of it. */
export const isQuoted = (text) => /^(["'`])(?:(?!\1)[^])*\1$/.test(text);

const KEY = /["'`]?([\w -]+)["'`]?\s*:/g;

/** Whether every word of a value stands in keys of the text and nowhere else. */
export function isOfKeys(value, text) {
  const shown = bare(value) ?? {};
  const words = wordsOf(JSON.stringify(typeof shown === 'object' ? Object.values(shown) : shown));
  const keys = [...text.matchAll(KEY)].flatMap(([, key]) => wordsOf(key));
  const values = wordsOf(text.replaceAll(KEY, ' '));
  const isOfKey = (word) => !values.includes(word) && keys.some((key) => key.includes(word));
  return words.length > 0 && words.every(isOfKey);
}

/** Whether a text is one JSON value that more text would not go on with. */
export function isWholeText(text) {
  try {
    return typeof JSON.parse(text) !== 'number';
  } catch {
    return false;
  }
}

/** Whether the text ends in a word, a number or a string that has no end, or in an object or list that has none. */
export function endsInside(text) {
  const strings = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').replaceAll(/'(?:[^'\\]|\\.)*'/g, '""');
  const opened = strings.split(/[[{]/).length - strings.split(/[\]}]/).length;
  return /[\w.+\\-]$|["'`][\w .+\\-]*$/.test(strings) || opened > 0;
}

/** Whether a closer closes another kind of bracket, or none, or quotes are odd: then there are several readings. */
export function isMismatched(text) {
  const open = [];
  const plain = text.replaceAll(/\\./g, '').replaceAll(/"[^"\n]*"|'[^'\n]*'/g, '');
  for (const [bracket] of plain.matchAll(/[[\]{}]/g)) {
    if (bracket === '[' || bracket === '{') open.push(bracket);
    else if (open.pop() !== (bracket === ']' ? '[' : '{')) return true;
  }
  return open.length > 0 || /["']/.test(plain);
}

/** Whether a text has in it what stands between the fields and items of JSON. */
export const swallows = (value) =>
  typeof value === 'string' && /["'`]\s*[,:}\]"'`]|[,:{]\s*\\?["'`]/.test(value);

/** Whether a value has backslashes in its texts. */
export const hasEscapes = (value) => JSON.stringify(value ?? null).includes('\\\\');

export const withoutQuotes = (text) => text.replaceAll(/\\[nrt]|["'`\\\s]/g, '');

/** The text of the JSON string that a text begins with. */
export function leadingString(text) {
  const [string] = /^"(?:[^"\\]|\\.)*"/.exec(text.trim()) ?? [];
  try {
    return string && JSON.parse(string);
  } catch {
    return undefined;
  }
}
