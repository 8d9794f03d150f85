/**
 * The classes that generated clients derive theirs from. A generated method is one line: the name of the function,
 * its arguments and its types; everything that a call does stands here, once.
 */

import { BamlError, toBamlError } from '../errors.js';
import { BamlStream } from '../stream.js';
import type {
  ClientRegistry,
  HttpRequest,
  Plan,
  RuntimeContextManager,
  TypeBuilder,
} from '../native_contract.js';
import native = require('../native.js');
import {
  type CallOptions,
  checkNames,
  collectorsOf,
  type ParseOptions,
  registryOf,
  type RequestOptions,
  stack,
  throwIfAborted,
  typeBuilderOf,
} from './options.js';
import type { Project } from './project.js';

type Values = Record<string, unknown>;

/** Has a project, and options that hold for every call. */
class Base {
  protected readonly project: Project;
  protected readonly options: CallOptions;

  constructor(project: Project, options: CallOptions = {}) {
    checkNames(options);
    this.project = project;
    this.options = options;
  }
}

/** A base whose user may set options for all later calls. */
class ConfigurableBase extends Base {
  /** A client with these options for each of its calls; `env` and `tags` add to those set before. */
  withOptions(options: CallOptions): this {
    const Derived = this.constructor as new (project: Project, options: CallOptions) => this;
    return new Derived(this.project, stack(this.options, options));
  }
}

/** Answers with a promise of the whole value. */
export class AsyncClientBase extends ConfigurableBase {
  protected async call<T>(functionName: string, args: Values, options?: CallOptions): Promise<T> {
    const settings = stack(this.options, options);
    if (settings.onTick)
      return stream<unknown, T>(this.project, functionName, args, settings).getFinalResponse();
    throwIfAborted(settings);
    const { project } = this;
    try {
      const result = await project.runtime.callFunction(
        functionName,
        args,
        ...scope(project, settings),
        collectorsOf(settings),
        settings.tags ?? undefined,
        project.environment(settings.env),
        settings.signal ?? undefined,
      );
      return result.parsed(false) as T;
    } catch (error) {
      throw toBamlError(error);
    }
  }
}

/** Answers with the value itself, holding the thread until it is there. */
export class SyncClientBase extends ConfigurableBase {
  /** @throws BamlError always: a stream cannot be waited for without giving up the thread */
  get stream(): never {
    throw new BamlError('The synchronous client cannot stream. Use `b.stream` of the asynchronous client.');
  }

  protected call<T>(functionName: string, args: Values, options?: CallOptions): T {
    const settings = stack(this.options, options);
    if (settings.onTick) {
      throw new BamlError(
        'The synchronous client cannot call `onTick`: it holds the thread until the answer is there.',
      );
    }
    throwIfAborted(settings);
    const { project } = this;
    return converted(() => {
      const result = project.runtime.callFunctionSync(
        functionName,
        args,
        ...scope(project, settings),
        collectorsOf(settings),
        settings.tags ?? undefined,
        project.environment(settings.env),
      );
      return result.parsed(false) as T;
    });
  }
}

/** Answers with a stream of partial values. */
export class StreamClientBase extends Base {
  protected call<P, T>(functionName: string, args: Values, options?: CallOptions): BamlStream<P, T> {
    return stream<P, T>(this.project, functionName, args, stack(this.options, options));
  }
}

/** Answers with the request that a call would send. */
export class AsyncRequestBase extends Base {
  protected build(functionName: string, args: Values, options?: RequestOptions): Promise<HttpRequest> {
    return this.#request(functionName, args, options, false);
  }

  protected buildStream(functionName: string, args: Values, options?: RequestOptions): Promise<HttpRequest> {
    return this.#request(functionName, args, options, true);
  }

