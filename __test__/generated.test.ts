/** What our command line tool generates is clean TypeScript, whatever the compiler and the way modules are found. */

import { describe, expect, test } from 'vitest';

import { Workspace } from './support/workspace.js';

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

const WAYS: [string, 5 | 7, object][] = [
  ['node16, TypeScript 7', 7, { module: 'node16' }],
  ['bundler, TypeScript 7', 7, { module: 'esnext', moduleResolution: 'bundler', verbatimModuleSyntax: true }],
  ['nodenext, TypeScript 5', 5, { module: 'nodenext' }],
  ['node, TypeScript 5', 5, { module: 'commonjs', moduleResolution: 'node', esModuleInterop: true }],
  [
    'everything strict, TypeScript 5',
    5,
    {
      module: 'esnext',
      moduleResolution: 'bundler',
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noImplicitOverride: true,
      noPropertyAccessFromIndexSignature: true,
    },
  ],
];

describe.each(WAYS)('%s', (_way, version, options) => {
  test.each(['cjs', 'esm'])('module_format %s', async (format) => {
    const workspace = await Workspace.create({
      'main.ts': USE,
      'package.json': JSON.stringify({
        type:
          format === 'esm' && 'module' in options && options.module !== 'commonjs' ? 'module' : 'commonjs',
      }),
      'tsconfig.json': JSON.stringify({ compilerOptions: { ...COMMON, ...options }, include: ['**/*.ts'] }),
    });
    await workspace.copy('__test__/projects/main/baml_src', 'baml_src');
    await workspace.write(
      'baml_src/generators.baml',
      `generator two {\n  output_type "typescript"\n  output_dir "../"\n  version "0.226.2"\n  module_format ${format}\n}\n`,
    );
    // The project's own generator would write to the same folder.
    const { readFile } = await import('node:fs/promises');
    const source = await readFile(`${workspace.path}/baml_src/main.baml`, 'utf8');
    await workspace.write('baml_src/main.baml', source.replace(/^generator [^]*?^\}$/m, ''));

    const generated = await workspace.node([
      'node_modules/@boundaryml/baml/cli.js',
      'generate',
      '--from',
      'baml_src',
    ]);
    expect(generated, generated.stderr).toMatchObject({ code: 0 });
    const checked = await workspace.tsc(version, '-p', 'tsconfig.json');
    expect(checked).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
