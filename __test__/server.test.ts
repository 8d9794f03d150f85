/** `baml-cli serve`, as a process, over real HTTP: what it answers, and what its document says of that. */

import { describe, expect, test } from 'vitest';

import { calling, registry, resumeServers } from './support/resume_server.js';

const { llm, script, serve } = resumeServers();

describe('calls', () => {
  test('answer what the function returns, with an id of the request', async () => {
    const server = await serve();
    const answer = await server.post('/call/Extract', { text: 'Ada' }, { 'x-request-id': 'mine-1' });
    expect(answer).toMatchObject({
      status: 200,
      json: { name: 'Ada', skills: ['Mathematics', 'Poetry'], age: null },
    });
    expect(answer.headers.get('x-request-id')).toBe('mine-1');
    expect(llm().lastRequest.headers['authorization']).toBe('Bearer sk-of-the-server');
    expect((await server.post('/call/Extract', { text: 'Ada' })).headers.get('x-request-id')).toMatch(
      /^req_/,
    );
  });

  test('can choose and configure clients, as the documentation shows', async () => {
    const server = await serve({ args: ['--allow-host', '127.0.0.1'] });
    const mine = registry({ api_key: 'sk-of-the-caller', base_url: llm().baseUrl });
    expect((await server.post('/call/Extract', calling(mine))).status).toBe(200);
    expect(llm().lastRequest).toMatchObject({
      model: 'mine',
      headers: { authorization: 'Bearer sk-of-the-caller' },
    });

    for (const options of [
      null,
      {},
      { client_registry: null, tags: null, client: null, retry_policies: null },
    ]) {
      expect((await server.post('/call/Extract', { text: 'x', __baml_options__: options })).status).toBe(200);
      expect(llm().lastRequest.model).toBe('main');
    }
    for (const chosen of [
      { primary: 'Main' },
      { clients: [], primary: 'Main' },
      { clients: null, primary: 'Main' },
    ]) {
      expect((await server.post('/call/Extract', calling(chosen))).status).toBe(200);
    }
    const photo = { base64: 'iVBORw0KGgo=', media_type: 'image/png' };
    script('nice');
    const tagged = await server.post('/call/Describe', {
      photo,
      mood: 'Sad',
      __baml_options__: { client: 'Main', tags: { who: 'Grace' } },
    });
    expect(tagged).toMatchObject({ status: 200, text: '"nice"' });
    expect(llm().lastRequest.prompt).toContain('Grace');
  });

  test('can name a preset of the operator, which may use the environment', async () => {
    const presets = {
      cheap: {
        clients: [
          {
            name: 'C',
            provider: 'openai',
            options: { model: 'cheap', api_key: { env: 'CHEAP' }, base_url: llm().baseUrl },
          },
        ],
        primary: 'C',
      },
    };
    const again = await serve({
      files: { 'presets.json': JSON.stringify(presets) },
      args: ['--presets', 'presets.json', '--no-client-registry'],
      env: { CHEAP: 'sk-cheap' },
    });
    expect((await again.post('/call/Extract', calling('cheap'))).status).toBe(200);
    expect(llm().lastRequest).toMatchObject({
      model: 'cheap',
      headers: { authorization: 'Bearer sk-cheap' },
    });
    expect(await again.post('/call/Extract', calling('chep'))).toMatchObject({
      status: 400,
      json: { message: expect.stringContaining('did you mean `cheap`') as unknown },
    });
    const own = await again.post('/call/Extract', calling(registry({ api_key: 'k' })));
    expect(own).toMatchObject({ status: 403, json: { error: 'client_not_allowed' } });
    expect(own.text).toContain('cheap');
  });

  test('that are parsed, shown and planned ask no model', async () => {
    const server = await serve();
    const parsed = await server.post('/parse/Extract', { text: 'Here: {"name": "Ada", "skills": "x"}' });
    expect(parsed).toMatchObject({ status: 200, json: { name: 'Ada', skills: ['x'], age: null } });
    expect((await server.post('/parse/Extract', { text: '{"name": "A', partial: true })).json).toMatchObject({
      name: 'A',
    });
    expect((await server.post('/parse/Extract', { text: 'nothing' })).status).toBe(422);
    const request = await server.post('/request/Extract', { text: 'Ada' });
    expect(request.json).toMatchObject({
      method: 'POST',
      url: `${llm().baseUrl}/chat/completions`,
      body: { model: 'main' },
    });
    expect(request.text).not.toContain('sk-of-the-server');
    const plan = await server.post('/plan/Describe', { photo: { url: 'https://a.test/b.png' } });
    expect(plan.json).toMatchObject({ client: 'Twice', attempts: [{ client: 'Main' }, { client: 'Main' }] });
    expect(llm().requests).toHaveLength(0);
  });
});

