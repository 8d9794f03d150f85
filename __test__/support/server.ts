/** `baml-cli serve` and `dev` as processes of their own, as operators run them. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

import { CLI, Workspace } from './workspace.js';

/** An answer, read to its end. */
export interface Answered {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

/** An event of a stream. */
export interface ServerEvent {
  id: string;
  event: string;
  data: unknown;
}

export class ServerProcess {
  readonly url: string;
  readonly workspace: Workspace;
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly output: { stdout: string; stderr: string };

  private constructor(
    url: string,
    workspace: Workspace,
    child: ChildProcess,
    output: { stdout: string; stderr: string },
  ) {
    this.url = url;
    this.workspace = workspace;
    this.child = child;
    this.output = output;
  }

  /** Starts a server for the sources, and waits until it listens. It ends with the test. */
  static async start(
    sources: string,
    { command = 'serve', args = [], env = {}, files = {}, through = (words) => words }: ServerOptions = {},
  ): Promise<ServerProcess> {
    const workspace = await Workspace.create({ 'baml_src/main.baml': sources, ...files });
    const words = [process.execPath, CLI, command, '--from', 'baml_src', '--port', '0', ...args];
    const [program = '', ...rest] = through(words);
    const child = spawn(program, rest, {
      cwd: workspace.path,
      env: { ...process.env, BAML_PASSWORD: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    });
    const output = { stdout: '', stderr: '' };
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
    const url = await new Promise<string>((settle, reject) => {
      child.once('exit', (code) => reject(new Error(`it ended with ${String(code)}: ${output.stderr}`)));
      child.stdout.on('data', () => {
        const address = /http:\/\/\S+(?=\n)/.exec(output.stdout)?.[0];
        if (address !== undefined) settle(address);
      });
    });
    return new ServerProcess(url, workspace, child, output);
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Answered> {
    return answered(await fetch(this.url + path, { headers }));
  }

  async post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    return answered(await this.send(path, body, headers));
  }

  send(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  }

  /** The events of a stream, to its end. */
  async events(path: string, body: unknown): Promise<ServerEvent[]> {
    const { text } = await this.post(path, body);
    return text
      .split('\n\n')
      .filter((block) => block !== '' && !block.startsWith(':'))
      .map((block) => {
        const fields = new Map(block.split('\n').map((line): [string, string] => split(line)));
        return {
          id: fields.get('id') ?? '',
          event: fields.get('event') ?? '',
          data: JSON.parse(fields.get('data') ?? 'null'),
        };
      });
  }

  /** Asks it to end, and waits until it has. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }
}

export interface ServerOptions {
  command?: 'serve' | 'dev';
  args?: string[];
  env?: Record<string, string | undefined>;
  /** Makes another command line of it: of a program that runs it, say. */
  through?: (words: string[]) => string[];
  /** Files beside `baml_src`. */
  files?: Record<string, string>;
}

function split(line: string): [string, string] {
  const colon = line.indexOf(': ');
  return [line.slice(0, colon), line.slice(colon + 2)];
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  const json = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
  return { status: response.status, headers: response.headers, text, json };
}
