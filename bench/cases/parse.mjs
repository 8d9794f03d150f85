// parseLlmResponse: throughput, scaling, memory, and inputs meant to make it slow. JSON.parse of the same value, as
// JSON.stringify writes it, is the physical limit where the text holds one.
import { CORE, unionFiles, unionPayload, wideFiles, widePayload } from '../lib/fixtures.mjs';
import { Project } from '../lib/implementation.mjs';
import { scaling, seriesMetrics, syncCost } from '../lib/measure.mjs';
import * as payloads from '../lib/payloads.mjs';
import { peakBytesPerByte } from '../lib/peak.mjs';

const times = (size, unit) => Math.max(1, Math.round(size / unit));

const cutOff = (size) => payloads.itemsOfBytes(size).slice(0, -7);

// name: the function that parses, and the text of a given size.
const TEXTS = {
  'small-resume': ['ExtractResume', () => payloads.resumeJson()],
  'medium-resume': ['ExtractResume', () => payloads.mediumResumeJson()],
  'clean-array': ['ExtractItems', payloads.itemsOfBytes],
  'class-with-list': ['ExtractCatalog', payloads.catalogOfBytes],
  'class-with-string-list': ['ExtractSkills', payloads.skillsOfBytes],
  map: ['ExtractMap', payloads.mapOfBytes],
  'pretty-fenced-array': ['ExtractItems', payloads.fencedItems],
  'fenced-class-with-list': ['ExtractCatalog', (size) => payloads.fenced(payloads.catalogOfBytes(size))],
  'fenced-class-with-string-list': ['ExtractSkills', (size) => payloads.fenced(payloads.skillsOfBytes(size))],
  'fenced-map': ['ExtractMap', (size) => payloads.fenced(payloads.mapOfBytes(size))],
  'dirty-array': ['ExtractItems', payloads.dirtyItems],
  'clean-array-partial': ['ExtractItems', cutOff],
  'cut-off-array': ['ExtractItems', cutOff],
  'json-alias': ['ExtractJson', payloads.itemsOfBytes],
  'cut-off-json-alias': ['ExtractJson', cutOff],
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

// name: the value of the text as clean JSON, where that is not the text itself.
const CLEAN = {
  'pretty-fenced-array': payloads.fencedItemsClean,
  'fenced-class-with-list': payloads.catalogOfBytes,
  'fenced-class-with-string-list': payloads.skillsOfBytes,
  'fenced-map': payloads.mapOfBytes,
  'dirty-array': payloads.dirtyItemsClean,
  'clean-array-partial': payloads.itemsOfBytes,
  'cut-off-array': payloads.itemsOfBytes,
  'cut-off-json-alias': payloads.itemsOfBytes,
};

const JSON_TEXTS = new Set(
  (
    'small-resume medium-resume clean-array class-with-list class-with-string-list json-alias map escapes ' +
    'deep-tree wide-tree deep-json-alias union-classes wide-class'
  ).split(' '),
);

const cleanText = (name) => CLEAN[name] ?? (JSON_TEXTS.has(name) ? TEXTS[name][1] : undefined);

// Sizes that are no bytes: depths, children, members, fields.
const SIZES = {
  'small-resume': [150],
  'medium-resume': [10_000],
  'deep-tree': [8, 16, 32, 64, 128, 256],
  'wide-tree': [10, 100, 1000, 10_000],
  'deep-json-alias': [4, 8, 16, 32, 64, 128],
  'union-classes': [2, 5, 10, 20, 50, 100],
  'wide-class': [10, 30, 100, 300],
};

/** Of smaller texts, the memory is lost in what a process takes by chance. */
const SMALLEST_FOR_MEMORY = 1_000_000;

export const variants = ({ quick }) => Object.keys(TEXTS).map((name) => makeVariant(name, quick));

function makeVariant(name, quick) {
  const memory = !SIZES[name];
  if (name.startsWith('bad:')) {
    const sizes = quick
      ? [30, 100, 1_000, 10_000, 100_000]
      : [30, 60, 100, 200, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
    return { name, sizes, memory, reps: quick ? 1 : 2, budgetMs: quick ? 1_500 : 4_000, timeoutMs: 60_000 };
  }
  const bytes = quick
    ? [1_000, 10_000, 100_000]
    : [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];
  const comparators = cleanText(name) ? ['JSON.parse'] : [];
  return { name, sizes: SIZES[name] ?? bytes, memory, reps: quick ? 1 : 3, budgetMs: 5_000, comparators };
}

export async function run({ implementation, name, sizes, memory, quick, budgetMs }, report) {
  const parser = new Parser(implementation, name);
  const points = await scaling(sizes, budgetMs, (size) => {
    const value = syncCost(parser.prepare(size), quick ? 60 : 150);
    report({ [`cpu_ms@${size}`]: value });
    return value;
  });
  const metrics = { ...seriesMetrics('cpu_ms', points), ...parser.outcomes() };
  report(metrics);
  const largest = points.at(-1).size;
  if (!memory || largest < SMALLEST_FOR_MEMORY) return metrics;
  return { ...metrics, peak_bytes_per_byte: peakBytesPerByte(parser.task(largest)) };
}

/** Counts the sizes that parsed and the sizes that raised an error: a fast refusal is not a fast parse. */
class Parser {
  #parsed = new Map();

  constructor(implementation, name) {
    [this.function, this.text, this.files] = TEXTS[name];
    this.implementation = implementation;
    this.isPartial = name.endsWith('-partial');
    if (implementation === 'JSON.parse') this.text = cleanText(name);
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

  /** What another process needs to parse the same once. */
  task(size) {
    const { implementation, isPartial } = this;
    return { implementation, function: this.function, isPartial, text: this.text(size) };
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
