// A loopback server with media files and an OAuth token endpoint, for requests that need to fetch something.
import { once } from 'node:events';
import { createServer } from 'node:http';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const FILES = {
  '/a.png': ['image/png', PNG],
  '/noext': ['image/png', PNG],
  '/lies.jpg': ['image/png', PNG],
  '/octet.png': ['application/octet-stream', PNG],
  '/params.png': ['image/png; charset=x', PNG],
  '/nomime.bin': [null, PNG],
  '/empty.png': ['image/png', Buffer.alloc(0)],
  '/a.jpg': ['image/jpeg', Buffer.from('ffd8ffe000104a464946', 'hex')],
  '/a.webp': ['image/webp', Buffer.from('RIFF0000WEBPVP8 ')],
  '/a.mp3': ['audio/mpeg', Buffer.from('ID3\x03\x00fakeaudio')],
  '/a.wav': ['audio/wav', Buffer.from('RIFF$\x00\x00\x00WAVEfmt ')],
  '/a.ogg': ['audio/ogg', Buffer.from('OggSfake')],
  '/a.pdf': ['application/pdf', Buffer.from('%PDF-1.4 fake')],
  '/a.mp4': ['video/mp4', Buffer.from('\0\0\0\x18ftypmp42')],
  '/a.txt': ['text/plain', Buffer.from('plain')],
};

const TOKEN = JSON.stringify({ access_token: 'fake-access-token', token_type: 'Bearer', expires_in: 3600 });

/** `{ base, host, hits }`: `hits` lists "METHOD /path" of every request, in order. */
export async function startLoopback() {
  const hits = [];
  const server = createServer((request, response) => {
    hits.push(`${request.method} ${request.url}`);
    request.resume();
    request.on('end', () => answer(request.url.split('?')[0], response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  const host = `127.0.0.1:${server.address().port}`;
  return { base: `http://${host}`, host, hits };
}

function answer(path, response) {
  if (path === '/token') return response.writeHead(200, { 'content-type': 'application/json' }).end(TOKEN);
  if (path === '/redir.png') return response.writeHead(302, { location: '/a.png' }).end();
  if (path === '/missing.png') return response.writeHead(404, { 'content-type': 'text/plain' }).end('no');
  const file = FILES[path];
  if (!file) return response.writeHead(404).end();
  const [mediaType, bytes] = file;
  if (mediaType) response.setHeader('content-type', mediaType);
  return response.end(bytes);
}
