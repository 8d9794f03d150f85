/**
 * Arguments packed for the addon: one array of numbers and one text cross faster than the properties one by one.
 *
 * Only plain data is packed, and each of its properties is read once. The addon reads everything else itself, and knows
 * what to do with it: media, `Date`, `Map`, `BigInt`, functions, what is circular or very deep.
 */

/** What stands before a part. `src/packed_argument.rs` unpacks them. */
const NULL = 0;
const FALSE = 1;
const TRUE = 2;
/** Before the number. */
const NUMBER = 3;
/** The next of the texts. */
const TEXT = 4;
/** Before the number of its items, and them. */
const LIST = 5;
/** Before the number of its last key, and the values of all its keys. */
const OBJECT = 6;

/** What is deeper is left to the addon, which knows how deep an argument may be, and what goes in circles. */
const MAX_DEPTH = 100;

/** How many codes there is room for at first, and how many may stay in memory between two arguments. */
const ROOM = 256;
const KEPT_ROOM = 65_536;

/**
 * The codes of the argument, then the number of the key before each key, how many keys there are, and how many texts;
 * and the texts: first the keys. A NUL stands behind each.
 */
export type PackedArgument = [codes: Float64Array, texts: string];

/** A key behind certain others: objects with the same keys in the same order have the same last one. */
interface Key {
  readonly number: number;
  readonly name: string;
  /** The key that was behind this one the last time; most lists have objects that are alike. */
  next: Key | undefined;
  others: Map<string, Key> | undefined;
}

class Packer {
  private codes = new Float64Array(ROOM);
  private length = 0;
  private texts: string[] = [];
  private names: string[] = [];
  private before: number[] = [];
  private root = firstKey();

  /** The argument; `null` when it must be read property by property. */
  pack(argument: object): PackedArgument | null {
    const isPacked = this.object(argument, MAX_DEPTH);
    const packed: PackedArgument | null = isPacked ? this.packed() : null;
    this.clear();
    return packed;
  }

  private packed(): PackedArgument {
    for (const number of this.before) this.put(number);
    this.put(this.names.length);
    this.put(this.names.length + this.texts.length);
    // The last is for the NUL behind the one before.
    this.texts.push('');
    return [this.codes.subarray(0, this.length), this.names.concat(this.texts).join('\0')];
  }

  private clear(): void {
    if (this.codes.length > KEPT_ROOM) this.codes = new Float64Array(ROOM);
    this.length = 0;
    this.texts = [];
    this.names = [];
    this.before = [];
    this.root = firstKey();
  }

  private put(code: number): void {
    if (this.length === this.codes.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.codes);
      this.codes = larger;
    }
    this.codes[this.length++] = code;
  }

  /** Whether the part could be packed. */
  private part(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'string':
        this.put(TEXT);
        this.texts.push(value);
        return true;
      case 'number':
        this.put(NUMBER);
        this.put(value);
        return true;
      case 'boolean':
        this.put(value ? TRUE : FALSE);
        return true;
      case 'undefined':
        this.put(NULL);
        return true;
      case 'object':
        if (value !== null) return this.object(value, depth);
        this.put(NULL);
        return true;
      default:
        return false;
    }
  }

  private object(value: object, depth: number): boolean {
    if (depth === 0) return false;
    if (Array.isArray(value)) return this.items(value, depth - 1);
    const prototype: unknown = Object.getPrototypeOf(value);
    const mayInherit = prototype !== null && (prototype !== Object.prototype || inheritsEntries);
    if (mayInherit && !isData(value)) return false;
    return this.entries(value as Record<string, unknown>, mayInherit, depth - 1);
  }

  private items(items: readonly unknown[], depth: number): boolean {
    const { length } = items;
    this.put(LIST);
    this.put(length);
    for (let index = 0; index < length; index++) {
      if (!this.part(items[index], depth)) return false;
    }
    return true;
  }

  /** Own entries. Where none can be inherited nobody asks whose they are: the fastest way to go through them. */
  private entries(entries: Record<string, unknown>, mayInherit: boolean, depth: number): boolean {
    this.put(OBJECT);
    const place = this.length;
    this.put(0);
    let last = this.root;
    for (const name in entries) {
      if (mayInherit && !Object.hasOwn(entries, name)) continue;
      last = last.next?.name === name ? last.next : this.keyAfter(last, name);
      if (!this.part(entries[name], depth)) return false;
    }
    this.codes[place] = last.number;
    return true;
  }

  private keyAfter(before: Key, name: string): Key {
    const { next } = before;
    if (next?.name === name) return next;
    let key = before.others?.get(name);
    if (key === undefined) {
      this.before.push(before.number);
      key = { number: this.names.push(name), name, next: undefined, others: undefined };
    }
    if (next !== undefined) (before.others ??= new Map()).set(next.name, next);
    before.next = key;
    return key;
  }
}

/** What stands before the first key of each object. */
function firstKey(): Key {
  return { number: 0, name: '', next: undefined, others: undefined };
}

/** Whether an object is no more than its own entries: an instance of a class that somebody wrote, or of another realm. */
function isData(value: object): boolean {
  return (
    Object.prototype.toString.call(value) === '[object Object]' &&
    !(value instanceof Map) &&
    (value as { toJSON?: unknown }).toJSON === undefined
  );
}

/** Whether somebody gave every object more entries. */
let inheritsEntries = false;

/** `undefined` while an argument is packed: a getter may make a call of its own. */
let idle: Packer | undefined;

/** The argument packed, or `null` when it must be read property by property. `undefined` is packed as null. */
export function packArgument(argument: object): PackedArgument | null {
  const packer = idle ?? new Packer();
  idle = undefined;
  inheritsEntries = Object.keys(Object.prototype).length > 0;
  try {
    const packed = packer.pack(argument);
    // One that was left in the middle of its work is not used again.
    idle = packer;
    return packed;
  } catch {
    // A getter threw, and will when the addon asks; or there is more than a text can hold.
    return null;
  }
}
