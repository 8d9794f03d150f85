/** The command line tool, as `npx baml-cli` runs it. */

import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';

import { CLI, Workspace } from './support/workspace.js';

test('tells its version, and how it is used', async () => {
  const workspace = await Workspace.create();
  expect((await workspace.node([CLI, '--version'])).stdout).toMatch(/^baml-cli 0\.226\./);
  expect((await workspace.node([CLI, '--help'])).stdout).toContain('generate');
  expect((await workspace.node([CLI])).code).toBe(2);
  expect((await workspace.node([CLI, 'nonsense'])).code).toBe(2);
});

test('init makes a project that generates and checks', async () => {
  const workspace = await Workspace.create();
  expect(await workspace.node([CLI, 'init', '--dest', '.'])).toMatchObject({ code: 0 });
  expect(await workspace.node([CLI, 'check', '--from', 'baml_src'])).toMatchObject({ code: 0 });
  expect(await workspace.node([CLI, 'generate', '--from', 'baml_src'])).toMatchObject({ code: 0 });
  expect(await readdir(`${workspace.path}/baml_client`)).toContain('index.ts');
  expect((await workspace.node([CLI, 'init', '--dest', '.'])).code).toBe(4);
});

test('check shows the place of an error, and the nearest name', async () => {
  const workspace = await Workspace.create({ 'baml_src/a.baml': 'class A {\n  b strng\n}\n' });
  const { code, stderr } = await workspace.node([CLI, 'check', '--from', 'baml_src']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/error: [^]*strng[^]*a\.baml:2/);
  expect(stderr).toContain('string');
});

test('a folder that is not there is one plain line', async () => {
  const workspace = await Workspace.create();
  const { code, stderr } = await workspace.node([CLI, 'generate', '--from', 'nowhere']);
  expect(code).not.toBe(0);
  expect(stderr).toContain('nowhere');
  expect(stderr).not.toMatch(/\n\s+at /);
});
