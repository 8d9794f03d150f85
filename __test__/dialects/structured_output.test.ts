/** `structured_output true`: every provider is told the form of the answer in its own field, and what comes back is read. */

import { Collector } from '@boundaryml/baml';
import type { CallOptions } from '@boundaryml/baml/client';
import type { DialectName, LlmRequest } from '@boundaryml/baml/testing';
import type { JSONSchema } from 'openai/lib/jsonschema';
import { toStrictJsonSchema } from 'openai/lib/transform';
import { describe, expect, test } from 'vitest';

import { b } from '../projects/dialects/baml_client/index.js';
import { oneLlm } from '../support/llm.js';
import { asking, PROVIDERS } from './providers.js';

const llm = oneLlm();

const RESUME = { name: 'Ada Lovelace', email: null, skills: ['Mathematics', 'Poésie 🪶', '数学'] };
const OUTLINE = { title: 'Notes', parts: [{ title: 'Note G', parts: [] }] };

/** Where each is told. */
const PLACES: Record<DialectName, (body: LlmRequest['body']) => unknown> = {
  'openai-chat': (body) => body.response_format?.json_schema.schema,
  'openai-responses': (body) => body.text?.format.schema,
  anthropic: (body) => body.output_config?.format.schema ?? body.tools?.[0].input_schema,
  google: (body) => body.generationConfig?.responseJsonSchema,
  bedrock: (body) => body.toolConfig?.tools[0].toolSpec.inputSchema.json,
};

describe.each(PROVIDERS)('$name', (row) => {
  const options = (structured_output = true): CallOptions => ({
    clientRegistry: asking(llm(), row, { structured_output }),
  });
  const told = (): unknown => PLACES[row.dialect](llm().lastRequest.body);

  test('is told the class that is wanted', async () => {
    llm().on({ reply: { json: RESUME } });
    expect(await b.ExtractResume('Ada', options())).toEqual(RESUME);
    expect(told()).toEqual({
      type: 'object',
      properties: {
        name: { type: 'string' },
        email: { anyOf: [{ type: 'string' }, { type: 'null' }] },
        skills: { type: 'array', items: { type: 'string' } },
      },
      required: ['name', 'email', 'skills'],
      additionalProperties: false,
    });
    expect(toStrictJsonSchema(structuredClone(told()) as JSONSchema)).toEqual(told());
    expect((await b.request.ExtractResume('Ada', options())).body.json()).toEqual(llm().lastRequest.body);
  });

  test('wraps what is no object, and the answer is what is inside', async () => {
    llm().on({ reply: { json: { answer: RESUME.skills } } });
    const collector = new Collector();
    expect(await b.ListSkills('Ada', { ...options(), collector })).toEqual(RESUME.skills);
    expect(told()).toMatchObject({ required: ['answer'], properties: { answer: { type: 'array' } } });
    expect(JSON.parse(collector.last!.rawLlmResponse!)).toEqual(RESUME.skills);
  });

  test('streams', async () => {
    llm().on({ reply: { json: { answer: RESUME.skills }, chunkSize: 3, chunkDelayMs: 5 } });
    const stream = b.stream.ListSkills('Ada', options());
    const partials = [];
    for await (const partial of stream) partials.push(partial);
    expect(await stream.getFinalResponse()).toEqual(RESUME.skills);
    expect(partials.at(-1)).toEqual(RESUME.skills);
    for (const partial of partials) expect(partial.length).toBeLessThanOrEqual(RESUME.skills.length);
  });

  test('is told a class that contains itself', async () => {
    llm().on({ reply: { json: OUTLINE } });
    expect(await b.Outline('Notes', options())).toEqual(OUTLINE);
    expect(told()).toMatchObject({ $defs: { Section: { required: ['title', 'parts'] } } });
  });

  test('is told nothing for text, or when nobody asks for it', async () => {
    llm().on({ reply: 'hello' });
    expect(await b.Echo('hi', options())).toBe('hello');
    expect(told()).toBeUndefined();
    llm().reset();
    llm().on({ reply: { json: RESUME } });
    await b.ExtractResume('Ada', options(false));
    expect(told()).toBeUndefined();
  });
});
