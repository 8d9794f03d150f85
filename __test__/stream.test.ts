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

/** A streamed call that tells each event on its own turn, then ends as `end` says. */
function played(events: unknown[], end: unknown): { stream: FunctionResultStream; started: () => number } {
  let listener: ((error: Error | null, result: FunctionResult) => void) | undefined;
  let starts = 0;
  const stream = {
    onEvent: (callback: typeof listener) => {
      listener = callback;
    },
    done: async () => {
      starts++;
      for (const event of events) {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        for (const each of Array.isArray(event) ? event : [event]) listener?.(null, result(each));
      }
      if (end instanceof BamlClientHttpError || end instanceof BamlAbortError) throw end;
      return result(end);
    },
  };
  return { stream: stream as unknown as FunctionResultStream, started: () => starts };
}

const CONTEXT = {} as RuntimeContextManager;

function open(events: unknown[], end: unknown, signal?: AbortSignal): BamlStream<string, string> {
  return new BamlStream<string, string>(
    played(events, end).stream,
    (value: string) => value,
    (value: string) => value,
    CONTEXT,
    signal,
  );
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
  test('come in order, one by one and several at once', async () => {
    const stream = open(['a', ['ab', 'abc'], 'abcd'], 'abcd');
    expect(await all(stream)).toEqual(['a', 'ab', 'abc', 'abcd']);
    expect(await stream.getFinalResponse()).toBe('abcd');
  });

  test('that cannot be read yet are passed over', async () => {
    expect(await all(open(['a', new BamlValidationError('', '', 'too early', ''), 'ab'], 'ab'))).toEqual([
      'a',
      'ab',
    ]);
  });

  test('come soon: nothing polls', async () => {
    const begun = performance.now();
    await all(open(['a'], 'a'));
    expect(performance.now() - begun).toBeLessThan(50);
  });

  test('many of them cost no more each', async () => {
    const many = Array.from({ length: 50_000 }, (_, index) => String(index));
    expect(await all(open([many], 'end'))).toHaveLength(50_000);
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
  const controller = new AbortController();
  controller.abort('enough');
  const aborted = new BamlAbortError('Operation was aborted', 'enough');
  const stream = open(['a'], aborted, controller.signal);
  expect(await all(stream)).toEqual(['a']);
  expect(await failure(stream.getFinalResponse(), BamlAbortError)).toBe(aborted);
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
});
