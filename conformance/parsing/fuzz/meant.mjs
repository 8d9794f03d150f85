// The value that a text was printed from, in the terms of its schema.
import { isObject } from '../../lib/json.mjs';

/** The value of strict JSON with the names of fields and enum values for their aliases; undefined if it is none. */
export function meantValue(text, baml) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const aliases = new Map(
    [...baml.matchAll(/^ {2}(\w+) (?:.*)?@alias\("([^"]+)"\)/gm)].map(([, name, alias]) => [alias, name]),
  );
  return renamed(value, aliases);
}

function renamed(value, aliases) {
  if (typeof value === 'string') return aliases.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, aliases));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [aliases.get(key) ?? key, renamed(item, aliases)]),
  );
}
