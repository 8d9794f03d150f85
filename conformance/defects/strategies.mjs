// Fallback and round-robin: who is asked, and that a strategy always ends.
import { see } from './kit.mjs';

/** Clients `A`, `B`, … with a script each, tagged by their lower-case names. */
const clientsOf = (kit, scripts) =>
  Object.entries(scripts).map(([name, script]) => [
    name,
    'openai',
    kit.options(`${script}.${name.toLowerCase()}`),
  ]);

async function callTimes(kit, runtime, options, times) {
  for (let index = 0; index < times; index++) await kit.call(runtime, options);
  return (await kit.asked()).join(' ');
}

async function refusesCycle(kit, registry) {
  const error = await kit.failure(kit.call(kit.load(), { registry: registry() }));
  see(/cycle|itself/.test(error.message), error.message);
}

/** Refused when the client is added, or at the call. */
const cyclic = (kit, strategies) => async () => {
  const clients = Object.entries(strategies).map(([name, strategy]) => [name, 'fallback', { strategy }]);
  let registry;
  const error = kit.thrown(() => {
    registry = kit.registry(clients);
  });
  if (error) return see(/cycle|itself/.test(error.message), error.message);
  return refusesCycle(kit, () => registry);
};

export const strategies = [
  {
    name: 'a round-robin of a registry takes turns, with `start`',
    source: 'the counter is made anew for each call',
    async test(kit) {
      const registry = kit.registry([
        ['Turns', 'round-robin', { strategy: ['A', 'B', 'C'], start: 0 }],
        ...clientsOf(kit, { A: 'ok', B: 'ok', C: 'ok' }),
      ]);
      const asked = await callTimes(kit, kit.load(), { registry }, 6);
      see(asked === 'a b c a b c', `six calls asked ${asked}`);
    },
  },
  {
    name: 'a round-robin of a registry takes turns, without `start`',
    source: 'each call picks at random',
    async test(kit) {
      const registry = kit.registry([
        ['Turns', 'round-robin', { strategy: ['A', 'B'] }],
        ...clientsOf(kit, { A: 'ok', B: 'ok' }),
      ]);
      const asked = await callTimes(kit, kit.load(), { registry }, 12);
      see(/^(a b ){5}a b$|^(b a ){5}b a$/.test(asked), `twelve calls asked ${asked}`);
    },
  },
  {
    name: 'a fallback that contains itself is an error',
    source: 'the process ends by a stack overflow',
    test: (kit) => cyclic(kit, { F: ['F'] })(),
  },
  {
    name: 'fallbacks that contain each other are an error',
    source: 'the process ends by a stack overflow',
    test: (kit) => cyclic(kit, { F: ['G'], G: ['F'] })(),
  },
  {
    name: 'a cycle through a .baml client is an error',
    source: 'the process ends by a stack overflow',
    async test(kit) {
      const source = kit.source(`
client<llm> Backup {
  provider fallback
  options {
    strategy [Main]
  }
}
`);
      const registry = kit.registry([['Main', 'fallback', { strategy: ['Backup'] }]]);
      const error = await kit.failure(kit.call(kit.load(source), { registry }));
      see(/cycle|itself/.test(error.message), error.message);
    },
  },
  {
    name: 'a shorthand of a strategy is an error',
    source: 'the call ends in a panic',
    async test(kit) {
      const source = kit.source().replaceAll('  client Main', '  client "fallback/x"');
      const error = await kit.failure((async () => kit.build(kit.load(source)))());
      see(/fallback/.test(error.message), error.message);
    },
  },
  {
    name: 'a member that cannot be built is a failed attempt, and the next is asked',
    source: 'issues 2055 and 1784 of BoundaryML/baml',
    async test(kit) {
      const source = kit.source(
        `${kit.client('NoKey', 'ok.nokey', 'api_key env.NOBODY_SET_THIS')}
client<llm> Backup {
  provider fallback
  options {
    strategy [NoKey, Main]
  }
}
`,
      );
      const registry = kit.registry([], 'Backup');
      await kit.call(kit.load(source), { registry });
      see((await kit.asked()).join() === 'main', 'the next member was not asked');
    },
  },
  {
    name: 'a fallback moves on at once, also with a retry policy',
    source: 'the delay comes between its members, too',
    async test(kit) {
      const source = kit.source(`
retry_policy Slow {
  max_retries 1
  strategy {
    type constant_delay
    delay_ms 400
  }
}
${kit.client('A', 's500.a')}
client<llm> Backup {
  provider fallback
  retry_policy Slow
  options {
    strategy [A, Main]
  }
}
`);
      await kit.call(kit.load(source), { registry: kit.registry([], 'Backup') });
      const [, second] = await kit.requests();
      see(second.gap < 300, `the second member was asked ${second.gap} ms later`);
    },
  },
  {
    name: 'a negative `start` is refused',
    source: 'it passes',
    async test(kit) {
      const start = -1;
      const call = async () =>
        kit.call(kit.load(), {
          registry: kit.registry([['R', 'round-robin', { strategy: ['Main'], start }]]),
        });
      await kit.failure(call());
    },
  },
  {
    name: 'a fallback can move on when an answer does not fit',
    source: 'issue 1590',
    async test(kit) {
      const registry = kit.registry([
        ['F', 'fallback', { strategy: ['A', 'B'], fallback_on: ['validation'] }],
        ...clientsOf(kit, { A: 'badtext', B: 'json' }),
      ]);
      const value = await kit.call(kit.load(), { name: 'Read', registry });
      see(value.n === 7, `the answer is ${JSON.stringify(value)}`);
    },
  },
  {
    name: 'a member of a strategy can have options of its own',
    source: 'issue 226',
    async test(kit) {
      const strategy = [{ client: 'Main', options: { model: 'ok.other' } }];
      await kit.call(kit.load(), { registry: kit.registry([['F', 'fallback', { strategy }]]) });
      see((await kit.asked()).join() === 'other', 'the options were not used');
    },
  },
  {
    name: 'traffic can be split by weight',
    source: 'there is no such strategy',
    async test(kit) {
      const strategy = [
        { client: 'A', weight: 1 },
        { client: 'B', weight: 0 },
      ];
      const registry = kit.registry([
        ['Split', 'weighted', { strategy }],
        ...clientsOf(kit, { A: 'ok', B: 'ok' }),
      ]);
      const asked = await callTimes(kit, kit.load(), { registry }, 4);
      see(asked === 'a a a a', `four calls asked ${asked}`);
    },
  },
];
