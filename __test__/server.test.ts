/** `baml-cli serve` and `dev`, as a process, over real HTTP. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Script } from 'node:vm';
import { type Llm, type Reply, startLlm } from '@boundaryml/baml/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ServerProcess, type ServerOptions } from './support/server.js';

let llm: Llm;
beforeAll(async () => {
  llm = await startLlm();
});
beforeEach(() => script({ json: { name: 'Ada', skills: ['Mathematics', 'Poetry'] } }));
afterAll(() => llm.close());

/** From now on the LLM answers this. */
function script(reply: Reply): void {
  llm.reset();
  llm.on({ reply });
}

const SOURCES = `
client Main {
  provider openai
  options {
    model "main"
    api_key env.SERVER_KEY
    base_url env.SERVER_LLM
  }
}
client Twice {
  provider fallback
  options {
    strategy [Main, Main]
  }
}
class Resume {
  name string
  skills string[]
  age int?
}
function Extract(text: string) -> Resume {
  client Main
  prompt #"{{ text }} {{ ctx.output_format }}"#
}
function Describe(photo: image, mood: Mood?) -> string {
  client Twice
  prompt #"{{ photo }} {{ mood }} {{ ctx.tags.who }}"#
}
enum Mood {
  Happy
  Sad
}
`;

function serve(options: ServerOptions = {}): Promise<ServerProcess> {
  return ServerProcess.start(SOURCES, {
    ...options,
    env: { SERVER_KEY: 'sk-of-the-server', SERVER_LLM: llm.baseUrl, ...options.env },
  });
}

/** A registry with one client, as a caller writes it. */
function registry(options: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return {
    clients: [{ name: 'Mine', provider: 'openai', options: { model: 'mine', ...options } }],
    primary: 'Mine',
    ...more,
  };
}

function calling(client_registry: unknown): Record<string, unknown> {
  return { text: 'x', __baml_options__: { client_registry } };
}

