// A random schema: a few enums, classes and aliases, and one function whose return type is the root.
//
// A type is `{ kind }` with: int, float, bool, string; literal (value, isBare); enum, class, alias (target); list, optional
// (of); map (key, of); union (members).

const WORDS = 'alpha beta gamma delta item name note kind size count total rate tags next owner state'.split(
  ' ',
);
const VALUES = 'RED GREEN BLUE OPEN CLOSED LOW LOWER HIGH IN_PROGRESS DONE A1 B2'.split(' ');
const LITERALS = [...WORDS.slice(0, 6), 'two words', 1, 2, 7, true, false];
const DEPTH = 2;

export const words = WORDS;

/** `{ source, root }`; `isPartial` adds stream attributes. */
export function makeSchema(random, isPartial) {
  const maker = new Maker(random, isPartial);
  return { source: maker.source(), root: maker.root };
}

class Maker {
  constructor(random, isPartial) {
    this.random = random;
    this.isPartial = isPartial;
    this.enums = Array.from({ length: random.below(3) }, (_, index) => this.#enum(index));
    this.classes = [];
    const classCount = random.below(4);
    while (this.classes.length < classCount) this.classes.push(this.#class(this.classes.length));
    this.aliases = this.#aliases();
    this.root = this.#root();
  }

  source() {
    return [
      ...this.enums.map(printEnum),
      ...this.classes.map(printClass),
      ...this.aliases.map((alias) => `type ${alias.name} = ${printType(alias.type)}`),
      `function F(x: string) -> ${printType(this.root)} {`,
      '  client "openai/gpt-4o"',
      '  prompt #"{{ x }} {{ ctx.output_format }}"#',
      '}',
      '',
    ].join('\n');
  }

  #enum(index) {
    const names = this.random.some(VALUES, 1 + this.random.below(4));
    const alias = (name) =>
      this.random.chance(0.2) ? `${name.toLowerCase()} ${this.random.pick(WORDS)}` : null;
    return { name: `E${index}`, values: names.map((name) => ({ name, alias: alias(name) })) };
  }

  #class(index) {
    const result = { name: `C${index}`, isDone: this.isPartial && this.random.chance(0.1) };
    const names = this.random.some(WORDS, 1 + this.random.below(4));
    result.fields = names.map((name) => this.#field(name));
    if (this.random.chance(0.25)) result.fields.push(this.#recursiveField(result));
    return result;
  }

  #field(name) {
    const key = this.random.chance(0.12) ? `${this.random.pick(['the ', 'my_', 'X-'])}${name}` : name;
    const type = this.#type(DEPTH);
    const attributes = key === name ? [] : [`@alias("${key}")`];
    if (this.isPartial && this.random.chance(0.3)) {
      attributes.push(this.random.pick(['@stream.done', '@stream.not_null', '@stream.with_state']));
    }
    if (type.kind === 'int' && this.random.chance(0.1)) attributes.push('@check(pos, {{ this > 0 }})');
    return { name, key, type, attributes };
  }

  #recursiveField(target) {
    const of = { kind: 'class', target };
    const type = { kind: this.random.chance(0.5) ? 'optional' : 'list', of };
    return { name: 'again', key: 'again', type, attributes: [], isRecursive: true };
  }

  #aliases() {
    const aliases = this.random.chance(0.2) ? [{ name: 'T0', type: this.#type(1) }] : [];
    if (this.random.chance(0.1)) {
      const alias = { name: 'T1' };
      const list = { kind: 'list', of: { kind: 'alias', target: alias } };
      alias.type = { kind: 'union', members: [this.#primitive(), list] };
      aliases.push(alias);
    }
    return aliases;
  }

  #root() {
    if (this.aliases.length > 0 && this.random.chance(0.4)) {
      return { kind: 'alias', target: this.random.pick(this.aliases) };
    }
    if (this.classes.length > 0 && this.random.chance(0.7)) {
      return { kind: 'class', target: this.random.pick(this.classes) };
    }
    return this.#type(3);
  }

  #primitive() {
    return { kind: this.random.pick(['int', 'float', 'bool', 'string', 'string', 'int']) };
  }

  #literal() {
    return { kind: 'literal', value: this.random.pick(LITERALS), isBare: this.random.chance(0.03) };
  }

  #named(kind, targets) {
    return targets.length > 0 ? { kind, target: this.random.pick(targets) } : this.#primitive();
  }

  #type(depth) {
    if (depth <= 0) return this.#leaf();
    const inner = () => this.#type(depth - 1);
    const choices = [
      () => this.#primitive(),
      () => this.#primitive(),
      () => this.#primitive(),
      () => this.#literal(),
      () => this.#named('enum', this.enums),
      () => this.#named('class', this.classes),
      () => this.#named('class', this.classes),
      () => ({ kind: 'list', of: inner() }),
      () => ({ kind: 'map', key: this.#mapKey(), of: inner() }),
      () => ({ kind: 'optional', of: inner() }),
      () => ({ kind: 'union', members: Array.from({ length: 2 + this.random.below(2) }, inner) }),
    ];
    return this.random.pick(choices)();
  }

  #leaf() {
    if (this.random.chance(0.2)) return this.#literal();
    return this.random.chance(0.2) ? this.#named('enum', this.enums) : this.#primitive();
  }

  #mapKey() {
    return this.random.chance(0.15) ? this.#named('enum', this.enums) : { kind: 'string' };
  }
}

const PRINTERS = {
  literal: ({ value }) => JSON.stringify(value),
  enum: ({ target }) => target.name,
  class: ({ target }) => target.name,
  alias: ({ target }) => target.name,
  list: ({ of }) => `${printItem(of)}[]`,
  optional: ({ of }) => `${printOperand(of)}?`,
  map: ({ key, of }) => `map<${printType(key)}, ${printType(of)}>`,
  union: ({ members }) => members.map(printOperand).join(' | '),
};

const printType = (type) => PRINTERS[type.kind]?.(type) ?? type.kind;

const printOperand = (type) =>
  type.kind === 'union' || type.kind === 'optional' ? `(${printType(type)})` : printType(type);

/** The peer takes a literal as the item of a list in parentheses only. */
const printItem = (type) =>
  type.kind === 'literal' && !type.isBare ? `(${printType(type)})` : printOperand(type);

function printEnum({ name, values }) {
  const lines = values.map((value) => `  ${value.name}${value.alias ? ` @alias("${value.alias}")` : ''}\n`);
  return `enum ${name} {\n${lines.join('')}}`;
}

function printClass({ name, fields, isDone }) {
  const lines = fields.map(
    (field) => `  ${[field.name, printOperand(field.type), ...field.attributes].join(' ')}\n`,
  );
  return `class ${name} {\n${lines.join('')}${isDone ? '  @@stream.done\n' : ''}}`;
}
