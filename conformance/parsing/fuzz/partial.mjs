// Two values side by side: what one has of the other.
import { isObject } from '../../lib/json.mjs';

const STATES = new Set(['Pending', 'Incomplete', 'Complete']);

export const isState = (value) =>
  isObject(value) && Object.keys(value).length === 2 && STATES.has(value.state) && 'value' in value;

export const isChecked = (value) =>
  isObject(value) &&
  Object.keys(value).length === 2 &&
  isObject(value.checks) &&
  Object.values(value.checks).every((check) => check?.status !== undefined);

/** A value without stream states and check results, at any depth. */
export function bare(value) {
  if (isState(value) || isChecked(value)) return bare(value.value);
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, bare(item)]));
}

export const unwrapped = (value) => (isState(value) ? value.value : value);

/** Whether there is nothing in a value that a text would have to say: null, or lists and objects of nothing. */
export function isEmpty(value) {
  if (value === undefined) return false;
  const shown = unwrapped(value);
  if (shown === null) return true;
  return typeof shown === 'object' && Object.values(shown).every(isEmpty);
}

/**
 * Whether `part` shows nothing that `whole` does not have: text may go on, items and entries may follow, nulls may
 * fill.
 */
export function isPartOf(part, whole) {
  const shown = isChecked(unwrapped(part)) ? unwrapped(part).value : unwrapped(part);
  const all = bare(whole) ?? null;
  if (isEmpty(shown)) return true;
  if (typeof shown === 'string') return typeof all === 'string' && all.startsWith(shown);
  if (Array.isArray(shown)) {
    return (
      Array.isArray(all) &&
      shown.length <= all.length &&
      shown.every((item, index) => isPartOf(item, all[index]))
    );
  }
  if (isObject(shown))
    return isObject(all) && Object.keys(shown).every((key) => isPartOf(shown[key], all[key]));
  return shown === all;
}

/** Whether, wherever both show something, both show it with its state or both without. */
export function sameWrappers(one, other) {
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return true;
  if (isState(one) !== isState(other)) return false;
  return Object.keys(one).every((key) => !Object.hasOwn(other, key) || sameWrappers(one[key], other[key]));
}

/** Whether two values are the same but for places of which `allowed` says that they may differ. */
export function sameBut(one, other, allowed) {
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    if (one.every((item, index) => sameBut(item, other[index], allowed))) return true;
  } else if (isObject(one) && isObject(other)) {
    const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
    const isSame = [...keys].every(
      (key) =>
        (Object.hasOwn(one, key) && Object.hasOwn(other, key) && sameBut(one[key], other[key], allowed)) ||
        (Object.hasOwn(one, key) && allowed(one[key], other[key])),
    );
    if (isSame) return true;
  } else if (one === other) return true;
  return allowed(one, other);
}

/** The places where two values differ, as pairs: the smallest parts that have no counterpart of the same kind. */
export function leafPairs(one, other) {
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) {
    return one.flatMap((item, index) => leafPairs(item, other[index]));
  }
  if (isObject(one) && isObject(other) && sameKeys(one, other)) {
    return Object.keys(one).flatMap((key) => leafPairs(one[key], other[key]));
  }
  return one === other ? [] : [[one, other]];
}

const sameKeys = (one, other) => {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => Object.hasOwn(other, key));
};
