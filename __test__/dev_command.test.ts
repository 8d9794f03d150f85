/** `baml-cli dev`: a server that follows the files, as editors and people change them. */

import { access, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

import { oneLlm } from './support/llm.js';
import { ServerProcess } from './support/server.js';

const llm = oneLlm();

/** A program whose one function asks for `text`. */
const program = (name: string, text: string): string => `
client Main {
  provider openai
  options {
    model "main"
    api_key "k"
    base_url env.DEV_LLM
  }
}
function ${name}() -> string {
  client Main
  prompt #"${text}"#
}
`;

async function dev(): Promise<ServerProcess> {
  return ServerProcess.start(program('Ask', 'first'), { command: 'dev', env: { DEV_LLM: llm().baseUrl } });
}

/** Waits until a call asks what the files now say. */
async function asks(server: ServerProcess, text: string): Promise<void> {
  const asked = async () => {
    await server.post('/call/Ask', {});
    return llm().lastRequest.prompt;
  };
  await expect.poll(asked, { timeout: 10_000 }).toContain(text);
}

test('follows every way of saving', async () => {
  llm().on({ reply: { text: 'ok' } });
  const server = await dev();
  const at = (name: string) => `${server.workspace.path}/baml_src/${name}`;
  await asks(server, 'first');

  for (let count = 0; count < 10; count++)
    await writeFile(at('main.baml'), program('Ask', `quick save ${count}`));
  await asks(server, 'quick save 9');

  await writeFile(at('main.baml.tmp'), program('Ask', 'renamed over it'));
  await rename(at('main.baml.tmp'), at('main.baml'));
  await asks(server, 'renamed over it');

  await symlink('somebody@nowhere', at('.#main.baml'));
  await writeFile(at('main.baml'), `\u{feff}${program('Ask', 'from elsewhere')}`.replaceAll('\n', '\r\n'));
  await asks(server, 'from elsewhere');
  await rm(at('.#main.baml'));

  await rm(at(''), { recursive: true });
  await expect.poll(() => server.output.stderr, { timeout: 10_000 }).toContain('goes on serving');
  await asks(server, 'from elsewhere');
  await mkdir(at('sub'), { recursive: true });
  await writeFile(at('sub/again.baml'), program('Ask', 'made again'));
  await asks(server, 'made again');
  expect(await server.end('SIGINT')).toBe(0);
}, 60_000);

test('lets calls and streams that are under way end with the program they began with', async () => {
  llm().on({ prompt: 'first', reply: { text: 'old', delayMs: 2_000 } });
  const server = await dev();
  const called = server.post('/call/Ask', {});
  const streamed = server.events('/stream/Ask', {});
  await expect.poll(() => llm().requests.length).toBe(2);
  await server.workspace.write('baml_src/main.baml', program('Other', 'second'));
  await expect.poll(() => server.output.stdout, { timeout: 10_000 }).toContain('Reloaded in');
  expect((await server.post('/call/Ask', {})).status).toBe(404);
  expect(await called).toMatchObject({ status: 200, text: expect.stringContaining('old') as unknown });
  expect((await streamed).at(-1)).toMatchObject({ event: 'final', data: 'old' });
}, 60_000);

test('writes the clients where the generators now say', async () => {
  llm().on({ reply: { text: 'ok' } });
  const server = await dev();
  await sleep(100);
  const generator = `generator g {\n  output_type "typescript"\n  output_dir "../web"\n  version "0.226.2"\n}\n`;
  await server.workspace.write('baml_src/generators.baml', generator);
  const written = () =>
    access(`${server.workspace.path}/web/baml_client/index.ts`).then(
      () => true,
      () => false,
    );
  await expect.poll(written, { timeout: 10_000 }).toBe(true);
}, 60_000);
