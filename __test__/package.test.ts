/** The package as it is installed: every entry, for `require` and for `import`, with the same classes. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { ROOT, run, Workspace } from './support/workspace.js';

const require = createRequire(__filename);
const ENTRIES = ['.', 'native', 'type_builder', 'errors', 'browser', 'logging', 'client', 'testing'];

const NAMES: Record<string, string[]> = {
  // What the peer exports.
  '.': 'BamlRuntime FunctionResult FunctionResultStream Image Audio Pdf Video invoke_runtime_cli ClientRegistry Collector FunctionLog LlmCall LlmStreamCall Usage StreamTiming Timing TraceStats BamlStream BamlCtxManager ThrowIfVersionMismatch BamlError BamlClientError BamlInvalidArgumentError BamlClientFinishReasonError BamlValidationError BamlClientHttpError BamlAbortError BamlTimeoutError isBamlError toBamlError setLogLevel getLogLevel setLogJsonMode setLogMaxChunkLength'.split(
    ' ',
  ),
  native:
    'invoke_runtime_cli get_version getLogLevel setLogLevel setLogJsonMode setLogMaxChunkLength BamlAudio BamlImage BamlPdf BamlVideo BamlRuntime BamlSpan ClassBuilder ClassPropertyBuilder ClientRegistry Collector EnumBuilder EnumValueBuilder FieldType FunctionLog FunctionResult FunctionResultStream HttpBody HttpRequest HttpResponse LlmCall LlmStreamCall RuntimeContextManager SseResponse StreamTiming Timing TraceStats TypeBuilder Usage'.split(
      ' ',
    ),
  type_builder:
    'TypeBuilder ClassAst ClassViewer ClassBuilder EnumAst EnumViewer EnumValueViewer EnumBuilder'.split(' '),
  logging: 'getLogLevel setLogLevel setLogJsonMode setLogMaxChunkLength'.split(' '),
  browser: 'Image Audio Pdf Video'.split(' '),
  testing: ['startLlm', 'Llm'],
};

/** What only this package itself, the compiler or the loader has use for. */
const INTERNAL = new Set(['__esModule', 'setArgumentPacker', 'setErrorFactory', '__napiBindingTarget']);

/** As a user writes it. */
const specifier = (entry: string): string =>
  entry === '.' ? '@boundaryml/baml' : `@boundaryml/baml/${entry}`;

describe.each(ENTRIES)('%s', (entry) => {
  const required = require(specifier(entry)) as Record<string, unknown>;

  test('has every name, and none without a value', () => {
    const names = [...(NAMES[entry] ?? []), ...Object.keys(required)].filter((name) => name !== '__esModule');
    for (const name of names.filter((each) => !INTERNAL.has(each))) {
      expect(typeof required[name], name).toBe('function');
    }
  });

  test('gives the same for import, each name importable', async () => {
    const workspace = await Workspace.create();
    const names = Object.keys(required).filter((name) => !INTERNAL.has(name));
    await workspace.write(
      'main.mjs',
      `import { createRequire } from 'node:module';
       import { ${names.join(', ')} } from '${specifier(entry)}';
       const required = createRequire(import.meta.url)('${specifier(entry)}');
       const imported = { ${names.join(', ')} };
       console.log(Object.keys(imported).filter((name) => imported[name] !== required[name]).join(' '));`,
    );
    expect(await workspace.node(['main.mjs'])).toEqual({ code: 0, stdout: '\n', stderr: '' });
  });
});

test('errors and browser work without the addon', async () => {
  const workspace = await Workspace.create({
    'main.cjs': `for (const entry of ['errors', 'browser', 'testing']) require('@boundaryml/baml/' + entry);
      console.log(Object.keys(require.cache).filter((path) => /native/.test(path)).length);`,
  });
  expect(await workspace.node(['main.cjs'])).toMatchObject({ code: 0, stdout: '0\n' });
});

