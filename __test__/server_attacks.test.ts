/** `baml-cli serve` under attack: whatever a caller sends, it answers rightly, keeps its secrets, and stays up. */

import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Agent, createServer, request as sendRequest, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { oneLlm } from './support/llm.js';
import { testWhere } from './support/machine.js';
import { ServerProcess, type ServerOptions } from './support/server.js';

const RESUME = { name: 'Ada', skills: [] };

const SOURCES = `
client Main {
  provider openai
  options {
    model "main"
    api_key env.SERVER_KEY
    base_url env.SERVER_LLM
  }
}
client Gemini {
  provider google-ai
  options {
    model "gemini"
    api_key env.SERVER_KEY
    base_url env.SERVER_LLM
    media_url_handler { image "send_base64" }
  }
}
class Resume {
  name string
  skills string[]
}
function Extract(text: string) -> Resume {
  client Main
  prompt #"{{ text }} {{ ctx.output_format }}"#
}
function Look(photo: image) -> string {
  client Gemini
  prompt #"{{ photo }}"#
}
`;

const llm = oneLlm({ json: RESUME });

/** Whether a process can have an `/etc/hosts` of its own. */
const canRename =
  process.platform === 'linux' &&
  spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '--bind', '/etc/hostname', '/etc/hosts'])
    .status === 0;

/** A place of a caller: what it is asked for, with which headers. */
let trap: { server: Server; url: string; asked: Record<string, unknown>[] };
beforeEach(async () => {
  const asked: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    asked.push({ url: request.url, ...request.headers });
    request.resume().on('end', () => response.writeHead(302, { location: llm().baseUrl }).end());
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  trap = { server, url: `http://127.0.0.1:${String(port)}/v1`, asked };
});
afterEach(() => {
  trap.server.closeAllConnections();
  trap.server.close();
});

/** A server that has keys of every sort to lose. */
function serve(options: ServerOptions = {}): Promise<ServerProcess> {
  return ServerProcess.start(SOURCES, {
    ...options,
    env: {
      SERVER_KEY: 'sk-of-the-server',
      SERVER_LLM: llm().baseUrl,
      OPENAI_API_KEY: 'sk-of-the-server',
      ANTHROPIC_API_KEY: 'sk-of-the-server',
      GOOGLE_API_KEY: 'sk-of-the-server',
      AZURE_OPENAI_API_KEY: 'sk-of-the-server',
      AWS_ACCESS_KEY_ID: 'sk-of-the-server',
      AWS_SECRET_ACCESS_KEY: 'sk-of-the-server',
      AWS_SESSION_TOKEN: 'sk-of-the-server',
      ...options.env,
    },
  });
}

const calling = (client: Record<string, unknown>) => ({
  text: 'x',
  __baml_options__: { client_registry: { clients: [{ name: 'Mine', ...client }], primary: 'Mine' } },
});

