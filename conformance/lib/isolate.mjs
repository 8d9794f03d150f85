// Runs cases in child processes, so that a crash or a hang costs one case and not the run.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isolatedEnvironment } from './subject.mjs';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));
const START_LIMIT_MS = 30_000;
const KEPT_OUTPUT = 4_000;

/** The subject could not be loaded at all: no case can be judged. */
export class SubjectError extends Error {}

export class Isolate {
  #options;
  #child = null;
  #output = '';

  constructor(options) {
    this.#options = options;
  }

  async run(each) {
    if (this.#child === null) await this.#start();
    const limit = each.timeoutMs ?? this.#options.timeoutMs;
    const answer = await this.#ask({ case: each }, limit);
    if (answer.outcome !== undefined) return answer.outcome;
    this.stop();
    return answer.hang ? hangOutcome(limit) : crashOutcome(answer.exit, this.#output);
  }

  stop() {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  async #start() {
    const { execute, subject, env, memoryKb } = this.#options;
    this.#output = '';
    this.#child = fork(WORKER, [execute, subject], {
      ...(memoryKb && withinMemory(memoryKb)),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: { ...isolatedEnvironment(), ...env },
    });
    this.#child.stdout.on('data', (data) => this.#keep(data));
    this.#child.stderr.on('data', (data) => this.#keep(data));
    const answer = await this.#ask(null, START_LIMIT_MS);
    if (answer.ready) return;
    this.stop();
    throw new SubjectError(
      answer.failed ?? `the child process ended: ${answer.exit ?? 'no answer'} ${this.#output}`,
    );
  }

  #keep(data) {
    this.#output = (this.#output + data).slice(-KEPT_OUTPUT);
  }

  /** One message there (none when `message` is null) and the next one back, or how the child ended instead. */
  #ask(message, limit) {
    const child = this.#child;
    return new Promise((resolve) => {
      const settle = (answer) => {
        clearTimeout(timer);
        child.off('message', settle);
        child.off('exit', onExit);
        resolve(answer);
      };
      const onExit = (code, signal) => settle({ exit: signal ?? `exit ${code}` });
      const timer = setTimeout(() => settle({ hang: true }), limit);
      child.on('message', settle);
      child.on('exit', onExit);
      if (message) child.send(message, (error) => error && settle({ exit: error.message }));
    });
  }
}

/** How `fork` starts Node with a limit on its address space; without one where there is no such shell. */
const withinMemory = (kilobytes) =>
  process.platform === 'win32'
    ? {}
    : {
        execPath: '/bin/sh',
        execArgv: ['-c', `ulimit -v ${kilobytes}; exec "${process.execPath}" "$@"`, 'sh'],
      };

const hangOutcome = (limit) => ({
  fate: 'hang',
  error: { class: 'HANG', message: `no answer in ${limit} ms` },
});

function crashOutcome(exit, output) {
  const panic = /panicked at [^\n]*/.exec(output)?.[0] ?? '';
  return { fate: 'crash', error: { class: 'PROCESS_CRASH', message: `${exit} ${panic}`.trim() } };
}

/**
 * The outcome of every case, in order. `execute` is the file that plays a case, `jobs` the number of child
 * processes that share the cases, `fresh` whether each case gets a process of its own, `memoryKb` what a process may take.
 */
export async function runCases(cases, { jobs = 1, fresh = false, ...options }) {
  const outcomes = Array.from({ length: cases.length });
  let next = 0;
  const work = async () => {
    const isolate = new Isolate(options);
    try {
      while (next < cases.length) {
        const index = next++;
        outcomes[index] = await isolate.run(cases[index]);
        if (fresh) isolate.stop();
      }
    } finally {
      isolate.stop();
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
  return outcomes;
}
