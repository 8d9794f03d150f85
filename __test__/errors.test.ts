import { describe, expect, test } from 'vitest';

import * as errors from '@boundaryml/baml/errors';
import {
  BamlAbortError,
  BamlClientError,
  BamlClientFinishReasonError,
  BamlClientHttpError,
  BamlError,
  BamlInvalidArgumentError,
  BamlTimeoutError,
  BamlValidationError,
  errorFromFailure,
  type Failure,
  isBamlError,
  toBamlError,
} from '@boundaryml/baml/errors';

const ATTEMPT = {
  client_name: 'C',
  provider: 'openai',
  status_code: 429,
  code: 'status',
  reason: 'first',
  message: 'slow down',
  start_time_utc_ms: 1_795_336_200_123,
  duration_ms: 12,
};

const FAILURES: [Failure, new (...parameters: never[]) => BamlError, object][] = [
  [
    {
      kind: 'http',
      message: 'Request failed',
      client_name: 'C',
      status_code: 429,
      detailed_message: 'all of it',
      raw_response: 'slow down',
      attempts: [ATTEMPT],
      retry_after_ms: 2000,
      request_id: 'req_1',
    },
    BamlClientHttpError,
    {
      client_name: 'C',
      status_code: 429,
      detailed_message: 'all of it',
      raw_response: 'slow down',
      attempts: [ATTEMPT],
      retry_after_ms: 2000,
      request_id: 'req_1',
    },
  ],
  [
    {
      kind: 'timeout',
      message: 'too late',
      client_name: 'C',
      status_code: 500,
      timeout_type: 'request_timeout_ms',
      configured_value_ms: 50,
      elapsed_ms: 51,
    },
    BamlTimeoutError,
    {
      client_name: 'C',
      status_code: 408,
      detailed_message: '',
      timeout_type: 'request_timeout_ms',
      configured_value_ms: 50,
      elapsed_ms: 51,
    },
  ],
  [
    { kind: 'validation', message: 'does not fit', prompt: 'p', raw_output: 'o', detailed_message: 'd' },
    BamlValidationError,
    { prompt: 'p', raw_output: 'o', detailed_message: 'd' },
  ],
  [
    {
      kind: 'finish_reason',
      message: 'cut',
      prompt: 'p',
      raw_output: 'o',
      finish_reason: 'length',
      detailed_message: 'd',
    },
    BamlClientFinishReasonError,
    { prompt: 'p', raw_output: 'o', finish_reason: 'length', detailed_message: 'd' },
  ],
  [
    { kind: 'abort', message: 'aborted', reason: 'user left', detailed_message: '' },
    BamlAbortError,
    { reason: 'user left', detailed_message: '' },
  ],
  [
    {
      kind: 'invalid_argument',
      message: 'wrong',
      problems: [{ path: 'x', message: 'must be a string', help: 'quote it' }],
    },
    BamlInvalidArgumentError,
    { problems: [{ path: 'x', message: 'must be a string', help: 'quote it' }] },
  ],
  [{ kind: 'client', message: 'no such client' }, BamlClientError, {}],
  [{ kind: 'error', message: 'anything' }, BamlError, {}],
];

describe.each(FAILURES)('a failure of kind $kind', (failure, errorClass, fields) => {
  const error = errorFromFailure(failure);

  test('becomes its class, with every field and nothing else', () => {
    expect(error.constructor).toBe(errorClass);
    expect(error.message).toBe(failure.message);
    expect({ ...error }).toEqual(fields);
  });

  test('has its name, in the stack too', () => {
    expect(error.name).toBe(errorClass.name);
    expect(error.stack).toMatch(new RegExp(`^${errorClass.name}: `));
  });

  test('is one JSON object, and comes back from it as the same class', () => {
    const json: unknown = JSON.parse(JSON.stringify(error));
    expect(json).toEqual({ name: errorClass.name, message: failure.message, ...fields });
    const back = toBamlError(json);
    expect(back.constructor).toBe(errorClass);
    expect({ ...back }).toEqual(fields);
  });

  test('comes back from the message of another error, as from a server action', () => {
    const back = toBamlError(new Error(JSON.stringify(error)));
    expect(back.constructor).toBe(errorClass);
    expect(back.message).toBe(failure.message);
  });

  test('is found by `from` of its class and of those above', () => {
    expect((errorClass as unknown as typeof BamlError).from(error)).toBe(error);
    expect(BamlError.from(error)).toBe(error);
  });
});

