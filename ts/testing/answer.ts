/** One answer on its way out: status, headers, body or events, and everything that is made to go wrong. */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import { pieces } from './dialect.js';
import { dialectOf } from './dialects.js';
import { textOf, type LlmRequest, type ReplyDetails } from './reply.js';

const GARBAGE =
  '<!doctype html>\n<title>Welcome</title>\n<p>This is not the service that you are looking for.\n';

/** What goes out: a body, or the events of a stream, as the parts to be written one after the other. */
interface Outgoing {
  contentType: string;
  parts: string[];
}

/** Sends the answer. Rejects when `closing` aborts meanwhile. */
export async function answer(
  request: LlmRequest,
  reply: ReplyDetails,
  response: ServerResponse,
  closing: AbortSignal,
): Promise<void> {
  if (reply.delayMs) await sleep(reply.delayMs, undefined, { signal: closing });
  if (reply.fault === 'reset') return reset(response);
  if (reply.fault === 'hang') return;

  const { contentType, parts } = outgoing(request, reply);
  const headers: Record<string, string> = { 'content-type': contentType, ...reply.headers };
  // A body cut short is only noticed as such when its length was announced.
  if (contentType !== 'text/event-stream') headers['content-length'] ??= String(byteLength(parts));
  response.writeHead(reply.status ?? 200, headers);
  response.flushHeaders();

  const midway = reply.fault === 'reset-midway' || reply.fault === 'hang-midway';
  const sent = midway ? firstHalf(parts) : parts;
  for (const [index, part] of sent.entries()) {
    if (index > 0 && reply.chunkDelayMs) await sleep(reply.chunkDelayMs, undefined, { signal: closing });
    await write(response, part, reply.writeBytes);
    if (response.destroyed) return;
  }
  if (reply.fault === 'hang-midway') return;
  if (reply.fault === 'reset-midway') return reset(response);
  response.end();
}

function outgoing(request: LlmRequest, reply: ReplyDetails): Outgoing {
  const dialect = dialectOf(request.path);
  const status = reply.status ?? 200;
  if (reply.fault === 'garbage') return { contentType: 'text/html', parts: [GARBAGE] };
  if (reply.fault === 'empty') return { contentType: 'application/json', parts: [] };
  if (reply.body !== undefined) {
    return typeof reply.body === 'string'
      ? { contentType: 'text/plain; charset=utf-8', parts: [reply.body] }
      : json(reply.body);
  }
  if (status < 200 || status > 299)
    return json(dialect.error(status, textOf(reply) || `Scripted status ${status}`));
  if (!request.stream) return json(dialect.whole(reply, request));
  const events = dialect.events(reply, request, pieces(textOf(reply), reply.chunkSize));
  return { contentType: 'text/event-stream', parts: Array.from(events, (data) => `data: ${data}\n\n`) };
}

function json(value: unknown): Outgoing {
  return { contentType: 'application/json', parts: [JSON.stringify(value)] };
}

function byteLength(parts: readonly string[]): number {
  return parts.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
}

/** The first half: of the parts of a stream, or of the characters of a body. */
function firstHalf(parts: readonly string[]): string[] {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return [only.slice(0, only.length / 2)];
  return parts.slice(0, Math.ceil(parts.length / 2));
}

async function write(
  response: ServerResponse,
  part: string,
  bytesAtATime: number | undefined,
): Promise<void> {
  const bytes = Buffer.from(part);
  const step = bytesAtATime && bytesAtATime > 0 ? bytesAtATime : bytes.length;
  for (let start = 0; start < bytes.length; start += step) {
    const flowing = response.write(bytes.subarray(start, start + step));
    if (!flowing && !response.destroyed)
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
    // Lets the piece leave alone instead of being joined with the next.
    if (step < bytes.length) await sleep(0);
  }
}

/** Ends the connection with a reset, as a crashing server or a proxy does. */
function reset(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}
