/** What others have calls `baml-cli serve`: curl, and clients that are generated from its OpenAPI document. */

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';

import { oneLlm } from './support/llm.js';
import { testWhere } from './support/machine.js';
import { ServerProcess } from './support/server.js';
import { ROOT, run } from './support/workspace.js';

const EVERYTHING = join(ROOT, 'crates/codegen/tests/openapi/everything');

/** All that the functions return, in one object: each takes what is its own. */
const ANSWER = {
  name: 'Ada',
  skills: ['Mathematics'],
  ...(JSON.parse(readFileSync(`${EVERYTHING}.answer.json`, 'utf8')) as object),
};

const llm = oneLlm({ json: ANSWER });

function serve(sources: string): Promise<ServerProcess> {
  const env = { SERVER_KEY: 'sk-of-the-server', SERVER_LLM: llm().baseUrl };
  return ServerProcess.start(sources, { args: ['--allow-host', '127.0.0.1'], env });
}

/** The program with every kind of type. */
async function serveEverything(): Promise<ServerProcess> {
  const server = await serve(await readFile(`${EVERYTHING}.baml`, 'utf8'));
  await server.workspace.write('openapi.json', (await server.get('/openapi.json')).text);
  return server;
}

const isThere = (command: string) => spawnSync(command, ['--version']).status === 0;

