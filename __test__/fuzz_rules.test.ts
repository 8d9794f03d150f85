// The rules by which the fuzz runner explains a difference from the peer prove it from the case: each holds of what it is
// about, and not of what merely looks like it.
import { expect, test } from 'vitest';
import { explainPlaces } from '../conformance/parsing/fuzz/places.mjs';
import { LAST_RULES, RULES } from '../conformance/parsing/fuzz/rules.mjs';
import { isInText, isLast } from '../conformance/parsing/fuzz/wording.mjs';

type Facts = { text: string; baml?: string; partial?: boolean; ours?: unknown; theirs?: unknown };

const FUNCTION = (returns: string) => `function F(x: string) -> ${returns} {\n}\n`;

function places(ours: unknown, theirs: unknown, facts: Facts): string[] {
  return explainPlaces(ours, theirs, { baml: '', partial: false, subject: { ok: ours }, ...facts });
}

function holds(name: string, { ours, theirs, ...facts }: Facts): boolean {
  return holdsOf(name, { subject: { ok: ours }, peer: { ok: theirs }, ...facts });
}

/** Whether a rule holds of a difference between two outcomes. */
function holdsOf(name: string, facts: object): boolean {
  const rows = [...RULES, ...LAST_RULES] as { name: string; holds: (facts: object) => boolean }[];
  const rule = rows.find((row) => row.name === name);
  if (!rule) throw new Error(`no rule ${name}`);
  return rule.holds({ baml: '', partial: false, corruptions: [], ...facts });
}

test('a fraction is kept only where the peer rounded it and a union has int before float', () => {
  const facts = { text: '5.5', baml: FUNCTION('int | float') };
  expect(places(5.5, 6, facts)).toEqual(['kept-fraction']);
  expect(places(5.5, 7, facts)).toEqual([]);
  expect(places(6, 5.5, facts)).toEqual([]);
  expect(places(5.5, 6, { ...facts, baml: FUNCTION('int') })).toEqual([]);
});

test('an item out of range is left out, and no other', () => {
  const facts = { text: '[1, 90071992547409939007199254740993]', baml: FUNCTION('int[]') };
  expect(places([1], [1, 2 ** 63], facts)).toEqual(['out-of-range']);
  expect(places([], [1, 2 ** 63], facts)).toEqual([]);
  expect(places([1], [1, 5], facts)).not.toContain('out-of-range');
});

test('text in objects of one field each is the same text', () => {
  const facts = { text: 'plain', baml: FUNCTION('string | C0') };
  expect(places('plain', { a: { b: 'plain' } }, facts)).toEqual(['text-in-objects']);
  expect(places('plain', { a: { b: 'other' } }, facts)).toEqual([]);
  expect(places('plain', { a: 'plain', c: 'x' }, facts)).toEqual([]);
  expect(places('plain', { a: { b: 'plain' } }, { ...facts, baml: FUNCTION('C0') })).toEqual([]);
});

test('a wrapper is around the very value', () => {
  expect(places(1, '{other: 1}', { text: '{"other": 1}' })).toEqual(['wrapper']);
  expect(places(1, '{other: 2}', { text: '{"other": 2}' })).toEqual([]);
  expect(places(1, '{other: 1, more: 1}', { text: '{"other": 1, "more": 1}' })).toEqual([]);
});

test('an empty object gives way to what the text says so far', () => {
  const facts = { text: 'I think [1] so', baml: FUNCTION('C0 | int'), partial: true };
  expect(places(1, { a: null }, facts)).toEqual(['empty-object']);
  expect(places(1, { a: 2 }, facts)).toEqual([]);
  expect(places(3, { a: null }, facts)).toEqual([]);
  expect(places(1, { a: null }, { ...facts, partial: false })).toEqual([]);
});

test('a word of an object is no excuse for a text', () => {
  const facts = { text: '[{"a": "HIGH"}]' };
  expect(places([{ a: 'HIGH' }], 'HIGH', facts)).toEqual(['word-of-an-object']);
  expect(places(['HIGH'], 'HIGH', facts)).not.toContain('word-of-an-object');
});

test('quotes around the whole of a text are not kept', () => {
  expect(places(`'tab'`, 'tab', { text: `'tab'` })).toEqual([]);
  expect(places(`'tab' x`, `tab' x`, { text: `'tab' x` })).toEqual(['quotes-in-text']);
  expect(holds('quotes-in-text', { text: `'tab'`, ours: `'tab'`, theirs: 'tab' })).toBe(false);
});

test('what is written is what stands behind the key', () => {
  const text = '{"note": false, "my_total": true, "n": 1}';
  const baml = '  total bool @alias("my_total")\n';
  const ours = { note: false, total: true };
  expect(holds('as-written', { text, baml, ours, theirs: { note: true, total: null } })).toBe(true);
  expect(holds('as-written', { text, baml, ours: { note: true }, theirs: { note: false } })).toBe(false);
  expect(holds('as-written', { text, baml, ours: { note: null }, theirs: { note: false } })).toBe(false);
});

test('a word of a key is not a word of a value', () => {
  const text = '{"data": {"alpha1": "two words"}}';
  expect(holds('word-in-key', { text, ours: '{data: {alpha1: two words}}', theirs: 'alpha' })).toBe(true);
  expect(holds('word-in-key', { text, ours: 'two words', theirs: 'two words' })).toBe(false);
});

