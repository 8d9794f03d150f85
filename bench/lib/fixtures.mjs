// BAML sources of the cases.

/** A class of six fields, and what is done with lists of it. */
export const ITEMS = `
enum Kind {
  BOOK
  TOOL @description("something you can hold")
  TOY @alias("plaything")
}

class Item {
  id int
  name string @description("the display name")
  price float
  in_stock bool
  tags string[]
  kind Kind
}

function DumpItems(items: Item[]) -> string {
  client Stub
  prompt #"{{ items }}"#
}

function CountItems(items: Item[]) -> string {
  client Stub
  prompt #"{{ items | length }}"#
}
`;

export const CORE = {
  'clients.baml': `
client<llm> Pooled {
  provider openai
  options {
    model "stub"
    api_key env.STUB_KEY
    base_url env.STUB_URL
    http {
      enable_connection_pooling true
    }
  }
}

client<llm> Stub {
  provider openai
  options {
    model "stub"
    api_key env.STUB_KEY
    base_url env.STUB_URL
  }
}
`,
  'items.baml': ITEMS,
  'core.baml': `
class Resume {
  name string
  email string
  experience string[]
  skills string[]
}

class Catalog {
  title string
  items Item[]
}

class Skills {
  name string
  skills string[]
}

class Tree {
  v int
  children Tree[]
}

type JVal = int | float | bool | string | null | JVal[] | map<string, JVal>

function ExtractResume(resume: string) -> Resume {
  client Stub
  prompt #"
    Extract from this content:
    {{ resume }}

    {{ ctx.output_format }}
  "#
}

function ExtractItems(text: string) -> Item[] {
  client Stub
  prompt #"
    {{ _.role("user") }}
    List the items in: {{ text }}
    {{ ctx.output_format }}
  "#
}

function ExtractCatalog(text: string) -> Catalog {
  client Stub
  prompt #"
    {{ _.role("user") }}
    List the items in: {{ text }}
    {{ ctx.output_format }}
  "#
}

function ExtractSkills(text: string) -> Skills {
  client Stub
  prompt #"{{ text }} {{ ctx.output_format }}"#
}

function ExtractTree(text: string) -> Tree {
  client Stub
  prompt #"{{ text }} {{ ctx.output_format }}"#
}

function ExtractJson(text: string) -> JVal {
  client Stub
  prompt #"{{ text }}"#
}

function ExtractMap(text: string) -> map<string, string> {
  client Stub
  prompt #"{{ text }} {{ ctx.output_format }}"#
}

function ExtractString(text: string) -> string {
  client Stub
  prompt #"{{ text }}"#
}

function Summarise(items: Item[], text: string) -> string {
  client Stub
  prompt #"
    {% for i in items %}
    - {{ i.id }} {{ i.name }} costs {{ i.price }} ({{ i.tags | join(", ") }})
    {% endfor %}
    {{ text }}
  "#
}
`,
};

const CLIENTS = { 'clients.baml': CORE['clients.baml'] };
const FUNCTIONS_PER_FILE = 50;

/** `count` classes, enums and functions, in files of fifty or in one. */
export function scaled(count, { oneFile = false } = {}) {
  const perFile = oneFile ? count : FUNCTIONS_PER_FILE;
  const files = { ...CLIENTS };
  for (let start = 0; start < count; start += perFile) {
    const length = Math.min(perFile, count - start);
    files[`f${start}.baml`] = Array.from({ length }, (_, offset) => numbered(start + offset)).join('');
  }
  return files;
}

const numbered = (index) => `
class C${index} {
  id int
  name string @description("name of thing ${index}")
  parent C${Math.max(index - (index % 10), index - 1)}?
  kind E${index}
  scores float[]
  extra map<string, string>
}

enum E${index} {
  ALPHA
  BETA @alias("second")
  GAMMA @description("third")
}

function F${index}(text: string, like: C${index}?) -> C${index}[] {
  client Stub
  prompt #"
    Extract all the things number ${index} from the text.
    {{ _.role("user") }}
    {{ text }}
    {% if like %}Such as {{ like.name }}{% endif %}
    {{ ctx.output_format }}
  "#
}
`;

/** A function returning a list of a union of `count` classes that differ by one key. */
export function unionFiles(count) {
  const names = Array.from({ length: count }, (_, index) => `U${index}`);
  const classes = names.map(
    (name, index) =>
      `class ${name} {\n  id int\n  name string\n  field_${index} string\n  opt_${index} int?\n}\n`,
  );
  return {
    ...CLIENTS,
    'union.baml': classes.join('') + extractor('ExtractUnion', `(${names.join(' | ')})[]`),
  };
}

export function unionPayload(classes, count) {
  const objects = Array.from({ length: count }, (_, index) => ({
    id: index,
    name: `n${index}`,
    [`field_${(index * 7) % classes}`]: 'text',
  }));
  return JSON.stringify(objects);
}

/** One class with `count` optional fields. */
export function wideFiles(count) {
  const fields = Array.from({ length: count }, (_, index) => `  field_${index} string?\n`);
  return {
    ...CLIENTS,
    'wide.baml': `class Wide {\n${fields.join('')}}\n${extractor('ExtractWide', 'Wide')}`,
  };
}

export function widePayload(count) {
  const entries = Array.from({ length: count }, (_, index) => [`field_${index}`, `v${index}`]);
  return JSON.stringify(Object.fromEntries(entries));
}

const extractor = (name, type) =>
  `function ${name}(text: string) -> ${type} {\n  client Stub\n  prompt #"{{ text }} {{ ctx.output_format }}"#\n}\n`;