/** Runs a command of a page with the server at hand, and reads what it prints. */
async function shell(server: ServerProcess, command: string): Promise<unknown> {
  const { host } = new URL(server.url);
  const { code, stdout, stderr } = await run(
    'sh',
    ['-c', command.replaceAll('localhost:2024', host)],
    server.workspace.path,
  );
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('curl', () => {
  const testCurl = testWhere(isThere('curl') && process.platform !== 'win32', 'curl, and a shell');
  const SOURCES = `
client Standard {
  provider openai
  options {
    model "standard"
    api_key env.SERVER_KEY
    base_url env.SERVER_LLM
  }
}
retry_policy Again {
  max_retries 1
  strategy {
    type constant_delay
    delay_ms 1
  }
}
class Resume {
  name string
  skills string[]
}
function ExtractResume(text: string) -> Resume {
  client Standard
  prompt #"{{ text }} {{ ctx.output_format }}"#
}
`;

  testCurl('works as the page of the server shows it', async () => {
    const page = await readFile(join(ROOT, 'docs/server.md'), 'utf8');
    const [simple, choosing] = [...page.matchAll(/^ {4}(curl localhost:2024\/call[^]*?)\n(?! {4,})/gm)].map(
      ([, command]) => command ?? '',
    );
    const server = await serve(SOURCES);
    const resume = { name: 'Ada', skills: ['Mathematics'] };
    expect(await shell(server, simple ?? '')).toEqual(resume);
    expect(llm().lastRequest.model).toBe('standard');

    const here = choosing?.replace('"sk-…"', `"sk-of-the-caller", "base_url": "${llm().baseUrl}"`) ?? '';
    expect(here).toContain(llm().baseUrl);
    expect(await shell(server, here)).toEqual(resume);
    expect(llm().lastRequest).toMatchObject({
      model: 'gpt-5-mini',
      headers: { authorization: 'Bearer sk-of-the-caller' },
    });
  });

  testCurl('works as users of the peer write it, with a retry policy', async () => {
    const server = await serve(SOURCES);
    llm().on({ reply: [{ status: 500 }, { json: ANSWER }] });
    const command = `curl -X POST http://localhost:2024/call/ExtractResume \\
  -H "Content-Type: application/json" \\
  -d '{
    "text": "Ada Lovelace",
    "__baml_options__": {
      "client_registry": {
        "clients": [
          {
            "name": "OpenAI",
            "provider": "openai",
            "retry_policy": "Again",
            "options": {
              "model": "gpt-4o-mini",
              "api_key": "sk-of-the-caller",
              "base_url": "${llm().baseUrl}"
            }
          }
        ],
        "primary": "OpenAI"
      }
    }
  }'`;
    expect(await shell(server, command)).toEqual({ name: 'Ada', skills: ['Mathematics'] });
    expect(llm().requests.map(({ model }) => model)).toEqual(['gpt-4o-mini', 'gpt-4o-mini']);
  });
});

test('a TypeScript client of openapi-typescript and openapi-fetch', async () => {
  const server = await serveEverything();
  const { workspace } = server;
  await workspace.install('openapi-fetch');
  await workspace.write('package.json', '{ "type": "module" }');
  await workspace.write(
    'main.ts',
    `
import createClient from 'openapi-fetch';
import type { paths } from './openapi.js';

const client = createClient<paths>({ baseUrl: process.argv[2] ?? '' });

const found = await client.POST('/call/ReadPerson', { body: { text: 'Ada', mood: 'Sad' } });
const grid: number[][] | undefined = found.data?.person.grid;

const mine = { name: 'Mine', provider: 'openai', options: { model: 'mine', api_key: 'k', base_url: process.argv[3] } };
const tree = await client.POST('/call/Grow', {
  body: {
    tree: { value: 1, children: [{ value: 2, children: [] }] },
    __baml_options__: { client_registry: { clients: [mine], primary: 'Mine' } },
  },
});

const wrong = await client.POST('/call/Grow', {
  // @ts-expect-error: it has no value.
  body: { tree: { children: [] } },
});

const streamed = await client.POST('/stream/ReadPerson', { body: { text: 'Ada' }, parseAs: 'text' });

console.log(JSON.stringify({
  grid,
  age: found.data?.age.value,
  plausible: found.data?.age.checks.plausible.status,
  tree: tree.data?.value,
  wrong: [wrong.response.status, wrong.error?.error],
  ends: String(streamed.data).includes('event: final'),
}));
`,
  );
  const generator = join(ROOT, 'node_modules/openapi-typescript/bin/cli.js');
  const typescript5 = pathToFileURL(join(ROOT, '__test__/support/typescript_5.mjs')).href;
  // As declarations: the type of a recursive union, which it cannot write, is not looked into there.
  const generated = await workspace.node([
    '--import',
    typescript5,
    generator,
    'openapi.json',
    '--output',
    'openapi.d.ts',
  ]);
  expect(generated.code, generated.stderr).toBe(0);
  const options = [
    '--strict',
    '--skipLibCheck',
    '--target',
    'es2022',
    '--module',
    'nodenext',
    '--types',
    'node',
  ];
  const compiled = await workspace.tsc(7, '--ignoreConfig', ...options, 'main.ts');
  expect(compiled.code, compiled.stdout).toBe(0);

  const called = await workspace.node(['main.js', server.url, llm().baseUrl]);
  expect(called.code, called.stderr).toBe(0);
  expect(JSON.parse(called.stdout)).toEqual({
    grid: [[1]],
    age: 36,
    plausible: 'succeeded',
    tree: 1,
    wrong: [400, 'invalid_argument'],
    ends: true,
  });
  expect(llm().requests.map(({ model }) => model)).toEqual(['main', 'mine', 'main']);
}, 60_000);

describe('a Python client of openapi-python-client', () => {
  // Kept between runs.
  const venv = join(ROOT, 'target/server-contract/python-client');
  const bin = join(venv, process.platform === 'win32' ? 'Scripts' : 'bin');

  /** Installs the generator where it is not yet; why not, if it cannot. */
  async function whyNot(): Promise<string | undefined> {
    if (existsSync(join(bin, 'openapi-python-client')) || existsSync(join(bin, 'openapi-python-client.exe')))
      return undefined;
    const python = ['python3', 'python'].find(isThere);
    if (python === undefined) return 'there is no Python';
    const made = await run(python, ['-m', 'venv', venv], ROOT);
    if (made.code !== 0) return `python -m venv: ${made.stderr || made.stdout}`;
    const wanted = ['--quiet', '--retries', '1', '--timeout', '15', 'openapi-python-client==0.29.1'];
    const installed = await run(join(bin, 'python'), ['-m', 'pip', 'install', ...wanted], ROOT);
    return installed.code === 0 ? undefined : `pip: ${installed.stderr.slice(-500)}`;
  }

  test('calls functions and reads errors', async ({ skip }) => {
    const reason = await whyNot();
    if (reason !== undefined) skip(reason);
    const server = await serveEverything();
    const { path } = server.workspace;
    const env = { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };
    // It leaves out functions whose types are recursive unions, and says so.
    const generated = await run(
      join(bin, 'openapi-python-client'),
      ['generate', '--path', 'openapi.json', '--output-path', 'client'],
      path,
      env,
    );
    expect(generated.code, generated.stdout + generated.stderr).toBe(0);
    await server.workspace.write(
      'client/main.py',
      `
import sys
from baml_functions_client import Client
from baml_functions_client.api.call import grow, read_person
from baml_functions_client.api.parse import parse_now
from baml_functions_client.models import BamlError, BamlText, Found, GrowRequest, ReadPersonRequest, Tree, TreeInput

client = Client(base_url=sys.argv[1])
found = read_person.sync(client=client, body=ReadPersonRequest(text="Ada"))
assert isinstance(found, Found), found
assert (found.person.name, found.person.grid, found.age.value) == ("Ada", [[1]], 36), found
tree = grow.sync(client=client, body=GrowRequest(tree=TreeInput(value=1, children=[])))
assert isinstance(tree, Tree) and tree.value == 1, tree
choice = {"client_registry": {"clients": [{"name": "Mine", "provider": "openai", "options":
    {"model": "mine", "api_key": "k", "base_url": sys.argv[2]}}], "primary": "Mine"}}
chosen = read_person.sync(client=client, body=ReadPersonRequest.from_dict({"text": "Ada", "__baml_options__": choice}))
assert isinstance(chosen, Found), chosen
wrong = parse_now.sync_detailed(client=client, body=BamlText(text="none"))
assert wrong.status_code == 422 and isinstance(wrong.parsed, BamlError), wrong
print(found.person.name, tree.value, wrong.parsed.error)
`,
    );
    const called = await run(
      join(bin, 'python'),
      ['main.py', server.url, llm().baseUrl],
      join(path, 'client'),
    );
    expect(called.code, called.stderr).toBe(0);
    expect(called.stdout.trim()).toBe('Ada 1 validation_failure');
    expect(llm().requests.map(({ model }) => model)).toEqual(['main', 'main', 'mine']);
  }, 300_000);
});
