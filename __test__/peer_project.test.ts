/** A project that the peer's own command line tool made and generated runs on this package without an edit. */

import { join } from 'node:path';
import { expect, test } from 'vitest';

import { startLlm } from '@boundaryml/baml/testing';

import { ROOT, Workspace } from './support/workspace.js';

const PEER = join(ROOT, 'node_modules/baml-peer/cli.js');

const MAIN = `
import { BamlAbortError, BamlValidationError, ClientRegistry, Collector, type FunctionLog } from '@boundaryml/baml';
import { b } from './baml_client';
import { b as sync } from './baml_client/sync_client';
import type { partial_types, Resume } from './baml_client';

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
  const stream = b.stream.ExtractResume('Ada', { clientRegistry: cr, collector });
  let partials = 0;
  let last: partial_types.Resume | undefined;
  for await (const partial of stream) {
    partials++;
    last = partial;
  }
  console.log(partials > 1, JSON.stringify(last) === JSON.stringify(await stream.getFinalResponse()));
  console.log(collector.last?.logType, (await b.streamRequest.ExtractResume('Ada', { clientRegistry: cr })).body.json().stream);
  console.log(JSON.stringify(b.parseStream.ExtractResume('{name: Cy, skills: [a')));
  const lines = (await new Response(b.stream.ExtractResume('Ada', { clientRegistry: cr }).toStreamable()).text()).trim().split('\\n');
  console.log(Object.keys(JSON.parse(lines[0]!)), lines.at(-1));
  const ticks: string[] = [];
  const onTick = (reason: string, log: FunctionLog | null) => {
    const call = log?.calls.at(-1);
    ticks.push([reason, log?.functionName, log?.logType, call && 'sseResponses' in call && call.sseResponses()!.length > 0].join(' '));
  };
  await b.ExtractResume('Ada', { clientRegistry: cr, onTick });
  const ticksOfTheCall = ticks.length;
  await b.stream.ExtractResume('Ada', { clientRegistry: cr, onTick }).getFinalResponse();
  console.log(ticksOfTheCall > 1, ticks.length > ticksOfTheCall + 1, [...new Set(ticks)]);
  const left = b.stream.ExtractResume('Ada', { clientRegistry: cr });
  for await (const _ of left) break;
  console.log((await left.getFinalResponse()).name);
  try {
    const controller = new AbortController();
    const aborted = b.stream.ExtractResume('Ada', { clientRegistry: cr, signal: controller.signal });
    for await (const _ of aborted) controller.abort('enough');
    await aborted.getFinalResponse();
  } catch (error) {
    console.log(error instanceof BamlAbortError, (error as BamlAbortError).reason);
  }
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
      chunkDelayMs: 5,
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
    'true true',
    'stream true',
    '{"name":"Cy","email":null,"experience":[],"skills":["a"]}',
    `[ 'partial' ] {"final":{"name":"Ada","email":"ada@example.org","experience":["Analyst"],"skills":[]}}`,
    "true true [ 'Unknown ExtractResume stream true' ]",
    'Ada',
    'true enough',
    'true no résumé',
  ]);
});
