/** `b.plan.F`: what a call would do, before anything is sent. */

import { BamlInvalidArgumentError, ClientRegistry, type Plan, type PlanAttempt } from '@boundaryml/baml';
import { afterEach, expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { b as blocking } from './projects/main/baml_client/sync_client.js';
import { asking, scriptedLlm } from './support/llm.js';

const SECRET = 'canary-8c1f';
const llm = scriptedLlm({ reply: (request) => request.model });

// No plan asks anybody.
afterEach(() => expect(llm().requests).toHaveLength(0));

const who = (plan: Plan): string[] => plan.attempts.map((attempt) => `${attempt.client}: ${attempt.reason}`);

/** The only attempt of a plan. */
function only({ attempts }: Plan): PlanAttempt {
  const [attempt, ...others] = attempts;
  expect(others).toEqual([]);
  return attempt!;
}

test('the client of the function, and all that is known of the attempt', () => {
  const plan = b.plan.Echo('x');
  expect(plan).toMatchObject({
    client: 'Standard',
    provider: 'openai',
    worstCaseRequests: 1,
    complete: true,
  });
  expect(only(plan)).toEqual({
    client: 'Standard',
    provider: 'openai',
    model: 'standard',
    url: `${llm().baseUrl}/chat/completions`,
    origin: 'program',
    reason: 'first',
    delayMs: { shortest: 0, longest: 0 },
    timeouts: {},
    limits: [],
    arms: [],
    restartStream: true,
    problems: [],
    options: [
      { name: 'model', value: 'standard', origin: 'program' },
      { name: 'base_url', value: { env: 'TEST_BASE_URL' }, origin: 'program' },
      { name: 'api_key', value: { env: 'TEST_KEY' }, origin: 'program' },
      { name: 'default_role', value: 'system', origin: 'default' },
    ],
  });
});

test('the attempts of a fallback in order, with retries, waits and limits', () => {
  const registry = new ClientRegistry();
  registry.addLlmClient(
    'Patient',
    'openai',
    llm().options({ model: 'p', http: { request_timeout_ms: 1500 } }),
    {
      max_retries: 2,
      strategy: { type: 'exponential_backoff', delay_ms: 100, multiplier: 3, max_delay_ms: 1000 },
      jitter: 'none',
    },
  );
  registry.addLlmClient('Both', 'fallback', {
    strategy: ['Patient', 'Premium'],
    http: { total_timeout_ms: 9000 },
  });
  const plan = b.plan.Echo('x', { clientRegistry: registry, client: 'Both' });
  expect(plan).toMatchObject({ client: 'Both', provider: 'fallback', worstCaseRequests: 4, complete: true });
  expect(who(plan)).toEqual([
    'Patient: first',
    'Patient: retry 1',
    'Patient: retry 2',
    'Premium: next of Both',
  ]);
  expect(plan.attempts.map((attempt) => attempt.delayMs)).toEqual([
    { shortest: 0, longest: 0 },
    { shortest: 100, longest: 100 },
    { shortest: 300, longest: 300 },
    { shortest: 0, longest: 0 },
  ]);
  expect(plan.attempts[0]).toMatchObject({
    origin: 'registry',
    timeouts: { requestTimeoutMs: 1500 },
    limits: [{ client: 'Both', totalTimeoutMs: 9000 }],
  });
  expect(plan.attempts[3]).toMatchObject({ origin: 'program', model: 'premium' });
});

test('a plan that is too long to show says how many requests there are', () => {
  const registry = new ClientRegistry();
  registry.addLlmClient('Often', 'openai', llm().options({ model: 'o' }), { max_retries: 500 });
  const plan = b.plan.Echo('x', { clientRegistry: registry, client: 'Often' });
  expect(plan).toMatchObject({ worstCaseRequests: 501, complete: false });
  expect(plan.attempts).toHaveLength(100);
});

test('a registry overrides, in the function’s own client and as primary', () => {
  const registry = new ClientRegistry();
  registry.addLlmClient('Standard', 'openai', llm().options({ model: 'override' }));
  expect(only(b.plan.Echo('x', { clientRegistry: registry }))).toMatchObject({
    client: 'Standard',
    model: 'override',
    origin: 'registry',
  });
  expect(only(b.plan.Echo('x', { clientRegistry: asking(llm(), 'mine') })).model).toBe('mine');
  expect(only(b.plan.Echo('x')).model).toBe('standard');
});

test('`client` chooses, of the .baml files and as a shorthand, and leaves the registry as it was', () => {
  const registry = asking(llm(), 'mine');
  expect(b.plan.Echo('x', { clientRegistry: registry, client: 'Premium' }).client).toBe('Premium');
  expect(registry.primary).toBe('Mine');
  expect(only(b.plan.Echo('x', { client: 'openai/gpt-4o', env: { OPENAI_API_KEY: 'k' } }))).toMatchObject({
    model: 'gpt-4o',
    origin: 'shorthand',
    problems: [],
  });
});

test('`withOptions` holds for plans, and the call’s own options win', () => {
  const premium = b.withOptions({ client: 'Premium' });
  expect(premium.plan.Echo('x').client).toBe('Premium');
  expect(premium.plan.Echo('x', { client: 'Stubborn' }).client).toBe('Stubborn');
  expect(b.plan.Echo('x').client).toBe('Standard');
});

test('the synchronous client plans the same', () => {
  expect(blocking.plan.Echo('x', { client: 'Stubborn' })).toEqual(b.plan.Echo('x', { client: 'Stubborn' }));
  expect(who(blocking.withOptions({ client: 'Backup' }).plan.Echo('x'))).toEqual([
    'Standard: first',
    'Premium: next of Backup',
  ]);
});

test('a variable that is not set is a problem of the attempt, not of the plan', () => {
  const attempt = only(b.plan.Echo('x', { env: { TEST_KEY: undefined } }));
  expect(attempt.problems).toEqual([expect.stringContaining('TEST_KEY')]);
  const elsewhere = only(b.plan.Echo('x', { env: { TEST_BASE_URL: 'https://elsewhere.test/v1' } }));
  expect(elsewhere.url).toBe('https://elsewhere.test/v1/chat/completions');
});

test('tags decide where a weighted client does', () => {
  const registry = new ClientRegistry();
  for (const name of ['A', 'B']) registry.addLlmClient(name, 'openai', llm().options({ model: name }));
  registry.addLlmClient('Split', 'weighted', {
    strategy: [
      { client: 'A', weight: 1 },
      { client: 'B', weight: 1 },
    ],
    sticky_key: { tag: 'user' },
  });
  const arm = (user: string): unknown =>
    b.plan.Echo('x', { clientRegistry: registry, client: 'Split', tags: { user } }).attempts[0]?.arms;
  const users = Array.from({ length: 20 }, (_, index) => `user ${index}`);
  const arms = users.map(arm);
  expect(users.map(arm)).toEqual(arms);
  for (const member of ['A', 'B']) expect(arms).toContainEqual([{ strategy: 'Split', member, sticky: true }]);
});

test('a round-robin stays where it is', () => {
  for (let plan = 0; plan < 3; plan++)
    expect(b.plan.Echo('x', { client: 'Turns' }).attempts[0]?.client).toBe('Standard');
});

test('a call does what its plan says', async () => {
  llm().on({ model: 'standard', reply: { status: 500 } });
  llm().on({ model: 'stubborn', reply: { status: 429 } });
  const registry = new ClientRegistry();
  registry.addLlmClient('All', 'fallback', { strategy: ['Stubborn', 'Turns', 'Premium'] });
  const options = { clientRegistry: registry, client: 'All' };
  const plan = b.plan.Echo('x', options);
  expect(plan.worstCaseRequests).toBe(plan.attempts.length);
  expect(await b.Echo('x', options)).toBe('premium');
  const planned = plan.attempts.map((attempt) => attempt.model);
  const asked = llm().requests.map((request) => request.model);
  expect(asked).toEqual(planned.slice(0, asked.length));
  expect(asked).toEqual(['stubborn', 'stubborn', 'stubborn', 'standard', 'premium']);
  // The round-robin has moved on by the call.
  expect(b.plan.Echo('x', { client: 'Turns' }).attempts[0]?.client).toBe('Premium');
  llm().reset();
});

test('no secret is in a plan', () => {
  const registry = new ClientRegistry();
  registry.addLlmClient('Mine', 'openai-generic', {
    model: 'm',
    base_url: `https://me:${SECRET}@llm.test/v1?key=${SECRET}`,
    api_key: `sk-${SECRET}`,
    headers: { 'x-api-key': SECRET },
    query_params: { token: SECRET },
  });
  registry.addLlmClient('Both', 'fallback', { strategy: ['Mine', 'Standard'] });
  const text = JSON.stringify(
    b.plan.Echo(SECRET, { clientRegistry: registry, client: 'Both', env: { TEST_KEY: SECRET } }),
  );
  expect(text).toContain('llm.test');
  expect(text).not.toContain(SECRET);
});

test('a plan is plain data', () => {
  const plan = b.plan.Echo('x', { client: 'Stubborn' });
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  expect(structuredClone(plan)).toEqual(plan);
});

test('an unknown client is an error that names the nearest', () => {
  expect(() => b.plan.Echo('x', { client: 'Premum' })).toThrow(BamlInvalidArgumentError);
  expect(() => b.plan.Echo('x', { client: 'Premum' })).toThrow(/`Premum`[^]*`Premium`/);
});

test('an unknown option is an error that names the nearest', () => {
  // @ts-expect-error misspelt
  expect(() => b.plan.Echo('x', { clientRegistri: new ClientRegistry() })).toThrow(/`clientRegistry`/);
});
