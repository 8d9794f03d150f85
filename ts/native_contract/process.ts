/** What belongs to the process: its environment, its log, the command line tool, and how the addon is plugged in. */

import type { Failure } from '../errors.js';
import type { PackedArgument } from '../packed_argument.js';

/** Names and values looked up as environment variables. `process.env` itself is one; only needed names are read. */
export type Environment = object;

/** The answer of `@boundaryml/baml/native` to "which peer release does this behave as?". */
export declare function get_version(): string;
/** The level from which on the engine logs, in upper case: `OFF`, `ERROR`, `WARN`, `INFO`, `DEBUG` or `TRACE`. */
export declare function getLogLevel(): string;
/**
 * Sets the level from which on the engine logs: `off`, `error`, `warn`, `info`, `debug` or `trace`, in any case.
 *
 * @throws BamlInvalidArgumentError for any other
 */
export declare function setLogLevel(level: string): void;
/** Whether log lines are JSON objects instead of text. */
export declare function setLogJsonMode(useJson: boolean): void;
/** Cuts prompts and answers in log lines to this many characters; 0 for no limit. */
export declare function setLogMaxChunkLength(length: number): void;
/** Runs the command line tool with the arguments after `node`, and answers its exit code. */
export declare function invoke_runtime_cli(parameters: string[]): number;
/** Sets what makes the errors that the addon throws. Called once, by this package. @internal */
export declare function setErrorFactory(factory: (failure: Failure) => Error): void;
/** Sets what packs arguments for the addon. Called once, by this package. @internal */
export declare function setArgumentPacker(packer: (argument: object) => PackedArgument | null): void;
