// Sizes on disk: the native library, and everything that installing the package brings.
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { entryFile } from '../lib/implementation.mjs';

const SKIPPED = new Set(['node_modules', 'target', '.git']);

export const variants = () => [{ name: 'size', reps: 1 }];

export function run({ implementation }) {
  const entry = realpathSync(entryFile(implementation));
  const root = packageRoot(entry);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const files = [...ownFiles(root, manifest), ...dependencyFiles(entry, manifest)];
  const addons = files.filter((file) => file.endsWith('.node'));
  return {
    native_mb: megabytes(addons),
    native_gzip_mb: addons.reduce((total, file) => total + gzipSync(readFileSync(file)).length, 0) / 1e6,
    install_total_mb: megabytes(files),
    files_n: files.length,
  };
}

const megabytes = (files) => files.reduce((total, file) => total + statSync(file).size, 0) / 1e6;

function packageRoot(entry) {
  let folder = dirname(entry);
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** What `npm pack` would take: the patterns of `files` are names, folders and `*` endings here. */
function ownFiles(root, manifest) {
  const files = walk(root);
  if (!manifest.files) return files;
  const patterns = manifest.files.map((pattern) => pattern.replace(/^\.\//, ''));
  return files.filter((file) => {
    const path = relative(root, file);
    return path === 'package.json' || patterns.some((pattern) => isPacked(path, pattern));
  });
}

function isPacked(path, pattern) {
  if (pattern.startsWith('*')) return !path.includes('/') && path.endsWith(pattern.slice(1));
  const start = pattern.replace(/\*.*$/, '');
  return (
    path === start ||
    path.startsWith(start.endsWith('/') ? start : `${start}/`) ||
    (start !== pattern && path.startsWith(start))
  );
}

function dependencyFiles(entry, manifest) {
  const names = Object.keys({ ...manifest.optionalDependencies, ...manifest.dependencies });
  const require = createRequire(entry);
  return names.flatMap((name) => {
    try {
      return walk(dirname(require.resolve(`${name}/package.json`)));
    } catch {
      // Made for another platform, so not installed here.
      return [];
    }
  });
}

function walk(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [path];
  });
}
