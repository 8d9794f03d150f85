/** Media that a provider wants as content: fetched before the request, within the limits that its client sets. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BamlClientHttpError,
  BamlError,
  BamlClientError,
  BamlInvalidArgumentError,
  BamlTimeoutError,
  ClientRegistry,
  Collector,
  Image,
} from '@boundaryml/baml';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { b } from './projects/dialects/baml_client/index.js';
import { failure, scriptedLlm } from './support/llm.js';
import { ServerProcess } from './support/server.js';

const PNG = Buffer.from('iVBORw0KGgpyZXN0', 'base64');

const llm = scriptedLlm('a picture');

let host: Server;
let base: string;
/** What the host was asked for. */
let asked: string[];
beforeAll(async () => {
  host = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url?.startsWith('/moved')) {
      response.writeHead(302, { location: '/a.png' }).end();
    } else if (request.url?.startsWith('/missing')) {
      response.writeHead(404).end();
    } else if (request.url?.startsWith('/slow')) {
      response.once('close', () => asked.push('closed'));
    } else if (request.url?.startsWith('/late')) {
      setTimeout(() => response.writeHead(200).end(PNG), 600);
    } else if (request.url?.startsWith('/busy') && asked.length === 1) {
      response.writeHead(503).end();
    } else if (request.url?.startsWith('/broken')) {
      response.writeHead(200, { 'content-length': 100 }).write(PNG, () => response.destroy());
    } else {
      response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(PNG);
    }
  }).listen(0, '127.0.0.1');
  await once(host, 'listening');
  base = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
});
beforeEach(() => {
  asked = [];
});
afterAll(() => host.close());

/** A client that sends the content of images. */
function sending(options: Record<string, unknown> = {}): ClientRegistry {
  const registry = new ClientRegistry();
  registry.addRetryPolicy('Twice', {
    max_retries: 1,
    strategy: { type: 'constant_delay', delay_ms: 1 },
  });
  const media = { media_url_handler: { image: 'send_base64' }, ...options };
  registry.addLlmClient('Mine', 'openai', llm().options({ model: 'm', ...media }), 'Twice');
  registry.setPrimary('Mine');
  return registry;
}

const picture = (path: string): Image => Image.fromUrl(base + path);

const limited = (request_timeout_ms: number): ClientRegistry => sending({ http: { request_timeout_ms } });

test('are fetched once per call, whatever is tried again', async () => {
  llm().on({ reply: [{ status: 500 }, 'a cat'] });
  expect(await b.Look(picture('/moved.png'), { clientRegistry: sending() })).toBe('a cat');
  expect(llm().requests).toHaveLength(2);
  expect(asked).toEqual(['/moved.png', '/a.png']);
  const sent = JSON.stringify(llm().lastRequest.body);
  expect(sent).toContain(`data:image/png;base64,${PNG.toString('base64')}`);
});

test('are in the request that is only shown', async () => {
  const request = await b.request.Look(picture('/a.png'), { clientRegistry: sending() });
  expect(request.body.text()).toContain(PNG.toString('base64'));
});

test('that fail for a request that is only shown are a failure of no client', async () => {
  const request = b.request.Look(picture('/missing.png'), { clientRegistry: sending() });
  const error = await failure(request, BamlError);
  expect(error).toMatchObject({ name: 'BamlError', code: 'status' });
  expect(error.message).toContain('the server answered 404');
});

describe('fail in plain words', () => {
  test.each([
    ['/missing.png?signature=secret', {}, BamlClientError, 'the server answered 404'],
    [
      '/a.png',
      { max_bytes: 5 },
      BamlInvalidArgumentError,
      'may not be downloaded: it is larger than 5 bytes (media_download.max_bytes)',
    ],
    ['/a.png', { public_only: true }, BamlInvalidArgumentError, '`127.0.0.1` is not on the public internet'],
    [
      '/moved.png',
      { allowed_hosts: ['*.example.com'] },
      BamlInvalidArgumentError,
      'host `127.0.0.1` is not among `media_download.allowed_hosts`',
    ],
  ])('%s within %j', async (path, media_download, errorClass, message) => {
    const clientRegistry = sending({ media_download });
    const error = await failure(b.Look(picture(path), { clientRegistry }), errorClass);
    expect(error).not.toBeInstanceOf(BamlClientHttpError);
    expect(error.message).toContain(message);
    expect(error.message).toContain('127.0.0.1');
    expect(error.message).not.toContain('secret');
    expect(llm().requests).toHaveLength(0);
  });
});

