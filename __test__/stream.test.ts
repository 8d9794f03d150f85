/** `BamlStream` over what the addon promises of a streamed call, played by hand. */

import {
  BamlAbortError,
  BamlClientHttpError,
  BamlStream,
  BamlValidationError,
  toBamlError,
} from '@boundaryml/baml';
import type { FunctionResult, FunctionResultStream, RuntimeContextManager } from '@boundaryml/baml/native';
import { describe, expect, test } from 'vitest';

import { failure } from './support/llm.js';

/** A result: of a value, or of what throws when it is read. */
function result(value: unknown): FunctionResult {
  return {
    isOk: () => !(value instanceof Error),
    parsed: () => {
      if (value instanceof Error) throw value;
      return value;
    },
  } as unknown as FunctionResult;
}

/** The end of a call that goes on until it is cancelled. */
const NEVER = Symbol('never');

interface Played {
  stream: FunctionResultStream;
  started: () => number;
  cancelled: () => number;
}

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

/** A streamed call that tells each event on its own turn, then ends as `end` says. */
function played(events: unknown[], end: unknown): Played {
  let listener: ((error: Error | null, result: FunctionResult) => void) | undefined;
  const counts = { starts: 0, cancels: 0 };
  const stream = {
    onEvent: (callback: typeof listener) => {
      listener = callback;
    },
    done: async () => {
      counts.starts++;
      for (const event of events) {
        await turn();
        if (counts.cancels > 0) break;
        for (const each of Array.isArray(event) ? event : [event]) listener?.(null, result(each));
      }
      if (end === NEVER) {
        while (counts.cancels === 0) await turn();
      }
      if (counts.cancels > 0) throw new BamlAbortError('Operation was aborted');
      if (end instanceof BamlClientHttpError || end instanceof BamlAbortError) throw end;
      return result(end);
    },
    cancel: () => {
      counts.cancels++;
    },
  };
  return {
    stream: stream as unknown as FunctionResultStream,
    started: () => counts.starts,
    cancelled: () => counts.cancels,
  };
}

const CONTEXT = {} as RuntimeContextManager;

function over(call: Played): BamlStream<string, string> {
  return new BamlStream<string, string>(
    call.stream,
    (value: string) => value,
    (value: string) => value,
    CONTEXT,
  );
}

