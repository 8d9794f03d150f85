/**
 * Random calls and streams over random strategies, all at once, while members fail, hang, limit and answer nonsense: every
 * one ends in time, asks no more often than its plan says, and leaves nothing behind.
 */

import {
  BamlError,
  BamlRuntime,
  BamlStream,
  ClientRegistry,
  Collector,
  type RetryPolicy,
} from '@boundaryml/baml';
import type { LlmRequest, ReplyDetails } from '@boundaryml/baml/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

import { scriptedLlm } from './support/llm.js';

const SCENARIOS = 240;
const AT_ONCE = 10;
/** The limit of each call; members that hang would hold it for ever. */
const LIMIT_MS = 800;
/** How late a busy machine may notice that a time has passed. */
const SLACK_MS = 5000;

const FILES = {
  'main.baml': 'function Echo(text: string) -> string {\n  client "openai/m"\n  prompt #"{{ text }}"#\n}\n',
};

/** mulberry32: the same scenarios on every machine. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }
}

const BEHAVIOURS: readonly ReplyDetails[] = [
  {},
  {},
  { delayMs: 50 },
  { status: 503 },
  { status: 401 },
  { status: 429, retryAfter: 1 },
  { fault: 'hang' },
  { fault: 'hang-midway' },
  { fault: 'reset' },
  { fault: 'cut' },
  { fault: 'garbage' },
];

/** What each model of a scenario does is in its name: `0.4.7` does the first, the fifth and the eighth, in turn. */
const turns = new Map<string, number>();

const llm = scriptedLlm({
  reply: ({ model, prompt }) => {
    const turn = turns.get(model) ?? 0;
    turns.set(model, turn + 1);
    const [, ...script] = model.split('.').map(Number);
    return { text: `answer to ${prompt}`, ...BEHAVIOURS[script[turn % script.length]!] };
  },
});

interface Scenario {
  name: string;
  registry: ClientRegistry;
  streams: boolean;
}

const asText = (value: unknown): string => value as string;

function policy(dice: Dice): RetryPolicy {
  return {
    max_retries: dice.below(3),
    strategy: { type: dice.of(['constant_delay', 'exponential_backoff'] as const), delay_ms: dice.below(30) },
    jitter: dice.of(['none', 'tenth', 'full'] as const),
    max_retry_after_ms: 40,
  };
}

function scenario(seed: number): Scenario {
  const dice = new Dice(seed);
  const registry = new ClientRegistry();
  const names = ['A', 'B', 'C'];
  for (const name of names) {
    const script = Array.from({ length: 1 + dice.below(3) }, () => dice.below(BEHAVIOURS.length));
    const options = llm().options({
      model: [seed, ...script].join('.'),
      ...(dice.below(2) === 0 && { http: { request_timeout_ms: 80 } }),
    });
    registry.addLlmClient(name, 'openai', options, dice.below(2) === 0 ? policy(dice) : null);
  }
  for (let index = 0; index <= dice.below(3); index++) {
    const strategy = Array.from({ length: 1 + dice.below(3) }, () => dice.of(names));
    const provider = dice.of(['fallback', 'fallback', 'round-robin', 'weighted']);
    // With a key, the plan and the call come to the same arm.
    const options = { strategy, ...(provider === 'weighted' && { sticky_key: `user-${seed}` }) };
    registry.addLlmClient(`S${index}`, provider, options, dice.below(3) === 0 ? policy(dice) : null);
    names.push(`S${index}`);
  }
  const http = { total_timeout_ms: LIMIT_MS };
  registry.addLlmClient('Whole', 'fallback', { strategy: [names.at(-1)], http });
  registry.setPrimary('Whole');
  return { name: `call-${seed}`, registry, streams: dice.below(2) === 0 };
}

interface Ending {
  name: string;
  value?: string;
  error?: unknown;
  ms: number;
  worstCase: number;
  logged: number;
}

async function play(runtime: BamlRuntime, { name, registry, streams }: Scenario): Promise<Ending> {
  const context = runtime.createContextManager();
  const collector = new Collector(name);
  const worstCase = runtime.planFunction('Echo', context, registry, {}, {}).worstCaseRequests;
  // Preparing costs a test's build of the engine some time: whoever waits for an answer meanwhile gets it first.
  await sleep(1);
  const started = performance.now();
  const ending = await (streams ? stream() : call()).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  const ms = performance.now() - started;
  return { name, ...ending, ms, worstCase, logged: collector.last!.calls.length };

  async function call(): Promise<string> {
    const result = await runtime.callFunction(
      'Echo',
      { text: name },
      context,
      null,
      registry,
      [collector],
      {},
      {},
    );
    return result.parsed(false) as string;
  }

  function stream(): Promise<string> {
    const native = runtime.streamFunction(
      'Echo',
      { text: name },
      undefined,
      context,
      null,
      registry,
      [collector],
      {},
      {},
    );
    return new BamlStream<string, string>(native, asText, asText, context).getFinalResponse();
  }
}

test(
  'calls and streams over failing members end in time, and nothing of them stays',
  { timeout: 120_000 },
  async () => {
    const runtime = BamlRuntime.fromFiles('baml_src', FILES, {});
    const scenarios = Array.from({ length: SCENARIOS }, (_, seed) => scenario(seed));
    const endings: Ending[] = [];
    let next = 0;
    const workers = Array.from({ length: AT_ONCE }, async () => {
      while (next < SCENARIOS) endings.push(await play(runtime, scenarios[next++]!));
    });
    await Promise.all(workers);

    expect(endings).toHaveLength(SCENARIOS);
    const { requests } = llm();
    const asked = groupByPrompt(requests);
    let answered = 0;
    for (const { name, value, error, ms, worstCase, logged } of endings) {
      const sent = asked.get(name)?.length ?? 0;
      expect(ms, name).toBeLessThan(LIMIT_MS + SLACK_MS);
      expect(sent, name).toBeLessThanOrEqual(worstCase);
      expect(logged, name).toBeGreaterThanOrEqual(sent);
      expect(logged, name).toBeLessThanOrEqual(worstCase);
      if (error === undefined) {
        expect(value, name).toBe(`answer to ${name}`);
        answered++;
      } else {
        expect(error, name).toBeInstanceOf(BamlError);
      }
    }
    // The scenarios are as varied as they are meant to be.
    expect(answered).toBeGreaterThan(SCENARIOS / 10);
    expect(answered).toBeLessThan(SCENARIOS * 0.9);
    expect(requests.length).toBeGreaterThan(SCENARIOS);

    // Whoever hangs is hung up on, and no attempt is counted twice or forgotten.
    const hanging = requests.filter(({ model }) => hangs(model));
    expect(hanging.length).toBeGreaterThan(20);
    await expect.poll(() => hanging.filter((request) => !request.aborted)).toEqual([]);
    const counted = Object.values(runtime.health()).reduce((sum, client) => sum + client.requests, 0);
    expect(counted).toBe(endings.reduce((sum, ending) => sum + ending.logged, 0));
  },
);

function groupByPrompt(requests: readonly LlmRequest[]): Map<string, LlmRequest[]> {
  const groups = new Map<string, LlmRequest[]>();
  for (const request of requests)
    groups.set(request.prompt, [...(groups.get(request.prompt) ?? []), request]);
  return groups;
}

/** Whether every request for the model hangs. */
const hangs = (model: string): boolean =>
  model
    .split('.')
    .slice(1)
    .every((index) => BEHAVIOURS[Number(index)]!.fault?.startsWith('hang'));
