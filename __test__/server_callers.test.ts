/** `baml-cli serve` and its callers: what they may choose, and who is kept out. */

import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';

import { calling, registry, resumeServers } from './support/resume_server.js';

const { llm, script, serve } = resumeServers();

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
    expect(llm().requests).toHaveLength(0);
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
    await expect.poll(() => llm().requests.length).toBe(1);
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
