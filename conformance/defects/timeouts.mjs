// Limits of time: that they hold, and what their errors say.
import { see } from './kit.mjs';

const limited = (kit, script, limits) =>
  kit.registry([['C', 'openai', kit.options(script, { http: limits })]]);

const isTimeout = (kit, error) => error instanceof kit.subject.BamlTimeoutError;

export const timeouts = [
  {
    name: '`total_timeout_ms` of a fallback ends it',
    source: 'accepted, and without effect',
    async test(kit) {
      const registry = kit.registry([
        ['F', 'fallback', { strategy: ['A', 'B'], http: { total_timeout_ms: 200 } }],
        ['A', 'openai', kit.options('hang.a')],
        ['B', 'openai', kit.options('ok.b')],
      ]);
      const error = await kit.within(1500, kit.failure(kit.call(kit.load(), { registry })), 'the call');
      see(isTimeout(kit, error), kit.className(error));
    },
  },
  {
    name: '`time_to_first_token_timeout_ms` counts from the request',
    source: 'it never passes while the server withholds its headers',
    async test(kit) {
      const registry = limited(kit, 'hang', { time_to_first_token_timeout_ms: 150 });
      const stream = kit.stream(kit.load(), { registry });
      await kit.within(1500, kit.failure(stream.getFinalResponse()), 'the stream');
    },
  },
  {
    name: 'a timeout says which limit it was, and for how long',
    source: 'the documented fields do not exist',
    async test(kit) {
      const registry = limited(kit, 'hang', { request_timeout_ms: 150 });
      const error = await kit.failure(kit.call(kit.load(), { registry }));
      const { timeout_type, configured_value_ms, elapsed_ms } = error;
      see(timeout_type === 'request_timeout_ms', `timeout_type is ${timeout_type}`);
      see(configured_value_ms === 150 && elapsed_ms >= 150, `${configured_value_ms}, ${elapsed_ms}`);
    },
  },
  {
    name: 'a timeout of a stream is a BamlTimeoutError',
    source: 'a BamlClientHttpError with status 408, or a raw error',
    async test(kit) {
      const registry = limited(kit, 'hang', { request_timeout_ms: 150 });
      const error = await kit.failure(kit.stream(kit.load(), { registry }).getFinalResponse());
      see(isTimeout(kit, error), `getFinalResponse rejects with ${error?.constructor?.name}`);
    },
  },
  {
    name: 'a timeout while the answer is being read is a BamlTimeoutError',
    source: 'a BamlClientHttpError with status 2',
    async test(kit) {
      const registry = limited(kit, 'slowstream200', { request_timeout_ms: 300 });
      const error = await kit.failure(kit.call(kit.load(), { registry }));
      see(isTimeout(kit, error), `${kit.className(error)} ${error.status_code}`);
    },
  },
  {
    name: 'a fraction as timeout is refused in words about it',
    source: 'the error talks about -1',
    async test(kit) {
      const error = await kit.failure(
        (async () => kit.call(kit.load(), { registry: limited(kit, 'ok', { request_timeout_ms: 1.5 }) }))(),
      );
      see(!/-1/.test(error.message) && /1\.5/.test(error.message), error.message.split('\n').at(-1));
    },
  },
];