describe('calls', () => {
  test('answer what the function returns, with an id of the request', async () => {
    const server = await serve();
    const answer = await server.post('/call/Extract', { text: 'Ada' }, { 'x-request-id': 'mine-1' });
    expect(answer).toMatchObject({
      status: 200,
      json: { name: 'Ada', skills: ['Mathematics', 'Poetry'], age: null },
    });
    expect(answer.headers.get('x-request-id')).toBe('mine-1');
    expect(llm.lastRequest.headers['authorization']).toBe('Bearer sk-of-the-server');
    expect((await server.post('/call/Extract', { text: 'Ada' })).headers.get('x-request-id')).toMatch(
      /^req_/,
    );
  });

  test('can choose and configure clients, as the documentation shows', async () => {
    const server = await serve({ args: ['--allow-host', '127.0.0.1'] });
    const mine = registry({ api_key: 'sk-of-the-caller', base_url: llm.baseUrl });
    expect((await server.post('/call/Extract', calling(mine))).status).toBe(200);
    expect(llm.lastRequest).toMatchObject({
      model: 'mine',
      headers: { authorization: 'Bearer sk-of-the-caller' },
    });

    for (const options of [
      null,
      {},
      { client_registry: null, tags: null, client: null, retry_policies: null },
    ]) {
      expect((await server.post('/call/Extract', { text: 'x', __baml_options__: options })).status).toBe(200);
      expect(llm.lastRequest.model).toBe('main');
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
    expect(llm.lastRequest.prompt).toContain('Grace');
  });

  test('can name a preset of the operator, which may use the environment', async () => {
    const presets = {
      cheap: {
        clients: [
          {
            name: 'C',
            provider: 'openai',
            options: { model: 'cheap', api_key: { env: 'CHEAP' }, base_url: llm.baseUrl },
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
    expect(llm.lastRequest).toMatchObject({ model: 'cheap', headers: { authorization: 'Bearer sk-cheap' } });
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
      url: `${llm.baseUrl}/chat/completions`,
      body: { model: 'main' },
    });
    expect(request.text).not.toContain('sk-of-the-server');
    const plan = await server.post('/plan/Describe', { photo: { url: 'https://a.test/b.png' } });
    expect(plan.json).toMatchObject({ client: 'Twice', attempts: [{ client: 'Main' }, { client: 'Main' }] });
    expect(llm.requests).toHaveLength(0);
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
    await expect.poll(() => llm.lastRequest.aborted, { timeout: 5_000 }).toBe(true);
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
    expect(llm.requests).toHaveLength(0);

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

describe('callers', () => {
  const REFUSED: [string, Record<string, unknown>, number, RegExp][] = [
    ['an option that does not exist', { clientRegistry: {} }, 400, /did you mean `client_registry`/],
    ['an unknown key of the registry', { client_registry: { client: [] } }, 400, /clients/],
    [
      'a strategy that names itself',
      {
        client_registry: {
          clients: [{ name: 'F', provider: 'fallback', options: { strategy: ['F'] } }],
          primary: 'F',
        },
      },
      400,
      /F/,
    ],
    [
      'an unknown provider',
      { client_registry: { clients: [{ name: 'M', provider: 'opnai', options: {} }] } },
      400,
      /openai/,
    ],
    ['an unknown primary', { client: 'Nobody' }, 400, /Nobody/],
    [
      'an option of the wrong type',
      { client_registry: registry({ api_key: 'k', base_url: 5 }) },
      400,
      /base_url/,
    ],
    [
      'the key of the server at a place of theirs',
      { client_registry: registry({ base_url: 'https://api.example.com/v1' }) },
      403,
      /own key/,
    ],
    [
      'a client of the server at a place of theirs',
      {
        client_registry: {
          clients: [{ name: 'M', extends: 'Main', options: { base_url: 'https://api.example.com' } }],
          primary: 'M',
        },
      },
      403,
      /extends/,
    ],
    [
      'a private address',
      { client_registry: registry({ api_key: 'k', base_url: 'http://169.254.169.254/v1' }) },
      403,
      /public/,
    ],
    [
      'a private address in another spelling',
      { client_registry: registry({ api_key: 'k', base_url: 'http://2130706433/v1' }) },
      403,
      /public/,
    ],
    [
      'a variable of the server',
      { client_registry: registry({ api_key: { env: 'SERVER_KEY' } }) },
      403,
      /environment/,
    ],
    [
      'a file of the server',
      {
        client_registry: {
          clients: [
            {
              name: 'M',
              provider: 'vertex-ai',
              options: { model: 'm', location: 'us', project_id: 'p', credentials: '/etc/passwd' },
            },
          ],
        },
      },
      403,
      /credentials/,
    ],
  ];
  test.each(REFUSED)('cannot use %s', async (_, options, status, message) => {
    const server = await serve();
    const answer = await server.post('/call/Extract', { text: 'x', __baml_options__: options });
    expect(answer.status, answer.text).toBe(status);
    expect(answer.text).toMatch(message);
    expect(llm.requests).toHaveLength(0);
    expect((await server.get('/healthz')).status).toBe(200);
  });

  test('can be limited to providers and hosts', async () => {
    const server = await serve({ args: ['--allow-provider', 'anthropic', '--allow-host', '*.example.com'] });
    const refused = await server.post('/call/Extract', calling(registry({ api_key: 'k' })));
    expect(refused).toMatchObject({ status: 403 });
    expect(
      (await server.post('/call/Extract', { text: 'x', __baml_options__: { client: 'openai/gpt-5' } }))
        .status,
    ).toBe(403);
    const elsewhere = await server.post('/plan/Extract', {
      text: 'x',
      __baml_options__: {
        client_registry: {
          clients: [
            {
              name: 'M',
              provider: 'anthropic',
              options: { model: 'm', api_key: 'k', base_url: 'https://evil.test' },
            },
          ],
          primary: 'M',
        },
      },
    });
    expect(elsewhere).toMatchObject({ status: 403 });
  });

  test('need the password', async () => {
    const server = await serve({ env: { BAML_PASSWORD: 's3cret' } });
    const ask = (headers: Record<string, string>) => server.post('/call/Extract', { text: 'x' }, headers);
    expect(await ask({})).toMatchObject({ status: 401 });
    expect((await ask({})).headers.get('www-authenticate')).toContain('Basic');
    expect(await ask({ 'x-baml-api-key': 'wrong' })).toMatchObject({ status: 403 });
    for (const headers of [
      { 'x-baml-api-key': 's3cret' },
      { authorization: 'Bearer s3cret' },
      { authorization: `Basic ${btoa('anyone:s3cret')}` },
    ] as Record<string, string>[]) {
      expect(await ask(headers)).toMatchObject({ status: 200 });
    }
    expect((await server.get('/openapi.json')).status).toBe(401);
    // A browser asks for it, and then sends it with whatever the page asks for; or the page does.
    expect((await server.get('/docs')).headers.get('www-authenticate')).toContain('Basic');
    const docs = await server.get('/docs', { authorization: `Basic ${btoa('anyone:s3cret')}` });
    expect(docs.status).toBe(200);
    expect(docs.text).toContain('<input id="password" type="password"');
    expect(docs.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(docs.headers.get('x-content-type-options')).toBe('nosniff');
    const document = await server.get('/openapi.json', { 'x-baml-api-key': 's3cret' });
    expect(document.json['security']).toEqual([{ basic: [] }, { bearer: [] }, { key: [] }]);
    expect((await server.get('/_debug/ping')).text).toMatch(/^pong/);
    expect(await server.get('/_debug/status')).toMatchObject({
      status: 403,
      json: { authz: { enforcement: 'active', outcome: 'fail' } },
    });
  });

  test('of other machines are kept out until the operator decides', async () => {
    await expect(serve({ args: ['--host', '0.0.0.0'] })).rejects.toThrow(/BAML_PASSWORD/);
    const server = await serve();
    const rebound = await new Promise<string>((settle, reject) => {
      const { hostname, port } = new URL(server.url);
      const socket = connect(Number(port), hostname, () => {
        socket.write('GET /openapi.json HTTP/1.1\r\nhost: evil.test\r\nconnection: close\r\n\r\n');
      });
      let text = '';
      socket.setEncoding('utf8').on('data', (part: string) => (text += part));
      socket.on('close', () => settle(text)).on('error', reject);
    });
    expect(rebound).toMatch(/^HTTP\/1\.1 403/);
  });

  test('with too much to say, or too slow in saying it, cost nothing', async () => {
    const server = await serve({ args: ['--max-body-bytes', '1000', '--max-calls', '1'] });
    expect(await server.post('/call/Extract', { text: 'x'.repeat(2000) })).toMatchObject({ status: 413 });
    script({ fault: 'hang' });
    const hanging = server.send('/call/Extract', { text: 'x' }).catch(() => undefined);
    await expect.poll(() => llm.requests.length).toBe(1);
    const busy = await server.post('/call/Extract', { text: 'x' });
    expect(busy).toMatchObject({ status: 503, json: { error: 'too_many_calls' } });
    expect(busy.headers.get('retry-after')).toBe('1');
    await server.end('SIGKILL');
    await hanging;
  });

  test('from pages of other origins are answered when the origin is named', async () => {
    const server = await serve({ args: ['--cors-origin', 'https://app.test'] });
    const preflight = (origin: string) =>
      fetch(`${server.url}/call/Extract`, { method: 'OPTIONS', headers: { origin } });
    const allowed = await preflight('https://app.test');
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://app.test',
    ]);
    const other = await preflight('https://other.test');
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('operators', () => {
  test('see the state, the metrics and a log without content', async () => {
    const server = await serve();
    await server.post('/call/Extract', { text: 'a secret of the caller' });
    expect((await server.get('/healthz')).text).toBe('ok\n');
    expect((await server.get('/readyz')).text).toBe('ok\n');
    const metrics = (await server.get('/metrics')).text;
    expect(metrics).toContain(
      'baml_request_duration_seconds_count{route="call",function="Extract",status="200"} 1',
    );
    expect(metrics).toContain('baml_client_requests_total{client="Main",provider="openai"} 1');
    await expect.poll(() => server.output.stderr).toContain('"route":"metrics"');
    expect(server.output.stderr).not.toContain('a secret of the caller');
    const line = JSON.parse(server.output.stderr.split('\n')[0] ?? '') as Record<string, unknown>;
    expect(line).toMatchObject({
      method: 'POST',
      route: 'call',
      function: 'Extract',
      status: 200,
      error: null,
    });
  });

  test('see how streams ended, and who went away', async () => {
    const server = await serve();
    interface Line {
      route: string;
      status: number;
      error: string | null;
      request_id: string;
    }
    const lines = () =>
      server.output.stderr
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Line);
    const logged = async (id: string, expected: Partial<Line>) => {
      await expect.poll(() => lines().find(({ request_id }) => request_id === id)).toMatchObject(expected);
    };
    const leave = async (path: string, id: string, when: () => Promise<unknown>) => {
      const controller = new AbortController();
      const headers = { 'content-type': 'application/json', 'x-request-id': id };
      const sent = { method: 'POST', headers, body: '{"text": "x"}', signal: controller.signal };
      const answer = fetch(server.url + path, sent).then((response) => response.text());
      const left = answer.catch(() => undefined);
      await when();
      controller.abort();
      await left;
    };

    await server.post('/stream/Extract', { text: 'x' }, { 'x-request-id': 'whole' });
    await logged('whole', { route: 'stream', status: 200, error: null });
    const text = '{"name": "Ada", "skills": ["a", "b"]}';
    script({ text, chunkSize: 2, chunkDelayMs: 50, fault: 'reset-midway' });
    await server.post('/stream/Extract', { text: 'x' }, { 'x-request-id': 'failed' });
    await logged('failed', { route: 'stream', status: 200, error: 'client_http_error' });
    script({ text, chunkSize: 1, chunkDelayMs: 200 });
    await leave('/stream/Extract', 'left', () => sleep(1_000));
    await logged('left', { route: 'stream', error: 'caller_left' });
    script({ fault: 'hang' });
    await leave('/call/Extract', 'gone', async () => {
      await expect.poll(() => llm.requests.length).toBe(1);
    });
    await logged('gone', { route: 'call', status: 499, error: 'caller_left' });
    await server.get('/healthz', { 'x-request-id': 'probe' });
    const metrics = (await server.get('/metrics')).text;
    expect(metrics).toContain('baml_streams_total{function="Extract",end="final"} 1');
    expect(metrics).toContain('baml_streams_total{function="Extract",end="client_http_error"} 1');
    expect(metrics).toContain('baml_streams_total{function="Extract",end="caller_left"} 1');
    expect(metrics).toContain('{route="call",function="Extract",status="499"} 1');
    expect(metrics).toContain('baml_requests_under_way 0');
    expect(server.output.stderr).not.toContain('probe');
  });

  test('have a page to try the functions that needs nothing from elsewhere', async () => {
    const server = await serve();
    const docs = await server.get('/docs');
    expect(docs.headers.get('content-type')).toContain('text/html');
    expect(docs.text).not.toMatch(/https?:/);
    const policy = docs.headers.get('content-security-policy') ?? '';
    expect(policy).not.toContain('unsafe');
    for (const tag of ['script', 'style']) {
      const [, content = ''] = new RegExp(`<${tag}>([^]*?)</${tag}>`).exec(docs.text) ?? [];
      const digest = createHash('sha256').update(content).digest('base64');
      expect(policy).toContain(`${tag}-src 'sha256-${digest}';`);
    }
    // Neither attribute would be allowed.
    expect(docs.text).not.toMatch(/<[^>]+ (style|on\w+)=/);
    const [, program = ''] = /<script>([^]*?)<\/script>/.exec(docs.text) ?? [];
    expect(() => new Script(program)).not.toThrow();
  });

  test('end the server without losing what it accepted', async () => {
    const server = await serve();
    script({ json: { name: 'Ada', skills: [] }, delayMs: 500 });
    const called = server.post('/call/Extract', { text: 'x' });
    const streamed = server.events('/stream/Extract', { text: 'x' });
    await expect.poll(() => llm.requests.length).toBe(2);
    server.child.kill('SIGTERM');
    expect(await called).toMatchObject({ status: 200, json: { name: 'Ada' } });
    expect((await streamed).at(-1)).toMatchObject({ event: 'final' });
    expect(await server.ended()).toBe(0);
  });

  test('see a broken program in dev, while the last good one goes on', async () => {
    const server = await serve({ command: 'dev' });
    const functions = async () => Object.keys((await server.get('/openapi.json')).json['paths'] as object);
    expect(await functions()).toContain('/call/Extract');
    await sleep(100);
    await server.workspace.write('baml_src/main.baml', SOURCES.replace('name string', 'name strng'));
    await expect
      .poll(() => server.output.stderr, { timeout: 10_000 })
      .toContain('The last good program goes on');
    expect(server.output.stderr).toMatch(/strng[^]*main\.baml:/);
    expect((await server.post('/call/Extract', { text: 'x' })).status).toBe(200);
    await server.workspace.write('baml_src/main.baml', SOURCES.replaceAll('Extract', 'Renamed'));
    await expect.poll(() => server.output.stdout, { timeout: 10_000 }).toContain('Reloaded in');
    expect(await functions()).toContain('/call/Renamed');
    expect((await server.post('/call/Extract', { text: 'x' })).status).toBe(404);
    expect(await server.end('SIGINT')).toBe(0);
  });

  test('are told when the port is taken', async () => {
    const server = await serve();
    const { port } = new URL(server.url);
    const second = await server.workspace.node([
      'node_modules/@boundaryml/baml/cli.js',
      'serve',
      '--from',
      'baml_src',
      '--port',
      port,
    ]);
    expect(second).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(`port ${port} is in use`) as unknown,
    });
    expect(
      await server.workspace.node([
        'node_modules/@boundaryml/baml/cli.js',
        'health',
        '--address',
        `127.0.0.1:${port}`,
      ]),
    ).toMatchObject({ code: 0 });
    server.child.kill('SIGKILL');
    await once(server.child, 'exit');
    expect(
      (
        await server.workspace.node([
          'node_modules/@boundaryml/baml/cli.js',
          'health',
          '--address',
          `127.0.0.1:${port}`,
        ])
      ).code,
    ).toBe(4);
  });
});
