// Loopback stub of a chat-completions server, in a process of its own. Deliberately tiny: a raw socket server that
// finds the end of a request and writes bytes made beforehand, so that it is never what a measurement measures.
//   POST /<response>/<delay ms>/…   response: small | medium
//   GET  /__stats and /__reset      { connections, requests, maxActive }; reset answers with the counts before it
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { mediumResumeJson, resumeJson } from './payloads.mjs';

const SELF = fileURLToPath(import.meta.url);
const SERVE = '--serve';
const HEAD_END = '\r\n\r\n';

/** `{ url, stop }` */
export async function startStub() {
  const child = fork(SELF, [SERVE], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message');
  return { url: `http://127.0.0.1:${port}`, stop: () => child.disconnect() };
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

const completion = (content) =>
  reply(
    JSON.stringify({
      id: 'chatcmpl-stub',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'stub',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content, refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 20, completion_tokens: 40, total_tokens: 60 },
    }),
  );

const newCounters = () => ({ connections: 0, requests: 0, maxActive: 0 });

class Stub {
  #replies = { small: completion(resumeJson()), medium: completion(mediumResumeJson()) };
  #counters = newCounters();
  #active = 0;

  accept(socket) {
    this.#counters.connections += 1;
    let pending = Buffer.alloc(0);
    socket.on('error', () => socket.destroy());
    socket.on('data', (data) => {
      pending = pending.length > 0 ? Buffer.concat([pending, data]) : data;
      for (let size = requestSize(pending); size > 0; size = requestSize(pending)) {
        this.#answer(socket, pathOf(pending));
        pending = pending.subarray(size);
      }
    });
  }

  #answer(socket, path) {
    if (path === '/__stats' || path === '/__reset') {
      socket.end(reply(JSON.stringify(this.#counters), 'connection: close'));
      if (path === '/__reset') this.#counters = newCounters();
      return;
    }
    const [, key, delay] = path.split('/');
    this.#counters.requests += 1;
    this.#active += 1;
    this.#counters.maxActive = Math.max(this.#counters.maxActive, this.#active);
    const send = () => {
      this.#active -= 1;
      if (!socket.destroyed) socket.write(this.#replies[key]);
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

const pathOf = (bytes) => bytes.latin1Slice(0, bytes.indexOf('\r\n')).split(' ')[1];

function serve() {
  const stub = new Stub();
  const server = createServer({ noDelay: true }, (socket) => stub.accept(socket));
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () =>
    process.send({ port: server.address().port }),
  );
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[2] === SERVE) serve();
