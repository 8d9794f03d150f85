/** Arguments cross to the engine in one piece where they are plain data, and otherwise property by property. */

import { createRequire } from 'node:module';

import { Image } from '@boundaryml/baml';
import { BamlRuntime } from '@boundaryml/baml/native';
import { afterEach, expect, test } from 'vitest';

// Not for `import`: only this package itself sets it.
const require = createRequire(__filename);
const { setArgumentPacker } = require('@boundaryml/baml/native') as {
  setArgumentPacker(packer: (argument: object) => unknown): void;
};
const { packArgument } = require('../dist/packed_argument.js') as {
  packArgument(argument: object): [Float64Array, string] | null;
};

const SOURCE = `
type Any = int | float | bool | string | null | Any[] | map<string, Any>

class Thing {
  name string
  size int?
  picture image?
}

function Show(value: Any) -> string {
  client "openai/m"
  prompt #"{{ value }}"#
}

function Things(things: Thing[]) -> string {
  client "openai/m"
  prompt #"{% for thing in things %}{{ thing.name }}:{{ thing.size }}:{{ thing.picture }};{% endfor %}"#
}
`;

const runtime = BamlRuntime.fromFiles('.', { 'main.baml': SOURCE }, {});
const env = { OPENAI_API_KEY: 'k' };

afterEach(() => setArgumentPacker(packArgument));

type Part = { type: 'text'; text: string } | { type: 'image_url'; image_url: { url: string } };

/** The prompt of a call, or the message of the error. */
function prompt(name: string, args: Record<string, unknown>): Part[] | string {
  try {
    const context = runtime.createContextManager();
    const request = runtime.buildRequestSync(name, args, context, undefined, undefined, false, env);
    const { messages } = request.body.json() as { messages: [{ content: Part[] }] };
    return messages[0].content;
  } catch (error) {
    return (error as Error).message;
  }
}

const texts = (text: string): Part[] => [{ type: 'text', text }];

class Written {
  readonly own = 1;
  get inherited(): number {
    return 2;
  }
}

const nested = (levels: number): unknown =>
  Array.from({ length: levels }).reduce<unknown>((inside) => [inside], 1);

const circular: Record<string, unknown> = {};
circular['again'] = { circular };

const VALUES: Record<string, unknown> = {
  'plain data': { text: 'a "b"\n\u0001', list: [1, 2.5, true, null], inside: { key: 'ü 🦀' }, nothing: {} },
  'whole numbers': [0, -0, 7, -7, 2 ** 53 - 1, 2 ** 53, 2 ** 60, -(2 ** 63), 2 ** 64, 1e21, 1e300],
  fractions: [0.1, 1 / 3, 5e-324, 1.7976931348623157e308, -2.5e-7],
  'not a number': [Number.NaN, Number.POSITIVE_INFINITY],
  undefined: { given: 1, absent: undefined, list: [undefined, 1] },
  'functions and symbols': { f: () => 1, s: Symbol('s'), list: [() => 1, 2], [Symbol('key')]: 1 },
  'a sparse list': { list: Object.assign([1], { 2: 3 }) },
  dates: { at: new Date(0), list: [new Date(1)] },
  'an invalid date': { at: new Date(Number.NaN) },
  maps: { map: new Map([['a', new Map([['b', 1]])]]) },
  'a map with other keys': { map: new Map([[1, 2]]) },
  sets: { set: new Set([1]) },
  'a BigInt': { big: 2n ** 60n, small: 3n },
  'a BigInt that is too big': { big: 2n ** 80n },
  'an instance': { written: new Written() },
  'no prototype': Object.assign(Object.create(null) as object, { a: 1 }),
  'a toJSON of its own': { a: 1, toJSON: () => ({ b: 2 }) },
  'a toJSON inside': [{ a: 1, toJSON: () => ({ b: 2 }) }],
  'a key named toJSON': { toJSON: 'text' },
  'boxed values': { text: new String('a'), number: new Number(1), bool: new Boolean(true) },
  bytes: { bytes: new Uint8Array([1, 2]) },
  'half of a surrogate pair': { text: 'a\ud800b', '\udc00': 1 },
  'the key __proto__': JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}'),
  'numbers as keys': { b: 1, 2: 'two', 1: 'one' },
  'an inherited entry': Object.create({ inherited: 1 }, { own: { value: 2, enumerable: true } }),
  'hidden entries': Object.defineProperty({ shown: 1 }, 'hidden', { value: 2 }),
  'deep lists': nested(99),
  'deeper lists': nested(110),
  'lists too deep': nested(140),
  'a circle': circular,
  'the same keys in another order': [
    { a: 1, b: 2 },
    { b: 2, a: 1 },
    { a: { b: { a: 1 } }, c: 1 },
  ],
  'a proxy': new Proxy({ a: 1 }, {}),
};

/** The prompt that shows a value, by the one way and by the other. */
function bothWays(value: unknown): [unknown, unknown] {
  setArgumentPacker(packArgument);
  const inOnePiece = prompt('Show', { value });
  setArgumentPacker(() => null);
  return [inOnePiece, prompt('Show', { value })];
}

