/** Connections: what becomes of them when a stream has ended, or was left. */

import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

import { BamlAbortError, ClientRegistry } from '@boundaryml/baml';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { failure } from './support/llm.js';

const ANSWER = [
  '{"choices":[{"index":0,"delta":{"content":"all of "}}]}',
  '{"choices":[{"index":0,"delta":{"content":"it"},"finish_reason":"stop"}]}',
  '[DONE]',
]
  .map((data) => `data: ${data}\n\n`)
  .join('');

let server: Server;
let sockets: Set<Socket>;
/** Bodies whose answer is complete and that have no end yet. */
let open: ServerResponse[];
/** Whether a body ends with its answer. */
let endsAtOnce: boolean;

beforeEach(async () => {
  sockets = new Set();
  open = [];
  endsAtOnce = true;
  server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(ANSWER);
    if (endsAtOnce) response.end();
    else open.push(response);
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function registry(): ClientRegistry {
  const made = new ClientRegistry();
  const base_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  made.addLlmClient('Mine', 'openai', { model: 'm', base_url, api_key: 'k' });
  made.setPrimary('Mine');
  return made;
}

const ask = (): Promise<string> => b.stream.Echo('x', { clientRegistry: registry() }).getFinalResponse();

test('an answer is there at its end mark, and its body is read to the end for the next call', async () => {
  endsAtOnce = false;
  expect(await ask()).toBe('all of it');
  endsAtOnce = true;
  open[0]!.end();
  await new Promise((resolve) => {
    setTimeout(resolve, 100);
  });
  expect(await ask()).toBe('all of it');
  expect(sockets.size).toBe(1);
});

test('calls one after the other share a connection', async () => {
  for (let call = 0; call < 5; call++) {
    expect(await ask()).toBe('all of it');
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
  expect(sockets.size).toBe(1);
});

test('a body without an end is given up after a while', { timeout: 10_000 }, async () => {
  endsAtOnce = false;
  expect(await ask()).toBe('all of it');
  const [socket] = sockets;
  expect(socket!.destroyed).toBe(false);
  await expect.poll(() => socket!.destroyed, { timeout: 5000 }).toBe(true);
});

test('an abort closes the connection of a stream that hangs', async () => {
  server.removeAllListeners('request');
  server.on('request', (_, response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(ANSWER.slice(0, 20));
  });
  const controller = new AbortController();
  const stream = b.stream.Echo('x', { clientRegistry: registry(), signal: controller.signal });
  const ended = failure(stream.getFinalResponse(), BamlAbortError);
  await expect.poll(() => sockets.size).toBe(1);
  controller.abort('enough');
  expect((await ended).reason).toBe('enough');
  const [socket] = sockets;
  await expect.poll(() => socket!.destroyed).toBe(true);
});
