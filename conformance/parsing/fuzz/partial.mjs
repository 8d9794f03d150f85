// What an unfinished answer may show of the finished one.
import { isObject } from '../../lib/json.mjs';

const STATES = new Set(['Pending', 'Incomplete', 'Complete']);

const isState = (value) =>
  isObject(value) && Object.keys(value).length === 2 && STATES.has(value.state) && 'value' in value;

const unwrapped = (value) => (isState(value) ? value.value : value);

/** Whether `part` shows nothing that `whole` does not have: text may go on, items and entries may follow, nulls may fill. */
export function isPartOf(part, whole) {
  const shown = unwrapped(part);
  const all = unwrapped(whole);
  if (shown === null || shown === undefined) return true;
  if (typeof shown === 'string') return typeof all === 'string' && all.startsWith(shown);
  if (Array.isArray(shown)) {
    return (
      Array.isArray(all) && shown.length <= all.length && shown.every((item, at) => isPartOf(item, all[at]))
    );
  }
  if (isObject(shown)) {
    const isEmpty = Object.values(shown).every((value) => isPartOf(value, null) && isNothing(value));
    if (all === null) return isEmpty;
    return isObject(all) && Object.keys(shown).every((key) => isPartOf(shown[key], all[key] ?? null));
  }
  return shown === all;
}

/** Nothing that a text would have to say: null, or empty. */
function isNothing(value) {
  const shown = unwrapped(value);
  if (shown === null) return true;
  return typeof shown === 'object' && Object.values(shown).every(isNothing);
}

/** Whether, wherever both show something, both show it with its state or both without. */
export function sameWrappers(one, other) {
  if (one === null || other === null || typeof one !== 'object' || typeof other !== 'object') return true;
  if (isState(one) !== isState(other)) return false;
  return Object.keys(one).every((key) => !Object.hasOwn(other, key) || sameWrappers(one[key], other[key]));
}
