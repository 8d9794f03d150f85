// parseLlmResponse: throughput, scaling, and inputs meant to make it slow. JSON.parse is the physical limit where the
// text is JSON.
import { CORE, unionFiles, unionPayload, wideFiles, widePayload } from '../lib/fixtures.mjs';
import { Project } from '../lib/implementation.mjs';
import { maxRssMegabytes, scaling, seriesMetrics, syncCost } from '../lib/measure.mjs';
import * as payloads from '../lib/payloads.mjs';

const mapOf = (size) => {
  const entries = Array.from({ length: Math.max(1, Math.round(size / 22)) }, (_, index) => [
    `key${index}`,
    `value ${index}`,
  ]);
  return JSON.stringify(Object.fromEntries(entries));
};

const times = (size, unit) => Math.max(1, Math.round(size / unit));

// name: the function that parses, and the text of a given size.
const TEXTS = {
  'small-resume': ['ExtractResume', () => payloads.resumeJson()],
  'medium-resume': ['ExtractResume', () => payloads.mediumResumeJson()],
  'clean-array': ['ExtractItems', payloads.itemsOfBytes],
  'class-with-list': ['ExtractCatalog', payloads.catalogOfBytes],
  'class-with-string-list': ['ExtractSkills', payloads.skillsOfBytes],
  'pretty-fenced-array': ['ExtractItems', payloads.fencedItems],
  'dirty-array': ['ExtractItems', payloads.dirtyItems],
  'clean-array-partial': ['ExtractItems', (size) => payloads.itemsOfBytes(size).slice(0, -7)],
  'cut-off-array': ['ExtractItems', (size) => payloads.itemsOfBytes(size).slice(0, -7)],
  'json-alias': ['ExtractJson', payloads.itemsOfBytes],
  map: ['ExtractMap', mapOf],
  string: ['ExtractString', payloads.prose],
  escapes: ['ExtractResume', payloads.bigEscapes],
  'deep-tree': ['ExtractTree', payloads.tree],
  'wide-tree': ['ExtractTree', payloads.wideTree],
  'deep-json-alias': ['ExtractJson', payloads.deepList],
  'union-classes': ['ExtractUnion', (size) => unionPayload(size, 50), unionFiles],
  'wide-class': ['ExtractWide', widePayload, wideFiles],
  // What a model, or a user whom a model quotes, could return.
  'bad:open-brackets': ['ExtractItems', (size) => '['.repeat(size)],
  'bad:open-braces': ['ExtractResume', (size) => '{'.repeat(size)],
  'bad:open-brace-keys': ['ExtractResume', (size) => '{"a":'.repeat(Math.ceil(size / 5))],
  'bad:array-object-openers': ['ExtractItems', (size) => '[{"a":'.repeat(Math.ceil(size / 6))],
  'bad:commas': ['ExtractItems', (size) => `[${','.repeat(size)}]`],
  'bad:quotes': ['ExtractResume', (size) => `{"name": ${'"'.repeat(size)}`],
  'bad:backticks': ['ExtractResume', (size) => '`'.repeat(size)],
  'bad:prose': ['ExtractResume', payloads.prose],
  'bad:prose-apostrophes': ['ExtractResume', (size) => payloads.prose(size).replaceAll(' mu', " it's {a} ")],
  'bad:unterminated-string': ['ExtractResume', payloads.unterminatedString],
  'bad:many-blobs': ['ExtractResume', (size) => payloads.manyBlobs(times(size, 77))],
  'bad:many-fences': ['ExtractResume', (size) => payloads.manyFences(times(size, 86))],
};

const JSON_TEXTS = new Set(
  (
    'small-resume medium-resume clean-array class-with-list class-with-string-list json-alias map escapes ' +
    'deep-tree wide-tree deep-json-alias union-classes wide-class'
  ).split(' '),
);

const SIZES = {
  'small-resume': [150],
  'medium-resume': [10_000],
  'deep-tree': [8, 16, 32, 64, 128, 256],
  'wide-tree': [10, 100, 1000, 10_000],
  'deep-json-alias': [4, 8, 16, 32, 64, 128],
  'union-classes': [2, 5, 10, 20, 50, 100],
  'wide-class': [10, 30, 100, 300],
};

export const variants = ({ quick }) => Object.keys(TEXTS).map((name) => makeVariant(name, quick));

function makeVariant(name, quick) {
  if (name.startsWith('bad:')) {
    const sizes = quick
      ? [30, 100, 1_000, 10_000]
      : [30, 60, 100, 200, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
    return { name, sizes, reps: quick ? 1 : 2, budgetMs: quick ? 1_500 : 4_000, timeoutMs: 45_000 };
  }
  const bytes = quick
    ? [1_000, 10_000, 100_000]
    : [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
  const comparators = JSON_TEXTS.has(name) ? ['JSON.parse'] : [];
  return { name, sizes: SIZES[name] ?? bytes, reps: quick ? 1 : 3, budgetMs: 5_000, comparators };
}

export async function run({ implementation, name, sizes, quick, budgetMs }, report) {
  const parser = new Parser(implementation, name);
  const points = await scaling(sizes, budgetMs, (size) => {
    const value = syncCost(parser.prepare(size), quick ? 60 : 150);
    report({ [`cpu_ms@${size}`]: value, max_rss_mb: maxRssMegabytes() });
    return value;
  });
  return { ...seriesMetrics('cpu_ms', points), max_rss_mb: maxRssMegabytes(), ...parser.outcomes() };
}

/** Counts the sizes that parsed and the sizes that raised an error: a fast refusal is not a fast parse. */
class Parser {
  #parsed = new Map();

  constructor(implementation, name) {
    [this.function, this.text, this.files] = TEXTS[name];
    this.implementation = implementation;
    this.isPartial = name.endsWith('-partial');
    this.shared = implementation === 'JSON.parse' || this.files ? null : new Project(implementation, CORE);
  }

  prepare(size) {
    const text = this.text(size);
    if (this.implementation === 'JSON.parse') return () => JSON.parse(text);
    const project = this.shared ?? new Project(this.implementation, this.files(size));
    return () =>
      this.#parsed.set(
        size,
        succeeds(() => project.parse(this.function, text, this.isPartial)),
      );
  }

  outcomes() {
    if (this.implementation === 'JSON.parse') return {};
    const results = [...this.#parsed.values()];
    return { parsed_n: results.filter(Boolean).length, refused_n: results.filter((each) => !each).length };
  }
}

function succeeds(operation) {
  try {
    operation();
    return true;
  } catch {
    return false;
  }
}
