// Streams: nothing lost, nothing late, and errors that are of their class.
import { setTimeout as sleep } from 'node:timers/promises';
import { see } from './kit.mjs';

const asking = (kit, script, more) => kit.registry([['C', 'openai', kit.options(script, more)]]);

async function iterate(stream) {
  const partials = [];
  for await (const partial of stream) partials.push(partial);
  return partials;
}

export const streams = [
  {
    name: 'a stream that is cut is a failed attempt',
    source: 'its text so far is the answer',
    async test(kit) {
      const stream = kit.stream(kit.load(), { registry: asking(kit, 'trunc') });
      await kit.failure(stream.getFinalResponse());
    },
  },
  {
    name: 'values come when they are there',
    source: 'looked for every 100 ms',
    async test(kit) {
      const runtime = kit.load();
      const times = [];
      for (let index = 0; index < 5; index++) {
        const started = performance.now();
        await iterate(kit.stream(runtime, { registry: asking(kit, 'burst') }));
        times.push(performance.now() - started);
      }
      const fastest = Math.round(Math.min(...times));
      see(fastest < 90, `an answer that is there at once took ${fastest} ms`);
    },
  },
  {
    name: 'what `getFinalResponse` rejects with is of the package',
    source: 'the raw error of the addon, with JSON as its message',
    async test(kit) {
      const stream = kit.stream(kit.load(), { registry: asking(kit, 's500') });
      const error = await kit.failure(stream.getFinalResponse());
      see(error instanceof kit.subject.BamlClientHttpError, `a plain ${error?.constructor?.name}`);
    },
  },
  {
    name: 'a finish reason that is not accepted is that error while iterating, too',
    source: 'it turns into a BamlValidationError',
    async test(kit) {
      const registry = asking(kit, 'length', { finish_reason_allow_list: ['stop'] });
      const error = await kit.failure(iterate(kit.stream(kit.load(), { registry })));
      see(error instanceof kit.subject.BamlClientFinishReasonError, error.constructor.name);
    },
  },
  {
    name: 'an aborted stream ends in a BamlAbortError with its reason',
    source: 'the raw error of the addon',
    async test(kit) {
      const controller = new AbortController();
      const registry = asking(kit, 'slowstream100');
      const stream = kit.stream(kit.load(), { registry, signal: controller.signal });
      const ending = kit.failure(stream.getFinalResponse());
      await sleep(150);
      controller.abort('enough');
      const error = await kit.within(2000, ending, 'the stream');
      see(error instanceof kit.subject.BamlAbortError, `a plain ${error?.constructor?.name}`);
      see(error.reason === 'enough', `the reason is ${error.reason}`);
    },
  },
  {
    name: 'an error in a `toStreamable` keeps what the model wrote',
    source: 'prompt and answer come out empty',
    async test(kit) {
      const stream = kit.stream(kit.load(), { name: 'Read', registry: asking(kit, 'badtext') });
      const lines = (await new Response(stream.toStreamable()).text()).trim().split('\n');
      see(lines.at(-1).includes('no numbers at all'), lines.at(-1));
    },
  },
];
