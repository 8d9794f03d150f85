/** What the scripted LLM writes in each wire format where the providers' SDKs do not look, and faults that need no format. */

import { type Llm, type LlmRequest, type ReplyDetails, startLlm } from '@boundaryml/baml/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

let llm: Llm;
beforeAll(async () => {
  llm = await startLlm('ok');
});
beforeEach(() => llm.reset());
afterAll(() => llm.close());

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${llm.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function json(response: Response): Promise<unknown> {
  return response.json();
}

const GEMINI = '/v1beta/models/gemini-x:generateContent';
const CONTENTS = { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] };

/** A way to ask in each format, and how each wants to be read. */
const FORMATS: {
  path: string;
  body: object;
  dialect: LlmRequest['dialect'];
  model: string;
  stream?: boolean;
}[] = [
  {
    path: '/v1/chat/completions',
    body: { model: 'gpt', messages: [{ role: 'user', content: 'hello' }], stream: true },
    dialect: 'openai-chat',
    model: 'gpt',
    stream: true,
  },
  {
    path: '/openai/deployments/my%20gpt/chat/completions',
    body: { messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }] },
    dialect: 'openai-chat',
    model: 'my gpt',
  },
  {
    path: '/v1/responses',
    body: { model: 'gpt', input: 'hello' },
    dialect: 'openai-responses',
    model: 'gpt',
  },
  {
    path: '/v1/messages',
    body: { model: 'claude', messages: [{ role: 'user', content: 'hello' }] },
    dialect: 'anthropic',
    model: 'claude',
  },
  {
    path: '/v1/projects/p/locations/l/publishers/anthropic/models/claude@1:rawPredict',
    body: { anthropic_version: 'vertex-2023-10-16', messages: [{ role: 'user', content: 'hello' }] },
    dialect: 'anthropic',
    model: 'claude@1',
  },
  {
    path: '/v1/projects/p/locations/l/publishers/anthropic/models/claude@1:streamRawPredict',
    body: { messages: [{ role: 'user', content: 'hello' }], stream: true },
    dialect: 'anthropic',
    model: 'claude@1',
    stream: true,
  },
  { path: GEMINI, body: CONTENTS, dialect: 'google', model: 'gemini-x' },
  {
    path: '/v1/projects/p/locations/l/publishers/google/models/gemini-x:streamGenerateContent?alt=sse',
    body: CONTENTS,
    dialect: 'google',
    model: 'gemini-x',
    stream: true,
  },
  {
    path: '/model/arn%3Aaws%3Abedrock%2Fx/converse',
    body: { messages: [{ role: 'user', content: [{ text: 'hello' }] }] },
    dialect: 'bedrock',
    model: 'arn:aws:bedrock/x',
  },
  {
    path: '/model/claude/converse-stream',
    body: { messages: [{ role: 'user', content: [{ text: 'hello' }] }] },
    dialect: 'bedrock',
    model: 'claude',
    stream: true,
  },
];

test.each(FORMATS)('$path is $dialect', async ({ path, body, dialect, model, stream = false }) => {
  const response = await post(path, body);
  expect(response.status).toBe(200);
  expect(llm.lastRequest).toMatchObject({ dialect, model, prompt: 'hello', stream });
});