  async #request(
    functionName: string,
    args: Values,
    options: RequestOptions | undefined,
    streamed: boolean,
  ): Promise<HttpRequest> {
    const settings = stack(this.options, options);
    throwIfAborted(settings);
    const { project } = this;
    try {
      return await project.runtime.buildRequest(
        functionName,
        args,
        ...scope(project, settings),
        streamed,
        project.environment(settings.env),
        settings.signal ?? undefined,
      );
    } catch (error) {
      throw toBamlError(error);
    }
  }
}

/** As {@link AsyncRequestBase}, at once. */
export class SyncRequestBase extends Base {
  protected build(functionName: string, args: Values, options?: RequestOptions): HttpRequest {
    return this.#request(functionName, args, options, false);
  }

  protected buildStream(functionName: string, args: Values, options?: RequestOptions): HttpRequest {
    return this.#request(functionName, args, options, true);
  }

  #request(
    functionName: string,
    args: Values,
    options: RequestOptions | undefined,
    streamed: boolean,
  ): HttpRequest {
    const settings = stack(this.options, options);
    throwIfAborted(settings);
    const { project } = this;
    return converted(() =>
      project.runtime.buildRequestSync(
        functionName,
        args,
        ...scope(project, settings),
        streamed,
        project.environment(settings.env),
      ),
    );
  }
}

/** Answers with what a call would do. Nothing is sent, and round-robins stay where they are. */
export class PlanBase extends Base {
  /** The arguments are those of the call, so that one can be written for the other: no plan depends on them. */
  protected plan(functionName: string, _args: Values, options?: RequestOptions): Plan {
    const settings = stack(this.options, options);
    const { project } = this;
    return converted(() =>
      project.runtime.planFunction(
        functionName,
        project.context.cloneContext(),
        registryOf(settings),
        settings.tags ?? undefined,
        project.environment(settings.env),
      ),
    );
  }
}

/** Reads the text of a model as a function's return type. */
export class ParserBase extends Base {
  protected parse<T>(functionName: string, text: string, options?: ParseOptions): T {
    return this.#read<T>(functionName, text, options, false);
  }

  protected parsePartial<T>(functionName: string, text: string, options?: ParseOptions): T {
    return this.#read<T>(functionName, text, options, true);
  }

  #read<T>(functionName: string, text: string, options: ParseOptions | undefined, partial: boolean): T {
    const settings = stack(this.options, options);
    const { project } = this;
    const value = converted(
      () =>
        project.runtime.parseLlmResponse(
          functionName,
          text,
          partial,
          ...scope(project, settings),
          project.environment(settings.env),
        ) as T,
    );
    const { onAlignment } = settings;
    if (onAlignment && !partial) {
      onAlignment(
        converted(() => project.runtime.alignLlmResponse(functionName, text, typeBuilderOf(settings))),
      );
    }
    return value;
  }
}

function stream<P, T>(
  project: Project,
  functionName: string,
  args: Values,
  settings: CallOptions,
): BamlStream<P, T> {
  throwIfAborted(settings);
  const collectors = collectorsOf(settings);
  const { onTick } = settings;
  const ticks = onTick ? new native.Collector('onTick') : undefined;
  return converted(() => {
    const raw = project.runtime.streamFunction(
      functionName,
      args,
      undefined,
      ...scope(project, settings),
      ticks ? [...collectors, ticks] : collectors,
      settings.tags ?? undefined,
      project.environment(settings.env),
      settings.signal ?? undefined,
      onTick && ticks ? () => onTick('Unknown', ticks.last) : undefined,
    );
    return new BamlStream<P, T>(
      raw,
      (value: P) => value,
      (value: T) => value,
      project.context.cloneContext(),
      settings.signal,
    );
  });
}

/** What every function of the addon takes one after the other: context, type builder, registry. */
function scope(
  project: Project,
  settings: CallOptions,
): [RuntimeContextManager, TypeBuilder | undefined, ClientRegistry | undefined] {
  return [project.context.cloneContext(), typeBuilderOf(settings), registryOf(settings)];
}

/** Runs the addon's part of a call; what it throws leaves as an error of this package. */
function converted<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw toBamlError(error);
  }
}