describe('streams', () => {
  test('are events with names and ids, the last one final', async () => {
    const server = await serve();
    const events = await server.events('/stream/Extract', { text: 'Ada' });
    expect(events.map(({ id }) => id)).toEqual(events.map((_, position) => String(position + 1)));
    expect(events.at(-1)).toMatchObject({
      event: 'final',
      data: { name: 'Ada', skills: ['Mathematics', 'Poetry'] },
    });
    expect(events.slice(0, -1).every(({ event }) => event === 'partial')).toBe(true);
  });

  test('have the bare form for clients of the peer', async () => {
    const server = await serve({ args: ['--compat'] });
    const { text, headers } = await server.post('/stream/Extract', { text: 'Ada' });
    expect(headers.get('content-type')).toBe('text/event-stream');
    const blocks = text.trim().split('\n\n');
    expect(blocks.every((block) => block.startsWith('data: '))).toBe(true);
    expect(JSON.parse(blocks.at(-1)?.slice(6) ?? '')).toMatchObject({ name: 'Ada' });
  });

  test('that fail before the first event are errors with a status', async () => {
    const server = await serve();
    expect((await server.post('/stream/Nothing', {})).status).toBe(404);
    expect((await server.post('/stream/Extract', { text: 1 })).status).toBe(400);
    script({ status: 500 });
    expect(await server.post('/stream/Extract', { text: 'x' })).toMatchObject({
      status: 502,
      json: { error: 'client_http_error', status_code: 500 },
    });
  });

  test('that nobody reads any more end the request to the provider', async () => {
    const server = await serve();
    script({ text: '{"name": "Ada", "skills": ["a", "b"]}', chunkSize: 1, chunkDelayMs: 200 });
    const controller = new AbortController();
    const response = await fetch(`${server.url}/stream/Extract`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"text": "x"}',
      signal: controller.signal,
    });
    await response.body?.getReader().read();
    controller.abort();
    await expect.poll(() => llm().lastRequest.aborted, { timeout: 5_000 }).toBe(true);
  });
});

describe('failures', () => {
  test('have one shape and the right status', async () => {
    const server = await serve();
    const of = async (path: string, body: unknown, headers?: Record<string, string>) => {
      const { status, json, text } = await server.post(path, body, headers);
      expect(json, text).toMatchObject({
        error: expect.any(String) as unknown,
        message: expect.any(String) as unknown,
        request_id: expect.any(String) as unknown,
      });
      return [status, json['error']];
    };
    expect(await of('/call/Extrakt', {})).toEqual([404, 'function_not_found']);
    expect(await of('/nothing', {})).toEqual([404, 'not_found']);
    expect(await of('/call/Extract', {})).toEqual([400, 'invalid_argument']);
    expect(await of('/call/Extract', { text: 'x', txt: 'y' })).toEqual([400, 'invalid_argument']);
    expect(await of('/call/Extract', '{')).toEqual([400, 'invalid_argument']);
    expect(await of('/call/Extract', '')).toEqual([400, 'invalid_argument']);
    expect(await of('/call/Extract', '[]')).toEqual([400, 'invalid_argument']);
    expect(await of('/call/Extract', '['.repeat(10_000))).toEqual([400, 'invalid_argument']);
    expect(await of('/call/Extract', '{}', { 'content-type': 'text/plain' })).toEqual([
      415,
      'unsupported_media_type',
    ]);
    expect((await server.get('/call/Extract')).status).toBe(405);
    expect(llm().requests).toHaveLength(0);

    script('no resume at all');
    expect(await of('/call/Extract', { text: 'x' })).toEqual([422, 'validation_failure']);
    script({ status: 429, retryAfter: 7 });
    const limited = await server.post('/call/Extract', { text: 'x' });
    expect(limited).toMatchObject({ status: 429, json: { error: 'rate_limited', retry_after_ms: 7000 } });
    expect(limited.headers.get('retry-after')).toBe('7');
    script({ status: 401, text: 'bad key sk-of-the-server' });
    const refused = await server.post('/call/Extract', { text: 'x' });
    expect(refused).toMatchObject({
      status: 502,
      json: { error: 'client_http_error', status_code: 401, client_name: 'Main' },
    });
    expect(refused.text).not.toContain('sk-of-the-server');
    script({ fault: 'reset' });
    const unanswered = await server.post('/call/Extract', { text: 'x' });
    expect(unanswered).toMatchObject({ status: 502, json: { error: 'client_http_error' } });
    // Where no provider answered, there is no status of one.
    expect(unanswered.text).not.toContain('status_code');
  });

  test('of the operator are told apart from those of the caller', async () => {
    const server = await serve({ env: { SERVER_KEY: undefined } });
    expect(await server.post('/call/Extract', { text: 'x' })).toMatchObject({
      status: 500,
      json: { error: 'configuration_error', client_name: 'Main' },
    });
    expect(await server.post('/call/Extract', calling({ primary: 'Nobody' }))).toMatchObject({ status: 400 });
  });
});

describe('the document', () => {
  interface Described {
    paths: Record<string, Record<string, { responses: Record<string, { content?: object; $ref?: string }> }>>;
  }

  /** What is wrong and right in turn; `scripts/server_contract.mjs` makes up thousands more. */
  const BODIES: unknown[] = [
    {},
    { text: 'x' },
    { text: null },
    { text: 'x', more: 1 },
    { photo: { url: 'https://a.test/b.png' }, mood: 'Sad' },
    { photo: {}, mood: 'Cross' },
    { text: 'x', __baml_options__: null },
    { text: 'x', __baml_options__: { client: 'Nobody' } },
    calling(registry({ base_url: 'http://127.0.0.1:1/v1' })),
    calling({ clients: [{ name: '', provider: 'openai', extends: '' }] }),
    { text: '{"name": "Ada", "skills": []}', partial: true },
    [],
    null,
    '{"text":',
  ];

  test('describes every answer', async () => {
    const server = await serve();
    const { paths } = (await server.get('/openapi.json')).json as unknown as Described;
    expect(Object.keys(paths)).toHaveLength(2 * 5 + 7);
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { responses }] of Object.entries(operations)) {
        for (const body of method === 'get' ? [undefined] : BODIES) {
          const answer = method === 'get' ? await server.get(path) : await server.post(path, body);
          const said = `${method} ${path} ${JSON.stringify(body)}: ${String(answer.status)} ${answer.text}`;
          const described = responses[String(answer.status)];
          expect(described, said).toBeDefined();
          expect(answer.status, said).not.toBe(500);
          const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
          const content = described?.content ?? { 'application/json': {} };
          expect(Object.keys(content), said).toContain(type);
        }
      }
    }
  });
});
