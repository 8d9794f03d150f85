/** Arguments cross to the engine as one text where that says all that they are, and otherwise property by property. */

import { createRequire } from 'node:module';

import { Image } from '@boundaryml/baml';
import { BamlRuntime } from '@boundaryml/baml/native';
import { afterEach, expect, test } from 'vitest';

// Not for `import`: only this package itself sets it.
const require = createRequire(__filename);
const { setArgumentWriter } = require('@boundaryml/baml/native') as {
  setArgumentWriter(writer: (argument: object) => string | null): void;
};
const { writeArgument } = require('../dist/argument_text.js') as {
  writeArgument(argument: object): string | null;
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

afterEach(() => setArgumentWriter(writeArgument));

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

test.each(Object.keys(VALUES))('are the same by both ways: %s', (name) => {
  const byText = prompt('Show', { value: VALUES[name] });
  setArgumentWriter(() => null);
  expect(byText).toEqual(prompt('Show', { value: VALUES[name] }));
});

test('are written as text when they are plain data, and only then', () => {
  const written: (string | null)[] = [];
  setArgumentWriter((argument) => {
    written.push(writeArgument(argument));
    return written.at(-1)!;
  });
  prompt('Show', { value: { a: 1, b: undefined } });
  prompt('Show', { value: 'text' });
  prompt('Show', { value: new Date(0) });
  expect(written).toEqual(['{"a":1,"b":null}', null]);
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