describe('a failed request', () => {
  const failing: ReplyDetails = {
    status: 429,
    text: 'slow down',
    requestId: 'req_1',
    retryAfter: 3,
  };

  test.each([
    ['/v1/responses', { 'retry-after': '3', 'x-request-id': 'req_1' }],
    ['/v1/messages', { 'retry-after': '3', 'request-id': 'req_1' }],
    [
      '/model/m/converse',
      { 'retry-after': '3', 'x-amzn-requestid': 'req_1', 'x-amzn-errortype': 'ThrottlingException' },
    ],
  ])('of %s has headers', async (path, headers) => {
    llm.on({ reply: failing });
    const response = await post(path, {});
    expect(Object.fromEntries(response.headers)).toMatchObject(headers);
  });

  test('of Google says in the body when to come back', async () => {
    llm.on({ reply: failing });
    const response = await post(GEMINI, CONTENTS);
    expect(response.headers.get('retry-after')).toBeNull();
    expect(await json(response)).toEqual({
      error: {
        code: 429,
        message: 'slow down',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3s' }],
      },
    });
  });

  test('has the type and the code that are given', async () => {
    llm.on({
      reply: { status: 400, error: { message: 'no', type: 'mine', code: 'context_length_exceeded' } },
    });
    expect(await json(await post('/v1/responses', {}))).toEqual({
      error: { message: 'no', type: 'mine', param: null, code: 'context_length_exceeded' },
    });
    expect(await json(await post('/v1/messages', {}))).toMatchObject({
      error: { message: 'no', type: 'mine' },
    });
  });

  test('can come with status 200', async () => {
    llm.on({ reply: { fault: 'error-midway', error: { message: 'overloaded' } } });
    const response = await post('/v1/messages', {});
    expect(response.status).toBe(200);
    expect(await json(response)).toMatchObject({
      type: 'error',
      error: { type: 'api_error', message: 'overloaded' },
    });
  });
});

describe('tokens', () => {
  const usage = {
    inputTokens: 10,
    outputTokens: 20,
    cachedInputTokens: 3,
    cacheWriteTokens: 4,
    reasoningTokens: 5,
  };

  test.each([
    [
      '/v1/chat/completions',
      {
        prompt_tokens: 10,
        completion_tokens: 20,
        total_tokens: 30,
        prompt_tokens_details: { cached_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 5 },
      },
    ],
    [
      '/v1/responses',
      {
        input_tokens: 10,
        output_tokens: 20,
        total_tokens: 30,
        input_tokens_details: { cached_tokens: 3 },
        output_tokens_details: { reasoning_tokens: 5 },
      },
    ],
    [
      '/v1/messages',
      {
        input_tokens: 10,
        output_tokens: 20,
        cache_read_input_tokens: 3,
        cache_creation_input_tokens: 4,
        output_tokens_details: { thinking_tokens: 5 },
      },
    ],
    [
      '/model/m/converse',
      {
        inputTokens: 10,
        outputTokens: 20,
        cacheReadInputTokens: 3,
        cacheWriteInputTokens: 4,
        totalTokens: 37,
      },
    ],
  ])('of %s', async (path, expected) => {
    llm.on({ reply: { text: 'x', usage } });
    expect(await json(await post(path, {}))).toMatchObject({ usage: expected });
  });

  test('of Google', async () => {
    llm.on({ reply: { text: 'x', usage } });
    expect(await json(await post(GEMINI, CONTENTS))).toMatchObject({
      usageMetadata: {
        promptTokenCount: 10,
        candidatesTokenCount: 20,
        thoughtsTokenCount: 5,
        cachedContentTokenCount: 3,
        totalTokenCount: 35,
      },
    });
  });
});

