// Comparison of JSON values: key order never matters here, and the first difference has a path.

/** The same value with the keys of every object sorted. */
export function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).toSorted();
  return Object.fromEntries(keys.map((key) => [key, canonical(value[key])]));
}

export const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

export const same = (left, right) => JSON.stringify(canonical(left)) === JSON.stringify(canonical(right));

/** A copy of an object without some of its keys. */
export const without = (value, ...keys) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));

/** Where two values first differ, as `$.path: want X got Y`; null when they are the same. */
export function firstDifference(want, got, path = '$') {
  if (same(want, got)) return null;
  const bothObjects = isObject(want) && isObject(got);
  const bothLists = Array.isArray(want) && Array.isArray(got);
  if (bothObjects || bothLists) {
    for (const key of new Set([...Object.keys(want), ...Object.keys(got)])) {
      const difference = firstDifference(want[key], got[key], `${path}.${key}`);
      if (difference) return difference;
    }
  }
  return `${path}: want ${show(want)} got ${show(got)}`;
}

/** A value as one line of text, cut to `limit` characters. */
export function show(value, limit = 400) {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > limit ? `${text.slice(0, limit)}… (${text.length} characters)` : text;
}
