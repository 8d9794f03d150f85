/** The options of a call: what they are, which names they have, and how those of `withOptions` and of the call stack. */

import { BamlAbortError, BamlInvalidArgumentError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { Alignment, ClientRegistry, Collector, FunctionLog, TypeBuilder } from '../native_contract.js';
import native = require('../native.js');

/** Options that every kind of call takes. */
export interface ParseOptions {
  /** Types added or extended at run time: the generated client's `TypeBuilder`. */
  tb?: { __tb(): TypeBuilder } | null | undefined;
  /** LLM clients laid over those of the `.baml` files. */
  clientRegistry?: ClientRegistry | null | undefined;
  /** Which client answers: one of the registry, of the `.baml` files, or `provider/model`. Wins over the registry's primary. */
  client?: string | null | undefined;
  /** Laid over `process.env` for this call; `undefined` takes a variable away. */
  env?: Record<string, string | undefined> | null | undefined;
  /** Of `b.parse`: told what was done to the text to make it fit. Calls have it in the Collector's log. */
  onAlignment?: ((alignment: Alignment) => void) | null | undefined;
}

/**
 * Options of `b.request`, `b.streamRequest` and `b.plan`. The provider is not asked, so those about its answer have no
 * effect; `signal` ends the wait for media and credentials that `b.request` may need.
 */
export interface RequestOptions extends CallOptions {}

/** Options of a call. */
export interface CallOptions extends ParseOptions {
  /** Collects what happens: attempts, requests, answers, tokens, times. */
  collector?: Collector | Collector[] | null | undefined;
  /** Carried by the call's log. */
  tags?: Record<string, string> | null | undefined;
  /** Ends the call with a `BamlAbortError` when it aborts. */
  signal?: AbortSignal | null | undefined;
  /** Called as the answer grows; the call is then streamed. */
  onTick?: ((reason: 'Unknown', log: FunctionLog | null) => void) | null | undefined;
  /** Accepted for clients of the peer; without effect in functions that have a prompt. */
  watchers?: object | null | undefined;
}

const NAMES: readonly (keyof CallOptions)[] = [
  'tb',
  'clientRegistry',
  'client',
  'collector',
  'env',
  'tags',
  'signal',
  'onAlignment',
  'onTick',
  'watchers',
];

/** Names that other clients use for the same thing. */
const OTHER_WORDS: Readonly<Record<string, keyof CallOptions>> = {
  abortController: 'signal',
  abortSignal: 'signal',
  client_registry: 'clientRegistry',
  registry: 'clientRegistry',
  collectors: 'collector',
  model: 'client',
  typeBuilder: 'tb',
};

/** @throws BamlInvalidArgumentError for the first name that is not an option */
export function checkNames(options: object): void {
  for (const name in options) {
    if (!(NAMES as readonly string[]).includes(name)) throw unknownOption(name);
  }
}

function unknownOption(name: string): BamlInvalidArgumentError {
  const meant = (Object.hasOwn(OTHER_WORDS, name) ? OTHER_WORDS[name] : undefined) ?? nearest(name, NAMES);
  const help = meant === undefined ? undefined : `Did you mean \`${meant}\`?`;
  const valid = `Options are: ${NAMES.join(', ')}.`;
  const message = `\`${name}\` is not an option of a call.`;
  return new BamlInvalidArgumentError([message, help, valid].filter(Boolean).join(' '), {
    problems: [{ path: name, message, help: help ?? valid }],
  });
}

/** The options of a call over those of `withOptions`: `env` and `tags` merge by name, the rest is replaced when given. */
export function stack(base: CallOptions, added: CallOptions | null | undefined): CallOptions {
  if (!added) return base;
  checkNames(added);
  const stacked: Record<string, unknown> = { ...base };
  for (const name of NAMES) {
    if (added[name] != null) stacked[name] = added[name];
  }
  if (base.env && added.env) stacked['env'] = { ...base.env, ...added.env };
  if (base.tags && added.tags) stacked['tags'] = { ...base.tags, ...added.tags };
  return stacked as CallOptions;
}

/** The registry for the addon. `client` chooses in a copy: the caller's registry stays as it is. */
export function registryOf(options: CallOptions): ClientRegistry | undefined {
  const registry = options.clientRegistry ?? undefined;
  if (registry && !(registry instanceof native.ClientRegistry))
    throw notA('clientRegistry', 'a ClientRegistry');
  if (options.client == null || options.client === '') return registry;
  if (typeof options.client !== 'string') throw notA('client', 'the name of a client');
  return (registry ?? new native.ClientRegistry()).withPrimary(options.client);
}

export function collectorsOf({ collector }: CallOptions): Collector[] {
  if (collector == null) return [];
  const collectors = Array.isArray(collector) ? collector : [collector];
  if (!collectors.every((each) => each instanceof native.Collector)) {
    throw notA('collector', 'a Collector, or a list of them');
  }
  return collectors;
}

export function typeBuilderOf({ tb }: CallOptions): TypeBuilder | undefined {
  if (tb == null) return undefined;
  if (typeof tb.__tb !== 'function') throw notA('tb', 'a TypeBuilder of the generated client');
  return tb.__tb();
}

/** @throws BamlAbortError with the signal's reason */
export function throwIfAborted({ signal }: CallOptions): void {
  if (signal == null) return;
  if (typeof signal.addEventListener !== 'function')
    throw notA('signal', 'an AbortSignal, as in `controller.signal`');
  if (signal.aborted) throw new BamlAbortError('Operation was aborted', signal.reason);
}

function notA(option: keyof CallOptions, wanted: string): BamlInvalidArgumentError {
  const message = `The option \`${option}\` must be ${wanted}.`;
  return new BamlInvalidArgumentError(message, { problems: [{ path: option, message }] });
}
