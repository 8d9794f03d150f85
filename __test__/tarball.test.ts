/** What `npm pack` makes of the package holds everything that it needs, and nothing that only this repository needs. */

import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { type Ended, ROOT, run } from './support/workspace.js';

const MAIN = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const { exports } = require('@boundaryml/baml/package.json');
for (const entry of Object.keys(exports)) {
  const name = entry.replace('.', '@boundaryml/baml');
  if (name.endsWith('.json')) continue;
  require(name);
  await import(name);
}
const { startLlm } = await import('@boundaryml/baml/testing');
const { BamlRuntime, ClientRegistry } = await import('@boundaryml/baml');
const llm = await startLlm('hello from afar');
const runtime = BamlRuntime.fromFiles('baml_src', { 'a.baml': 'function F() -> string {\\n client "openai/m"\\n prompt #"hi"#\\n}' }, {});
const registry = new ClientRegistry();
registry.addLlmClient('C', 'openai', llm.options({ model: 'm' }));
registry.setPrimary('C');
const result = await runtime.callFunction('F', {}, runtime.createContextManager(), null, registry, [], {}, process.env);
console.log(result.parsed(false));
await llm.close();
`;

test('works from a tarball alone', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'baml-tarball-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const does = async (command: string, args: string[], cwd = folder): Promise<Ended> => {
    const ended = await run(command, args, cwd);
    expect(ended.code, ended.stderr).toBe(0);
    return ended;
  };

  await does('npm', ['pack', '--loglevel=error', '--pack-destination', folder], ROOT);
  const [tarball] = await readdir(folder);
  const installed = join(folder, 'node_modules/@boundaryml/baml');
  await mkdir(installed, { recursive: true });
  await does('tar', ['-xzf', tarball!, '-C', installed, '--strip-components', '1']);

  const { stdout } = await does(process.execPath, ['--input-type=module', '-e', MAIN]);
  expect(stdout).toBe('hello from afar\n');
  const version = await does(process.execPath, [join(installed, 'cli.js'), '--version']);
  expect(version.stdout).toMatch(/^baml-cli 0\.226\./);

  const names = await readdir(installed);
  expect(
    names.filter((name) =>
      ['ts', 'crates', 'src', '__test__', 'scripts', 'target', 'node_modules'].includes(name),
    ),
  ).toEqual([]);
  expect(names.filter((name) => name.endsWith('.node'))).toHaveLength(1);
});
