/** Streams whose client fails midway: the call goes on with the next attempt and says so, or ends, as one chooses. */

import {
  BamlClientHttpError,
  type BamlStream,
  ClientRegistry,
  Collector,
  type StreamAttempt,
} from '@boundaryml/baml';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm();

/** A registry whose primary is a fallback of two members; the first one tears its answer. */
function torn(options: Record<string, unknown> = {}): ClientRegistry {
  llm().on({ model: 'torn', reply: { text: 'first '.repeat(60), fault: 'reset-midway', chunkDelayMs: 1 } });
  llm().on({ model: 'whole', reply: { text: 'second '.repeat(60).trim(), chunkDelayMs: 1 } });
  const registry = new ClientRegistry();
  registry.addLlmClient('Torn', 'openai', llm().options({ model: 'torn' }));
  registry.addLlmClient('Whole', 'openai', llm().options({ model: 'whole' }));
  registry.addLlmClient('Both', 'fallback', { strategy: ['Torn', 'Whole'], ...options });
  registry.setPrimary('Both');
  return registry;
}

const WHOLE = 'second '.repeat(60).trim();

/** The partial values with the number of the attempt that the stream says they are of. */
async function seen(stream: BamlStream<string, string>): Promise<[number, string][]> {
  const values: [number, string][] = [];
  for await (const partial of stream) values.push([stream.attempt!.number, partial]);
  return values;
}

describe('by default', () => {
  test('the call goes on with the next client, and the stream says that it began again', async () => {
    const collector = new Collector();
    const stream = b.stream.Echo('x', { clientRegistry: torn(), collector });
    const restarts: StreamAttempt[] = [];
    const events: string[] = [];
    expect(stream.attempt).toBeNull();
    stream
      .onRestart((attempt) => restarts.push(attempt))
      .onRestart(({ client }) => events.push(`again by ${client}`));
    for await (const partial of stream) events.push(partial.slice(0, 5));
    expect(await stream.getFinalResponse()).toBe(WHOLE);
    expect(restarts).toEqual([
      { number: 2, client: 'Whole', provider: 'openai', reason: 'next of Both after network' },
    ]);
    expect(stream.attempt).toBe(restarts[0]);
    // No value of the first attempt comes after the word that it is void.
    expect(events.filter((event, index) => event !== events[index - 1])).toEqual([
      'first',
      'again by Whole',
      'secon',
    ]);
    expect(
      collector.last!.calls.map(({ clientName, selected, kind, reason }) => [
        clientName,
        selected,
        kind,
        reason,
      ]),
    ).toEqual([
      ['Torn', false, 'network', 'first'],
      ['Whole', true, null, 'next of Both after network'],
    ]);
  });

  test('each partial value belongs to the attempt that the stream names', async () => {
    const values = await seen(b.stream.Echo('x', { clientRegistry: torn() }));
    expect(new Set(values.map(([number]) => number))).toEqual(new Set([1, 2]));
    for (const [number, text] of values) {
      expect((number === 1 ? 'first '.repeat(60) : WHOLE).startsWith(text)).toBe(true);
    }
  });

  test('so does a retry of the same client', async () => {
    llm().on({
      model: 'unsteady',
      reply: [{ text: 'x'.repeat(100), fault: 'reset-midway', chunkDelayMs: 1 }, 'whole'],
    });
    const registry = new ClientRegistry();
    const policy = { max_retries: 1, strategy: { type: 'constant_delay', delay_ms: 1 } } as const;
    registry.addLlmClient('Unsteady', 'openai', llm().options({ model: 'unsteady' }), policy);
    registry.setPrimary('Unsteady');
    const restarts: string[] = [];
    const stream = b.stream.Echo('x', { clientRegistry: registry });
    stream.onRestart(({ reason }) => restarts.push(reason));
    expect((await seen(stream)).at(-1)).toEqual([2, 'whole']);
    expect(restarts).toEqual(['retry 1 after network']);
  });

  test('a client that failed before its first text is no restart', async () => {
    const registry = torn();
    llm().on({ model: 'torn', reply: { status: 500 } });
    const stream = b.stream.Echo('x', { clientRegistry: registry });
    stream.onRestart(() => {
      throw new TypeError('nothing was shown before');
    });
    const values = await seen(stream);
    expect(new Set(values.map(([number]) => number))).toEqual(new Set([2]));
    expect(await stream.getFinalResponse()).toBe(WHOLE);
  });
});

describe('with restart_stream false', () => {
  test('the call ends with the error of the client that failed', async () => {
    const stream = b.stream.Echo('x', { clientRegistry: torn({ restart_stream: false }) });
    const values: string[] = [];
    const loop = async (): Promise<void> => {
      for await (const partial of stream) values.push(partial);
    };
    const error = await failure(loop(), BamlClientHttpError);
    expect(error).toMatchObject({ client_name: 'Torn', code: 'network' });
    expect(error.attempts).toHaveLength(1);
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) expect('first '.repeat(60).startsWith(value)).toBe(true);
    expect(llm().requests).toHaveLength(1);
    await failure(stream.getFinalResponse(), BamlClientHttpError);
  });

  test('it goes on while nothing was shown', async () => {
    const registry = torn({ restart_stream: false });
    llm().on({ model: 'torn', reply: { status: 500 } });
    expect((await seen(b.stream.Echo('x', { clientRegistry: registry }))).at(-1)).toEqual([2, WHOLE]);
  });

  test('calls that do not stream go on as ever', async () => {
    expect(await b.Echo('x', { clientRegistry: torn({ restart_stream: false }) })).toBe(WHOLE);
  });

  test('a strategy around it has no say, one inside it has', async () => {
    const registry = torn({ restart_stream: false });
    registry.addLlmClient('Around', 'fallback', { strategy: ['Both', 'Whole'] });
    const stream = b.stream.Echo('x', { clientRegistry: registry, client: 'Around' });
    await failure(seen(stream), BamlClientHttpError);
    expect(llm().requests).toHaveLength(1);
  });

  test('it is an option of every strategy, in JSON too, and of no model', () => {
    const registry = ClientRegistry.fromJSON({
      clients: [
        { name: 'F', provider: 'fallback', options: { strategy: ['Standard'], restart_stream: false } },
        { name: 'R', provider: 'round-robin', options: { strategy: ['Standard'], restart_stream: false } },
        { name: 'W', provider: 'weighted', options: { strategy: ['Standard'], restart_stream: true } },
      ],
    });
    expect(registry.get('F')!.options).toEqual({ strategy: ['Standard'], restart_stream: false });
    expect(() =>
      new ClientRegistry().addLlmClient('F', 'fallback', { strategy: ['A'], restart_stream: 'no' }),
    ).toThrow(/`restart_stream` must be a bool/);
  });
});