describe('a tool that must be used gets what is said', () => {
  const tool = { reply: { json: { name: 'Ada' }, chunkSize: 4 } };

  test('at Anthropic', async () => {
    llm.on(tool);
    const body = { tool_choice: { type: 'tool', name: 'answer' } };
    expect(await json(await post('/v1/messages', body))).toMatchObject({
      content: [{ type: 'tool_use', name: 'answer', input: { name: 'Ada' } }],
      stop_reason: 'tool_use',
    });
    const streamed = await (await post('/v1/messages', { ...body, stream: true })).text();
    const pieces = [...streamed.matchAll(/"partial_json":("(?:[^"\\]|\\.)*")/g)];
    expect(JSON.parse(pieces.map(([, text]) => JSON.parse(text!) as string).join(''))).toEqual({
      name: 'Ada',
    });
  });

  test('at Bedrock', async () => {
    llm.on(tool);
    const body = { toolConfig: { toolChoice: { tool: { name: 'answer' } } } };
    expect(await json(await post('/model/m/converse', body))).toMatchObject({
      output: { message: { content: [{ toolUse: { name: 'answer', input: { name: 'Ada' } } }] } },
      stopReason: 'tool_use',
    });
  });
});

describe('bodies', () => {
  test("Google's streams are one list unless events are asked for", async () => {
    llm.on({ reply: { text: 'one two three', chunkSize: 4 } });
    const path = '/v1beta/models/m:streamGenerateContent';
    const response = await post(path, CONTENTS);
    expect(response.headers.get('content-type')).toBe('application/json');
    const chunks = (await json(response)) as { candidates: { content: { parts: { text: string }[] } }[] }[];
    expect(
      chunks.flatMap(({ candidates }) => candidates[0]!.content.parts.map(({ text }) => text)).join(''),
    ).toBe('one two three');
    llm.on({ reply: { text: 'one two three', fault: 'error-midway', error: { message: 'gone' } } });
    expect((await json(await post(path, CONTENTS))) as object[]).toContainEqual({
      error: { code: 500, message: 'gone', status: 'INTERNAL' },
    });
  });

  test('can be bytes', async () => {
    llm.on({ reply: { body: Uint8Array.of(0xff, 0x00, 0xfe) } });
    expect([...new Uint8Array(await (await post('/v1/messages', {})).arrayBuffer())]).toEqual([
      0xff, 0, 0xfe,
    ]);
  });

  test('can be cut in good order', async () => {
    llm.on({ reply: { text: 'x'.repeat(100), fault: 'cut' } });
    const whole = await (await post('/v1/messages', {})).text();
    expect(whole.length).toBeGreaterThan(50);
    expect(() => JSON.parse(whole) as unknown).toThrow();
    const streamed = await (await post('/v1/messages', { stream: true })).text();
    expect(streamed).toContain('event: message_start');
    expect(streamed).not.toContain('event: message_stop');
  });

  test('can be late, headers first', async () => {
    llm.on({ reply: { text: 'x', firstByteDelayMs: 80 } });
    const response = await post('/v1/messages', {});
    const begun = performance.now();
    await response.text();
    expect(performance.now() - begun).toBeGreaterThan(60);
  });

  test('can be compressed, each event readable when it has come', async () => {
    llm.on({ reply: { text: 'one two', chunkSize: 4, encoding: 'gzip', chunkDelayMs: 30 } });
    const response = await post('/v1/messages', { stream: true });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    const arrivals: number[] = [];
    const texts: string[] = [];
    const decoder = new TextDecoder();
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
      arrivals.push(performance.now());
      texts.push(decoder.decode(bytes, { stream: true }));
    }
    expect(texts[0]).toContain('message_start');
    expect(texts[0]).not.toContain('message_stop');
    expect(arrivals.at(-1)! - arrivals[0]!).toBeGreaterThan(100);
  });
});

describe('clients', () => {
  test.each([
    ['openai', { base_url: '/v1', api_key: 'test-key' }],
    ['groq', { base_url: '/v1', api_key: 'test-key' }],
    ['anthropic', { base_url: '', api_key: 'test-key' }],
    ['google-ai', { base_url: '/v1beta', api_key: 'test-key' }],
  ])('of %s', (provider, { base_url, api_key }) => {
    expect(llm.options(provider, { model: 'm' })).toEqual({
      base_url: `${llm.url}${base_url}`,
      api_key,
      model: 'm',
    });
  });

  test('of aws-bedrock', () => {
    expect(llm.options('aws-bedrock', { model: 'm', region: 'eu-west-1' })).toEqual({
      endpoint_url: llm.url,
      region: 'eu-west-1',
      access_key_id: 'test-key',
      secret_access_key: 'test-secret',
      model: 'm',
    });
  });

  test('of vertex-ai have credentials for which there are tokens', async () => {
    const { credentials } = llm.options('vertex-ai') as {
      credentials?: { token_uri: string; private_key: string };
    };
    expect(credentials!.private_key).toContain('PRIVATE KEY');
    const response = await fetch(credentials!.token_uri, { method: 'POST', body: 'grant_type=x' });
    expect(await json(response)).toMatchObject({ access_token: 'test-token', token_type: 'Bearer' });
    expect(llm.requests).toHaveLength(0);
  });
});