test('a list that streams when done is not there before', () => {
  const facts = { text: '{"a": ["x", "y', partial: true, baml: '  a (string[]?) @stream.done\n' };
  expect(places(null, ['x', 'y'], facts)).toEqual(['done-field']);
  expect(places(null, ['x', 'y'], { ...facts, text: '{"a": ["x", "y"], "b": 1' })).not.toContain(
    'done-field',
  );
  expect(places(null, ['x', 'y'], { ...facts, baml: '  a (string[]?)\n' })).not.toContain('done-field');
});

test('a word across punctuation is none', () => {
  expect(holds('word-across', { text: 'JSON "ame"', ours: undefined, theirs: 'name' })).toBe(false);
  const rule = (LAST_RULES as { name: string; holds: (facts: object) => boolean }[]).find(
    ({ name }) => name === 'word-across',
  );
  const refused = { partial: false, subject: { error: 'other' }, peer: { ok: 'name' } };
  expect(rule?.holds({ ...refused, text: 'JSON "ame"' })).toBe(true);
  expect(rule?.holds({ ...refused, text: 'the name' })).toBe(false);
  expect(rule?.holds({ ...refused, text: 'the ame' })).toBe(false);
});

test('numbers are what the text says, also rounded and at its end', () => {
  expect(isInText([-1], 'it is -1.25')).toBe(true);
  expect(isInText([-2], 'it is -1.25')).toBe(false);
  expect(isInText('é', 'caf\\u00e9')).toBe(true);
  expect(isLast(1000, '[[1e3')).toBe(true);
  expect(isLast(1000, '[[1e3, 2')).toBe(false);
});

test('a number in a text is the same number', () => {
  expect(places(['$1', '000'], ['$1', '0'], { text: '[$1,000]' })).toEqual(['number-spelling']);
  expect(places('0.10', '0.1', { text: '0.10' })).toEqual(['number-spelling']);
  expect(places('0.10', '0.2', { text: '0.10' })).toEqual([]);
  expect(places('{data: 0.}', '{data: 0.0}', { text: '{"data": 0.' })).toEqual(['number-spelling']);
  expect(places('1.5', '1.50', { text: '[1.50]' })).toEqual([]);
  expect(places('a 5', 'b 5', { text: 'a 5' })).toEqual([]);
});

test('several lists have the same texts', () => {
  const text = '["a", "b"] ["c", "d"]';
  expect(places(['a', 'b', 'c'], ['["a", "b"]', '["c"]'], { text })).toEqual(['several-lists']);
  expect(places(['a', 'b', 'c', 'd'], ['["a", "b"]', '["c", "d"]', '{x: 1}'], { text })).toEqual([
    'several-lists',
  ]);
  expect(places(['a', 'b', 'c'], ['["a", "b"]', '["c'], { text: '["a", "b"] ["c' })).toEqual([
    'several-lists',
  ]);
  expect(places(['a', 'b'], ['["a", "b"]', '["c"]'], { text })).not.toContain('several-lists');
  expect(places(['a', 'b', 'c'], ['a, b', 'c'], { text })).not.toContain('several-lists');
});

const refusal = (place: string) => ({ error: 'other', message: `does not fit\n  ${place}: expected int` });

test('a word of a key is told by the field that is refused', () => {
  const facts = { text: '{"rate": {"item": 1, "size": {"z": 0}}, "size": "two"}' };
  const peer = { ok: { rate: 'item', size: 'two' } };
  expect(holdsOf('word-in-key', { ...facts, peer, subject: refusal('rate.size') })).toBe(true);
  expect(holdsOf('word-in-key', { ...facts, peer, subject: refusal('size') })).toBe(false);
  expect(
    holdsOf('word-in-key', { ...facts, peer: { ok: { rate: 'two' } }, subject: refusal('rate.size') }),
  ).toBe(false);
});

test('a closer is no text, unless the text says so', () => {
  const facts = { peer: { ok: { note: '}' } }, subject: { error: 'other', message: '' } };
  expect(holdsOf('closer-as-text', { ...facts, text: '{"note": ```}' })).toBe(true);
  expect(holdsOf('closer-as-text', { ...facts, text: '{"note": "}"}' })).toBe(false);
  expect(holdsOf('closer-as-text', { ...facts, text: '{"note": ```}', peer: { ok: { note: 'x' } } })).toBe(
    false,
  );
});

test('an object that streams only when done lacks what is required', () => {
  const baml = 'class C0 {\n  a int\n  b int\n  c (int?)\n  @@stream.done\n}\n';
  const subject = { error: 'other', message: 'is not complete enough to show' };
  const facts = { text: '{"a": 1}', partial: true, baml, subject };
  expect(holdsOf('done-root', { ...facts, peer: { ok: { a: 1, b: null, c: null } } })).toBe(true);
  expect(holdsOf('done-root', { ...facts, peer: { ok: { a: 1, b: 2, c: null } } })).toBe(false);
});

test('an object that became text is whole only here', () => {
  const facts = { text: '{"name": a, b}' };
  expect(places('{name: a, b}', '{name: a}', facts)).toEqual(['cut-text']);
  expect(places('{name: a}', '{name: a, b}', facts)).toEqual([]);
  expect(places('{name: a, c}', '{name: a}', facts)).toEqual([]);
});
