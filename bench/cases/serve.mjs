// The HTTP server under load: `wrk` at 256 connections, a stub that answers after 20 ms, a third of the calls through a
// registry. Needs `wrk` (https://github.com/wg/wrk, `apt install wrk`).
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inProjectFolder } from '../lib/folder.mjs';
import { entryFile } from '../lib/implementation.mjs';

const CONNECTIONS = 256;
const START_MS = 20_000;

const FUNCTION = `
function Serve(text: string) -> Resume {
  client Stub
  prompt #"{{ text }} {{ ctx.output_format }}"#
}
`;

export function variants({ quick }) {
  const seconds = quick ? 10 : 60;
  return [{ name: `${CONNECTIONS}-connections`, seconds, reps: 1, timeoutMs: (seconds + 60) * 1000 }];
}

export async function run({ implementation, stub, seconds }) {
  if (spawnSync('wrk', ['-v']).error) throw new Error('wrk is not installed: https://github.com/wg/wrk');
  return inProjectFolder({ 'serve.baml': FUNCTION }, (folder) =>
    measure(implementation, folder, `${stub}/small/20/0/v1`, seconds),
  );
}

async function measure(implementation, folder, base, seconds) {
  const server = await startServer(implementation, folder, base);
  try {
    const script = join(folder, 'load.lua');
    writeFileSync(script, loadScript(base));
    // Code and pools are warm.
    await load(script, server.url, 3);
    const { pid } = server.child;
    const atHalf = sleep(seconds * 500).then(() => residentMegabytes(pid));
    const measured = await load(script, server.url, seconds);
    const before = await atHalf;
    const after = residentMegabytes(pid);
    if (server.child.exitCode !== null) throw new Error(`the server ended with ${server.child.exitCode}`);
    return { ...measured, rss_mb: after, rss_growth_in_second_half_mb: after - before };
  } finally {
    server.child.kill('SIGKILL');
  }
}

/** Every third call brings its client. */
function loadScript(base) {
  const client = { name: 'Mine', provider: 'openai', options: { model: 'm', api_key: 'k', base_url: base } };
  const options = { client_registry: { clients: [client], primary: 'Mine' } };
  const text = 'Ada Lovelace, mathematician';
  return `
local plain = [[${JSON.stringify({ text })}]]
local registry = [[${JSON.stringify({ text, __baml_options__: options })}]]
local count = 0
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
function request()
  count = count + 1
  return wrk.format(nil, "/call/Serve", nil, count % 3 == 0 and registry or plain)
end
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %f %f\\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
`;
}

async function load(script, url, seconds) {
  const args = [
    '-t',
    '2',
    '-c',
    String(CONNECTIONS),
    '-d',
    `${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    url,
  ];
  const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  await new Promise((settle) => child.once('exit', settle));
  const found = /^RESULT (.*)$/m.exec(output);
  if (!found) throw new Error(`wrk says: ${output.slice(0, 300)}`);
  const [requests, microseconds, refused, broken, p50, p99] = found[1].split(' ').map(Number);
  return {
    requests_per_s: requests / (microseconds / 1e6),
    p50_ms: p50 / 1000,
    p99_ms: p99 / 1000,
    errors_n: refused + broken,
  };
}

/** `baml-cli serve` as each package has it. The subject must be told that callers may send to this machine. */
async function startServer(implementation, folder, base) {
  const port = await freePort();
  const cli = join(dirname(entryFile(implementation)), 'cli.js');
  const own = implementation === 'peer' ? [] : ['--allow-host', '127.0.0.1'];
  const child = spawn(
    process.execPath,
    [cli, 'serve', '--from', 'baml_src', '--port', String(port), ...own],
    {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, BAML_LOG: 'off', STUB_KEY: 'sk-stub', STUB_URL: base },
    },
  );
  const url = `http://127.0.0.1:${port}`;
  const limit = Date.now() + START_MS;
  while (Date.now() < limit && child.exitCode === null) {
    const answered = await fetch(`${url}/_debug/ping`).catch(() => undefined);
    if (answered?.ok) return { child, url };
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`the server does not answer (exit code ${child.exitCode})`);
}

function freePort() {
  return new Promise((settle) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => settle(port));
    });
  });
}

/** NaN, which is not shown, where the system does not say. */
function residentMegabytes(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return Number.NaN;
  }
}