test.each(Object.keys(VALUES))('are the same by both ways: %s', (name) => {
  const [inOnePiece, byProperty] = bothWays(VALUES[name]);
  expect(inOnePiece).toEqual(byProperty);
});

/** A linear congruential generator: the same values in every run. */
class Chance {
  constructor(private state: number) {}

  below(limit: number): number {
    this.state = (Math.imul(this.state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (this.state >>> 8) % limit;
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  value(depth: number): unknown {
    if (depth === 0 || this.below(3) === 0) return this.one(SCALARS)();
    const length = this.below(5);
    if (this.below(2) === 0) return Array.from({ length }, () => this.value(depth - 1));
    const entries = Array.from({ length }, () => [this.one(KEYS), this.value(depth - 1)]);
    const object = Object.fromEntries(entries) as object;
    return this.below(10) === 0 ? Object.assign(new Written(), object) : object;
  }
}

const KEYS = ['a', 'b', 'c', 'toJSON', '1', '0', '', 'constructor', 'ü', 'a\0b'];

const SCALARS: (() => unknown)[] = [
  () => '',
  () => 'text',
  () => 'ü 🦀 \u2028 \u{f0000}',
  () => 'half \ud83e',
  () => '\udd80 of a pair',
  () => 'with\0NUL',
  () => 0,
  () => -1.5,
  () => 2 ** 53,
  () => 1e300,
  () => true,
  () => false,
  () => null,
  () => undefined,
  () => 5n,
  () => new Date(0),
  () => new Map([['key', [1]]]),
  () => (): number => 1,
];

test('are the same by both ways, whatever they are', () => {
  const chance = new Chance(7);
  for (let round = 0; round < 2000; round++) {
    const value = chance.value(5);
    const [inOnePiece, byProperty] = bothWays(value);
    expect(inOnePiece).toEqual(byProperty);
  }
});

test('are packed when they are plain data, and only then', () => {
  const packed: boolean[] = [];
  setArgumentPacker((argument) => {
    const result = packArgument(argument);
    packed.push(result !== null);
    return result;
  });
  prompt('Show', { value: { a: [1, 'b'], b: undefined } });
  prompt('Show', { value: new Written() });
  prompt('Show', { value: 'text' });
  prompt('Show', { value: new Date(0) });
  expect(packed).toEqual([true, true, false]);
});

test('are read once', () => {
  let reads = 0;
  const value = {
    get counted(): number {
      reads += 1;
      return reads;
    },
  };
  expect(prompt('Show', { value: [value, value] })).toEqual(texts('[{"counted": 1}, {"counted": 2}]'));
});

test('may make calls of their own while they are read', () => {
  const inside = prompt('Show', { value: [['inner'], 1] });
  const value = [
    1,
    {
      get own(): boolean {
        return JSON.stringify(prompt('Show', { value: [['inner'], 1] })) === JSON.stringify(inside);
      },
    },
    'after',
  ];
  expect(prompt('Show', { value })).toEqual(texts('[1, {"own": true}, "after"]'));
});

test('have the entries that somebody gave to every object, as little as ever', () => {
  const everyObject = Object.prototype as { added?: number };
  everyObject.added = 1;
  try {
    expect(prompt('Show', { value: { own: 1 } })).toEqual(texts('{"own": 1}'));
  } finally {
    delete everyObject.added;
  }
});

test('may be long, and nothing stays of them', () => {
  const long = Array.from({ length: 30_000 }, (_, index) => ({ index, text: `number ${index}` }));
  const [inOnePiece, byProperty] = bothWays(long);
  expect(inOnePiece).toEqual(byProperty);
  expect(bothWays([{ index: 1 }])[0]).toEqual(texts('[{"index": 1}]'));
});

test('say the same about undefined, dates and whole numbers as ever', () => {
  expect(prompt('Show', { value: { absent: undefined } })).toEqual(texts('{"absent": null}'));
  expect(prompt('Show', { value: [2 ** 53 - 1, 2 ** 53] })).toEqual(
    texts('[9007199254740991, 9007199254740992]'),
  );
  expect(prompt('Show', { value: [new Date(0)] })).toEqual(texts('["1970-01-01T00:00:00.000Z"]'));
});

test('may hold media beside plain data', () => {
  const things = [
    { name: 'a', size: 1 },
    { size: undefined, name: 'b', picture: Image.fromUrl('https://example.com/b.png') },
    { name: 'c', picture: null, more: 1 },
  ];
  expect(prompt('Things', { things })).toEqual([
    { type: 'text', text: 'a:1:;b:null:' },
    { type: 'image_url', image_url: { url: 'https://example.com/b.png' } },
    { type: 'text', text: ';c::null;' },
  ]);
});

test('throw what a getter throws', () => {
  const value = {
    get broken(): never {
      throw new RangeError('broken getter');
    },
  };
  expect(prompt('Show', { value })).toBe('broken getter');
});
