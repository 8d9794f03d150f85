/** Media that a provider wants as content: fetched before the request, within the limits that its client sets. */

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BamlClientHttpError,
  BamlError,
  BamlInvalidArgumentError,
  ClientRegistry,
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

test('are fetched once per call, whatever is tried again', async () => {
  llm().on({ reply: [{ status: 500 }, 'a cat'] });
  const picture = Image.fromUrl(`${base}/moved.png`);
  expect(await b.Look(picture, { clientRegistry: sending() })).toBe('a cat');
  expect(llm().requests).toHaveLength(2);
  expect(asked).toEqual(['/moved.png', '/a.png']);
  const sent = JSON.stringify(llm().lastRequest.body);
  expect(sent).toContain(`data:image/png;base64,${PNG.toString('base64')}`);
});

test('are in the request that is only shown', async () => {
  const picture = Image.fromUrl(`${base}/a.png`);
  const request = await b.request.Look(picture, { clientRegistry: sending() });
  expect(request.body.text()).toContain(PNG.toString('base64'));
});

describe('fail in plain words', () => {
  test.each([
    ['/missing.png?signature=secret', {}, BamlError, 'the server answered 404'],
    ['/a.png', { max_bytes: 5 }, BamlError, 'it is larger than 5 bytes (media_download.max_bytes)'],
    ['/a.png', { public_only: true }, BamlInvalidArgumentError, '`127.0.0.1` is not on the public internet'],
    [
      '/moved.png',
      { allowed_hosts: ['*.example.com'] },
      BamlInvalidArgumentError,
      'host `127.0.0.1` is not among `media_download.allowed_hosts`',
    ],
  ])('%s within %j', async (path, media_download, errorClass, message) => {
    const picture = Image.fromUrl(base + path);
    const error = await failure(b.Look(picture, { clientRegistry: sending({ media_download }) }), errorClass);
    expect(error).not.toBeInstanceOf(BamlClientHttpError);
    expect(error.message).toContain(message);
    expect(error.message).toContain('127.0.0.1');
    expect(error.message).not.toContain('secret');
    expect(llm().requests).toHaveLength(0);
  });
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
