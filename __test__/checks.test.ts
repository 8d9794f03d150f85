/** Checks, asserts and attributes of streaming, as a program sees them: `checks.baml` has each at each place. */

import { BamlValidationError } from '@boundaryml/baml';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import type { partial_types } from './projects/main/baml_client/partial_types.js';
import type { Order } from './projects/main/baml_client/types.js';
import { failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm('ok');

const aPart = (width: number, label = 'lid') => ({ width, label });

const ORDER = {
  part: aPart(50),
  parts: [aPart(1), aPart(200)],
  spare: null,
  count: 5,
  sizes: ['little', 'Large'],
  prices: { a: 1.5 },
  code: 12,
  rank: 9,
  tags: [],
  odd: 1,
};

const read = (changes: object = {}): Order => b.parse.ReadOrder(JSON.stringify({ ...ORDER, ...changes }));

const refusal = (changes: object): BamlValidationError => {
  try {
    read(changes);
  } catch (error) {
    if (error instanceof BamlValidationError) return error;
  }
  throw new TypeError('the answer was taken');
};

/** The results as `name: status`. */
const results = (checked: { checks: Record<string, { status: string }> } | null | undefined): string[] =>
  Object.entries(checked?.checks ?? {}).map(([name, { status }]) => `${name}: ${status}`);

describe('a check', () => {
  test('stands beside its value, in the order declared', () => {
    const { part } = read();
    const { width, label } = part.value;
    expect(width).toEqual({
      value: 50,
      checks: {
        zeta: { name: 'zeta', expression: 'this > 0', status: 'succeeded' },
        alpha: { name: 'alpha', expression: 'this < 100', status: 'succeeded' },
        middle: {
          name: 'middle',
          expression: expect.stringMatching(/^this > 10\s+and this < 90$/),
          status: 'succeeded',
        },
      },
    });
    expect(Object.keys(width.checks)).toEqual(['zeta', 'alpha', 'middle']);
    expect(label).toBe('lid');
  });

  test('never fails the answer, whatever it says', () => {
    const { part: first, parts } = read({ part: aPart(-1) });
    expect(results(first.value.width)).toEqual(['zeta: failed', 'alpha: succeeded', 'middle: failed']);
    expect(results(first)).toEqual(['wide: failed']);
    expect(parts.map(results)).toEqual([['wide: failed'], ['wide: succeeded']]);
  });

  test('of an expression that makes no sense for the value has failed, under any name', () => {
    const { odd } = read();
    expect(Object.keys(odd.checks)).toEqual(['__proto__', 'constructor']);
    expect(results(odd)).toEqual(['__proto__: failed', 'constructor: failed']);
    expect(Object.getPrototypeOf(odd.checks)).toBe(Object.prototype);
  });

  test('of an optional value is there when the value is', () => {
    expect(results(read().count)).toEqual(['some: succeeded']);
    expect(read({ count: null }).count).toBeNull();
    expect(read({ count: undefined }).count).toBeNull();
    expect(results(read({ spare: aPart(3) }).spare)).toEqual(['wide: failed']);
  });

  test('of items, of a whole list, of an alias and of the place that uses it', () => {
    const { sizes, tags, rank } = read();
    expect(sizes.map(({ value }) => value)).toEqual(['Small', 'Large']);
    expect(sizes.map(results)).toEqual([['large: failed'], ['large: succeeded']]);
    expect(tags).toMatchObject({ value: [], checks: { tagged: { status: 'failed' } } });
    expect(results(rank)).toEqual(['positive: succeeded', 'top: failed']);
  });

  test('of what a function returns wraps the whole, and that of its items each', async () => {
    llm().on({ reply: '[1, -2]' });
    const rated = await b.Rate('x');
    expect(results(rated)).toEqual(['some: succeeded']);
    expect(rated.value.map(({ value }) => value)).toEqual([1, -2]);
    expect(rated.value.map(results)).toEqual([['positive: succeeded'], ['positive: failed']]);
  });
});

describe('an assert', () => {
  test('fails a required field, and the error says which, for what, and where', () => {
    const error = refusal({ part: aPart(50, 'much too long') });
    const message = 'the assert `short` (`this|length < 9`) does not hold for the text "much too long"';
    expect(error.problems).toEqual([
      { path: 'part.label', message, expected: 'string', found: 'much too long' },
    ]);
    expect(error.message).toContain(`part.label: ${message}`);
  });

  test('without a name is told by its expression; one of a class by its object', () => {
    const { problems } = refusal({ parts: [1, 2, 3, 4].map((width) => aPart(width)) });
    expect(problems).toHaveLength(1);
    expect(problems?.[0]?.path).toBe('');
    expect(problems?.[0]?.message).toMatch(
      /^the assert `this\.parts\|length < 4` does not hold for the object \{part: \{width: 50.*…$/,
    );
  });

  test('makes an optional field null, and leaves items and entries out, each with its reason', () => {
    const text = JSON.stringify({
      ...ORDER,
      count: 500,
      parts: [aPart(1), aPart(2, 'much too long')],
      prices: { a: 1, b: -1 },
    });
    const notes: string[] = [];
    const order = b.parse.ReadOrder(text, {
      onAlignment: (alignment) =>
        alignment.notes.forEach(({ path, message }) => notes.push(`${path}: ${message}`)),
    });
    expect(order.count).toBeNull();
    expect(order.parts).toHaveLength(1);
    expect(order.prices).toEqual({ a: 1 });
    expect(notes).toEqual([
      'parts: item 1 of the text, the object {width: 2, label: much too long}, does not fit: label: the assert ' +
        '`short` (`this|length < 9`) does not hold for the text "much too long"',
      'count: the number 500 does not fit, null took its place: the assert `few` (`this < 100`) does not hold',
      'prices: the entry `b`, the number -1, does not fit: the assert `positive` (`this > 0`) does not hold',
    ]);
  });

  test('of a member of a union leads to another member', () => {
    expect(read({ code: 12 }).code).toBe(12);
    expect(read({ code: 3 }).code).toBe('3');
  });
});

const SETTINGS = '{"__proto__": {"polluted": 1}, "constructor": {"__proto__": 2}, "": {"a b": 3}}';

/** That the keys of `SETTINGS` are all there, and that none of them is a prototype. */
const expectSettings = (settings: Record<string, Record<string, number>>): void => {
  expect(Object.keys(settings)).toEqual(['__proto__', 'constructor', '']);
  for (const object of [settings, ...Object.values(settings)]) {
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
  }
  expect(Object.keys(Object.values(settings)[1]!)).toEqual(['__proto__']);
  expect('polluted' in settings).toBe(false);
};

test('keys of maps are keys and nothing else, however they come', async () => {
  expectSettings(b.parse.ReadSettings(SETTINGS));
  expectSettings(b.parse.ReadSettings(`${SETTINGS},`));
  expectSettings(b.parseStream.ReadSettings(SETTINGS));
  llm().on({ reply: { text: SETTINGS, chunkSize: 5, chunkDelayMs: 9 } });
  expectSettings(await b.ReadSettings('x'));
  llm().on({ reply: { text: SETTINGS, chunkSize: 5, chunkDelayMs: 9 } });
  const stream = b.stream.ReadSettings('x');
  let last: Record<string, Record<string, number>> = {};
  for await (const partial of stream) {
    last = partial;
    expect(Object.getPrototypeOf(partial)).toBe(Object.prototype);
    expect('polluted' in partial).toBe(false);
  }
  expectSettings(last);
  expectSettings(await stream.getFinalResponse());
});

describe('a partial value', () => {
  const GROWING = {
    closed: { x: 1, y: 'b' },
    all: [{ x: 1, y: 'c' }, { x: 2 }, { x: 3, y: 'd' }],
    by_name: { k: { x: 4, y: 'e' } },
    slow: { done: 'ab', needed: 'cd', stated: 'ef', checked: -5, words: ['g', 'h'] },
    slows: [{ done: 'i', needed: 'j', stated: 'k', checked: 6, words: [] }],
  };
  const text = JSON.stringify(GROWING);
  const prefixes = Array.from({ length: text.length + 1 }, (_, length) => text.slice(0, length));
  const partials = prefixes.map((prefix) => b.parseStream.Grow(prefix));

  /** What a part looks like while the text grows, each look once. */
  const looks = <T>(of: (partial: partial_types.Growing) => T): T[] => {
    const seen: T[] = [];
    for (const partial of partials) {
      const look = of(partial);
      if (JSON.stringify(look) !== JSON.stringify(seen.at(-1))) seen.push(look);
    }
    return seen;
  };

  test('of what is shown when done is there whole or not at all', () => {
    expect(looks(({ closed }) => closed)).toEqual([null, { x: 1, y: 'b' }]);
    expect(looks(({ by_name }) => by_name)).toEqual([{}, { k: { x: 4, y: 'e' } }]);
    expect(looks(({ slow }) => slow?.done)).toEqual(['ab']);
    // The second has no `y`: it is not one of them, now or later.
    expect(looks(({ all }) => all.map(({ x }) => x))).toEqual([[], [1], [1, 3]]);
    expect(b.parse.Grow(text).all.map(({ x }) => x)).toEqual([1, 3]);
  });

  test('of what needs a field waits for it', () => {
    const [nothing, ...shown] = looks(({ slow }) => slow);
    expect(nothing).toBeNull();
    expect(shown[0]).toMatchObject({ done: 'ab', needed: '', stated: { state: 'Pending', value: null } });
    for (const slow of shown) expect(typeof slow?.needed).toBe('string');
  });

  test('tells how much has come, with the checks of what has', () => {
    expect(looks(({ slow }) => slow?.stated)).toEqual([
      { state: 'Pending', value: null },
      { state: 'Incomplete', value: '' },
      { state: 'Incomplete', value: 'e' },
      { state: 'Incomplete', value: 'ef' },
      { state: 'Complete', value: 'ef' },
    ]);
    const failed = { positive: { name: 'positive', expression: 'this > 0', status: 'failed' } };
    expect(looks(({ slow }) => slow?.checked)).toEqual([
      { state: 'Pending', value: null },
      // A minus alone is no number.
      { state: 'Incomplete', value: null },
      { state: 'Incomplete', value: { value: null, checks: failed } },
      { state: 'Complete', value: { value: -5, checks: failed } },
    ]);
    const words = looks(({ slow }) => slow?.words);
    expect(words[0]).toEqual({ state: 'Pending', value: [] });
    expect(words.at(-1)).toMatchObject({
      state: 'Complete',
      value: { value: ['g', 'h'], checks: { some: { status: 'succeeded' } } },
    });
  });

  test('never takes back what it has shown complete', () => {
    /** Every scalar of a value, by its path. */
    const scalars = (value: unknown, path = '', found = new Map<string, unknown>()): Map<string, unknown> => {
      if (typeof value !== 'object' || value === null) return found.set(path, value);
      for (const [key, part] of Object.entries(value)) scalars(part, `${path}.${key}`, found);
      return found;
    };
    let before = new Map<string, unknown>();
    for (const partial of partials) {
      const now = scalars(partial);
      for (const [path, value] of before) {
        if (value === null || path.endsWith('state') || path.endsWith('status')) continue;
        const later = now.get(path);
        if (typeof value === 'string') expect(String(later).startsWith(value), path).toBe(true);
        else expect(later, path).toBe(value);
      }
      before = now;
    }
  });

  test('shares what is finished with the next, checks and states included, and is never changed', async () => {
    llm().on({ reply: { text, chunkSize: 6, chunkDelayMs: 9 } });
    const seen: { value: partial_types.Growing; copy: string }[] = [];
    for await (const value of b.stream.Grow('x')) seen.push({ value, copy: JSON.stringify(value) });
    expect(seen.length).toBeGreaterThan(10);
    for (const { value, copy } of seen) expect(JSON.stringify(value)).toBe(copy);
    expect(seen.at(-1)?.value.all).toEqual(b.parse.Grow(text).all);
    let shared = 0;
    for (const [index, { value }] of seen.entries()) {
      const before = seen[index - 1]?.value;
      if (before?.closed && before.by_name['k']) {
        expect(value.closed).toBe(before.closed);
        expect(value.all).toBe(before.all);
        expect(value.by_name['k']).toBe(before.by_name['k']);
      }
      if (before?.slow?.words.state === 'Complete') {
        expect(value.slow?.words.value).toBe(before.slow.words.value);
        expect(value.slow?.checked).toBe(before.slow.checked);
        shared++;
      }
    }
    expect(shared).toBeGreaterThan(2);
  });

  test('of an answer that an assert will refuse is shown until then', async () => {
    llm().on({ reply: { json: { ...ORDER, part: aPart(50, 'much too long') }, chunkSize: 30 } });
    const stream = b.stream.ReadOrder('x');
    const error = await failure(
      (async () => {
        for await (const partial of stream) expect(partial).toBeDefined();
      })(),
      BamlValidationError,
    );
    expect(error.problems?.map(({ path }) => path)).toEqual(['part.label']);
  });
});
