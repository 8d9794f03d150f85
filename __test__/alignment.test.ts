/** What was done to an answer to make it fit: in the log of a call, to who parses a text, and in the error. */

import { BamlValidationError, Collector, type Alignment } from '@boundaryml/baml';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm('ok');

const BROKEN = '```json\n{name: "Ada", "age": 36, "skills": ["maths", null],}\n```';

/** The notes as `path change rule`. */
const rules = (alignment: Alignment | null | undefined) =>
  alignment?.notes.map(({ path, change, rule }) => `${path} ${change} ${rule}`.trim());

describe('the account of an answer', () => {
  const expected = [
    'repaired fence',
    'repaired comma',
    'repaired quotes',
    'dropped key',
    'skills dropped item',
    'email defaulted absent',
  ];

  test('is in the log of a call', async () => {
    llm().on({ reply: BROKEN });
    const collector = new Collector();
    const resume = await b.ExtractResume('x', { collector });
    expect(resume).toEqual({ name: 'Ada', email: null, skills: ['maths'] });
    const { alignment } = collector.last ?? {};
    expect(rules(alignment)).toEqual(expected);
    expect(alignment?.notes.find(({ rule }) => rule === 'key')?.message).toContain('`age`');
    expect(alignment?.more).toBe(0);
  });

  test('is in the log of a stream', async () => {
    llm().on({ reply: { text: BROKEN, chunkSize: 4 } });
    const collector = new Collector();
    await b.stream.ExtractResume('x', { collector }).getFinalResponse();
    expect(rules(collector.last?.alignment)).toEqual(expected);
  });

  test('is told to who parses a text', () => {
    const seen: (Alignment | null)[] = [];
    const resume = b.parse.ExtractResume(BROKEN, { onAlignment: (alignment) => seen.push(alignment) });
    expect(resume.skills).toEqual(['maths']);
    expect(rules(seen[0])).toEqual(expected);
    expect(seen).toHaveLength(1);
  });

  test('goes to a function whose own errors stay what they are', () => {
    const own = { name: 'BamlTimeoutError', message: 'mine' };
    const onAlignment = () => {
      throw own;
    };
    let thrown: unknown;
    try {
      b.parse.ExtractResume(BROKEN, { onAlignment });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(own);
  });

  test('of strict JSON is empty', async () => {
    llm().on({ reply: { json: { name: 'Ada', email: null, skills: [] } } });
    const collector = new Collector();
    await b.ExtractResume('x', { collector });
    expect(collector.last?.alignment).toEqual({ notes: [], more: 0 });
  });

  test('is not there when nothing fits', async () => {
    llm().on({ reply: '{"name": null}' });
    const collector = new Collector();
    await failure(b.ExtractResume('x', { collector }), BamlValidationError);
    expect(collector.last?.alignment).toBeNull();
  });
});

test('an error names each place that does not fit', async () => {
  llm().on({ reply: '{"name": "Lamp", "price": "on request"}' });
  const error = await failure(b.Price('x'), BamlValidationError);
  const message = 'expected float, found the text "on request"';
  expect(error.problems).toEqual([{ path: 'price', message, expected: 'float', found: 'on request' }]);
  expect(error.message).toContain(`price: ${message}`);
  expect(BamlValidationError.from(JSON.parse(JSON.stringify(error)))?.problems).toEqual(error.problems);
});
