/**
 * What a user writes against the client of `../inputs/rich.baml`. It is only type-checked: each line holds a type of
 * the generated client in place, and each `@ts-expect-error` a mistake that the types must catch.
 */

import type { BamlStream, Plan, PlanAttempt } from '@boundaryml/baml';
import { ClientRegistry, Collector, Image } from '@boundaryml/baml';

import type { AnyJson, Check, Checked, Note, partial_types, Person } from './baml_client/index.js';
import {
  all_succeeded,
  b,
  BamlValidationError,
  Confidence,
  flush,
  get_checks,
  Odd,
  onLogEvent,
  resetBamlEnvVars,
  setTags,
  Tone,
  traceAsync,
  traceSync,
  version,
  type watchers,
} from './baml_client/index.js';
import type { BamlAsyncClient, RecursivePartialNull } from './baml_client/async_client.js';
import { setLogLevel } from './baml_client/config.js';
import { getBamlFiles } from './baml_client/inlinedbaml.js';
import type { BamlSyncClient } from './baml_client/sync_client.js';
import { b as blocking } from './baml_client/sync_client.js';
import TypeBuilder, { ClassBuilder, EnumBuilder, FieldType } from './baml_client/type_builder.js';

export async function calls(): Promise<unknown[]> {
  const clientRegistry = new ClientRegistry();
  const collector = new Collector('calls');
  const tb = new TypeBuilder();
  const person: Person = await b.Describe('text', Confidence.High, null, {
    clientRegistry,
    collector,
    tb,
    client: 'Other',
    tags: { a: 'b' },
    env: { KEY: undefined },
    signal: new AbortController().signal,
    onTick: (reason, log) => void [reason, log?.id],
  });
  await b.Describe('text', Confidence.High, Tone.Formal, { collector: [collector] });
  await b.Describe('text', Confidence.High, 'a tone of a type builder');
  // @ts-expect-error text is no enum
  await b.Describe('text', 'High');
  // @ts-expect-error the peer's old name
  await b.Describe('text', Confidence.High, null, { abortController: new AbortController() });
  // @ts-expect-error a required argument is missing
  await b.Describe('text');
  // @ts-expect-error an optional argument before a required one is written out
  await b.OptionalFirst(3);
  const short: string = await b.OptionalFirst(undefined, 3);
  await b.OptionalFirst('a', 3, null, null, { client: 'Other' });

  const json: AnyJson = { a: [1, 'b', null, { c: true }] };
  // @ts-expect-error a function is no JSON
  const noJson: AnyJson = { a: () => 1 };
  const image = Image.fromUrl('https://example.com/a.png');
  const mixed = await b.Everything(json, ['a'], image, { a: 1 }, 'a', [1, 'b'], [{ a: [1] }]);
  const names: string[] = mixed.map((item) => (typeof item === 'string' ? item : item.name));
  const even: Checked<number, 'even'> = await b.CheckedReturn(1);
  const notes: Record<string, Checked<Note, 'has_text'>> = await b.Notes();
  return [person, short, noJson, names, even, notes];
}

export function answers(person: Person): unknown[] {
  const age: number = person.age.value;
  const status: 'succeeded' | 'failed' = person.age.checks.adult.status;
  const expression: string = person.age.checks.plausible.expression;
  // @ts-expect-error there is no such check
  const missing: unknown = person.age.checks.missing;
  const checks: Check[] = get_checks(person.age.checks);
  const fine: boolean = all_succeeded(person.age.checks);
  const nickLength: number | undefined = person.checked_maybe?.value.length;
  const json: AnyJson = person.json;
  const bySomeWords: number | undefined = person.by_word['a b'];
  // @ts-expect-error not a key of the map
  const otherWord: unknown = person.by_word['other'];
  const odd: Odd = Odd.NaN;
  const level: 1 | 2 | 3 = person.level;
  const nothing: null | undefined = person.nothing;
  return [
    [age, status, expression, missing, checks, fine, nickLength],
    [json, bySomeWords, otherWord, odd, level, nothing],
  ];
}

export async function streams(): Promise<Person> {
  const stream: BamlStream<partial_types.Person, Person> = b.stream.Describe('a', Confidence.Low);
  for await (const partial of stream) {
    const name: string | null | undefined = partial.name;
    const tags: string[] = partial.tags;
    setTags({ name: name ?? '', tags: tags.join() });
  }
  for await (const [streamy] of b.stream.Stream()) {
    const title: string | undefined = streamy?.title;
    const body: string | null | undefined = streamy?.body.value;
    const state: 'Pending' | 'Incomplete' | 'Complete' | undefined = streamy?.body.state;
    const whole: string | undefined = streamy?.whole?.value.text;
    setTags({ title: title ?? '', body: body ?? '', state: state ?? '', whole: whole ?? '' });
  }
  return stream.getFinalResponse();
}

export async function parts(clientRegistry: ClientRegistry): Promise<unknown[]> {
  const request = await b.request.Describe('a', Confidence.Low, null, { clientRegistry });
  const url: string = request.url;
  const body: unknown = request.body.json();
  const streamed = await b.streamRequest.Describe('a', Confidence.Low);
  const parsed: Person = b.parse.Describe('{}', { clientRegistry });
  const partial: partial_types.Person = b.parseStream.Describe('{}');
  const stacked: BamlAsyncClient = b.withOptions({ clientRegistry }).withOptions({ tags: { a: 'b' } });
  const plan: Plan = b.plan.Describe('a', Confidence.Low, null, { client: 'Other', tags: { a: 'b' } });
  const [first]: PlanAttempt[] = blocking.plan.Describe('a', Confidence.Low, null, { clientRegistry }).attempts;
  const now: Person = blocking.Describe('a', Confidence.Low);
  const other: BamlSyncClient = blocking.withOptions({ client: 'Other' });
  return [url, body, streamed, parsed, partial, stacked, plan, first, now, other];
}

export function types(tb: TypeBuilder): unknown[] {
  tb.Open.addProperty('more', tb.string().list().optional()).description('more words');
  tb.Tone.addValue('Warm').alias('warm-hearted');
  // @ts-expect-error the class is not dynamic
  tb.Person.addProperty('more', tb.string());
  const nothingYet: RecursivePartialNull<Note> = {};
  return [nothingYet, FieldType, ClassBuilder, EnumBuilder];
}

export async function observation(): Promise<unknown[]> {
  const shout = traceAsync('shout', async (text: string) => text.toUpperCase());
  const text: string = await shout('a');
  const length: number = traceSync('length', (word: string) => word.length)('abc');
  const change: watchers.VarNotification<number> = {
    variable_name: 'a',
    value: 1,
    timestamp: '',
    function_name: '',
  };
  onLogEvent(undefined);
  flush();
  setLogLevel('off');
  resetBamlEnvVars({ KEY: 'value' });
  return [text, length, change, version, BamlValidationError, getBamlFiles()['main.baml']];
}
