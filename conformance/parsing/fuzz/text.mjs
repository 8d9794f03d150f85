// A random value of a type, and its JSON text.
//
// A value is kept as the text will show it: a number as `{ number }`, an object as `{ entries }`, so that order and
// repeated keys survive.
import { words } from './schema.mjs';

const DEEP = 5;

const TEXTS = [
  'plain',
  'two words',
  '',
  "it's",
  'say "hi"',
  'a, b',
  'x: y',
  '{braces}',
  '[list]',
  'line\nbreak',
  'tab\t',
  'é🙂',
  '5',
  'true',
  'null',
  '// no comment',
  'http://x.test/?q=1',
  '```',
  'C:\\dir',
  '  pad  ',
  'RED',
  'א״ב',
  '$1,000',
  'long '.repeat(20),
];
const INTEGERS = ['0', '1', '-5', '42', '1000000', '9007199254740993'];
const FLOATS = ['0.5', '-1.25', '3', '1e3', '6.02e-23', '1234.5'];

const MAKERS = {
  int: (random) => ({ number: random.pick([...INTEGERS, String(random.below(1e6))]) }),
  float: (random) => ({ number: random.pick([...FLOATS, (random.next() * 100).toFixed(2)]) }),
  bool: (random) => random.chance(0.5),
  string: (random) => random.pick(TEXTS),
  null: () => null,
  literal: (_, { value }) => (typeof value === 'number' ? { number: String(value) } : value),
  enum: (random, { target }) => {
    const { name, alias } = random.pick(target.values);
    return alias ?? name;
  },
  alias: (random, { target }, depth) => makeValue(random, shallow(target.type, depth), depth + 1),
  optional: (random, { of }, depth) =>
    depth > DEEP || random.chance(0.3) ? null : makeValue(random, of, depth + 1),
  union: (random, { members }, depth) => makeValue(random, random.pick(members), depth + 1),
  list: (random, { of }, depth) =>
    Array.from({ length: depth > DEEP ? 0 : random.below(4) }, () => makeValue(random, of, depth + 1)),
  map: makeMap,
  class: makeObject,
};

export const makeValue = (random, type, depth = 0) => MAKERS[type.kind](random, type, depth);

/** A recursive alias takes its first, flat member once it is deep. */
const shallow = (type, depth) => (depth >= DEEP && type.kind === 'union' ? type.members[0] : type);

function makeMap(random, { key, of }, depth) {
  const name = (index) =>
    key.kind === 'enum' ? random.pick(key.target.values).name : `${random.pick(words)}${index}`;
  const length = depth > DEEP ? 0 : random.below(3);
  const entries = Array.from({ length }, (_, index) => [name(index), makeValue(random, of, depth + 1)]);
  return { entries };
}

function makeObject(random, { target }, depth) {
  const isKept = ({ type }) => !(type.kind === 'optional' && random.chance(0.3)) && !random.chance(0.03);
  const kept = target.fields.filter(isKept);
  const ordered = random.chance(0.2) ? random.shuffle(kept) : kept;
  const entries = ordered.map((field) => [field.key, makeValue(random, fieldType(field, depth), depth + 1)]);
  return { entries };
}

function fieldType({ type, isRecursive }, depth) {
  if (depth < DEEP || !isRecursive) return type;
  return type.kind === 'optional' ? { kind: 'null' } : { kind: 'list', of: { kind: 'null' } };
}

/** `style`: `{ pretty, compact }`. */
export function printValue(value, style, indent = 0) {
  if (Array.isArray(value)) {
    return block(
      value.map((item) => printValue(item, style, indent + 1)),
      '[]',
      style,
      indent,
    );
  }
  if (value?.number) return value.number;
  if (!value?.entries) return JSON.stringify(value);
  const colon = style.compact ? ':' : ': ';
  const pairs = value.entries.map(
    ([key, item]) => `${JSON.stringify(key)}${colon}${printValue(item, style, indent + 1)}`,
  );
  return block(pairs, '{}', style, indent);
}

function block(items, [open, close], { pretty, compact }, indent) {
  if (items.length === 0) return `${open}${close}`;
  if (!pretty) return `${open}${items.join(compact ? ',' : ', ')}${close}`;
  const margin = '  '.repeat(indent);
  return `${open}\n${items.map((item) => `${margin}  ${item}`).join(',\n')}\n${margin}${close}`;
}
