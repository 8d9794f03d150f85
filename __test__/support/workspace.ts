/** Projects of users, in folders of their own, with this package installed. */

import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const ROOT = resolve(__dirname, '../..');

/** The command line tool, in the folder of a user. */
export const CLI = 'node_modules/@boundaryml/baml/cli.js';

/** How a program ended. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** A folder with files, and with this package in its `node_modules`. Removed when the test is over. */
export class Workspace {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(files: Record<string, string> = {}): Promise<Workspace> {
    const workspace = new Workspace(await mkdtemp(join(tmpdir(), 'baml-test-')));
    onTestFinished(() => rm(workspace.path, { recursive: true, force: true }));
    await workspace.link('@boundaryml/baml', ROOT);
    await workspace.install('@types/node');
    await workspace.install('undici-types');
    for (const [path, text] of Object.entries(files)) await workspace.write(path, text);
    return workspace;
  }

  async write(path: string, text: string): Promise<void> {
    const full = join(this.path, path);
    await mkdir(dirname(full), { recursive: true });
    await writeFile(full, text);
  }

  /** Puts a package that the repository has into the folder's `node_modules`. */
  async install(name: string): Promise<void> {
    await this.link(name, join(ROOT, 'node_modules', name));
  }

  /** Copies a folder of the repository. */
  async copy(from: string, to: string): Promise<void> {
    await cp(join(ROOT, from), join(this.path, to), { recursive: true });
  }

  /** Runs a script of the folder, or of an installed package, with this Node. */
  node(args: string[], env: Record<string, string | undefined> = {}): Promise<Ended> {
    return run(process.execPath, args, this.path, env);
  }

  /** Runs the TypeScript compiler: the newest, or the one that most users still have. */
  tsc(version: 5 | 7, ...args: string[]): Promise<Ended> {
    const compiler = version === 5 ? 'typescript-5' : 'typescript';
    return this.node([join(ROOT, 'node_modules', compiler, 'bin/tsc'), ...args]);
  }

  private async link(name: string, target: string): Promise<void> {
    const path = join(this.path, 'node_modules', name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(target, path, 'junction');
  }
}

/** Runs a program to its end. */
export function run(
  command: string,
  args: string[],
  cwd: string,
  env: Record<string, string | undefined> = {},
): Promise<Ended> {
  return new Promise((settle, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => settle({ code, stdout, stderr }));
  });
}