describe('that fail are failed attempts', () => {
  test('tried again when that may help, and known by their cause', async () => {
    const collector = new Collector();
    expect(await b.Look(picture('/busy.png'), { clientRegistry: sending(), collector })).toBe('a picture');
    expect(asked).toEqual(['/busy.png', '/busy.png']);
    const [first, second] = collector.last!.calls;
    expect([first!.kind, first!.httpRequest, second!.reason]).toEqual([
      'status',
      null,
      'retry 1 after status',
    ]);

    const error = await failure(
      b.Look(picture('/broken.png'), { clientRegistry: sending() }),
      BamlClientError,
    );
    expect(error).toMatchObject({ client_name: 'Mine', code: 'network' });
    expect(error.attempts!.map(({ code }) => code)).toEqual(['network', 'network']);
    expect(asked.slice(2)).toEqual(['/broken.png', '/broken.png']);

    const missing = await failure(
      b.Look(picture('/missing.png'), { clientRegistry: sending() }),
      BamlClientError,
    );
    expect(missing).toMatchObject({ client_name: 'Mine', code: 'status', status_code: 404 });
    expect(missing.attempts).toHaveLength(1);
    expect(llm().requests).toHaveLength(1);
  });

  test('but not tried again when they are refused', async () => {
    const clientRegistry = sending({ media_download: { public_only: true } });
    const error = await failure(b.Look(picture('/a.png'), { clientRegistry }), BamlInvalidArgumentError);
    expect(error.attempts!.map(({ code }) => code)).toEqual(['invalid_argument']);
    expect(asked).toEqual([]);
  });

  test('after which a fallback asks a client that needs no download', async () => {
    const clientRegistry = sending();
    clientRegistry.addLlmClient('ByUrl', 'openai', llm().options({ model: 'url' }));
    clientRegistry.addLlmClient('Both', 'fallback', { strategy: ['Mine', 'ByUrl'] });
    const collector = new Collector();
    const options = { clientRegistry, client: 'Both', collector };
    expect(await b.Look(picture('/missing.png'), options)).toBe('a picture');
    expect(collector.last!.calls.map(({ reason }) => reason)).toEqual(['first', 'next of Both after status']);
  });

  test.each(['request_timeout_ms', 'time_to_first_token_timeout_ms'])('limited by %s', async (option) => {
    const clientRegistry = sending({ http: { [option]: 80 } });
    const stream = b.stream.Look(picture('/slow.png'), { clientRegistry });
    const error = await failure(stream.getFinalResponse(), BamlTimeoutError);
    expect(error).toMatchObject({
      client_name: 'Mine',
      code: 'timeout',
      timeout_type: option,
      configured_value_ms: 80,
    });
    expect(error.message).toContain(`${base}/slow.png`);
    expect(error.message).toContain(`80 ms of the attempt (${option})`);
    expect(error.attempts).toHaveLength(2);
    await expect.poll(() => asked).toEqual(['/slow.png', 'closed', '/slow.png', 'closed']);
    expect(llm().requests).toHaveLength(0);
  });

  test('the limit covers download and answer together', async () => {
    llm().on({ reply: { text: 'late', delayMs: 600 } });
    expect(await b.Look(picture('/late.png'), { clientRegistry: limited(10_000) })).toBe('late');
    // The first attempt waits for both; the second one has the picture.
    const collector = new Collector();
    await b.Look(picture('/late.png'), { clientRegistry: limited(1000), collector });
    expect(collector.last!.calls.map(({ kind }) => kind)).toEqual(['timeout', null]);
    expect(collector.last!.calls[0]!.error).toContain(
      'no complete reply within 1000 ms (request_timeout_ms)',
    );
  });

  test('a limit of the download is the download’s own', async () => {
    const clientRegistry = sending({ media_download: { timeout_ms: 60 } });
    const error = await failure(b.Look(picture('/slow.png'), { clientRegistry }), BamlTimeoutError);
    expect(error).toMatchObject({ timeout_type: 'media_download.timeout_ms', configured_value_ms: 60 });
    expect(error.message).toContain('it took longer than 60 ms (media_download.timeout_ms)');
  });
});

test.each([
  ['photos/cat.png', 'character 11 is `.`'],
  ['', 'it is empty'],
])('content that is no base64 (%j) is told of before anything is sent', async (base64, fault) => {
  for (const content of [
    Image.fromBase64('image/png', base64),
    { base64, media_type: 'image/png' } as never,
  ]) {
    const error = await failure(b.Look(content, { clientRegistry: sending() }), BamlInvalidArgumentError);
    const message = `expected an image in base64, but ${fault}`;
    expect(error.problems).toEqual([{ path: 'picture', message }]);
  }
  expect(llm().requests).toHaveLength(0);
});

test('content in another spelling of base64 is sent in the usual one', async () => {
  const base64 = PNG.toString('base64url').replace(/(.{4})/g, '$1\n');
  await b.Look(Image.fromBase64('image/png', base64), { clientRegistry: sending() });
  expect(llm().lastRequest.text).toContain(`data:image/png;base64,${PNG.toString('base64')}"`);
});

test('of a caller of the server are never fetched from where only the server can', async () => {
  const server = await ServerProcess.start(
    `
client Main {
  provider openai
  options {
    model "m"
    api_key "k"
    base_url env.LLM
    media_url_handler {
      image "send_base64"
    }
  }
}
function Look(picture: image) -> string {
  client Main
  prompt #"{{ picture }}"#
}
`,
    { env: { LLM: llm().baseUrl } },
  );
  for (const url of [`${base}/a.png`, `${base}/a.png`.replace('127.0.0.1', 'localhost')]) {
    const answer = await server.post('/call/Look', { picture: { url } });
    expect(answer).toMatchObject({ status: 400 });
    expect(answer.text).toContain('is not on the public internet');
  }
  expect(asked).toEqual([]);
  const content = { base64: PNG.toString('base64'), media_type: 'image/png' };
  expect((await server.post('/call/Look', { picture: content })).status).toBe(200);
});