describe('the keys of the server', () => {
  // With each, the host is allowed: only the rule about keys stands between the caller and them.
  const TRIES: [string, (place: string) => Record<string, unknown>][] = [
    ['nothing of its own', (base_url) => ({ provider: 'openai', options: { model: 'm', base_url } })],
    [
      'a header beside the one of the key',
      (base_url) => ({
        provider: 'openai',
        options: { model: 'm', base_url, headers: { 'x-api-key': 'mine' } },
      }),
    ],
    [
      "the header of another provider's key",
      (base_url) => ({
        provider: 'anthropic',
        options: { model: 'm', base_url, headers: { Authorization: 'Bearer mine' } },
      }),
    ],
    [
      'a key that the provider does not take',
      (base_url) => ({
        provider: 'vertex-ai',
        options: { model: 'm', base_url, project_id: 'p', api_key: 'mine' },
      }),
    ],
    [
      'half a pair of keys',
      (endpoint_url) => ({
        provider: 'aws-bedrock',
        options: { model: 'm', region: 'us-east-1', endpoint_url, access_key_id: 'mine' },
      }),
    ],
    [
      'an empty password in the URL',
      (base_url) => ({
        provider: 'openai',
        options: { model: 'm', base_url: base_url.replace('http://', 'http://mine:@') },
      }),
    ],
  ];
  test.each(TRIES)('do not go to a place of a caller that gives %s', async (_, client) => {
    const server = await serve({ args: ['--allow-host', '127.0.0.1'] });
    const answer = await server.post('/call/Extract', calling(client(trap.url)));
    expect(answer, answer.text).toMatchObject({ status: 403, json: { error: 'client_not_allowed' } });
    expect(answer.text).toContain('own key');
    expect(trap.asked).toEqual([]);
  });

  test('do not go where a member of a strategy, or a redirect, would send them', async () => {
    const server = await serve({ args: ['--allow-host', '127.0.0.1'] });
    const OVERRIDES: Record<string, unknown>[] = [
      { base_url: trap.url },
      { http: { proxy: trap.url } },
      { credentials: '/etc/passwd' },
    ];
    for (const options of OVERRIDES) {
      const strategy = [{ client: 'Main', options }];
      const refused = await server.post(
        '/call/Extract',
        calling({ provider: 'fallback', options: { strategy } }),
      );
      expect(refused.status, refused.text).toBe(403);
    }
    expect(trap.asked).toEqual([]);

    const own = { model: 'm', base_url: trap.url, api_key: 'sk-mine' };
    const redirected = await server.post('/call/Extract', calling({ provider: 'openai', options: own }));
    expect(redirected).toMatchObject({ status: 502, json: { status_code: 302 } });
    expect(trap.asked).toMatchObject([{ authorization: 'Bearer sk-mine' }]);
    expect(llm().requests).toHaveLength(0);
  });
});