test.each(['errors', 'browser'])('%s needs nothing of Node, so that a browser can load it', (entry) => {
  const seen = new Set<string>();
  const follow = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const needed = [...readFileSync(file, 'utf8').matchAll(/require\("([^"]+)"\)/g)].map(([, path]) => path!);
    for (const path of needed) {
      expect(path).toMatch(/^\.\//);
      follow(join(dirname(file), path));
    }
  };
  follow(join(ROOT, 'dist', `${entry}.js`));
});

test('the addon throws the classes of the package, whichever entry loads it', async () => {
  const workspace = await Workspace.create({
    'main.mjs': `import { ClientRegistry } from '@boundaryml/baml/native';
      import { BamlInvalidArgumentError } from '@boundaryml/baml/errors';
      try { new ClientRegistry().addLlmClient('C', 'nope', {}); } catch (error) {
        console.log(error instanceof BamlInvalidArgumentError, error.name);
      }`,
  });
  expect((await workspace.node(['main.mjs'])).stdout).toBe('true BamlInvalidArgumentError\n');
});

test('it works in a worker thread, too', async () => {
  const workspace = await Workspace.create({
    'main.cjs': `const { Worker, isMainThread, parentPort } = require('node:worker_threads');
      const { BamlError, ClientRegistry } = require('@boundaryml/baml');
      const attempt = () => { try { new ClientRegistry().addLlmClient('C', 'nope', {}); } catch (error) { return error instanceof BamlError; } };
      if (isMainThread) {
        const first = attempt();
        new Worker(__filename).once('message', (second) => console.log(first, second, attempt()));
      } else parentPort.postMessage(attempt());`,
  });
  expect(await workspace.node(['main.cjs'])).toMatchObject({ code: 0, stdout: 'true true true\n' });
});

test('the version gate answers as the peer', () => {
  const { ThrowIfVersionMismatch } = require('@boundaryml/baml');
  const { get_version: getVersion } = require('@boundaryml/baml/native');
  expect(getVersion()).toBe('0.226.2');
  expect(() => ThrowIfVersionMismatch('0.226.0')).not.toThrow();
  expect(() => ThrowIfVersionMismatch('0.225.0')).toThrow(
    /^Update to @boundaryml\/baml required\.[^]*0\.225\.0[^]*npm install/,
  );
});

test('the declarations name what the addon has', () => {
  const native = require('@boundaryml/baml/native') as Record<string, { prototype?: object }>;
  const entry = readFileSync(join(ROOT, 'dist/native_contract.d.ts'), 'utf8');
  const files = [...entry.matchAll(/^export \* from '(.+)\.js';$/gm)].map(([, path]) => `${path!}.d.ts`);
  const declared = files.map((file) => readFileSync(join(ROOT, 'dist', file), 'utf8')).join('\n');
  const classes = [...declared.matchAll(/^export declare class (\w+) \{([^]*?)^\}/gm)];
  expect(classes.length).toBeGreaterThan(25);
  for (const [, name, body] of classes) {
    const prototype = native[name!]?.prototype;
    expect(prototype, name).toBeDefined();
    const members = [...body!.matchAll(/^ {4}(?:get )?(\w+)\(/gm)].map(([, member]) => member!);
    for (const member of members.filter((each) => each !== 'constructor')) {
      expect(member in prototype!, `${name}.${member}`).toBe(true);
    }
  }
});

test('publint finds nothing', { timeout: 120_000 }, async () => {
  const publint = join(ROOT, 'node_modules/publint/src/cli.js');
  const { code, stdout, stderr } = await run(process.execPath, [publint, '--strict'], ROOT);
  expect({ code, said: code === 0 ? '' : stdout + stderr }).toEqual({ code: 0, said: '' });
});

test('there is nothing to install besides it', () => {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<string, unknown>;
  expect(manifest['dependencies']).toBeUndefined();
  expect(manifest['scripts']).not.toHaveProperty('postinstall');
});
