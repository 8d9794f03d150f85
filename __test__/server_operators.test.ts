/** `baml-cli serve` and `dev` for those who run it: logs, metrics, probes, the page of the functions, and its end. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Script } from 'node:vm';
import { describe, expect, test } from 'vitest';

import { resumeServers, SOURCES } from './support/resume_server.js';
import { CLI } from './support/workspace.js';

const { llm, script, serve } = resumeServers();

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
      await expect.poll(() => llm().requests.length).toBe(1);
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
    await expect.poll(() => llm().requests.length).toBe(2);
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
    const second = await server.workspace.node([CLI, 'serve', '--from', 'baml_src', '--port', port]);
    expect(second).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(`port ${port} is in use`) as unknown,
    });
    const health = async () =>
      (await server.workspace.node([CLI, 'health', '--address', `127.0.0.1:${port}`])).code;
    expect(await health()).toBe(0);
    server.child.kill('SIGKILL');
    await once(server.child, 'exit');
    expect(await health()).toBe(4);
  });
});
