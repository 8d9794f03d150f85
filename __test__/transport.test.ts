/** What goes over the wire: headers, compression, proxies, certificates and protocols, each client's own. */

import { BamlClientError, BamlClientHttpError, ClientRegistry, Collector } from '@boundaryml/baml';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createSecureServer, type Http2ServerResponse } from 'node:http2';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createNetServer,
  type Server as NetServer,
} from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { brotliCompressSync, createBrotliCompress, deflateRawSync, gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { failure, scriptedLlm } from './support/llm.js';
import { testWhere } from './support/machine.js';
import { Workspace } from './support/workspace.js';

const llm = scriptedLlm('ok');

const file = (name: string): string => join(__dirname, 'certificates', name);
const pem = (name: string): Buffer => readFileSync(file(name));

const ANSWER = JSON.stringify({
  choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
});

function asking(base_url: string, http: Record<string, unknown> = {}, more: object = {}): ClientRegistry {
  const registry = new ClientRegistry();
  registry.addLlmClient('Mine', 'openai', { model: 'm', api_key: 'k', base_url, http, ...more });
  registry.setPrimary('Mine');
  return registry;
}

/** Listens on loopback until the test is over; answers the port. */
async function listening(server: Pick<NetServer, 'listen' | 'close' | 'address' | 'once'>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server as NetServer, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const answering =
  (body: string | Buffer, headers: Record<string, string> = {}): RequestListener =>
  (request, response) => {
    request.resume().once('end', () => response.writeHead(200, headers).end(body));
  };

test('no header goes out that nobody asked for', async () => {
  let head = '';
  const server = createNetServer((socket) => {
    socket.on('data', (bytes) => {
      head += bytes.toString('latin1');
      if (head.includes('"stream"') || head.endsWith('}')) {
        socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${ANSWER.length}\r\n\r\n${ANSWER}`);
      }
    });
  });
  const port = await listening(server);
  expect(await b.Echo('x', { clientRegistry: asking(`http://127.0.0.1:${port}/v1`) })).toBe('yes');
  const lines = head.split('\r\n\r\n')[0]?.split('\r\n') ?? [];
  expect(lines[0]).toBe('POST /v1/chat/completions HTTP/1.1');
  expect(
    lines
      .slice(1)
      .map((line) => line.replace(/: \d+$/, ': N'))
      .toSorted(),
  ).toEqual([
    'accept: */*',
    'authorization: Bearer k',
    'content-length: N',
    'content-type: application/json',
    `host: 127.0.0.1:${port}`,
  ]);
});

test('compressed replies are read, whole and streamed', async () => {
  for (const encoding of ['gzip', 'deflate', 'br'] as const) {
    llm().on({ model: encoding, reply: { text: 'héllo wörld', encoding, chunkSize: 2, chunkDelayMs: 15 } });
    const clientRegistry = new ClientRegistry();
    clientRegistry.addLlmClient('Mine', 'openai', llm().options({ model: encoding }));
    clientRegistry.setPrimary('Mine');
    const collector = new Collector();
    expect(await b.Echo('x', { clientRegistry, collector })).toBe('héllo wörld');
    expect(collector.last!.calls[0]!.httpResponse!.headers['content-encoding']).toBe(encoding);
    const partials: (string | null)[] = [];
    const stream = b.stream.Echo('x', { clientRegistry });
    for await (const partial of stream) partials.push(partial);
    expect(partials.length).toBeGreaterThan(1);
    expect(await stream.getFinalResponse()).toBe('héllo wörld');
  }
  expect(llm().requests.every((request) => request.headers['accept-encoding'] === undefined)).toBe(true);
});

const refused = async (encoding: string, body: Buffer): Promise<string> => {
  const port = await listening(createServer(answering(body, { 'content-encoding': encoding })));
  const clientRegistry = asking(`http://127.0.0.1:${port}`);
  return (await failure(b.Echo('x', { clientRegistry }), BamlClientHttpError)).message;
};

test('other forms of compression, and what cannot be undone', async () => {
  const bodies: [string, Buffer][] = [
    ['deflate', deflateRawSync(ANSWER)],
    ['x-gzip', gzipSync(ANSWER)],
    ['gzip', Buffer.concat([gzipSync(ANSWER), Buffer.alloc(16)])],
    ['identity', Buffer.from(ANSWER)],
  ];
  for (const [encoding, body] of bodies) {
    const port = await listening(createServer(answering(body, { 'content-encoding': encoding })));
    expect(await b.Echo('x', { clientRegistry: asking(`http://127.0.0.1:${port}`) })).toBe('yes');
  }
  expect(await refused('zstd', Buffer.from('x'))).toContain('compressed as `zstd`');
  expect(await refused('gzip', Buffer.from('not gzip at all'))).toContain('compression cannot be undone');
  expect(await refused('br', Buffer.from('not brotli at all'))).toContain('compression cannot be undone');
  expect(await refused('br', brotliCompressSync(ANSWER).subarray(0, 20))).toMatch(/empty|JSON/);
});

/** A proxy that notes what it was asked for. */
async function proxy(): Promise<{ url: string; seen: string[]; heads: IncomingMessage['headers'][] }> {
  const seen: string[] = [];
  const heads: IncomingMessage['headers'][] = [];
  const server: Server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    heads.push(request.headers);
    answering(ANSWER)(request, response as Parameters<RequestListener>[1]);
  });
  server.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    heads.push(request.headers);
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host === 'localhost' ? '127.0.0.1' : host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  return { url: `http://127.0.0.1:${await listening(server)}`, seen, heads };
}

test('a proxy of the client, with a password', async () => {
  const { url, seen, heads } = await proxy();
  const withPassword = url.replace('http://', 'http://me:canary@');
  const clientRegistry = asking('http://model.test/v1', { proxy: withPassword });
  expect(await b.Echo('x', { clientRegistry })).toBe('yes');
  expect(seen).toEqual(['POST http://model.test/v1/chat/completions']);
  expect(heads[0]?.['proxy-authorization']).toBe(`Basic ${Buffer.from('me:canary').toString('base64')}`);
  expect(JSON.stringify(clientRegistry.toJSON())).not.toContain('canary');
  expect(() => asking('http://model.test', { proxy: 'proxy.test' })).toThrow('`http.proxy` must be');
});

test('proxies of the environment, which NO_PROXY and `proxy: null` leave out', async () => {
  const { url, seen } = await proxy();
  const workspace = await Workspace.create({
    'main.cjs': `
      const { BamlRuntime, ClientRegistry } = require('@boundaryml/baml');
      const runtime = BamlRuntime.fromFiles('baml_src', {
        'main.baml': 'function F() -> string { client "openai/m" prompt #"hi"# }',
      }, process.env);
      (async () => {
        for (const [base_url, http] of JSON.parse(process.argv[2])) {
          const registry = new ClientRegistry();
          registry.addLlmClient('C', 'openai', { model: 'm', api_key: 'k', base_url, http });
          registry.setPrimary('C');
          const result = await runtime.callFunction(
            'F', {}, runtime.createContextManager(), null, registry, [], {}, process.env);
          console.log(result.parsed(false));
        }
      })();
    `,
  });
  const direct = `http://127.0.0.1:${await listening(createServer(answering(ANSWER.replace('yes', 'direct'))))}`;
  const run = async (calls: [string, object][], env: Record<string, string>): Promise<string> =>
    (await workspace.node(['main.cjs', JSON.stringify(calls)], env)).stdout;
  const env = { HTTP_PROXY: url, http_proxy: url, NO_PROXY: '', no_proxy: '' };
  expect(
    await run(
      [
        ['http://model.test/v1', {}],
        [direct, { proxy: null }],
      ],
      env,
    ),
  ).toBe('yes\ndirect\n');
  expect(seen).toEqual(['POST http://model.test/v1/chat/completions']);
  expect(await run([[direct, {}]], { ...env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' })).toBe(
    'direct\n',
  );
  expect(seen).toHaveLength(1);
});

const testTls = testWhere(
  process.platform !== 'darwin',
  'a system that trusts certificates for longer than 825 days: those of these tests run for a hundred years',
);
const trusted = { ca_file: file('authority.pem') };

testTls("certificates of an authority of one's own", async () => {
  const server = createTlsServer({ key: pem('server-key.pem'), cert: pem('server.pem') }, answering(ANSWER));
  const url = `https://localhost:${await listening(server)}/v1`;
  const unknown = await failure(b.Echo('x', { clientRegistry: asking(url) }), BamlClientHttpError);
  expect(unknown.message).toMatch(/certificate|UnknownIssuer/);
  expect(await b.Echo('x', { clientRegistry: asking(url, trusted) })).toBe('yes');
  const { url: through, seen } = await proxy();
  expect(await b.Echo('x', { clientRegistry: asking(url, { ...trusted, proxy: through }) })).toBe('yes');
  expect(seen).toEqual([`CONNECT ${new URL(url).host}`]);
});

testTls('a certificate of the client', async () => {
  const shown: (string | undefined)[] = [];
  const server = createTlsServer(
    {
      key: pem('server-key.pem'),
      cert: pem('server.pem'),
      ca: pem('authority.pem'),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (request, response) => {
      shown.push((request.socket as TLSSocket).getPeerCertificate().subject.CN as string);
      answering(ANSWER)(request, response);
    },
  );
  const url = `https://localhost:${await listening(server)}/v1`;
  const identity = { client_cert: file('client.pem'), client_key: file('client-key.pem') };
  expect(await b.Echo('x', { clientRegistry: asking(url, { ...trusted, ...identity }) })).toBe('yes');
  expect(shown).toEqual(['loopback client']);
  await failure(b.Echo('x', { clientRegistry: asking(url, trusted) }), BamlClientHttpError);
});

/** A server that speaks HTTP/2; answers its URL, and in which versions and sessions it was asked. */
async function http2Server(
  answer: (response: Http2ServerResponse) => void,
): Promise<{ url: string; versions: string[]; sessions: unknown[] }> {
  const versions: string[] = [];
  const sessions: unknown[] = [];
  const server = createSecureServer(
    { key: pem('server-key.pem'), cert: pem('server.pem'), allowHTTP1: true },
    (request, response) => {
      versions.push(request.httpVersion);
      request.resume().once('end', () => answer(response));
    },
  );
  server.on('session', (session) => sessions.push(session));
  return { url: `https://localhost:${await listening(server)}/v1`, versions, sessions };
}

testTls('HTTP/2 where the server speaks it', async () => {
  const { url, versions, sessions } = await http2Server((response) => response.writeHead(200).end(ANSWER));
  const clientRegistry = asking(url, trusted);
  await b.Echo('x', { clientRegistry });
  await Promise.all(Array.from({ length: 20 }, () => b.Echo('x', { clientRegistry })));
  expect(new Set(versions)).toEqual(new Set(['2.0']));
  expect(sessions).toHaveLength(1);
});

testTls('a compressed stream over HTTP/2, event by event', async () => {
  const { url, versions } = await http2Server((response) => {
    const compressed = createBrotliCompress();
    response.writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'br' });
    compressed.pipe(response.stream);
    const texts = ['one ', 'two ', 'three'];
    const send = (): void => {
      const content = texts.shift();
      const choice = { index: 0, delta: { content }, finish_reason: texts.length === 0 ? 'stop' : null };
      compressed.write(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
      if (texts.length === 0) compressed.end('data: [DONE]\n\n');
      else compressed.flush(() => setTimeout(send, 30));
    };
    send();
  });
  const clientRegistry = asking(url, trusted);
  const partials: (string | null)[] = [];
  const stream = b.stream.Echo('x', { clientRegistry });
  for await (const partial of stream) partials.push(partial);
  expect(await stream.getFinalResponse()).toBe('one two three');
  expect(partials.length).toBeGreaterThan(1);
  expect(versions).toEqual(['2.0']);
});

const said = async (http: object): Promise<string> => {
  const clientRegistry = asking('https://localhost:9', { ...http });
  return (await failure(b.Echo('x', { clientRegistry }), BamlClientError)).message;
};

test('files that are not there or hold no certificate are named', async () => {
  expect(await said({ ca_file: '/nonexistent/ca.pem' })).toContain('`/nonexistent/ca.pem` of `http.ca_file`');
  expect(await said({ ca_file: __filename })).toContain('no certificate in PEM form');
  expect(await said({ client_cert: file('client.pem') })).toContain('needs a certificate and its key');
  expect(() => asking('https://h.test', { client_key: 'k.pem' })).toThrow('http.client_cert');
});

const connectionsOf = async (http: object): Promise<number> => {
  let connections = 0;
  const server = createServer(answering(ANSWER)).on('connection', () => (connections += 1));
  const clientRegistry = asking(`http://127.0.0.1:${await listening(server)}`, { ...http });
  for (let call = 0; call < 4; call += 1) await b.Echo('x', { clientRegistry });
  return connections;
};

test('without pooling, each request has a connection of its own', async () => {
  // A machine that is busy may take a call's connection back after the next call has begun.
  expect(await connectionsOf({})).toBeLessThan(4);
  expect(await connectionsOf({ enable_connection_pooling: false })).toBe(4);
});