describe('the network of the server', () => {
  const PLACES = [
    'http://127.0.0.1:1/v1',
    'http://localhost.:1/v1',
    'http:/127.1:1/v1',
    'http:\\\\127.0.0.1:1\\v1',
    'http://0x7f.1:1/v1',
    'http://[::ffff:127.0.0.1]:1/v1',
    'http://①②⑦.0.0.1:1/v1',
    'http://me@127.0.0.1:1/v1?x=@example.com',
    'http://metadata.google.internal/v1',
  ];
  test.each(PLACES)('is not reached at %s', async (base_url) => {
    const server = await serve();
    const options = { model: 'm', api_key: 'k', base_url };
    const answer = await server.post('/call/Extract', calling({ provider: 'openai', options }));
    expect(answer.status, answer.text).toBe(403);
    expect(answer.text).toMatch(/public/);
  });

  test('is not reached by providers whose place is the machine of whoever asks', async () => {
    const server = await serve();
    const LOCAL = ['ollama', 'lmstudio', 'vllm', 'litellm'];
    for (const provider of LOCAL) {
      const shorthand = `${provider}/m`;
      const TRIES = [
        calling({ provider, options: { model: 'm' } }),
        calling({ provider: 'fallback', options: { strategy: [shorthand] } }),
        { text: 'x', __baml_options__: { client: shorthand } },
        { text: 'x', __baml_options__: { client_registry: { primary: shorthand } } },
      ];
      for (const body of TRIES) {
        const answer = await server.post('/plan/Extract', body);
        expect(answer, answer.text).toMatchObject({ status: 403, json: { error: 'client_not_allowed' } });
        expect(answer.text).toContain('--allow-host');
      }
    }
    const elsewhere = { model: 'm', base_url: 'https://ollama.example.com/v1' };
    const own = await server.post('/plan/Extract', calling({ provider: 'ollama', options: elsewhere }));
    expect(own.status, own.text).toBe(200);
  });

  test('is reached where the operator says so', async () => {
    const local = calling({ provider: 'ollama', options: { model: 'm' } });
    for (const args of [
      ['--allow-host', 'localhost'],
      ['--allow-provider', 'ollama'],
    ]) {
      const server = await serve({ args });
      const answer = await server.post('/plan/Extract', local);
      expect(answer.status, answer.text).toBe(200);
    }
  });

  const testRenamed = testWhere(canRename, 'Linux, where users may have namespaces');
  testRenamed('is not reached by a public name that leads into it', async () => {
    const renamed: ServerOptions = {
      files: { hosts: '127.0.0.1 localhost llm.example.com\n::1 localhost llm.example.com\n' },
      through: (command) => [
        'unshare',
        '--map-root-user',
        '--mount',
        'sh',
        '-c',
        'mount --bind hosts /etc/hosts && exec "$@"',
        'sh',
        ...command,
      ],
    };
    const server = await serve(renamed);
    const port = new URL(trap.url).port;
    const base_url = `http://llm.example.com:${port}/v1`;
    const client = calling({ provider: 'openai', options: { model: 'm', api_key: 'k', base_url } });
    for (const path of ['/call/Extract', '/stream/Extract']) {
      const answer = await server.post(path, client);
      expect(answer, answer.text).toMatchObject({ status: 400, json: { error: 'invalid_argument' } });
      expect(answer.text).toContain('is not on the public internet');
      expect(answer.text).not.toContain('status_code');
    }
    const photo = { url: `http://llm.example.com:${port}/photo.png` };
    const looked = await server.post('/call/Look', { photo });
    expect(looked, looked.text).toMatchObject({ status: 400, json: { error: 'invalid_argument' } });
    expect(trap.asked).toEqual([]);

    // It does lead there, for those who may go.
    const open = await serve({ ...renamed, args: ['--allow-host', 'llm.example.com'] });
    await open.post('/call/Extract', client);
    expect(trap.asked).toHaveLength(1);
  });

  test('is not reached by a place in the name of a region', async () => {
    const server = await serve();
    const CLIENTS = [
      { provider: 'vertex-ai', options: { model: 'm', project_id: 'p', location: 'x.evil.test/' } },
      { provider: 'aws-bedrock', options: { model: 'm', region: 'x.evil.test/#' } },
      {
        provider: 'azure-openai',
        options: { api_key: 'k', api_version: '1', deployment_id: 'd', resource_name: 'evil.test/' },
      },
    ];
    for (const client of CLIENTS) {
      const answer = await server.post('/call/Extract', calling(client));
      expect([400, 403], answer.text).toContain(answer.status);
    }
  });

  test('is not reached by the URL of a medium', async () => {
    const server = await serve();
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const url = trap.url.replace('127.0.0.1', host) + '/photo.png';
      const answer = await server.post('/call/Look', { photo: { url } });
      expect(answer, answer.text).toMatchObject({ status: 400, json: { error: 'invalid_argument' } });
      expect(answer.text).toContain('public');
    }
    for (const route of ['call', 'request']) {
      const gone = await server.post(`/${route}/Look`, {
        photo: { url: 'https://nowhere.invalid/photo.png?key=1' },
      });
      expect(gone, gone.text).toMatchObject({
        status: 502,
        json: { error: 'media_download_failed', media_url: 'https://nowhere.invalid/photo.png' },
      });
    }
    expect(trap.asked).toEqual([]);
    expect(llm().requests).toHaveLength(0);
  });
});

/** What comes back when this is sent, until the server closes the connection. */
function raw(server: ServerProcess, send: (socket: Socket) => void): Promise<string> {
  const { hostname, port } = new URL(server.url);
  return new Promise((settle) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => send(socket));
    socket.setEncoding('utf8').on('data', (part: string) => (text += part));
    // A server that has said no may close before all was sent.
    socket.on('error', () => undefined).on('close', () => settle(text));
  });
}

const HEAD = 'POST /call/Extract HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';

