// JavaScript values as JSON, and the comparison of parsed values.
import { isObject } from '../lib/json.mjs';

/** JSON cannot carry every JavaScript value; those that it cannot become `{"$js": "…"}`. */
export function encode(value) {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return encodeNumber(value);
  if (typeof value === 'bigint') return { $js: `bigint:${value}` };
  if (typeof value !== 'object') return { $js: typeof value };
  if (Array.isArray(value)) return value.map(encode);
  return encodeObject(value);
}

function encodeNumber(value) {
  if (Object.is(value, -0)) return { $js: '-0' };
  return Number.isFinite(value) ? value : { $js: String(value) };
}

function encodeObject(value) {
  // No prototype: a key named __proto__ must survive as an own key.
  const result = Object.create(null);
  for (const key of Object.keys(value)) result[key] = encode(value[key]);
  return result;
}

/** 'same', 'order' (equal but for the order of object keys) or 'differ'. */
export function compareValues(want, got) {
  if (!equal(want, got)) return 'differ';
  return sameOrder(want, got) ? 'same' : 'order';
}

function equal(want, got) {
  if (Array.isArray(want)) {
    return (
      Array.isArray(got) && want.length === got.length && want.every((item, index) => equal(item, got[index]))
    );
  }
  if (!isObject(want)) return want === got;
  if (!isObject(got)) return false;
  const keys = Object.keys(want);
  return (
    keys.length === Object.keys(got).length &&
    keys.every((key) => Object.hasOwn(got, key) && equal(want[key], got[key]))
  );
}

function sameOrder(want, got) {
  if (Array.isArray(want)) return want.every((item, index) => sameOrder(item, got[index]));
  if (!isObject(want)) return true;
  const keys = Object.keys(want);
  const keysAgree = isChecks(want) || Object.keys(got).every((key, index) => key === keys[index]);
  return keysAgree && keys.every((key) => sameOrder(want[key], got[key]));
}

// The peer keeps the results of checks in a hash map: their order changes from run to run.
function isChecks(value) {
  const results = Object.values(value);
  return results.length > 0 && results.every(isCheck);
}

const isCheck = (value) =>
  isObject(value) &&
  Object.keys(value).length === 3 &&
  ['name', 'expression', 'status'].every((key) => Object.hasOwn(value, key));
