/** Many calls at once over one registry, while providers fail and the registry changes. */

import { BamlAbortError, ClientRegistry } from '@boundaryml/baml';
import { expect, test } from 'vitest';

import { b } from './projects/main/baml_client/index.js';
import { failure, scriptedLlm } from './support/llm.js';

const llm = scriptedLlm({ reply: ({ model, prompt }) => `${model} ${prompt}` });

const count = <T>(values: readonly T[]): Map<T, number> => {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

/** Takes turns between three arms of a provider and a reserve each. */
function threeArms(): ClientRegistry {
  const registry = new ClientRegistry();
  registry.addLlmClient('Reserve', 'openai', llm().options({ model: 'reserve' }));
  for (const name of ['A', 'B', 'C']) {
    registry.addLlmClient(`Main${name}`, 'openai', llm().options({ model: name.toLowerCase() }));
    registry.addLlmClient(name, 'fallback', { strategy: [`Main${name}`, 'Reserve'] });
  }
  registry.addLlmClient('Turns', 'round-robin', { strategy: ['A', 'B', 'C'] });
  registry.setPrimary('Turns');
  return registry;
}

test('a thousand calls, a third of the providers failing: none lost, none twice, turns even', async () => {
  llm().on({ model: 'c', reply: { status: 503 } });
  const registry = threeArms();
  const names = Array.from({ length: 1000 }, (_, index) => `call-${index}`);
  const calls = names.map((name) => b.Echo(name, { clientRegistry: registry }));
  // Calls under way do not see this.
  for (const client of registry.clients) registry.remove(client.name);

  const answers = await Promise.all(calls);
  for (const [index, answer] of answers.entries()) {
    expect(answer.endsWith(` ${names[index]}`)).toBe(true);
  }
  const byModel = count(llm().requests.map((request) => request.model));
  for (const model of ['a', 'b', 'c']) {
    expect(byModel.get(model)).toBeGreaterThanOrEqual(333);
    expect(byModel.get(model)).toBeLessThanOrEqual(334);
  }
  expect(byModel.get('reserve')).toBe(byModel.get('c'));
  const answered = llm().requests.filter((request) => request.model !== 'c');
  expect(count(answered.map((request) => request.prompt)).size).toBe(1000);
  expect(answered).toHaveLength(1000);
});

test('`client` beside a registry is for its call, however many there are, and leaves no trace', async () => {
  const registry = threeArms();
  const before = JSON.stringify(registry);
  const names = Array.from({ length: 300 }, (_, index) => `call-${index}`);
  const calls = names.map(async (name, index) => {
    const client = [undefined, 'MainA', 'MainB'][index % 3];
    expect(await b.Echo(name, { clientRegistry: registry, client })).toMatch(new RegExp(` ${name}$`));
  });
  registry.setPrimary('MainC');
  await Promise.all(calls);
  registry.setPrimary('Turns');
  expect(JSON.stringify(registry)).toBe(before);

  const models = new Map(llm().requests.map((request) => [request.prompt, request.model]));
  const chosen = names.filter((_, index) => index % 3 !== 0);
  expect(chosen.every((name) => models.get(name) === (Number(name.slice(5)) % 3 === 1 ? 'a' : 'b'))).toBe(
    true,
  );
  // The calls without `client` began before the primary was another one: they take turns.
  const turns = count(names.filter((_, index) => index % 3 === 0).map((name) => models.get(name)));
  expect([...turns.values()].toSorted()).toEqual([33, 33, 34]);
});

test('calls, streams, and streams that are left, all at once', async () => {
  llm()
    .on({
      when: (request) => request.stream,
      reply: ({ model, prompt }) => ({ text: `${model} ${prompt} `.repeat(20), chunkDelayMs: 2 }),
    })
    // Goes on for longer than the test.
    .on({ prompt: 'left', reply: { text: 'on and on '.repeat(1000), chunkDelayMs: 20 } });
  const registry = threeArms();
  const left: string[] = [];
  const work = Array.from(Array(90).keys(), async (index) => {
    const name = `call-${index}`;
    if (index % 3 === 0) {
      expect(await b.Echo(name, { clientRegistry: registry })).toMatch(new RegExp(` ${name}$`));
      return;
    }
    if (index % 3 === 1) {
      const stream = b.stream.Echo(name, { clientRegistry: registry });
      expect(await stream.getFinalResponse()).toMatch(new RegExp(`^(\\w ${name} ){20}$`));
      return;
    }
    const stream = b.stream.Echo(`left-${index}`, { clientRegistry: registry });
    for await (const _ of stream) break;
    await expect
      .poll(() => llm().requests.find(({ prompt }) => prompt === `left-${index}`)?.aborted, {
        timeout: 10_000,
      })
      .toBe(true);
    await failure(stream.getFinalResponse(), BamlAbortError);
    left.push(`left-${index}`);
  });
  await Promise.all(work);
  expect(left).toHaveLength(30);
  await expect.poll(() => llm().requests.filter((request) => request.aborted).length).toBe(30);
  const hungUp = llm().requests.filter((request) => request.aborted);
  expect(hungUp.map((request) => request.prompt).toSorted()).toEqual(left.toSorted());
});
