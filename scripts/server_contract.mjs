// What others make of the server's OpenAPI document, with the server running on this machine: a validator finds no
// mistake in it, and requests made up from it (schemathesis) get no 500 and no answer that it does not describe.
//   node scripts/server_contract.mjs [--examples 5000] [--only validate,requests] [--venv FOLDER] [--install]
// Needs Python 3.10 or later and PyPI; nothing else leaves the machine. Clients that are generated from the document
// have tests: __test__/server_clients.test.ts.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { ROOT } from './toolchain.mjs';

const PACKAGES = ['openapi-spec-validator==0.9.0', 'schemathesis==4.32.5'];
const WORK = join(ROOT, 'target/server-contract');
const PROGRAM = join(ROOT, 'crates/codegen/tests/openapi/everything.baml');
const STEPS = { validate, requests };

/** What the model says: all that the functions of the program return, in one object. */
const ANSWER = readFileSync(join(ROOT, 'crates/codegen/tests/openapi/everything.answer.json'), 'utf8');

const { values: options } = parseArgs({
  options: {
    examples: { type: 'string', default: '5000' },
    only: { type: 'string', default: Object.keys(STEPS).join(',') },
    install: { type: 'boolean', default: false },
    venv: { type: 'string', default: join(WORK, 'venv') },
  },
});

function run(command, args, more = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: WORK, ...more });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
}

const tool = (name) => join(options.venv, 'bin', name);

function prepare() {
  mkdirSync(WORK, { recursive: true });
  if (existsSync(tool('schemathesis'))) return;
  run('python3', ['-m', 'venv', options.venv]);
  run(tool('pip'), ['install', '--quiet', ...PACKAGES]);
}

/** A model that answers well; with `moods` it also answers nonsense, or fails, now and then. */
async function startModel(moods) {
  let count = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      count += 1;
      const mood = moods ? count % 7 : 0;
      if (mood === 1) return response.writeHead(429, { 'retry-after': '0' }).end('{}');
      if (mood === 2) return response.writeHead(500).end('out of order');
      const text = mood === 3 ? 'no JSON at all' : mood === 4 ? '7' : ANSWER;
      const answer = request.url.includes('/models/')
        ? { candidates: [{ content: { role: 'model', parts: [{ text }] }, finishReason: 'STOP' }] }
        : { choices: [{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }] };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  return { url: `http://127.0.0.1:${server.address().port}/v1`, stop: () => server.close() };
}

/** Runs `use` with a server of the program and its URL. */
async function serving({ args = [], moods = false }, use) {
  const project = join(WORK, 'project');
  mkdirSync(join(project, 'baml_src'), { recursive: true });
  writeFileSync(join(project, 'baml_src/main.baml'), readFileSync(PROGRAM));
  const model = await startModel(moods);
  const child = spawn(process.execPath, [join(ROOT, 'cli.js'), 'serve', '--port', '0', ...args], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Made-up clients would ask the real providers: they get no further than a closed port.
    env: {
      ...process.env,
      BAML_PASSWORD: undefined,
      HTTPS_PROXY: 'http://127.0.0.1:9',
      SERVER_KEY: 'sk-server',
      SERVER_LLM: model.url,
    },
  });
  let log = '';
  child.stderr.on('data', (data) => (log = `${log}${data}`.slice(-2000)));
  try {
    const url = await new Promise((settle, reject) => {
      let text = '';
      child.stdout.on('data', (data) => {
        text += data;
        const found = /http:\/\/\S+(?=\n)/.exec(text);
        if (found) settle(found[0]);
      });
      child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${log}`)));
    });
    await use(url);
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${log}`);
  } finally {
    child.kill();
    model.stop();
  }
}

/** The tools are run while the server and the model of this process answer: not `spawnSync`. */
function runBeside(command, args, more = {}) {
  return new Promise((settle, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: WORK, ...more });
    child.once('error', reject);
    child.once('exit', (status) =>
      status === 0 ? settle() : reject(new Error(`${command} ended with ${status}`)),
    );
  });
}

async function saveDocument(url) {
  const path = join(WORK, 'openapi.json');
  writeFileSync(path, await (await fetch(`${url}/openapi.json`)).text());
  return path;
}

async function validate() {
  await serving({}, async (url) => run(tool('openapi-spec-validator'), [await saveDocument(url)]));
}

/** Every check, twice: as callers who bring no clients, whose valid requests must be taken, and as callers who do. */
async function requests() {
  const config = join(WORK, 'schemathesis.toml');
  const fuzz = async (url, accepted) => {
    // 502 to 504 tell of providers. What a model wrote may not fit (422) however valid the request was.
    const statuses = JSON.stringify(['2xx', 422, 429, 502, ...accepted]);
    writeFileSync(
      config,
      '[checks]\nnot_a_server_error.expected-statuses = ["2xx", "4xx", 502, 503, 504]\n' +
        `positive_data_acceptance.expected-statuses = ${statuses}\n`,
    );
    const { paths } = await (await fetch(`${url}/openapi.json`)).json();
    const each = Math.ceil(Number(options.examples) / 2 / Object.keys(paths).length);
    const args = ['--config-file', config, 'run', `${url}/openapi.json`, '--max-examples', String(each)];
    const more = [
      '--checks',
      'all',
      '--phases',
      'examples,coverage,fuzzing',
      '--seed',
      '1',
      '--warnings',
      'off',
    ];
    // How long it takes to make requests up says nothing of the server.
    await runBeside(tool('schemathesis'), [
      ...args,
      ...more,
      '--continue-on-failure',
      '--suppress-health-check',
      'all',
      '--generation-database',
      'none',
    ]);
  };
  await serving({ args: ['--no-client-registry'], moods: true }, (url) => fuzz(url, []));
  // Of clients, the document does not say what options each provider takes: those are refused with 400, or 403.
  await serving({ moods: true }, (url) => fuzz(url, [400, 403]));
}

prepare();
for (const name of options.install ? [] : options.only.split(',')) {
  const step = STEPS[name];
  if (!step) throw new Error(`no step "${name}": choose among ${Object.keys(STEPS).join(', ')}`);
  console.log(`== ${name}`);
  await step();
}
