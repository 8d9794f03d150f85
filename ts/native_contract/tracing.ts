/** Traced calls, and the events that tell of them. */

import type { Environment } from './process.js';
import type { BamlRuntime } from './runtime.js';

export declare class RuntimeContextManager {
  private constructor();
  upsertTags(tags: Record<string, unknown>): void;
  deepClone(): RuntimeContextManager;
  contextDepth(): number;
}

/** A traced piece of a program. */
export declare class BamlSpan {
  private constructor();
  // oxlint-disable-next-line typescript/no-misused-new -- generated clients and the peer call it so
  static new(
    runtime: BamlRuntime,
    functionName: string,
    args: Record<string, unknown>,
    ctx: RuntimeContextManager,
    envVars?: Environment | null,
  ): BamlSpan;
  finish(result: unknown, ctx: RuntimeContextManager, envVars?: Environment | null): unknown;
}

export declare class TraceStats {
  private constructor();
  get failed(): number;
  get started(): number;
  get finalized(): number;
  get submitted(): number;
  get sent(): number;
  get done(): number;
  toJson(): string;
}

export interface LogEventMetadata {
  eventId: string;
  parentId?: string;
  rootEventId: string;
}

export interface BamlLogEvent {
  metadata: LogEventMetadata;
  prompt?: string;
  rawOutput?: string;
  /** The value, as JSON text. */
  parsedOutput?: string;
  startTime: string;
}