test('an error made by hand has the code of its class', () => {
  expect(new BamlInvalidArgumentError('m').code).toBe('invalid_argument');
  expect(new BamlTimeoutError('C', 'm').code).toBe('timeout');
  expect(new BamlError('m').code).toBe('error');
  expect(errorFromFailure({ kind: 'http', code: 'network', message: 'm' }).code).toBe('network');
});

test('the failure before is the cause, and below it what the transport said; neither is a field', () => {
  const error = errorFromFailure({
    kind: 'validation',
    message: 'last',
    previous: { kind: 'http', message: 'first', transport: 'no connection' },
  });
  expect(error.cause).toBeInstanceOf(BamlClientHttpError);
  expect((error.cause as Error).cause).toEqual(new Error('no connection'));
  expect(Object.keys(error)).not.toContain('cause');
  expect('cause' in errorFromFailure({ kind: 'error', message: 'm' })).toBe(false);
});

test('the hierarchy is the peer’s', () => {
  const parents = Object.entries(errors)
    .filter(([name]) => /^Baml\w*Error$/.test(name))
    .map(([name, value]) => [name, (Object.getPrototypeOf(value) as { name: string }).name]);
  expect(Object.fromEntries(parents)).toEqual({
    BamlAbortError: 'BamlError',
    BamlClientError: 'BamlError',
    BamlClientFinishReasonError: 'BamlError',
    BamlClientHttpError: 'BamlClientError',
    BamlError: 'Error',
    BamlInvalidArgumentError: 'BamlError',
    BamlTimeoutError: 'BamlClientHttpError',
    BamlValidationError: 'BamlError',
  });
});

test('constructors take what the peer’s take', () => {
  expect(new BamlClientHttpError('C', 'm', 500, 'd', 'raw')).toMatchObject({
    client_name: 'C',
    message: 'm',
    status_code: 500,
    detailed_message: 'd',
    raw_response: 'raw',
  });
  expect(new BamlTimeoutError('C', 'm')).toMatchObject({
    client_name: 'C',
    status_code: 408,
    detailed_message: '',
  });
  expect(new BamlValidationError('p', 'o', 'm', 'd')).toMatchObject({
    prompt: 'p',
    raw_output: 'o',
    message: 'm',
  });
  expect(new BamlClientFinishReasonError('p', 'o', 'm', 'length', 'd')).toMatchObject({
    finish_reason: 'length',
  });
  expect(new BamlAbortError('m', { why: 1 })).toMatchObject({ reason: { why: 1 }, detailed_message: '' });
});

describe('toBamlError', () => {
  test('answers errors of the package as they are', () => {
    const error = new BamlValidationError('p', 'o', 'm', 'd');
    expect(toBamlError(error)).toBe(error);
  });

  test('never takes a class from the words of a message', () => {
    for (const words of [
      'the provider says: BamlAbortError',
      'BamlTimeoutError: timed out',
      'Operation was aborted',
      '{"type":"BamlAbortError"} and more',
      '{"type":"BamlAbortError"}',
      '{"type":"toString","message":"x"}',
    ]) {
      const error = new Error(words);
      expect(toBamlError(error)).toBe(error);
    }
  });

  test('makes an error of what is none', () => {
    expect(toBamlError('text')).toEqual(new Error('text'));
    expect(toBamlError(undefined)).toEqual(new Error('undefined'));
    expect(isBamlError(toBamlError(null))).toBe(false);
  });
});

test('isBamlError tells the package’s errors from others', () => {
  expect(isBamlError(new BamlTimeoutError('C', 'm'))).toBe(true);
  expect(isBamlError(new Error('BamlError'))).toBe(false);
});

test('`from` answers nothing for another class', () => {
  expect(BamlTimeoutError.from(new BamlAbortError('m'))).toBeUndefined();
  expect(BamlAbortError.from(new Error('m'))).toBeUndefined();
});
