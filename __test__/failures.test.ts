/** What a caller catches when a call fails: the class, its fields, and nothing that must stay secret. */

import { inspect } from 'node:util';

import {
  BamlAbortError,
  BamlClientError,
  BamlClientFinishReasonError,
  BamlClientHttpError,
  BamlError,
  BamlInvalidArgumentError,
  BamlTimeoutError,
  BamlValidationError,
  ClientRegistry,
} from '@boundaryml/baml';
import type { ReplyDetails } from '@boundaryml/baml/testing';
import { describe, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { asking, failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm('ok');

describe('http', () => {
  test('an error status carries status, body, request id and when to come back', async () => {
    llm().on({
      reply: { status: 429, text: 'slow down', headers: { 'retry-after': '2', 'x-request-id': 'req_7' } },
    });
    const error = await failure(b.Echo('x', { clientRegistry: asking(llm(), 'm') }), BamlClientHttpError);
    expect(error).toBeInstanceOf(BamlClientError);
    expect(error).toMatchObject({
      client_name: 'Mine',
      status_code: 429,
      retry_after_ms: 2000,
      request_id: 'req_7',
    });
    expect(error.raw_response).toContain('slow down');
    expect(error.message).toContain('429');
  });

  test('attempts tell of every try, in order', async () => {
    llm()
      .on({ model: 'standard', reply: { status: 500 } })
      .on({ model: 'premium', reply: { status: 503 } });
    const error = await failure(b.Echo('x', { client: 'Backup' }), BamlClientHttpError);
    expect(error.attempts).toMatchObject([
      { client_name: 'Standard', provider: 'openai', status_code: 500 },
      { client_name: 'Premium', provider: 'openai', status_code: 503 },
    ]);
    expect(error.status_code).toBe(503);
    expect(error.detailed_message).toContain('Standard');
  });

  test.each(['reset', 'reset-midway', 'garbage', 'empty'] as const)(
    '%s is an http error in plain words',
    async (fault) => {
      llm().on({ reply: { text: 'x'.repeat(500), fault } });
      const error = await failure(b.Echo('x', { clientRegistry: asking(llm(), 'm') }), BamlClientHttpError);
      expect(error.message).not.toMatch(/Error \{|reqwest::|Some\(|kind:/);
      expect(error.client_name).toBe('Mine');
    },
  );

  test('nobody listening is 503', async () => {
    const registry = new ClientRegistry();
    registry.addLlmClient('Gone', 'openai', { model: 'm', api_key: 'k', base_url: 'http://127.0.0.1:9/v1' });
    registry.setPrimary('Gone');
    const error = await failure(b.Echo('x', { clientRegistry: registry }), BamlClientHttpError);
    expect(error).toMatchObject({ client_name: 'Gone', status_code: 503 });
  });
});

describe('timeouts', () => {
  test('say which limit passed', async () => {
    llm().on({ reply: { fault: 'hang' } });
    const registry = asking(llm(), 'm', { http: { request_timeout_ms: 60 } });
    const error = await failure(b.Echo('x', { clientRegistry: registry }), BamlTimeoutError);
    expect(error).toMatchObject({ client_name: 'Mine', status_code: 408, configured_value_ms: 60 });
    expect(error.timeout_type).toBe('request_timeout_ms');
    expect(error.elapsed_ms).toBeGreaterThanOrEqual(55);
  });
});

describe('answers', () => {
  test('that do not fit the type', async () => {
    llm().on({ reply: 'I do not know.' });
    const error = await failure(b.PickColor('x', null), BamlValidationError);
    expect(error.raw_output).toBe('I do not know.');
    expect(error.prompt).toContain('Red');
    expect(error.message).not.toMatch(/ParsingError \{|scope: \[/);
    expect(llm().requests).toHaveLength(1);
  });

  test('of which b.parse says the same', () => {
    expect(() => b.parse.PickColor('I do not know.')).toThrow(BamlValidationError);
    expect(b.parse.PickColor('It is Green!')).toBe('Green');
  });

  test('that stopped for a reason that is not allowed', async () => {
    llm().on({ reply: { text: 'half an ans', finishReason: 'length' } });
    const registry = asking(llm(), 'm', { finish_reason_allow_list: ['stop'] });
    const error = await failure(b.Echo('x', { clientRegistry: registry }), BamlClientFinishReasonError);
    expect(error).toMatchObject({ finish_reason: 'length', raw_output: 'half an ans' });
  });

  test('of 100,000 opening brackets are an error', async () => {
    llm().on({ reply: '['.repeat(100_000) });
    const error = await failure(b.Numbers('x'), BamlValidationError);
    expect(error.message).toContain('512');
  });
});

describe('arguments', () => {
  test('of the wrong type name argument and type', async () => {
    const error = await failure(b.Echo(42 as never), BamlInvalidArgumentError);
    expect(error.message).toContain('text');
    expect(error.message).toContain('string');
    expect(error.problems).toMatchObject([{ path: expect.stringContaining('text') }]);
    expect(llm().requests).toHaveLength(0);
  });

  test('that are missing are named', async () => {
    const error = await failure(b.Echo(undefined as never), BamlInvalidArgumentError);
    expect(error.message).toContain('text');
  });
});

describe('abort', () => {
  test('before the call sends nothing', async () => {
    const error = await failure(
      b.Echo('x', { signal: AbortSignal.abort('changed my mind') }),
      BamlAbortError,
    );
    expect(error.reason).toBe('changed my mind');
    expect(llm().requests).toHaveLength(0);
  });

  test('in flight ends the call at once, keeps the reason and hangs up', async () => {
    llm().on({ reply: { fault: 'hang' } });
    const controller = new AbortController();
    const reason = { why: 'the user left' };
    const call = failure(b.Echo('x', { signal: controller.signal }), BamlAbortError);
    await expect.poll(() => llm().requests.length).toBe(1);
    const begun = performance.now();
    controller.abort(reason);
    const error = await call;
    expect(performance.now() - begun).toBeLessThan(500);
    expect(error.reason).toBe(reason);
    await expect.poll(() => llm().lastRequest.aborted).toBe(true);
  });

  test('between retries', async () => {
    llm().on({ model: 'stubborn', reply: { status: 500 } });
    const error = await failure(
      b.Echo('x', { client: 'Stubborn', signal: AbortSignal.timeout(10) }),
      BamlAbortError,
    );
    expect(error.name).toBe('BamlAbortError');
    const seen = llm().requests.length;
    await new Promise((resolve) => {
      setTimeout(resolve, 60);
    });
    expect(llm().requests).toHaveLength(seen);
  });

  test('afterwards does nothing', async () => {
    const controller = new AbortController();
    expect(await b.Echo('x', { signal: controller.signal })).toBe('ok');
    controller.abort();
  });
});

describe('retries', () => {
  test('are made as the policy says', async () => {
    llm().on({ model: 'stubborn', reply: [{ status: 500 }, { fault: 'reset' }, 'at last'] });
    expect(await b.Echo('x', { client: 'Stubborn' })).toBe('at last');
    const times = llm().requests.map((request) => request.time);
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(18);
  });

  test('end, and all attempts are told', async () => {
    llm().on({ model: 'stubborn', reply: { status: 500 } });
    const error = await failure(b.Echo('x', { client: 'Stubborn' }), BamlClientHttpError);
    expect(error.attempts).toHaveLength(3);
    expect(llm().requests).toHaveLength(3);
  });
});

describe('options', () => {
  test('that are not known name the nearest', async () => {
    const error = await failure(b.Echo('x', { clientRegistri: 1 } as never), BamlInvalidArgumentError);
    expect(error.message).toContain('`clientRegistry`');
    const other = await failure(b.Echo('x', { abortController: 1 } as never), BamlInvalidArgumentError);
    expect(other.message).toContain('`signal`');
    expect(() => b.withOptions({ tag: {} } as never)).toThrow('`tags`');
  });
});

test.each([
  ['clientRegistry', {}],
  ['client', 5],
  ['collector', [{}]],
  ['tb', {}],
  ['signal', {}],
])('an option %s of %j is named', async (option, value) => {
  const error = await failure(b.Echo('x', { [option]: value } as never), BamlInvalidArgumentError);
  expect(error.message).toContain(`\`${option}\``);
  expect(llm().requests).toHaveLength(0);
});

test('secrets are never in an error, however it is shown', async () => {
  const secret = 'sk-do-not-show-me';
  const replies = [
    { status: 401, text: 'bad key' },
    { fault: 'garbage' },
    { fault: 'reset' },
    { fault: 'hang' },
  ] as const;
  for (const reply of replies) {
    llm().on({ reply });
    const registry = asking(llm(), 'm', {
      api_key: secret,
      headers: { 'x-other-key': `${secret}-header` },
      query_params: { key: `${secret}-query` },
      http: { request_timeout_ms: 100 },
    });
    const error = await failure(b.Echo('x', { clientRegistry: registry }), BamlError);
    const shown = [
      inspect(error, { depth: 10, showHidden: true }),
      JSON.stringify(error),
      error.stack,
      String(error),
    ];
    expect(shown.join('\n')).not.toContain(secret);
    expect(llm().lastRequest.headers['authorization']).toBe(`Bearer ${secret}`);
  }
});

async function code(reply: ReplyDetails, options: Record<string, unknown> = {}): Promise<string | undefined> {
  llm().reset();
  llm().on({ reply });
  return (await failure(b.Price('x', { clientRegistry: asking(llm(), 'm', options) }), BamlError)).code;
}

test('a code says what failed, for programs to decide by', async () => {
  expect(await code({ status: 503 })).toBe('status');
  expect(await code({ text: 'x', fault: 'reset' })).toBe('network');
  expect(await code({ text: 'x', fault: 'garbage' })).toBe('malformed');
  expect(await code({ text: 'no number' })).toBe('validation');
  expect(await code({ text: '1', delayMs: 5000 }, { http: { request_timeout_ms: 40 } })).toBe('timeout');
  const unknown = await failure(b.Echo('x', { client: 'Nobody' }), BamlInvalidArgumentError);
  expect(unknown.code).toBe('invalid_argument');
  expect(JSON.parse(JSON.stringify(unknown))).toMatchObject({ code: 'invalid_argument' });
});
