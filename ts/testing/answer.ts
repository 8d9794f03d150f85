/** One answer on its way out: status, headers, body or events, and everything that is made to go wrong. */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import { isUint8Array } from 'node:util/types';

import { compressed } from './compression.js';
import type { Dialect, Failure, Part } from './dialect.js';
import { dialectOf } from './dialects.js';
import { textOf, type LlmRequest, type ReplyDetails } from './reply.js';

const GARBAGE =
  '<!doctype html>\n<title>Welcome</title>\n<p>This is not the service that you are looking for.\n';

/** What goes out: a body whose length is told before, or one that grows, as the parts to be written one after the other. */
interface Outgoing {
  contentType: string;
  parts: Uint8Array[];
  grows?: boolean;
  headers?: Record<string, string>;
}

/** Sends the answer. Rejects when `closing` aborts meanwhile. */
export async function answer(
  request: LlmRequest,
  reply: ReplyDetails,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  const wait = (ms: number | undefined): Promise<void> | undefined =>
    ms ? sleep(ms, undefined, { signal: closing }) : undefined;
  await wait(reply.delayMs);
  if (reply.fault === 'reset') return reset(response);
  if (reply.fault === 'hang') return;

  const whole = outgoing(request, reply);
  const parts = reply.encoding ? await compressed(whole.parts, reply.encoding) : whole.parts;
  const sent = isMidway(reply) ? firstHalf(parts) : parts;
  response.writeHead(reply.status ?? 200, {
    'content-type': whole.contentType,
    ...(reply.encoding ? { 'content-encoding': reply.encoding } : {}),
    // A body torn off is only noticed as such when its length was announced; one that is cut is as long as it says.
    ...(whole.grows ? {} : { 'content-length': byteLength(reply.fault === 'cut' ? sent : parts) }),
    ...whole.headers,
    ...reply.headers,
  });
  response.flushHeaders();
  await wait(reply.firstByteDelayMs);

  for (const [index, part] of sent.entries()) {
    if (index > 0) await wait(reply.chunkDelayMs);
    await write(response, part, reply.writeBytes);
    if (response.destroyed) return;
  }
  if (reply.fault === 'hang-midway') return;
  if (reply.fault === 'reset-midway') return reset(response);
  response.end();
}

function isMidway({ fault }: ReplyDetails): boolean {
  return fault === 'reset-midway' || fault === 'hang-midway' || fault === 'cut';
}

function outgoing(request: LlmRequest, reply: ReplyDetails): Outgoing {
  const dialect = dialectOf(request.path);
  const status = reply.status ?? 200;
  if (reply.fault === 'garbage') return { contentType: 'text/html', parts: [Buffer.from(GARBAGE)] };
  if (reply.fault === 'empty') return { contentType: 'application/json', parts: [] };
  if (reply.body !== undefined) return scripted(reply.body);
  if (status < 200 || status > 299) {
    const failure = failureOf(reply, status, textOf(reply) || `Scripted status ${status}`);
    return { ...json(dialect.error(failure)), headers: dialect.headers(reply.requestId, failure) };
  }
  const headers = dialect.headers(reply.requestId, undefined);
  if (request.stream) return { ...streamed(dialect, reply, request), headers };
  const fails = reply.fault === 'error-midway';
  return { ...json(fails ? dialect.error(midway(reply)) : dialect.whole(reply, request)), headers };
}

function scripted(body: unknown): Outgoing {
  // Not `instanceof`: jest gives its tests a class of bytes of their own.
  if (isUint8Array(body)) return { contentType: 'application/octet-stream', parts: [body] };
  if (typeof body !== 'string') return json(body);
  return { contentType: 'text/plain; charset=utf-8', parts: [Buffer.from(body)] };
}

function streamed(dialect: Dialect, reply: ReplyDetails, request: LlmRequest): Outgoing {
  const events = Array.from(dialect.events(reply, request), bytesOf);
  const fails = reply.fault === 'error-midway';
  const parts = fails ? [...firstHalf(events), bytesOf(dialect.errorEvent(midway(reply), request))] : events;
  return { contentType: dialect.streamType(request), parts, grows: true };
}

/** A failure that begins when the status has been told. */
function midway(reply: ReplyDetails): Failure {
  return failureOf(reply, 500, 'Scripted error');
}

function failureOf(reply: ReplyDetails, status: number, message: string): Failure {
  const { error = {}, requestId, retryAfter } = reply;
  return {
    status,
    message: error.message ?? message,
    type: error.type,
    code: error.code,
    requestId,
    retryAfter,
  };
}

function json(value: unknown): Outgoing {
  return { contentType: 'application/json', parts: [Buffer.from(JSON.stringify(value))] };
}

function bytesOf(part: Part): Uint8Array {
  return typeof part === 'string' ? Buffer.from(part) : part;
}

function byteLength(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** The first half: of the parts of a stream, or of the bytes of a body. */
function firstHalf(parts: readonly Uint8Array[]): Uint8Array[] {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return [only.subarray(0, only.length / 2)];
  return parts.slice(0, Math.ceil(parts.length / 2));
}

async function write(
  response: ServerResponse,
  bytes: Uint8Array,
  bytesAtATime: number | undefined,
): Promise<void> {
  const step = bytesAtATime && bytesAtATime > 0 ? bytesAtATime : bytes.length;
  for (let start = 0; start < bytes.length; start += step) {
    const flowing = response.write(bytes.subarray(start, start + step));
    if (!flowing && !response.destroyed)
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    // Lets the piece leave alone instead of being joined with the next.
    if (step < bytes.length) await turn();
  }
}

/** Ends the connection with a reset, as a crashing server or a proxy does. */
function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
