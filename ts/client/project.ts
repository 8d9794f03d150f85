/** What the parts of one generated client share: its program, its context and its environment. */

import { BamlCtxManager } from '../context.js';
import { BamlError } from '../errors.js';
import type { BamlLogEvent, BamlRuntime, Environment } from '../native_contract.js';
import { ThrowIfVersionMismatch } from '../version.js';
import native = require('../native.js');

const ROOT = 'baml_src';

/** What a generated client holds. */
export interface ProjectSource {
  /** Release that the client was generated for. */
  version: string;
  /** Texts of the `.baml` files by path. */
  files: Record<string, string>;
}

/** The program of one generated client. Make it with {@link openProject}. */
export class Project {
  readonly runtime: BamlRuntime;
  readonly context: BamlCtxManager;
  readonly #files: Record<string, string>;
  /** What {@link Project.resetEnv} was given: laid over `process.env`. */
  #overlay: Record<string, string | undefined> | undefined;

  /** @internal */
  constructor(files: Record<string, string>) {
    this.#files = files;
    this.runtime = native.BamlRuntime.fromFiles(ROOT, files, process.env);
    this.context = new BamlCtxManager(this.runtime);
  }

  /**
   * Lays the variables over `process.env` for all later calls.
   *
   * @throws BamlError inside a traced function
   */
  resetEnv(variables: Record<string, string | undefined>): void {
    if (!this.context.allowResets()) {
      throw new BamlError(
        'The environment cannot be reset inside a traced function. Do it outside, or give the call `env`.',
      );
    }
    this.#overlay = { ...variables };
    this.runtime.reset(ROOT, this.#files, this.environment());
    this.context.reset();
  }

  /** The environment of a call: `process.env` as it is now, never a copy, under what was laid over it. */
  environment(added?: Record<string, string | undefined> | null): Environment {
    if (!added && !this.#overlay) return process.env;
    return Object.setPrototypeOf({ ...this.#overlay, ...added }, process.env) as Environment;
  }
}

/** Reads the program of a generated client. */
export function openProject(source: ProjectSource): Project {
  ThrowIfVersionMismatch(source.version);
  return new Project(source.files);
}

/** What a generated client exports for tracing. */
export interface Tracing {
  traceAsync: <A extends unknown[], R>(
    name: string,
    traced: (...args: A) => Promise<R>,
  ) => (...args: A) => Promise<R>;
  traceSync: <A extends unknown[], R>(name: string, traced: (...args: A) => R) => (...args: A) => R;
  setTags: (tags: Record<string, string>) => void;
  flush: () => void;
  onLogEvent: (callback?: (event: BamlLogEvent) => void) => void;
}

/** The tracing functions of a project, free to be taken apart. */
export function tracing({ context }: Project): Tracing {
  return {
    traceAsync: (name, traced) => context.traceFnAsync(name, traced),
    traceSync: (name, traced) => context.traceFnSync(name, traced),
    setTags: (tags) => context.upsertTags(tags),
    flush: () => context.flush(),
    onLogEvent: (callback) => context.onLogEvent(callback),
  };
}
