/** Strict JSON reaches JavaScript as it is, wherever it stands in the answer; a list that was cut off, up to its end. */

import { BamlInvalidArgumentError, BamlRuntime } from '@boundaryml/baml';
import { describe, expect, test } from 'vitest';

const SOURCE = `
class Person { name string  age int @alias("years")  tags string[] }
class Plain { name string  tags string[] }
type Any = int | float | bool | string | null | Any[] | map<string, Any>
${['map<string, string>', 'Any', 'Person[]', 'Plain']
  .map((type, index) => `function F${index}() -> ${type} { client "openai/m"  prompt #"hi"# }`)
  .join('\n')}
`;

const runtime = BamlRuntime.fromFiles('.', { 'main.baml': SOURCE }, {});

const parse = (name: string, text: unknown): unknown =>
  runtime.parseLlmResponse(name, text as string, false, runtime.createContextManager(), null, null, {});

const AROUND = [
  ['nothing', '', ''],
  ['space', ' \n', '\n '],
  ['prose', 'Here it is: ', ' That is all.'],
  ['a fence', 'So:\n```json\n', '\n```\nDone.'],
  ['prose beyond ASCII', 'Voilà – 🎉: ', ' ça y est'],
] as const;

describe.each(AROUND)('strict JSON with %s around it', (_, before, after) => {
  test('of a map keeps its keys, and __proto__ is one of them', () => {
    const json = '{"b":"1","a":"x","10":"y","2":"\\u00e9","__proto__":"z","b":"2"}';
    const value = parse('F0', before + json + after) as Record<string, string>;
    expect(Object.entries(value)).toEqual(Object.entries(JSON.parse(json) as object));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
  });

  test('of a class comes in the order of its fields', () => {
    const value = parse('F3', `${before}{"name":"é 🎉","tags":["\\"a"]}${after}`);
    expect(JSON.stringify(value)).toBe('{"name":"é 🎉","tags":["\\"a"]}');
    const turned = parse('F3', `${before}{"tags":["a"],"name":"Ada"}${after}`);
    expect(JSON.stringify(turned)).toBe('{"name":"Ada","tags":["a"]}');
  });

  test('has the names of the schema', () => {
    const value = parse('F2', `${before}[{"name":"Ada","years":36,"tags":[]}]${after}`);
    expect(value).toEqual([{ name: 'Ada', age: 36, tags: [] }]);
  });
});

test('a list that was cut off has its whole items and what is left of the last one', () => {
  const people = Array.from({ length: 40 }, (_, index) => ({
    name: `n${index}`,
    years: index,
    tags: ['a', 'b'],
  }));
  const whole = people.map(({ name, years, tags }) => ({ name, age: years, tags }));
  const json = JSON.stringify(people);
  for (const text of [json, `Here:\n\`\`\`json\n${json}`]) {
    expect(parse('F2', text.slice(0, -7))).toEqual([...whole.slice(0, -1), { ...whole.at(-1), tags: ['a'] }]);
    expect(parse('F2', text.slice(0, -1))).toEqual(whole);
  }
  expect(parse('F1', json.slice(0, -7))).toEqual([...people.slice(0, -1), { ...people.at(-1), tags: ['a'] }]);
});

test('what is no text is refused by its name', () => {
  expect(() => parse('F0', 5)).toThrow(BamlInvalidArgumentError);
  expect(() => parse('F0', 5)).toThrow('llmResponse must be a string, got a number');
});
