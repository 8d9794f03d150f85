/** `TypeBuilder`: what a generated client's own is derived from. */

import { BamlInvalidArgumentError, BamlRuntime } from '@boundaryml/baml';
import {
  type ClassBuilder,
  ClassViewer,
  type EnumBuilder,
  EnumViewer,
  TypeBuilder,
} from '@boundaryml/baml/type_builder';
import { beforeEach, describe, expect, test } from 'vitest';

const runtime = BamlRuntime.fromFiles(
  'baml_src',
  {
    'main.baml': `
class Open {
  a int
  @@dynamic
}
class Closed {
  x int
}
enum Mood {
  Good
  Bad
  @@dynamic
}
function Read(text: string) -> Open {
  client "openai/m"
  prompt #"{{ ctx.output_format }}"#
}
`,
  },
  {},
);

let types: TypeBuilder;
let open: ClassBuilder<'Open', 'a'>;
let mood: EnumBuilder<'Mood', 'Good' | 'Bad'>;

beforeEach(() => {
  types = new TypeBuilder({ classes: new Set(['Open', 'Closed']), enums: new Set(['Mood']), runtime });
  open = types.classBuilder('Open', ['a']);
  mood = types.enumBuilder('Mood', ['Good', 'Bad']);
});

const read = (text: string): unknown =>
  runtime.parseLlmResponse('Read', text, false, runtime.createContextManager(), types.__tb(), null, {});

async function prompt(): Promise<string> {
  const request = await runtime.buildRequest(
    'Read',
    { text: 'x' },
    runtime.createContextManager(),
    types.__tb(),
    null,
    false,
    { OPENAI_API_KEY: 'k' },
  );
  return JSON.stringify(request.body.json().messages);
}

describe('classes', () => {
  test('take properties of every type', async () => {
    open.addProperty('text', types.string());
    open.addProperty('list', types.list(types.int()).optional());
    open.addProperty(
      'either',
      types.union([types.literalString('x'), types.literalInt(5), types.literalBool(true)]),
    );
    open.addProperty('table', types.map(types.string(), types.float()));
    expect(read('{"a": 1, "text": "t", "list": [1, 2], "either": 5, "table": {"k": 1.5}}')).toEqual({
      a: 1,
      text: 't',
      list: [1, 2],
      either: 5,
      table: { k: 1.5 },
    });
    expect(open.listProperties().map(([name]) => name)).toEqual(['text', 'list', 'either', 'table']);
  });

  test('tell the model alias and description', async () => {
    open.addProperty('born', types.int()).alias('birth_year').description('four digits');
    const text = await prompt();
    expect(text).toContain('birth_year');
    expect(text).toContain('four digits');
    expect(read('{"a": 1, "birth_year": 1815}')).toEqual({ a: 1, born: 1815 });
  });

  test('can be added, and nested', () => {
    const added = types.addClass('Added');
    added.addProperty('inner', types.string());
    open.addProperty('added', added.type());
    expect(read('{"a": 1, "added": {"inner": "x"}}')).toEqual({ a: 1, added: { inner: 'x' } });
  });

  test('refuse a second property or class of a name', () => {
    open.addProperty('b', types.int());
    expect(() => open.addProperty('b', types.int())).toThrow(
      new BamlInvalidArgumentError('Property b already exists.'),
    );
    expect(() => open.addProperty('a' as never, types.int())).toThrow('Property a already exists.');
    expect(() => types.addClass('Closed')).toThrow('Class Closed already exists');
    expect(() => types.addEnum('Mood')).toThrow('Enum Mood already exists');
    expect(() => types.addEnum('Open')).toThrow('Class Open already exists');
  });

  test('name what is nearest to a property that they do not have', () => {
    open.addProperty('address', types.string());
    expect(() => open.property('adress')).toThrow('Property adress not found. Did you mean address?');
  });

  test('give properties back', () => {
    open.addProperty('gone', types.int());
    open.removeProperty('gone');
    expect(open.listProperties()).toEqual([]);
    expect(read('{"a": 1, "gone": 2}')).toEqual({ a: 1 });
    open.addProperty('gone', types.string());
  });

  test('that are closed can be looked at', () => {
    const closed = types.classViewer('Closed', ['x']);
    expect(closed).toBeInstanceOf(ClassViewer);
    expect(closed.listProperties().map(([name]) => name)).toEqual(['x']);
    open.addProperty('closed', closed.type());
    expect(read('{"a": 1, "closed": {"x": 2}}')).toEqual({ a: 1, closed: { x: 2 } });
  });
});

describe('enums', () => {
  test('take values', async () => {
    mood.addValue('Great').alias('splendid').description('better than good');
    open.addProperty('mood', mood.type());
    expect(await prompt()).toContain('splendid');
    expect(read('{"a": 1, "mood": "splendid"}')).toEqual({ a: 1, mood: 'Great' });
    expect(mood.listValues().map(([name]) => name)).toEqual(['Good', 'Bad', 'Great']);
  });

  test('skip values', () => {
    mood.value('Bad').skip();
    open.addProperty('mood', mood.type().optional());
    expect(read('{"a": 1, "mood": "Good"}')).toEqual({ a: 1, mood: 'Good' });
    expect(read('{"a": 1, "mood": "Bad"}')).toEqual({ a: 1, mood: null });
  });

  test('refuse a second value of a name', () => {
    mood.addValue('Great');
    expect(() => mood.addValue('Great')).toThrow('Value Great already exists.');
    expect(() => mood.addValue('Good' as never)).toThrow('Value Good already exists.');
  });

  test('can be looked at', () => {
    const viewer = types.enumViewer('Mood', ['Good', 'Bad']);
    expect(viewer).toBeInstanceOf(EnumViewer);
    expect(viewer.listValues().map(([name]) => name)).toEqual(['Good', 'Bad']);
  });
});

test('reset takes everything back, and builders stay usable', () => {
  open.addProperty('b', types.int());
  mood.addValue('Great');
  types.addClass('Added');
  types.reset();
  expect(open.listProperties()).toEqual([]);
  expect(read('{"a": 1, "b": 2}')).toEqual({ a: 1 });
  open.addProperty('b', types.string());
  mood.addValue('Great');
  types.addClass('Added').addProperty('x', types.int());
  expect(read('{"a": 1, "b": 2}')).toEqual({ a: 1, b: '2' });
});

test('addBaml adds what a text declares', () => {
  types.addBaml('class Extra {\n  e int\n}\ndynamic class Open {\n  extra Extra\n}');
  expect(read('{"a": 1, "extra": {"e": 2}}')).toEqual({ a: 1, extra: { e: 2 } });
  expect(() => types.addBaml('class {')).toThrow(Error);
});

test('types can be compared', () => {
  expect(types.list(types.int()).equals(types.int().list())).toBe(true);
  expect(types.list(types.int()).equals(types.list(types.string()))).toBe(false);
});
