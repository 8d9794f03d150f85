// What errors and logs tell.
import { setTimeout as sleep } from 'node:timers/promises';
import { see } from './kit.mjs';

const asking = (kit, script, more) => kit.registry([['C', 'openai', kit.options(script, more)]]);

async function abortInFlight(kit) {
  const controller = new AbortController();
  const call = kit.call(kit.load(), { registry: asking(kit, 'hang'), signal: controller.signal });
  const ending = kit.failure(call);
  await sleep(100);
  controller.abort('enough');
  return kit.within(2000, ending, 'the call');
}

export const errors = [
  {
    name: 'an abort keeps its reason',
    source: 'lost when the abort comes during the call',
    async test(kit) {
      const error = await abortInFlight(kit);
      see(error.reason === 'enough', `the reason is ${error.reason}`);
    },
  },
  {
    name: 'the message of an abort is a sentence',
    source: 'it is JSON',
    async test(kit) {
      const { message } = await abortInFlight(kit);
      see(!message.startsWith('{'), message);
    },
  },
  {
    name: 'an answer that is no JSON is not answered with the prompt and the options',
    source: 'the message dumps both',
    async test(kit) {
      const registry = asking(kit, 'html', { note: 'an option of the client' });
      const { message } = await kit.failure(kit.call(kit.load(), { registry, text: 'the private prompt' }));
      see(!message.includes('an option of the client'), 'the message has the options of the client');
      see(!message.includes('the private prompt'), 'the message has the prompt');
    },
  },
  {
    name: 'a refused connection is told without the insides of a library',
    source: 'the message is debug text',
    async test(kit) {
      const registry = asking(kit, 'ok', { base_url: kit.deadUrl });
      const { message } = await kit.failure(kit.call(kit.load(), { registry }));
      see(!/reqwest|hyper|::Error|Os \{/.test(message), message.replace(/.*?(reqwest|hyper)/s, '$1'));
    },
  },
  {
    name: 'a message has no stack trace of the engine',
    source: 'with RUST_BACKTRACE=1 every message has one',
    async test(kit) {
      process.env.RUST_BACKTRACE = '1';
      const { message } = await kit.failure(kit.call(kit.load(), { registry: kit.registry([], 'Nobody') }));
      see(!/backtrace/i.test(message), `a message of ${message.length} characters, with a stack trace`);
    },
  },
  {
    name: 'an answer that cannot be read is a BamlValidationError of `parse`, too',
    source: 'a plain BamlError',
    test(kit) {
      const runtime = kit.load();
      const context = runtime.createContextManager();
      const error = kit.thrown(() => runtime.parseLlmResponse('Read', 'no', false, context, null, null, {}));
      see(kit.className(error) === 'BamlValidationError', kit.className(error));
    },
  },
  {
    name: 'an error tells the whole story of its attempts',
    source: 'issue 1061: one text for all',
    async test(kit) {
      const registry = kit.registry([
        ['F', 'fallback', { strategy: ['A', 'B'] }],
        ['A', 'openai', kit.options('s503.a')],
        ['B', 'openai', kit.options('s401.b')],
      ]);
      const error = await kit.failure(kit.call(kit.load(), { registry }));
      const story = error.attempts?.map(({ client_name, status_code }) => `${client_name} ${status_code}`);
      see(story?.join() === 'A 503,B 401', `attempts: ${story}`);
    },
  },
  {
    name: 'the log lists the attempts in order',
    source: 'in no stable order',
    async test(kit) {
      const registry = kit.registry([
        ['F', 'fallback', { strategy: ['A', 'B', 'C'] }],
        ['A', 'openai', kit.options('s500.a')],
        ['B', 'openai', kit.options('s500.b')],
        ['C', 'openai', kit.options('ok.c')],
      ]);
      const runtime = kit.load();
      for (let index = 0; index < 12; index++) {
        const collector = new kit.subject.Collector();
        await kit.call(runtime, { registry, collectors: [collector] });
        const names = collector.last.calls.map((call) => call.clientName).join(' ');
        see(names === 'A B C', `call ${index + 1} is logged as ${names}`);
      }
    },
  },
  {
    name: '`selectedCall` can be read',
    source: 'an opaque handle',
    async test(kit) {
      const collector = new kit.subject.Collector();
      await kit.call(kit.load(), { collectors: [collector] });
      const { selectedCall } = collector.last;
      see(selectedCall?.clientName === 'Main', `clientName is ${selectedCall?.clientName}`);
    },
  },
  {
    name: 'the JSON of an error is an object',
    source: 'encoded twice: a text',
    async test(kit) {
      const error = await kit.failure(kit.call(kit.load(), { registry: asking(kit, 's500') }));
      see(typeof JSON.parse(JSON.stringify(error)) === 'object', 'a text with JSON in it');
    },
  },
  {
    name: 'a library is quiet',
    source: 'every prompt and answer goes to standard output',
    test(kit) {
      const { stdout } = kit.printed((inner) => inner.call(inner.load(), { text: 'the private prompt' }));
      see(!stdout.includes('the private prompt'), 'the prompt is on standard output');
      see(stdout === '', `standard output: ${stdout}`);
    },
  },
];