async function residentMegabytes(server: ServerProcess): Promise<number> {
  const status = await readFile(`/proc/${String(server.child.pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

describe('bodies', () => {
  test('of a gigabyte are refused before they are kept', async () => {
    const server = await serve();
    const declared = await raw(server, (socket) =>
      socket.write(`${HEAD}content-length: 1073741824\r\n\r\n{`),
    );
    expect(declared).toMatch(/^HTTP\/1\.1 413 /);
    const chunk = `100000\r\n${' '.repeat(1 << 20)}\r\n`;
    let sent = 0;
    const chunked = await raw(server, (socket) => {
      socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
      const more = () => {
        while (sent < 1024 && !socket.destroyed) {
          sent += 1;
          if (!socket.write(chunk)) return void socket.once('drain', more);
        }
      };
      more();
    });
    // What comes after the answer is taken for a while, so that nobody loses it with the connection.
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
    expect(sent).toBeLessThan(300);
    expect((await server.post('/call/Extract', { text: 'x' })).status).toBe(200);
  });

  test('of 60 MB are refused, and who sends them gets to know', async () => {
    const server = await serve();
    const answer = await server.post('/call/Extract', { text: 'x'.repeat(60 << 20) });
    expect(answer).toMatchObject({ status: 413, json: { error: 'body_too_large', limit_bytes: 16 << 20 } });
  });

  test('that are nested 10,000 deep are refused, in arguments, options and what is parsed', async () => {
    const server = await serve();
    const deep = '['.repeat(10_000) + ']'.repeat(10_000);
    const objects = '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000);
    for (const nested of [deep, objects]) {
      expect((await server.post('/call/Extract', `{"text": ${nested}}`)).status).toBe(400);
      const options = `{"text": "x", "__baml_options__": {"client_registry": ${nested}}}`;
      expect((await server.post('/call/Extract', options)).status).toBe(400);
      expect([200, 422]).toContain((await server.post('/parse/Extract', { text: nested })).status);
    }
    expect((await server.get('/healthz')).status).toBe(200);
  });

  test('that never come do not keep others out', async () => {
    const server = await serve();
    const sockets: Socket[] = [];
    const { hostname, port } = new URL(server.url);
    for (let index = 0; index < 300; index++) {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      // A third stops in the head, a third in the body, a third says nothing.
      if (index % 3 === 0) socket.write('POST /call/Extract HTTP/1.1\r\nhost: local');
      if (index % 3 === 1) socket.write(`${HEAD}content-length: 100\r\n\r\n{"te`);
      sockets.push(socket);
    }
    const began = performance.now();
    expect((await server.post('/call/Extract', { text: 'x' })).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(2_000);
    for (const socket of sockets) socket.destroy();
  });
});

test('two strategies that name each other are a mistake of the caller', async () => {
  const server = await serve();
  const clients = ['A', 'B'].map((name) => ({
    name,
    provider: 'fallback',
    options: { strategy: [name === 'A' ? 'B' : 'A'] },
  }));
  const answer = await server.post('/call/Extract', {
    text: 'x',
    __baml_options__: { client_registry: { clients, primary: 'A' } },
  });
  expect(answer, answer.text).toMatchObject({ status: 400, json: { error: 'invalid_argument' } });
  expect((await server.get('/healthz')).status).toBe(200);
});

