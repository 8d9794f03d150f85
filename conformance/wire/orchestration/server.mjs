// Scripted loopback model server, in a process of its own; sends `{ port }` to its parent.
//   POST /r/<run>/v1/chat/completions | /v1/responses | /v1/messages | /v1beta/models/<model>:generateContent
//   GET  /__log/<run>   the requests seen in one run
// The model name is the script: see script.mjs.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from 'node:zlib';
import { streamEvents } from './events.mjs';
import { errorReply, wholeReply } from './replies.mjs';
import { Step } from './script.mjs';

const runs = new Map();
const connections = new WeakMap();
let connectionCount = 0;

function findRun(id) {
  if (!runs.has(id)) runs.set(id, { requests: [], counts: new Map() });
  return runs.get(id);
}

const DIALECTS = [
  ['openai', '/chat/completions'],
  ['responses', '/responses'],
  ['anthropic', '/messages'],
];

/** Which dialect, model and mode a request asks for; `api` is undefined on a path that no provider has. */
function readTarget(path, body) {
  const dialect = DIALECTS.find(([, ending]) => path.endsWith(ending));
  if (dialect) return { api: dialect[0], model: body.model, stream: Boolean(body.stream) };
  const google = /\/models\/([^:]+):(generateContent|streamGenerateContent)$/.exec(path);
  if (!google) return { api: undefined, model: body.model, stream: Boolean(body.stream) };
  return { api: 'google', model: decodeURIComponent(google[1]), stream: google[2] !== 'generateContent' };
}

async function readBody(request) {
  request.setEncoding('utf8');
  let text = '';
  for await (const chunk of request) text += chunk;
  try {
    return { body: JSON.parse(text) };
  } catch {
    return { body: {}, badBody: true };
  }
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://loopback');
  if (pathname.startsWith('/__log/')) {
    response.end(JSON.stringify(findRun(pathname.slice('/__log/'.length)).requests));
    return;
  }
  const match = /^\/r\/([^/]+)(\/.*)$/.exec(pathname);
  if (!match) {
    response.writeHead(404).end();
    return;
  }
  await record(request, response, { runId: match[1], path: match[2] });
});

async function record(request, response, { runId, path }) {
  const run = findRun(runId);
  const { headers, socket } = request;
  if (!connections.has(socket)) connections.set(socket, ++connectionCount);
  const connection = connections.get(socket);
  const seen = { t: performance.now(), path, headers, connection, closedEarly: false };
  run.requests.push(seen);
  response.on('close', () => {
    if (!response.writableEnded) seen.closedEarly = true;
  });
  const { body, ...flaws } = await readBody(request);
  const target = readTarget(path, body);
  const auth = headers.authorization ?? headers['x-api-key'] ?? headers['x-goog-api-key'] ?? null;
  Object.assign(seen, flaws, target, { auth });
  if (!target.api) {
    respond(response, 404, 'application/json', '{"error":{"message":"no such path"}}');
    return;
  }
  const index = run.counts.get(target.model) ?? 0;
  run.counts.set(target.model, index + 1);
  await play({ request, response, runId, path, ...target, step: new Step(target.model, index) });
}

function respond(response, status, mediaType, body, headers = {}) {
  response.writeHead(status, { 'content-type': mediaType, ...headers });
  response.end(body);
}

async function play(scene) {
  const { request, response, step } = scene;
  if (step.has('reset')) return request.socket.destroy();
  if (step.has('rst')) return request.socket.resetAndDestroy();
  if (step.has('hang')) return undefined;
  const slowHead = step.number('slowhead');
  if (slowHead) await sleep(slowHead);
  if (response.destroyed) return undefined;
  if (step.number('s')) return playStatus(scene, step.number('s'));
  const strange = strangeBody(scene);
  if (strange) return respond(response, 200, strange.mediaType, strange.body);
  return scene.stream && !step.has('nostream') ? playStream(scene) : playWhole(scene);
}

function playStatus({ response, step, api, path, runId }, status) {
  if (step.has('html')) return respond(response, status, 'text/html', '<h1>bad</h1>');
  if (step.has('nobody')) return response.writeHead(status).end();
  const retryAfter = step.number('ra');
  const headers = {
    ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    ...(step.has('redir') && { location: `/r/${runId}${path}` }),
  };
  return respond(response, status, 'application/json', JSON.stringify(errorReply(api, status)), headers);
}

/** A reply with status 200 that is no reply. */
function strangeBody({ step, api, stream }) {
  const mediaType = stream ? 'text/event-stream' : 'application/json';
  if (step.has('errjson')) {
    return { mediaType: 'application/json', body: JSON.stringify(errorReply(api, 500)) };
  }
  if (step.has('badjson')) return { mediaType, body: stream ? 'data: {"oops\n\ndata: [DONE]\n\n' : '{"oops' };
  if (step.has('html')) return { mediaType: 'text/html', body: '<h1>hi</h1>' };
  return step.has('nobody') ? { mediaType, body: '' } : null;
}

const ENCODERS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };

async function playWhole({ request, response, step, api }) {
  const encoding = Object.keys(ENCODERS).find((name) => step.has(name));
  const plain = Buffer.from(JSON.stringify(wholeReply(api, step)));
  const body = encoding ? ENCODERS[encoding](plain) : plain;
  const headers = {
    'content-type': step.has('ctype') ? 'text/plain' : 'application/json',
    ...(encoding && { 'content-encoding': encoding }),
  };
  if (step.has('trunc')) {
    response.writeHead(200, { ...headers, 'content-length': String(body.length) });
    response.write(body.subarray(0, body.length >> 1));
    await sleep(30);
    return request.socket.destroy();
  }
  response.writeHead(200, headers);
  response.flushHeaders();
  await sleepIfAsked(step);
  const pause = step.number('slowstream') ?? 0;
  if (!step.has('split') && !pause) return response.end(body);
  await writePieces(response, body, Math.ceil(body.length / 7), () => sleep(pause || 5));
  return response.end();
}

async function playStream({ request, response, step, api }) {
  const events = streamEvents(api, step);
  const output = openStream(response, step);
  await sleepIfAsked(step);
  if (step.has('split')) {
    await writePieces(
      output,
      Buffer.from(events.join('')),
      7,
      (start) => start % 70 === 0 && sleep(1),
      response,
    );
    return output.end();
  }
  if (step.has('burst')) return output.end(events.join(''));
  for (const event of events) {
    if (response.destroyed) return undefined;
    output.write(event);
    await sleep(step.number('slowstream') || 3);
  }
  if (step.has('midhang')) return undefined;
  if (!step.has('midreset')) return output.end();
  await sleep(20);
  return request.socket.destroy();
}

function openStream(response, step) {
  const isCompressed = step.has('gzip');
  response.writeHead(200, {
    'content-type': step.has('ctype') ? 'application/json' : 'text/event-stream',
    ...(isCompressed && { 'content-encoding': 'gzip' }),
  });
  response.flushHeaders();
  if (!isCompressed) return response;
  const compressed = createGzip();
  compressed.pipe(response);
  return compressed;
}

async function sleepIfAsked(step) {
  const pause = step.number('slowfirst');
  if (pause) await sleep(pause);
}

async function writePieces(output, bytes, size, pause, response = output) {
  for (let start = 0; start < bytes.length && !response.destroyed; start += size) {
    output.write(bytes.subarray(start, start + size));
    await pause(start);
  }
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit(0));
