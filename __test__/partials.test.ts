/** Partial values share what is finished: the same object for as long as it is shown, and never changed. */

import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import type { partial_types } from './projects/main/baml_client/partial_types.js';
import { scriptedLlm } from './support/llm.js';

const llm = scriptedLlm('ok');

const part = (index: number) => ({ label: `part ${index}`, sizes: [index, index + 1] });

const CATALOG = {
  title: 'Everything',
  things: Array.from({ length: 12 }, (_, index) => ({
    id: index,
    name: `thing ${index}`,
    part: index % 3 === 0 ? null : part(index),
    tags: ['a', `tag ${index}`],
  })),
  parts: { one: part(1), two: part(2), three: part(3) },
  note: 'The end, "as it were".',
};

const FORMS: [string, string][] = [
  ['strict JSON', JSON.stringify(CATALOG)],
  ['a fence', `Here it is:\n\`\`\`json\n${JSON.stringify(CATALOG, null, 2)}\n\`\`\`\nDone.`],
  ['broken JSON', JSON.stringify(CATALOG).replaceAll('"name"', 'name').replaceAll('],', '],  // so\n')],
];

/** All partial values of a stream, each with what it looked like when it came. */
async function partialsOf(text: string, chunkSize: number) {
  // Slower than partial values are made: nearly each piece is seen.
  llm().on({ reply: { text, chunkSize, chunkDelayMs: 9 } });
  const stream = b.stream.ReadCatalog('x');
  const seen: { value: partial_types.Catalog; copy: string }[] = [];
  for await (const value of stream) seen.push({ value, copy: JSON.stringify(value) });
  return { seen, whole: await stream.getFinalResponse() };
}

describe.each(FORMS)('of an answer in %s', (_, text) => {
  test('what is finished stays the same object', async () => {
    const { seen, whole } = await partialsOf(text, 20);
    expect(whole).toEqual(CATALOG);
    expect(seen.at(-1)?.value).toEqual(CATALOG);
    expect(seen.length).toBeGreaterThan(20);
    let shared = 0;
    for (const [index, { value }] of seen.entries()) {
      const before = seen[index - 1]?.value;
      if (!before) continue;
      // All but the last thing were finished.
      for (const [at, thing] of before.things.slice(0, -1).entries()) {
        expect(value.things[at]).toBe(thing);
        shared++;
      }
      if (value.things.length > before.things.length + 1) continue;
      // What had ended in the last one, before it ended itself.
      const last = before.things.at(-1);
      if (last?.tags.length) expect(value.things[before.things.length - 1]?.part).toBe(last.part);
      if (Object.keys(before.parts).length > 0) expect(value.things).toBe(before.things);
    }
    expect(shared).toBeGreaterThan(50);
  });

  test('nothing that was handed out changes', async () => {
    const { seen } = await partialsOf(text, 40);
    for (const { value, copy } of seen) expect(JSON.stringify(value)).toBe(copy);
  });
});

test('a loop that changes what it got does not disturb what comes', async () => {
  llm().on({ reply: { json: CATALOG, chunkSize: 30, chunkDelayMs: 1 } });
  const stream = b.stream.ReadCatalog('x');
  for await (const partial of stream) {
    partial.things.length = 0;
    partial.things.push({ id: -1, name: 'mine', part: null, tags: [] });
    partial.parts = {};
  }
  expect(await stream.getFinalResponse()).toEqual(CATALOG);
});
