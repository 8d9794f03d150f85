// Generates the clients of the examples and of the tests' projects, with this package's own command line tool.
//   node scripts/generate.mjs
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { spawnSync } from 'node:child_process';

import { ROOT } from './toolchain.mjs';

const FOLDERS = ['examples', '__test__/projects'];

/** Every folder with a `baml_src`. */
export function projects() {
  return FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .map((name) => `${folder}/${name}`)
      .filter((project) => existsSync(join(ROOT, project, 'baml_src'))),
  );
}

/** Generates them all. @throws Error with what the tool said */
export function generateAll() {
  for (const project of projects()) {
    const args = ['cli.js', 'generate', '--from', `${project}/baml_src`];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0)
      throw new Error(`baml-cli generate --from ${project}/baml_src failed:\n${stdout}${stderr}`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  generateAll();
  console.log(`generated: ${projects().join(', ')}`);
}
