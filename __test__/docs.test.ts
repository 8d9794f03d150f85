/** The samples of README and docs are TypeScript that compiles beside a generated client, and `.baml` text that is accepted. */

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { ROOT, Workspace } from './support/workspace.js';

/** What the pages take as given, each name unless the sample has its own. */
const IMPORTED = {
  '@boundaryml/baml': [
    'BamlInvalidArgumentError',
    'BamlTimeoutError',
    'ClientRegistry',
    'Collector',
    'Image',
    'toBamlError',
  ],
  '@boundaryml/baml/testing': ['startLlm'],
  '../baml_client/index.js': ['b'],
};
const DECLARED: Readonly<Record<string, string>> = {
  base64: 'string',
  clear: '(text: string) => void',
  clientRegistry: 'import("@boundaryml/baml").ClientRegistry',
  DefaultAzureCredential:
    'new () => { getToken(scope: string): Promise<{ token: string; expiresOnTimestamp: number }> }',
  line: 'string',
  registry: 'import("@boundaryml/baml").ClientRegistry',
  show: '(...values: unknown[]) => void',
  signal: 'AbortSignal',
  stream: 'ReturnType<typeof import("../baml_client/index.js").b.stream.ExtractResume>',
  text: 'string',
  vault: '{ read(path: string): Promise<string> }',
};

/** A function that the page about media has beside those of the example. */
const MEDIA = `
function Describe(picture: image) -> string {
  client Standard
  prompt #"{{ _.role("user") }}{{ picture }}"#
}
`;

interface Sample {
  /** Page and line. */
  place: string;
  text: string;
}

/** The blocks in a language; docs/testing.md is run by a test of its own. */
async function samples(language: string): Promise<Sample[]> {
  const pages = (await readdir(join(ROOT, 'docs'))).map((name) => `docs/${name}`);
  const found = [];
  for (const page of ['README.md', ...pages.filter((name) => name !== 'docs/testing.md')]) {
    const content = await readFile(join(ROOT, page), 'utf8');
    for (const match of content.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, 'gm'))) {
      const line = content.slice(0, match.index).split('\n').length;
      found.push({ place: `${page.replaceAll(/\W/g, '_')}_${line}`, text: match[1]! });
    }
  }
  return found;
}

function whole({ text }: Sample): string {
  const imported = [...text.matchAll(/import \{([^}]*)\}/g)].flatMap(([, names]) => names!.split(','));
  const own = new Set(imported.map((name) => name.trim()));
  for (const [, name] of text.matchAll(/^const (\w+)/gm)) own.add(name!);
  const imports = Object.entries(IMPORTED).map(
    ([from, names]) => `import { ${names.filter((name) => !own.has(name)).join(', ')} } from '${from}';`,
  );
  const declared = Object.entries(DECLARED)
    .filter(([name]) => !own.has(name))
    .map(([name, type]) => `declare const ${name}: ${type};`);
  const sample = text.replaceAll(/'\.\.?\/baml_client'/g, "'../baml_client/index.js'");
  return [...imports, ...declared, sample, 'export {};', ''].join('\n');
}

test('the TypeScript of the pages compiles', { timeout: 60_000 }, async () => {
  const workspace = await Workspace.create({
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        target: 'es2022',
        module: 'nodenext',
        skipLibCheck: true,
        types: ['node'],
      },
      include: ['samples'],
    }),
  });
  await workspace.copy('examples/resume/baml_src', 'baml_src');
  await workspace.write('baml_src/media.baml', MEDIA);
  const generated = await workspace.node([join(ROOT, 'cli.js'), 'generate', '--from', 'baml_src']);
  expect(generated.code, generated.stderr).toBe(0);

  const found = await samples('ts');
  expect(found.length).toBeGreaterThan(20);
  for (const sample of found) await workspace.write(`samples/${sample.place}.ts`, whole(sample));
  const compiled = await workspace.tsc(7, '-p', '.');
  expect(compiled.stdout).toBe('');
});

test('the BAML of the pages is accepted', { timeout: 60_000 }, async () => {
  const found = await samples('baml');
  expect(found.length).toBeGreaterThan(5);
  const workspace = await Workspace.create();
  await workspace.copy('examples/resume/baml_src', 'example');
  const example = await readFile(join(ROOT, 'examples/resume/baml_src/clients.baml'), 'utf8');
  for (const { place, text } of found) {
    // A page shows the options of a client without the client, and clients without those that they name.
    const client = text.startsWith('options {')
      ? `client<llm> Sample {\n  provider google-ai\n${text}}\n`
      : text;
    const names = new Set(
      [...client.matchAll(/^(?:client<llm>|retry_policy) (\w+)/gm)].map(([, name]) => name),
    );
    const main = `client<llm> Main {\n  provider openai\n  options { model "m" }\n}\n`;
    const rest = `${example}\n${names.has('Main') ? '' : main}`.replaceAll(
      /^(?:client<llm>|retry_policy) (\w+) \{\n[^]*?^\}\n/gm,
      (block, name: string) => (names.has(name) ? '' : block),
    );
    await workspace.write(`${place}/baml_src/sample.baml`, client);
    await workspace.write(`${place}/baml_src/rest.baml`, rest);
    const checked = await workspace.node([join(ROOT, 'cli.js'), 'check', '--from', `${place}/baml_src`]);
    expect(checked.code, `${place}: ${checked.stdout}${checked.stderr}`).toBe(0);
  }
});
