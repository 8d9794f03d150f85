/** The samples of docs/testing.md, run by vitest in a project of a user. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { ROOT, Workspace } from './support/workspace.js';

/** What the page takes as given where a sample is a fragment. */
const GIVEN = `
import { ClientRegistry } from '@boundaryml/baml';
import { startLlm as start } from '@boundaryml/baml/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { b } from '../baml_client';

const open = [];
const startLlm = async (script) => { open.push(await start(script)); return open.at(-1); };
const text = 'Ada Lovelace';
const resume = { name: 'Ada Lovelace', email: null, skills: ['Mathematics'], experience: [] };
let llm, cr;
beforeEach(async () => {
  llm = await startLlm({ json: resume });
  cr = new ClientRegistry();
  process.env.OPENAI_BASE_URL = llm.baseUrl;
  process.env.OPENAI_API_KEY = 'test-key';
});
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));
`;

test('the samples of docs/testing.md do what they say', async () => {
  const page = await readFile(join(ROOT, 'docs/testing.md'), 'utf8');
  const samples = [...page.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, sample]) => sample!);
  expect(samples.length).toBeGreaterThan(6);

  const workspace = await Workspace.create({
    'package.json': '{ "type": "module" }',
    // Jest's functions have vitest's meaning; jest itself is not installed here.
    'vitest.config.mjs': `export default { test: { alias: { '@jest/globals': 'vitest' } } };`,
  });
  await workspace.install('vitest');
  await workspace.copy('examples/resume/baml_src', 'baml_src');
  const generated = await workspace.node([join(ROOT, 'cli.js'), 'generate', '--from', 'baml_src']);
  expect(generated.code, generated.stderr).toBe(0);

  for (const [index, sample] of samples.entries()) {
    const whole = sample.startsWith('import ')
      ? sample
      : `${GIVEN}\ntest('sample', async () => {\n${sample}});\n`;
    await workspace.write(`tests/sample_${index}.test.ts`, whole);
  }
  const ran = await workspace.node([join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run'], { NO_COLOR: '1' });
  expect(ran.code, ran.stdout + ran.stderr).toBe(0);
  expect(ran.stdout).toMatch(new RegExp(`Tests +${samples.length} passed`));
}, 60_000);
