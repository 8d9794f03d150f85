// A folder with a program, as the command line wants it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CORE } from './fixtures.mjs';

/** Runs `work(folder)` in a folder whose `baml_src` has the files of all cases and these. It is gone afterwards. */
export async function inProjectFolder(files, work) {
  const folder = mkdtempSync(join(tmpdir(), 'baml-bench-'));
  try {
    const sources = join(folder, 'baml_src');
    mkdirSync(sources);
    for (const [name, text] of Object.entries({ ...CORE, ...files }))
      writeFileSync(join(sources, name), text);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
