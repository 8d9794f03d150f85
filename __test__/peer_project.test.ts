/** A project that the peer's own command line tool made and generated runs on this package without an edit. */

import { join } from 'node:path';
import { expect, test } from 'vitest';

import { startLlm } from '@boundaryml/baml/testing';

import { ROOT, Workspace } from './support/workspace.js';

const PEER = join(ROOT, 'node_modules/baml-peer/cli.js');

const MAIN = `
import { ClientRegistry, Collector, BamlValidationError } from '@boundaryml/baml';
import { b } from './baml_client';
import { b as sync } from './baml_client/sync_client';
import type { Resume } from './baml_client';

async function main() {
  const cr = new ClientRegistry();
  cr.addLlmClient('Mine', 'openai', { model: 'gpt-5-mini', base_url: process.env.URL, api_key: 'k' });
  cr.setPrimary('Mine');
  const collector = new Collector('c');
  const resume: Resume = await b.ExtractResume('Ada', { clientRegistry: cr, collector, tags: { a: 'b' } });
  console.log(JSON.stringify(resume));
  console.log(collector.last?.calls[0]?.clientName, collector.usage.inputTokens, collector.logs.length);
  console.log(JSON.stringify(b.parse.ExtractResume('{name: Bob, email: x, experience: [], skills: []}')));
  console.log((await b.request.ExtractResume('Ada', { clientRegistry: cr })).method);
  console.log(JSON.stringify(sync.parse.ExtractResume('{name: Eve, email: x, experience: [], skills: []}')));
  try {
    await b.ExtractResume('nothing', { clientRegistry: cr });
  } catch (error) {
    console.log(error instanceof BamlValidationError, (error as BamlValidationError).raw_output);
  }
}
main();
`;

test('init and generate by the peer, calls by us', { timeout: 120_000 }, async () => {
  await using llm = await startLlm({
    rules: [{ prompt: 'nothing', reply: 'no résumé' }],
    reply: {
      json: { name: 'Ada', email: 'ada@example.org', experience: ['Analyst'], skills: [] },
      usage: { inputTokens: 12, outputTokens: 3 },
    },
  });
  const workspace = await Workspace.create();
  expect((await workspace.node([PEER, 'init', '--dest', '.'])).code).toBe(0);
  expect((await workspace.node([PEER, 'generate', '--from', 'baml_src'])).code).toBe(0);

  await workspace.write('main.ts', MAIN);
  const compiled = await workspace.tsc(
    7,
    'main.ts',
    '--target',
    'es2022',
    '--module',
    'commonjs',
    '--outDir',
    'out',
    '--strict',
    '--types',
    'node',
    '--skipLibCheck',
    'false',
  );
  expect(compiled).toEqual({ code: 0, stdout: '', stderr: '' });

  const ran = await workspace.node(['out/main.js'], { URL: llm.baseUrl });
  expect(ran.stderr).toBe('');
  expect(ran.stdout.trim().split('\n')).toEqual([
    '{"name":"Ada","email":"ada@example.org","experience":["Analyst"],"skills":[]}',
    'Mine 12 1',
    '{"name":"Bob","email":"x","experience":[],"skills":[]}',
    'POST',
    '{"name":"Eve","email":"x","experience":[],"skills":[]}',
    'true no résumé',
  ]);
});
