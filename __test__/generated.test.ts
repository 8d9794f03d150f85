/** What our command line tool generates is clean TypeScript, whatever the compiler and the way modules are found. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { CLI, ROOT, Workspace } from './support/workspace.js';

const USE = `
import { ClientRegistry, type Collector, type Image } from '@boundaryml/baml';
import { b, type Resume } from './baml_client/index.js';
import TypeBuilder from './baml_client/type_builder.js';

export async function run(collector: Collector): Promise<string> {
  const cr = new ClientRegistry();
  cr.addLlmClient('C', 'openai', { model: 'm', temperature: 0.5, headers: { a: 'b' } });
  const resume: Resume = await b.ExtractResume('x', { clientRegistry: cr, collector, tb: new TypeBuilder() });
  const numbers: number[] = await b.withOptions({ client: 'Premium' }).Numbers('x');
  const parsed: Resume = b.parse.ExtractResume('{}');
  // @ts-expect-error a number is no text
  await b.ExtractResume(42);
  // @ts-expect-error misspelt
  await b.ExtractResume('x', { clientRegistri: cr });
  return resume.name + (resume.email ?? '') + numbers.length + parsed.skills.join();
}
export type Unused = Image;
`;

const COMMON = {
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  target: 'es2022',
  types: ['node'],
  isolatedModules: true,
};

type Way = [name: string, format: 'cjs' | 'esm', version: 5 | 7, options: object];

const WAYS: Way[] = [
  ['node16', 'cjs', 7, { module: 'node16' }],
  ['node16', 'esm', 7, { module: 'node16' }],
  ['bundler', 'cjs', 7, { module: 'esnext', moduleResolution: 'bundler' }],
  ['bundler', 'esm', 7, { module: 'esnext', moduleResolution: 'bundler', verbatimModuleSyntax: true }],
  [
    'every strictness',
    'esm',
    7,
    {
      module: 'nodenext',
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      noImplicitReturns: true,
      noPropertyAccessFromIndexSignature: true,
      noUnusedLocals: true,
      noUnusedParameters: true,
    },
  ],
  ['nodenext', 'esm', 5, { module: 'nodenext' }],
  ['node', 'cjs', 5, { module: 'commonjs', moduleResolution: 'node', esModuleInterop: true }],
];

test.each(WAYS)(
  '%s, module_format %s, TypeScript %i',
  { timeout: 120_000 },
  async (_name, format, version, options) => {
    const workspace = await Workspace.create({
      'main.ts': USE,
      'package.json': JSON.stringify({ type: format === 'esm' ? 'module' : 'commonjs' }),
      'tsconfig.json': JSON.stringify({ compilerOptions: { ...COMMON, ...options }, include: ['**/*.ts'] }),
    });
    const source = await readFile(join(ROOT, '__test__/projects/main/baml_src/main.baml'), 'utf8');
    await workspace.write(
      'baml_src/main.baml',
      source.replace('version "0.226.2"', `version "0.226.2"\n  module_format ${format}`),
    );
    const generated = await workspace.node([CLI, 'generate', '--from', 'baml_src']);
    expect(generated, generated.stderr).toMatchObject({ code: 0 });
    expect(await workspace.tsc(version, '-p', 'tsconfig.json')).toEqual({ code: 0, stdout: '', stderr: '' });
  },
);

test('every kind of type, as users use it', { timeout: 120_000 }, async () => {
  const workspace = await Workspace.create({
    'package.json': JSON.stringify({ type: 'commonjs' }),
    'tsconfig.json': JSON.stringify({
      compilerOptions: { ...COMMON, module: 'node16' },
      include: ['**/*.ts'],
    }),
  });
  await workspace.copy('crates/codegen/tests/inputs/rich.baml', 'baml_src/rich.baml');
  await workspace.copy('crates/codegen/tests/usage/rich.ts', 'rich.ts');
  const generated = await workspace.node([CLI, 'generate', '--from', 'baml_src']);
  expect(generated, generated.stderr).toMatchObject({ code: 0 });
  expect(await workspace.tsc(7, '-p', 'tsconfig.json')).toEqual({ code: 0, stdout: '', stderr: '' });
});
