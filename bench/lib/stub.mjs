// Loopback stub of a chat-completions server, in a process of its own. Deliberately tiny: a raw socket server that
// finds the end of a request and writes bytes made beforehand, so that it is never what a measurement measures.
//   POST /<response>/<delay ms>/<events per ms>/…   response: small | medium | items-<N> | catalog-<N>; 0 is all at once
//   GET  /__prepare/<response>      makes the bytes of a stream, so that the first who asks for it does not wait for that
//   GET  /__stats and /__reset      { connections, requests, maxActive }; reset answers with the counts before it
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { catalogJson, completionBody, itemsJson, mediumResumeJson, resumeJson } from './payloads.mjs';

const SELF = fileURLToPath(import.meta.url);
const SERVE = '--serve';
const PREPARE = '/__prepare/';
const HEAD_END = '\r\n\r\n';

/** `{ url, stop }` */
export async function startStub() {
  const child = fork(SELF, [SERVE], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, stop: () => child.disconnect() };
}

/** Has the bytes of a streamed response made before anybody measures how soon they come. */
export async function prepare(url, response) {
  const answer = await fetch(`${url}/__prepare/${response}`);
  await answer.arrayBuffer();
}

const reply = (body, ...headers) =>
  Buffer.from(
    [
      'HTTP/1.1 200 OK',
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      ...headers,
    ]
      .join('\r\n')
      .concat(HEAD_END, body),
  );

/** The text of an answer by its name: small, medium, items-<N> or catalog-<N>. */
function contentOf(key) {
  const [name, count] = key.split('-');
  return { small: resumeJson, medium: mediumResumeJson, items: itemsJson, catalog: catalogJson }[name](
    Number(count),
  );
}

const CHARACTERS_PER_EVENT = 16;

/** Server-sent events of about four tokens each, as chunks of a chunked body. */
function streamChunks(content) {
  const base = {
    id: 'chatcmpl-stub',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'stub',
  };
  const choice = (delta, finish_reason = null) => ({
    ...base,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const usage = { prompt_tokens: 20, completion_tokens: 40, total_tokens: 60 };
  const events = [choice({ role: 'assistant', content: '' })];
  for (let start = 0; start < content.length; start += CHARACTERS_PER_EVENT) {
    events.push(choice({ content: content.slice(start, start + CHARACTERS_PER_EVENT) }));
  }
  events.push(choice({}, 'stop'), { ...base, choices: [], usage });
  const lines = [...events.map((event) => JSON.stringify(event)), '[DONE]'];
  return lines.map((line) => chunk(`data: ${line}\n\n`));
}

const chunk = (text) => Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const STREAM_HEAD = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked${HEAD_END}`,
);

/** Sends the chunks at `rate` per millisecond, all at once where it is 0. */
function sendStream(socket, chunks, rate) {
  socket.write(STREAM_HEAD);
  const started = performance.now();
  let sent = 0;
  const tick = () => {
    if (socket.destroyed) return;
    const due = rate === 0 ? chunks.length : Math.floor((performance.now() - started) * rate) + 1;
    const end = Math.min(chunks.length, due);
    if (end > sent) socket.write(Buffer.concat(chunks.slice(sent, end)));
    sent = end;
    if (sent < chunks.length) setTimeout(tick, 1);
    else socket.write(LAST_CHUNK);
  };
  tick();
}

const isStreaming = (request) => /"stream": *true/.test(request);

const newCounters = () => ({ connections: 0, requests: 0, maxActive: 0 });

class Stub {
  #replies = new Map();
  #streams = new Map();
  #counters = newCounters();
  #active = 0;

  accept(socket) {
    this.#counters.connections += 1;
    let pending = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      pending = pending.length > 0 ? Buffer.concat([pending, data]) : data;
      for (let size = requestSize(pending); size > 0; size = requestSize(pending)) {
        this.#answer(socket, pending.latin1Slice(0, size));
        pending = pending.subarray(size);
      }
    });
  }

  #answer(socket, request) {
    const path = pathOf(request);
    if (path === '/__stats' || path === '/__reset') {
      socket.end(reply(JSON.stringify(this.#counters), 'connection: close'));
      if (path === '/__reset') this.#counters = newCounters();
      return;
    }
    if (path.startsWith(PREPARE)) {
      remember(this.#streams, path.slice(PREPARE.length), streamChunks);
      socket.end(reply('{}', 'connection: close'));
      return;
    }
    const [, key, delay, rate] = path.split('/');
    this.#counters.requests += 1;
    this.#active += 1;
    this.#counters.maxActive = Math.max(this.#counters.maxActive, this.#active);
    const send = () => {
      this.#active -= 1;
      if (socket.destroyed) return;
      if (isStreaming(request)) sendStream(socket, remember(this.#streams, key, streamChunks), Number(rate));
      else socket.write(remember(this.#replies, key, (content) => reply(completionBody(content))));
    };
    if (Number(delay) > 0) setTimeout(send, Number(delay));
    else send();
  }
}

/** The length of the first whole request in the bytes, 0 while it is not whole. */
function requestSize(bytes) {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return 0;
  const length = /content-length: *(\d+)/i.exec(bytes.latin1Slice(0, headEnd));
  const size = headEnd + HEAD_END.length + Number(length?.[1] ?? 0);
  return bytes.length >= size ? size : 0;
}

const pathOf = (request) => request.slice(0, request.indexOf('\r\n')).split(' ')[1];

/** What `make` made of the answer named `key`, made once. */
function remember(made, key, make) {
  if (!made.has(key)) made.set(key, make(contentOf(key)));
  return made.get(key);
}

function serve() {
  const stub = new Stub();
  const server = createServer({ noDelay: true }, (socket) => stub.accept(socket));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
    process.send({ port: server.address().port }),
  );
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[2] === SERVE) serve();
