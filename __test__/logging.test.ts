/** The log: quiet by default, on standard error, never on standard output. */

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import { expect, test } from 'vitest';

import { type ReplyDetails, startLlm } from '@boundaryml/baml/testing';

import { type Ended, Workspace } from './support/workspace.js';

const PROGRAM = `
const { BamlRuntime, ClientRegistry, setLogLevel, getLogLevel, setLogJsonMode } = require('@boundaryml/baml');
const files = { 'main.baml': 'function Echo(text: string) -> string {\\n client "openai/x"\\n prompt #"{{ text }}"#\\n}\\n' };
const runtime = BamlRuntime.fromFiles('baml_src', files, {});
const registry = new ClientRegistry();
registry.addLlmClient('Mine', 'openai', { model: 'm', api_key: 'sk-secret', base_url: process.env.URL });
registry.setPrimary('Mine');
if (process.env.LEVEL) setLogLevel(process.env.LEVEL);
if (process.env.JSON_MODE) setLogJsonMode(true);
const call = runtime.callFunction('Echo', { text: 'the prompt' }, runtime.createContextManager(), null, registry, [], {}, process.env);
call.then((result) => { try { result.parsed(false); } catch {} console.log(getLogLevel()); });
`;

async function program(reply: ReplyDetails, env: Record<string, string | undefined>): Promise<Ended> {
  await using llm = await startLlm(reply);
  const workspace = await Workspace.create({ 'main.cjs': PROGRAM });
  // Awaited here: the LLM closes at the end of this function.
  return await workspace.node(['main.cjs'], { BAML_LOG: undefined, URL: llm.baseUrl, ...env });
}

test('a call that works says nothing', async () => {
  expect(await program({ text: 'the answer' }, {})).toEqual({ code: 0, stdout: 'WARN\n', stderr: '' });
});

test('a call that fails warns on standard error', async () => {
  const { stdout, stderr } = await program({ status: 500, text: 'the reason' }, {});
  expect(stdout).toBe('WARN\n');
  expect(stderr).toContain('Echo');
  expect(stderr).toContain('500');
  expect(stderr).not.toContain('sk-secret');
});

test.each([
  { BAML_LOG: 'info' },
  { BAML_LOG: 'INFO' },
  { LEVEL: 'info' },
  { BAML_LOG: 'warn', LEVEL: 'info' },
])('prompt and answer are told with %o', async (env) => {
  const { stdout, stderr } = await program({ text: 'the answer' }, env);
  expect(stdout).toBe('INFO\n');
  expect(stderr).toContain('the prompt');
  expect(stderr).toContain('the answer');
  expect(stderr).not.toContain('sk-secret');
});

test('off is off', async () => {
  expect(await program({ status: 500 }, { BAML_LOG: 'off' })).toEqual({
    code: 0,
    stdout: 'OFF\n',
    stderr: '',
  });
});

test('lines are JSON when asked for', async () => {
  const { stderr } = await program({ text: 'the answer' }, { LEVEL: 'info', JSON_MODE: '1' });
  const events = stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(events.at(-1)).toMatchObject({ level: expect.stringMatching(/info/i), function_name: 'Echo' });
});

test.each([{}, { JSON_MODE: '1' }, { BAML_LOG: 'loud' }])(
  'a program whose standard error nobody reads any more lives on, with %o',
  async (env) => {
    await using llm = await startLlm({ status: 500 });
    const workspace = await Workspace.create({ 'main.cjs': PROGRAM });
    const child = spawn(process.execPath, ['main.cjs'], {
      cwd: workspace.path,
      env: { ...process.env, BAML_LOG: undefined, URL: llm.baseUrl, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stderr.destroy();
    const [[code], stdout] = await Promise.all([once(child, 'close'), text(child.stdout)]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'WARN\n' });
  },
);
