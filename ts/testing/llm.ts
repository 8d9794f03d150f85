/** The scripted LLM: a server on the loopback interface that answers as the script says. */

import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';

import { answer } from './answer.js';
import { isRecord } from './body.js';
import { clientOptions, TOKEN, TOKEN_PATH } from './client_options.js';
import { jsonOf } from './dialect.js';
import { dialectOf } from './dialects.js';
import { applies, settle, type LlmRequest, type Reply, type ReplyDetails, type Rule } from './reply.js';

/** The script of an LLM. */
export interface LlmScript {
  /** Looked through in order; the first that applies answers. */
  rules?: readonly Rule[];
  /** Answers what no rule does; of a list, one after the other, and the last one from then on. */
  reply?: Reply | readonly Reply[];
  /** Port to listen on; a free one unless given. */
  port?: number;
}

/** A rule, and how often it has answered. */
interface LiveRule {
  rule: Rule;
  answered: number;
}

/** A scripted LLM that listens. Make it with {@link startLlm}. */
export class Llm {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What clients take as `base_url`: the URL with `/v1`. */
  readonly baseUrl: string;

  readonly #server: Server;
  readonly #closing: AbortController;
  readonly #script: LlmScript;
  #rules: LiveRule[];
  #requests: LlmRequest[] = [];

  /** @internal */
  constructor(server: Server, script: LlmScript) {
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
    this.baseUrl = `${this.url}/v1`;
    this.#server = server;
    this.#closing = new AbortController();
    // Every answer that waits listens, however many there are.
    setMaxListeners(0, this.#closing.signal);
    this.#script = script;
    this.#rules = scripted(script);
    server.on('request', (incoming, response) => void this.#serve(incoming, response));
  }

  /** The requests that it saw, in the order in which they arrived. */
  get requests(): readonly LlmRequest[] {
    return this.#requests;
  }

  /** The last request. @throws Error when there was none */
  get lastRequest(): LlmRequest {
    const last = this.#requests.at(-1);
    if (!last) throw new Error('The scripted LLM has seen no request.');
    return last;
  }

  /**
   * Options for a client that asks here, as `addLlmClient` takes them: of the provider when one is named, and
   * otherwise of one that speaks OpenAI's chat completions.
   */
  options<T extends Record<string, unknown>>(more?: T): { base_url: string; api_key: string } & T;
  options<T extends Record<string, unknown>>(provider: string, more?: T): Record<string, unknown> & T;
  options(first?: string | Record<string, unknown>, more?: Record<string, unknown>): Record<string, unknown> {
    return typeof first === 'string'
      ? clientOptions(first, this.url, more)
      : clientOptions('openai', this.url, first);
  }

  /** Adds a rule before all others. */
  on(rule: Rule): this {
    this.#rules.unshift({ rule, answered: 0 });
    return this;
  }

  /** Forgets the requests and the rules added since the start, and begins the script anew. */
  reset(): void {
    this.#requests = [];
    this.#rules = scripted(this.#script);
  }

  /** Stops listening and hangs up on whoever still waits. */
  async close(): Promise<void> {
    this.#closing.abort();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const request = await receive(incoming);
      if (request.path === TOKEN_PATH) return giveToken(response);
      response.once('close', () => {
        request.aborted ||= !response.writableFinished;
      });
      this.#requests.push(request);
      await answer(request, await this.#replyTo(request), response, this.#closing.signal);
    } catch (error) {
      // The caller hung up, the server closes, or a function of the script threw: only the last can still be told.
      if (!response.headersSent && !response.destroyed) {
        response
          .writeHead(500, { 'content-type': 'text/plain' })
          .end(`The script of the LLM failed: ${String(error)}`);
      }
    }
  }

  async #replyTo(request: LlmRequest): Promise<ReplyDetails> {
    const live = this.#rules.find(({ rule }) => applies(rule, request));
    if (!live) return unscripted(request);
    const turn = live.answered++;
    const { reply } = live.rule;
    if (!isSequence(reply)) return settle(reply, request);
    const next = reply[Math.min(turn, reply.length - 1)];
    return next === undefined ? unscripted(request) : settle(next, request);
  }
}

/**
 * Starts a scripted LLM on the loopback interface.
 *
 * @param script what it answers; a text, a reply or a list of replies stands for a script with just that
 */
export async function startLlm(script: LlmScript | Reply | readonly Reply[] = {}): Promise<Llm> {
  const whole = asScript(script);
  const server = createServer({ keepAliveTimeout: 60_000 });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(whole.port ?? 0, '127.0.0.1', resolve);
  });
  return new Llm(server, whole);
}

function asScript(script: LlmScript | Reply | readonly Reply[]): LlmScript {
  if (typeof script === 'string' || typeof script === 'function' || isSequence(script))
    return { reply: script };
  const isScript =
    'rules' in script || 'reply' in script || 'port' in script || Object.keys(script).length === 0;
  return isScript ? (script as LlmScript) : { reply: script as ReplyDetails };
}

function scripted(script: LlmScript): LiveRule[] {
  const rules = [...(script.rules ?? [])];
  if (script.reply !== undefined) rules.push({ reply: script.reply });
  return rules.map((rule) => ({ rule, answered: 0 }));
}

function isSequence(value: unknown): value is readonly Reply[] {
  return Array.isArray(value);
}

/** Not a question to the model, so that it is neither scripted nor counted. */
function giveToken(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(TOKEN));
}

/** Tells the author of the test what is missing: errors of a call carry the body. */
function unscripted({ model, prompt }: LlmRequest): ReplyDetails {
  const start = prompt.length > 80 ? `${prompt.slice(0, 80)}…` : prompt;
  return {
    status: 404,
    text: `The script of the LLM has no reply for model "${model}" and a prompt that begins "${start}".`,
  };
}

async function receive(incoming: IncomingMessage): Promise<LlmRequest> {
  const body = await text(incoming);
  const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://127.0.0.1');
  const json = jsonOf(body);
  const dialect = dialectOf(pathname);
  const asked = isRecord(json) ? dialect.read(json, pathname) : { model: '', prompt: body, stream: false };
  return {
    time: Date.now(),
    method: incoming.method ?? 'GET',
    path: pathname,
    query: Object.fromEntries(searchParams),
    headers: incoming.headers,
    text: body,
    body: json,
    dialect: dialect.name,
    ...asked,
    aborted: false,
  };
}