function open(events: unknown[], end: unknown): BamlStream<string, string> {
  return over(played(events, end));
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

const lines = async (stream: BamlStream<string, string>): Promise<unknown[]> =>
  (await new Response(stream.toStreamable()).text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('partial values', () => {
  test('come in order, and of several at once the newest', async () => {
    const stream = open(['a', ['ab', 'abc'], 'abcd'], 'abcd');
    expect(await all(stream)).toEqual(['a', 'abc', 'abcd']);
    expect(await stream.getFinalResponse()).toBe('abcd');
  });

  test('wait for nobody: a slow loop sees fewer, and the last', async () => {
    const events = Array.from({ length: 100 }, (_, index) => `v${index}`);
    const seen: string[] = [];
    for await (const partial of open(events, 'v99')) {
      seen.push(partial);
      for (let step = 0; step < 10; step++) await turn();
    }
    expect(seen.length).toBeGreaterThan(2);
    expect(seen.length).toBeLessThan(50);
    expect(seen.at(-1)).toBe('v99');
    expect(seen).toEqual(seen.toSorted((one, other) => Number(one.slice(1)) - Number(other.slice(1))));
  });

  test('are read when somebody asks for them, and not before', async () => {
    let reads = 0;
    const many = Array.from({ length: 1000 }, (_, index) => String(index));
    const stream = new BamlStream<string, string>(
      played([many], 'end').stream,
      (value: string) => {
        reads++;
        return value;
      },
      (value: string) => value,
      CONTEXT,
    );
    expect(await all(stream)).toEqual(['999']);
    expect(reads).toBe(1);
  });

  test('are seen by each of two loops, and a late one sees the last', async () => {
    const call = played(['a', 'ab'], 'ab');
    const stream = over(call);
    expect(await Promise.all([all(stream), all(stream)])).toEqual([
      ['a', 'ab'],
      ['a', 'ab'],
    ]);
    expect(await all(stream)).toEqual(['ab']);
    expect([call.started(), call.cancelled()]).toEqual([1, 0]);
  });

  test('that cannot be read yet are passed over', async () => {
    expect(await all(open(['a', new BamlValidationError('', '', 'too early', ''), 'ab'], 'ab'))).toEqual([
      'a',
      'ab',
    ]);
  });
});

describe('the final value', () => {
  test('comes without iterating, and the call is made once', async () => {
    const { stream, started } = played(['a'], 'ab');
    const baml = new BamlStream<string, string>(
      stream,
      (value: string) => value,
      (value: string) => `${value}!`,
      CONTEXT,
    );
    expect(started()).toBe(0);
    expect(await Promise.all([baml.getFinalResponse(), baml.getFinalResponse()])).toEqual(['ab!', 'ab!']);
    expect(await all(baml)).toEqual(['a']);
    expect(started()).toBe(1);
  });

  test('rejects with the class of what went wrong, iterating or not', async () => {
    const error = new BamlClientHttpError('C', 'gone', 500, '');
    expect(await failure(open([], error).getFinalResponse(), BamlClientHttpError)).toBe(error);
    const invalid = new BamlValidationError('p', 'o', 'm', 'd');
    expect(await failure(open([], invalid).getFinalResponse(), BamlValidationError)).toBe(invalid);
    const seen: string[] = [];
    const iterate = async (): Promise<void> => {
      for await (const partial of open(['a'], error)) seen.push(partial);
    };
    expect(await failure(iterate(), BamlClientHttpError)).toBe(error);
    expect(seen).toEqual(['a']);
  });
});

test('an abort ends the iteration quietly, and the final value rejects', async () => {
  const aborted = new BamlAbortError('Operation was aborted', 'enough');
  const stream = open(['a'], aborted);
  expect(await all(stream)).toEqual(['a']);
  expect(await failure(stream.getFinalResponse(), BamlAbortError)).toBe(aborted);
});

describe('leaving the loop', () => {
  const EXITS: Record<string, (stream: BamlStream<string, string>) => Promise<void>> = {
    break: async (stream) => {
      for await (const _ of stream) break;
    },
    return: async (stream) => {
      for await (const _ of stream) return;
    },
    throw: async (stream) => {
      const iterate = async (): Promise<void> => {
        for await (const _ of stream) throw new RangeError('enough');
      };
      await failure(iterate(), RangeError);
    },
  };

  test.each(Object.keys(EXITS))('by %s cancels the call, when nobody asks for the whole', async (exit) => {
    const call = played(['a', 'ab'], NEVER);
    const stream = over(call);
    await EXITS[exit]!(stream);
    await expect.poll(call.cancelled).toBe(1);
    await failure(stream.getFinalResponse(), BamlAbortError);
  });

  test('cancels nothing when somebody asked for the whole, or does so at once', async () => {
    for (const asksBefore of [true, false]) {
      const call = played(['a', 'ab', ...Array.from({ length: 50 }, () => 'ab')], 'abc');
      const stream = over(call);
      if (asksBefore) void stream.getFinalResponse();
      for await (const _ of stream) break;
      expect(await stream.getFinalResponse()).toBe('abc');
      expect(call.cancelled()).toBe(0);
    }
  });

  test('and coming back for another loop cancels nothing', async () => {
    const call = played(['a', 'ab', 'abc'], 'abc');
    const stream = over(call);
    for await (const _ of stream) break;
    expect((await all(stream)).at(-1)).toBe('abc');
    expect(call.cancelled()).toBe(0);
  });

  test('while another loop goes on cancels nothing', async () => {
    const call = played(['a', 'ab', 'abc'], 'abc');
    const stream = over(call);
    const other = all(stream);
    for await (const _ of stream) break;
    expect(await other).toEqual(['a', 'ab', 'abc']);
    expect(call.cancelled()).toBe(0);
  });

  test('after the end of the call cancels nothing', async () => {
    const call = played(['a'], 'a');
    const stream = over(call);
    await stream.getFinalResponse();
    for await (const _ of stream) break;
    expect(call.cancelled()).toBe(0);
    expect(await stream.getFinalResponse()).toBe('a');
  });

  test('while the next value is waited for ends that wait', async () => {
    const call = played(['a'], NEVER);
    const iteration = over(call)[Symbol.asyncIterator]();
    expect(await iteration.next()).toEqual({ value: 'a', done: false });
    const waiting = iteration.next();
    await iteration.return();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(await iteration.next()).toEqual({ value: undefined, done: true });
    await expect.poll(call.cancelled).toBe(1);
  });
});

describe('toStreamable', () => {
  test('writes partial values and the final one as lines of JSON', async () => {
    expect(await lines(open(['a', 'ab'], 'ab'))).toEqual([
      { partial: 'a' },
      { partial: 'ab' },
      { final: 'ab' },
    ]);
  });

  test('writes what went wrong so that its class and fields can be read back', async () => {
    const [partial, last] = await lines(
      open(['a'], new BamlClientHttpError('C', 'gone', 500, 'all', 'body')),
    );
    expect(partial).toEqual({ partial: 'a' });
    const { error } = last as { error: string };
    const back = toBamlError(JSON.parse(error));
    expect(back).toBeInstanceOf(BamlClientHttpError);
    expect(back).toMatchObject({ client_name: 'C', status_code: 500, raw_response: 'body' });
  });

  test('whose reader cancels ends the call, also while it waits', async () => {
    const call = played(['a'], NEVER);
    const stream = over(call);
    const reader = stream.toStreamable().getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('{"partial":"a"}\n');
    const waiting = reader.read();
    await reader.cancel();
    expect(await waiting).toEqual({ value: undefined, done: true });
    expect(call.cancelled()).toBe(1);
    await failure(stream.getFinalResponse(), BamlAbortError);
  });

  test('asks for nothing before its reader does', async () => {
    const call = played(['a'], 'a');
    over(call).toStreamable();
    await turn();
    expect(call.started()).toBe(0);
  });
});
