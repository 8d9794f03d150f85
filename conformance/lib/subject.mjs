// The package under test: where it is, and the environment it runs in.
import { createRequire } from 'node:module';
import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './cases.mjs';

const require = createRequire(join(ROOT, 'run.mjs'));

/** A path becomes absolute; a bare package name stays as it is. */
export const absoluteSubject = (spec) => (isPath(spec) ? resolve(spec) : spec);

const isPath = (spec) => spec.startsWith('.') || spec.startsWith('/');

/**
 * The module of a package folder, file or name. `native: true` prefers the generated loader, because the
 * recorded parses were made below the hand-written face.
 */
export async function loadSubject(spec, { native = false } = {}) {
  const module = await load(native ? nativeEntry(spec) : spec);
  const subject = module.BamlRuntime ? module : module.default;
  if (!subject?.BamlRuntime) throw new Error(`${spec} exports no BamlRuntime`);
  return subject;
}

/** The folder of a package: where its `cli.js` and `package.json` are. */
export const packageFolder = (spec) => (isPath(spec) ? resolve(spec) : dirname(require.resolve(spec)));

function nativeEntry(spec) {
  if (!isPath(spec)) return `${spec}/native`;
  const loader = join(spec, 'native.js');
  const isPackage = existsSync(spec) && statSync(spec).isDirectory();
  return isPackage && existsSync(loader) ? loader : spec;
}

async function load(target) {
  try {
    return require(target);
  } catch (error) {
    if (error.code !== 'ERR_REQUIRE_ESM' && error.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return import(pathToFileURL(require.resolve(target)).href);
  }
}

// Keys, accounts and proxies of the person who runs the cases must not reach the subject.
const PERSONAL =
  /^(AWS_|GOOGLE_|OPENAI_|ANTHROPIC_|AZURE_|OPENROUTER_|VERTEX|BOUNDARY_|BAML_|(HTTP|HTTPS|ALL|NO)_PROXY$)/i;

/** The environment of a child process: the caller's without anything personal, silent and offline. */
export function isolatedEnvironment() {
  const kept = Object.entries(process.env).filter(([name]) => !PERSONAL.test(name));
  return {
    ...Object.fromEntries(kept),
    AWS_CONFIG_FILE: '/nonexistent/aws-config',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/aws-credentials',
    BAML_LOG: 'off',
    DO_NOT_TRACK: '1',
    RUST_BACKTRACE: '0',
  };
}
