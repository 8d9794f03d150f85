// Calls over TLS: what a connection per call costs. A Node server with a throw-away certificate made by openssl.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeCaller } from '../lib/callers.mjs';
import { quantile, stopwatch } from '../lib/measure.mjs';
import { completionBody, resumeJson } from '../lib/payloads.mjs';

const SELF = fileURLToPath(import.meta.url);
const SERVE = '--serve-tls';
const WARM_UP = 20;
const CERTIFICATE_OPTIONS = [
  'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost',
  '-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=CA:FALSE',
]
  .join(' ')
  .split(' ');

export const variants = ({ quick }) => [
  { name: 'https', count: quick ? 100 : 400, comparators: ['fetch', 'undici', 'openai'] },
];

export async function run({ implementation, count }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-tls-'));
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  execFileSync('openssl', [...CERTIFICATE_OPTIONS, '-keyout', files.key, '-out', files.certificate], {
    stdio: 'ignore',
  });
  trust(files.certificate);
  const server = fork(SELF, [SERVE, files.key, files.certificate], { execArgv: [] });
  try {
    const [{ port }] = await once(server, 'message');
    return await measure(implementation, `https://localhost:${port}`, count);
  } finally {
    server.disconnect();
    rmSync(folder, { recursive: true });
  }
}

/** Each client is told in its own way that the throw-away certificate will do. */
function trust(certificate) {
  process.env.SSL_CERT_FILE = certificate;
  process.env.DANGER_ACCEPT_INVALID_CERTS = '1';
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
}

async function measure(implementation, url, count) {
  const call = await makeCaller(implementation, { base: `${url}/v1`, mode: 'fresh' });
  const readHandshakes = async () => (await (await fetch(`${url}/__stats`)).json()).handshakes;
  for (let index = 0; index < WARM_UP; index++) await call();
  const before = await readHandshakes();
  const latencies = new Float64Array(count);
  const { cpuUs, wallMs } = await stopwatch(async () => {
    for (let index = 0; index < count; index++) {
      const started = performance.now();
      await call();
      latencies[index] = performance.now() - started;
    }
  });
  latencies.sort();
  return {
    cpu_us_per_call: cpuUs / count,
    wall_us_per_call: (wallMs * 1000) / count,
    p50_us: quantile(latencies, 0.5) * 1000,
    p99_us: quantile(latencies, 0.99) * 1000,
    tls_handshakes_per_call: ((await readHandshakes()) - before) / count,
  };
}

function serve(keyFile, certificateFile) {
  const body = Buffer.from(completionBody(resumeJson()));
  const options = { key: readFileSync(keyFile), cert: readFileSync(certificateFile) };
  let handshakes = 0;
  const server = createServer(options, (request, response) => {
    request.resume();
    request.on('end', () => {
      const isStats = request.url === '/__stats';
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(isStats ? JSON.stringify({ handshakes }) : body);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.on('secureConnection', () => {
    handshakes += 1;
  });
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('disconnect', () => process.exit(0));
}

if (process.argv[2] === SERVE) serve(process.argv[3], process.argv[4]);
