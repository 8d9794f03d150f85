/**
 * What `console.log` shows of the native classes: their getters, which it would not call by itself. No secret is shown:
 * of requests and replies, which may carry some, no header and no body.
 */

import type * as contract from './native_contract.js';

/** As much of Node's options as is used here. */
interface InspectOptions {
  stylize: (text: string, style: 'special') => string;
}

type Inspect = (value: unknown, options: object) => string;

const CUSTOM = Symbol.for('nodejs.util.inspect.custom');

/** Gives a class the words or the fields that are shown of it after its name. */
function show<T extends object>(
  shownClass: { prototype: T },
  name: string,
  contents: (instance: T) => string | object,
): void {
  Object.defineProperty(shownClass.prototype, CUSTOM, {
    value(this: T, depth: number | null, options: InspectOptions, inspect: Inspect) {
      const shown = contents(this);
      if (typeof shown === 'string') return `${name} ${shown}`;
      if (depth !== null && depth < 0) return options.stylize(`[${name}]`, 'special');
      // What is left of the depth here; `options` has that of the whole.
      return `${name} ${inspect(shown, { ...options, depth })}`;
    },
    writable: true,
    configurable: true,
  });
}

/** The fields that have a value. */
function known(fields: Record<string, unknown>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}

function fieldsOf(call: contract.LlmCall | contract.LlmStreamCall): object {
  const { clientName, provider, selected, status, reason, arms, kind, error } = call;
  const { timing, usage, reasoning, httpRequest, httpResponse } = call;
  const chosen = arms.length > 0 ? { arms } : {};
  const about = { clientName, provider, selected, reason, ...chosen, status, kind, error };
  return known({ ...about, timing, usage, reasoning, httpRequest, httpResponse });
}

const time = ({ startTimeUtcMs, durationMs }: contract.Timing | contract.StreamTiming): string =>
  `start: ${new Date(startTimeUtcMs).toISOString()}, durationMs: ${durationMs}`;

const bytes = (body: contract.HttpBody): string => `${body.raw().byteLength} bytes`;

/** Makes the classes show what is in them. */
export function showContents(addon: typeof contract): void {
  Object.defineProperty(addon.ClientRegistry.prototype, CUSTOM, {
    value(this: contract.ClientRegistry, _depth: number, options: object, inspect: Inspect) {
      return `ClientRegistry ${this.isFrozen ? '(frozen) ' : ''}${inspect(this.toJSON(), { ...options, depth: 6 })}`;
    },
  });
  show(addon.Collector, 'Collector', ({ logs, usage }) => ({ logs, usage }));
  show(addon.FunctionLog, 'FunctionLog', (log) => {
    const { id, functionName, logType, timing, usage, calls, rawLlmResponse, reasoning, tags } = log;
    return known({ id, functionName, logType, timing, usage, calls, rawLlmResponse, reasoning, tags });
  });
  show(addon.LlmCall, 'LlmCall', fieldsOf);
  show(addon.LlmStreamCall, 'LlmStreamCall', fieldsOf);
  show(addon.Usage, 'Usage', ({ inputTokens, outputTokens, cachedInputTokens }) => {
    const cached = cachedInputTokens === null ? '' : `, cachedInputTokens: ${cachedInputTokens}`;
    return `{ inputTokens: ${inputTokens}, outputTokens: ${outputTokens}${cached} }`;
  });
  show(addon.Timing, 'Timing', (timing) => `{ ${time(timing)} }`);
  show(addon.StreamTiming, 'StreamTiming', (timing) => {
    return `{ ${time(timing)}, timeToFirstTokenMs: ${timing.timeToFirstTokenMs} }`;
  });
  show(addon.HttpRequest, 'HttpRequest', ({ method, url, headers, body }) => {
    // The query of a URL may hold a key; a base URL may, too, where one was put before the host.
    const { origin, pathname, search } = new URL(url);
    const query = search === '' ? '' : '?…';
    return `{ ${method} ${origin}${pathname}${query}, headers: ${Object.keys(headers).join(', ')}, body: ${bytes(body)} }`;
  });
  show(addon.HttpResponse, 'HttpResponse', ({ status, body }) => `{ ${status}, body: ${bytes(body)} }`);
  show(addon.HttpBody, 'HttpBody', (body) => `{ ${bytes(body)} }`);
  show(addon.SseResponse, 'SseResponse', ({ text }) => ({ text }));
}
