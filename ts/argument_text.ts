/**
 * Arguments as JSON text, for the addon: one text crosses faster than the properties one by one.
 *
 * Only what the text says exactly is written. The addon reads everything else itself, and knows what to do with it:
 * media, `Date`, `Map`, `BigInt`, `NaN`, what is circular or very deep, whatever has a `toJSON`.
 */

/** What is in a value: plain data, plain data with `undefined` in it, or something that JSON has no exact word for. */
type Contents = typeof PLAIN | typeof WITH_UNDEFINED | typeof OTHER;

const PLAIN = 0;
const WITH_UNDEFINED = 1;
const OTHER = 2;

/** Below the depth that the addon's reader of JSON accepts; it reads deeper arguments itself, up to its own limit. */
const MAX_DEPTH = 100;

/** The argument's JSON text, or `null` when it must be read property by property. `undefined` is written as null. */
export function writeArgument(argument: object): string | null {
  const contents = contentsOf(argument, MAX_DEPTH);
  if (contents === OTHER) return null;
  try {
    return contents === PLAIN ? JSON.stringify(argument) : JSON.stringify(argument, undefinedAsNull);
  } catch {
    // Longer than a text can be.
    return null;
  }
}

const undefinedAsNull = (_key: string, value: unknown): unknown => (value === undefined ? null : value);

function contentsOf(value: object, depth: number): Contents {
  if (depth === 0 || (value as { toJSON?: unknown }).toJSON !== undefined) return OTHER;
  if (Array.isArray(value)) return contentsOfItems(value, depth - 1);
  return isPlain(value) ? contentsOfEntries(value as Record<string, unknown>, depth - 1) : OTHER;
}

function contentsOfItems(items: readonly unknown[], depth: number): Contents {
  let contents: Contents = PLAIN;
  for (let index = 0; index < items.length; index++) {
    const found = contentsOfPart(items[index], depth);
    if (found > contents) contents = found;
    if (contents === OTHER) break;
  }
  return contents;
}

function contentsOfEntries(entries: Record<string, unknown>, depth: number): Contents {
  let contents: Contents = PLAIN;
  // Inherited entries are met too, and make no difference but to take the longer way.
  for (const key in entries) {
    const found = contentsOfPart(entries[key], depth);
    if (found > contents) contents = found;
    if (contents === OTHER) break;
  }
  return contents;
}

function contentsOfPart(value: unknown, depth: number): Contents {
  switch (typeof value) {
    case 'object':
      return value === null ? PLAIN : contentsOf(value, depth);
    case 'number':
      return Number.isFinite(value) ? PLAIN : OTHER;
    case 'undefined':
      return WITH_UNDEFINED;
    case 'bigint':
      return OTHER;
    default:
      // Strings and booleans; functions and symbols are left out by both ways.
      return PLAIN;
  }
}

/** Whether an object is no more than its own entries: a literal, or an instance of a class that somebody wrote. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return true;
  return Object.prototype.toString.call(value) === '[object Object]' && !(value instanceof Map);
}