test('names and options without end do not fill the memory', async () => {
  const server = await serve({ args: ['--allow-host', '127.0.0.1'] });
  // More clients than are told apart. How many sets of connections there are has a test in the runtime.
  const CALLS = 1_200;
  const call = async (number: number) => {
    const options = {
      model: `model ${String(number)}`,
      api_key: `key ${String(number)}`,
      base_url: llm().baseUrl,
      http: { connect_timeout_ms: 10_000 + (number % 20) },
    };
    const name = `client ${String(number)}`;
    const client_registry = { clients: [{ name, provider: 'openai', options }], primary: name };
    const answer = await server.post('/call/Extract', { text: 'x', __baml_options__: { client_registry } });
    expect(answer.status, answer.text).toBe(200);
    // What was asked is kept until then.
    llm().reset();
  };
  let next = 0;
  const until = async (end: number) => {
    const lane = async () => {
      while (next < end) await call(next++);
    };
    await Promise.all(Array.from({ length: 8 }, lane));
  };
  await until(CALLS / 2);
  const before = process.platform === 'linux' ? await residentMegabytes(server) : 0;
  await until(CALLS);
  const health = (await server.get('/metrics')).text;
  expect(health.match(/^baml_client_requests_total/gm)?.length).toBeLessThanOrEqual(1_001);
  expect(health).toContain('client="(others)"');
  if (process.platform === 'linux') expect((await residentMegabytes(server)) - before).toBeLessThan(40);
}, 120_000);

test('SIGTERM under load loses nothing that was accepted', async () => {
  const server = await serve();
  llm().on({ reply: { json: RESUME, delayMs: 1_500 } });
  const leave = async () => {
    const controller = new AbortController();
    const headers = { 'content-type': 'application/json' };
    const sent = { method: 'POST', headers, body: '{"text": "left"}', signal: controller.signal };
    const answer = fetch(`${server.url}/stream/Extract`, sent).catch(() => undefined);
    await sleep(200);
    controller.abort();
    await answer;
  };
  await Promise.all(Array.from({ length: 20 }, leave));
  const leaving = Array.from({ length: 20 }, leave);
  const calls = Array.from({ length: 60 }, (_, index) =>
    index % 3 === 0
      ? server.events('/stream/Extract', { text: 'stays' }).then((events) => events.at(-1)?.event)
      : server.post('/call/Extract', { text: 'stays' }).then(({ status }) => status),
  );
  const arrived = () => llm().requests.filter(({ prompt }) => prompt.includes('stays')).length;
  await expect.poll(arrived, { timeout: 10_000 }).toBe(60);
  server.child.kill('SIGTERM');
  const ends = new Set(await Promise.all(calls));
  expect([...ends].toSorted()).toEqual([200, 'final']);
  await Promise.all(leaving);
  expect(await server.ended()).toBe(0);
});

test('SIGTERM cuts off nobody who was connected, on old connections or new ones', async () => {
  const server = await serve({ args: ['--no-access-log'] });
  llm().on({ reply: { json: RESUME, delayMs: 20 } });
  const { hostname, port } = new URL(server.url);
  const kept = new Agent({ keepAlive: true });
  const ends: Record<string, number> = {};
  const state = { isOver: false };
  const ask = (agent: Agent | false) =>
    new Promise<void>((settle) => {
      const end = (how: string) => {
        ends[how] = (ends[how] ?? 0) + 1;
        // Nobody listens any more.
        if (how === 'ECONNREFUSED') state.isOver = true;
        settle();
      };
      const failed = (error: NodeJS.ErrnoException) => end(error.code ?? error.message);
      const headers = { 'content-type': 'application/json' };
      sendRequest({ hostname, port, method: 'POST', path: '/call/Extract', agent, headers }, (response) => {
        response.resume().on('end', () => end(String(response.statusCode)));
        response.on('error', failed);
      })
        .on('error', failed)
        .end('{"text": "x"}');
    });
  const lanes = Array.from({ length: 48 }, async (_, index) => {
    while (!state.isOver) {
      await ask(index % 4 === 0 ? false : kept);
      if (index % 2 === 1) await sleep(Math.random() * 30);
    }
  });
  await expect.poll(() => ends['200'] ?? 0, { timeout: 10_000 }).toBeGreaterThan(100);
  expect(await server.end('SIGTERM')).toBe(0);
  await Promise.all(lanes);
  kept.destroy();
  expect(Object.keys(ends).toSorted()).toEqual(['200', 'ECONNREFUSED']);
});
