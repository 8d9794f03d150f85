// What is tried again, and when.
import { see } from './kit.mjs';

const POLICY = (keys) => `
retry_policy Again {
  ${keys}
}
`;

const constant = (times, delay) =>
  POLICY(`max_retries ${times}
  strategy {
    type constant_delay
    delay_ms ${delay}
  }`);

/** A program whose client follows the script under the policy. */
const retrying = (kit, script, policy) =>
  kit.load(kit.source(policy, kit.client('Main', script, '', 'retry_policy Again')));

export const retries = [
  ...[400, 401, 403, 404, 422].map((status) => ({
    name: `status ${status} is not tried again`,
    source: 'issue 3224: every failure is tried again',
    async test(kit) {
      await kit.failure(kit.call(retrying(kit, `s${status}`, constant(2, 10))));
      const { length } = await kit.requests();
      see(length === 1, `${length} requests`);
    },
  })),
  {
    name: '`Retry-After` is honoured',
    source: 'it is ignored',
    async test(kit) {
      await kit.call(retrying(kit, 's429_ra1+ok', constant(1, 20)));
      const [, second] = await kit.requests();
      see(second.gap >= 950, `the provider asked for 1 s and was asked again after ${second.gap} ms`);
    },
  },
  {
    name: 'the first exponential wait is `delay_ms`',
    source: 'delay_ms times the multiplier',
    async test(kit) {
      const policy = POLICY(`max_retries 1
  strategy {
    type exponential_backoff
    delay_ms 200
    multiplier 5
    max_delay_ms 5000
  }`);
      await kit.call(retrying(kit, 's503+ok', policy));
      const [, second] = await kit.requests();
      see(second.gap < 600, `delay_ms 200, and the first wait took ${second.gap} ms`);
    },
  },
  {
    name: 'callers who failed together do not come back together',
    source: 'waits are exact',
    async test(kit) {
      const names = Array.from({ length: 12 }, (_, index) => `C${index}`);
      const registry = kit.registry(
        names.map((name) => [name, 'openai', kit.options(`s503.${name}`), 'Again']),
      );
      const runtime = kit.load(kit.source(constant(1, 3000)));
      await Promise.all(
        names.map((name) => {
          registry.setPrimary(name);
          return kit.failure(kit.call(runtime, { registry }));
        }),
      );
      const sent = await kit.requests();
      const waits = names.map((name) => {
        const [first, second] = sent.filter(({ model }) => model.endsWith(`.${name}`));
        return second.t - first.t;
      });
      const spread = Math.round(Math.max(...waits) - Math.min(...waits));
      see(spread > 150, `twelve waits of three seconds differ by ${spread} ms`);
    },
  },
  {
    name: 'a retry policy can be made at run time',
    source: 'issue 3070: only in .baml files',
    async test(kit) {
      const policy = { max_retries: 1, strategy: { type: 'constant_delay', delay_ms: 10 } };
      const registry = kit.registry([['C', 'openai', kit.options('s503+ok'), policy]]);
      await kit.call(kit.load(), { registry });
      see((await kit.requests()).length === 2, 'not tried again');
    },
  },
  {
    name: 'what is tried again can be said',
    source: 'issues 3224 and 1415',
    async test(kit) {
      await kit.failure(kit.call(retrying(kit, 's503', POLICY('max_retries 2\n  retry_on [429, timeout]'))));
      const { length } = await kit.requests();
      see(length === 1, `${length} requests`);
    },
  },
  {
    name: 'a negative delay is refused',
    source: 'it compiles, and the call hangs',
    test(kit) {
      see(kit.thrown(() => retrying(kit, 'ok', constant(1, -5))) !== null, 'accepted');
    },
  },
  {
    name: 'a negative number of retries is refused',
    source: 'it compiles',
    test(kit) {
      see(kit.thrown(() => retrying(kit, 'ok', constant(-1, 5))) !== null, 'accepted');
    },
  },
];
