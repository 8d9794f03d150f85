// Variables, keys and what else goes over the wire.
import { see } from './kit.mjs';

const asking = (kit, script, more) => kit.registry([['C', 'openai', kit.options(script, more)]]);

export const secrets = [
  {
    name: 'a key of one call is not sent for the next',
    source: 'a client keeps the key of an earlier call',
    async test(kit) {
      const runtime = kit.load(kit.source('', kit.client('Main', 'ok', 'api_key env.TENANT_KEY')));
      await kit.call(runtime, { env: { TENANT_KEY: 'first-tenant' } });
      await kit.failure(kit.call(runtime));
      const { length } = await kit.requests();
      see(length === 1, 'a request went out');
    },
  },
  {
    name: 'an option of a registry can be a variable',
    source: 'env.X in a registry is sent as it is written',
    async test(kit) {
      const registry = asking(kit, 'ok', { api_key: { env: 'TENANT_KEY' } });
      await kit.call(kit.load(), { registry, env: { TENANT_KEY: 'of-the-tenant' } });
      const [{ auth }] = await kit.requests();
      see(auth === 'Bearer of-the-tenant', `sent: ${auth}`);
    },
  },
  {
    name: 'a key that is not there is an error before sending',
    source: 'the text $OPENAI_API_KEY is sent',
    async test(kit) {
      const { api_key: _, ...options } = kit.options('ok');
      const call = kit.call(kit.load(), { registry: kit.registry([['C', 'openai', options]]) });
      await call.catch(() => null);
      const [sent] = await kit.requests();
      see(sent === undefined, `sent: ${sent?.auth}`);
    },
  },
  {
    name: 'a key that cannot be a header is an error',
    source: 'its bytes are sent, or an empty header',
    async test(kit) {
      const call = (async () =>
        kit.call(kit.load(), { registry: asking(kit, 'ok', { api_key: 'schlüssel' }) }))();
      await call.catch(() => null);
      const [sent] = await kit.requests();
      see(sent === undefined, `sent: ${JSON.stringify(sent?.auth)}`);
    },
  },
  {
    name: 'a header that the user wrote wins',
    source: 'the key overwrites it in the request that is built',
    async test(kit) {
      const headers = { authorization: 'Bearer mine' };
      const { headers: sent } = await kit.build(kit.load(), { registry: asking(kit, 'ok', { headers }) });
      see(sent.authorization === 'Bearer mine', `sent: ${sent.authorization}`);
    },
  },
  {
    name: 'a collector keeps keys to itself',
    source: 'headers in clear',
    async test(kit) {
      const collector = new kit.subject.Collector();
      const registry = asking(kit, 'ok', { api_key: 'sk-very-secret-key' });
      await kit.call(kit.load(), { registry, collectors: [collector] });
      const { httpRequest } = collector.last.calls[0];
      const shown = `${JSON.stringify(httpRequest.headers)} ${httpRequest}`;
      see(!shown.includes('sk-very-secret-key'), 'the headers show the key');
    },
  },
  {
    name: 'a failed connection does not tell the key in the address',
    source: 'the message carries the URL with its query',
    async test(kit) {
      const query_params = { key: 'sk-very-secret-key' };
      const registry = asking(kit, 'ok', { base_url: kit.deadUrl, query_params });
      const error = await kit.failure(kit.call(kit.load(), { registry }));
      const told = `${error.message} ${error.detailed_message} ${JSON.stringify(error)}`;
      see(!told.includes('sk-very-secret-key'), 'the message has the key');
    },
  },
  {
    name: 'nothing is sent that nobody asked for',
    source: 'a header of its own bookkeeping',
    async test(kit) {
      await kit.call(kit.load());
      const [{ headers }] = await kit.requests();
      see(!('baml-original-url' in headers), `sent: baml-original-url: ${headers['baml-original-url']}`);
    },
  },
  {
    name: 'a `base_url` may have a query',
    source: 'the path is glued after it',
    async test(kit) {
      const registry = asking(kit, 'ok', { base_url: 'http://host.test/v1?version=2' });
      const { url } = await kit.build(kit.load(), { registry });
      see(url === 'http://host.test/v1/chat/completions?version=2', `the address is ${url}`);
    },
  },
  {
    name: 'calls of a registry share connections',
    source: 'one connection per call, also with the option for pooling',
    async test(kit) {
      const registry = asking(kit, 'ok');
      const runtime = kit.load();
      for (let index = 0; index < 5; index++) await kit.call(runtime, { registry });
      const connections = new Set((await kit.requests()).map(({ connection }) => connection)).size;
      see(connections === 1, `five calls made ${connections} connections`);
    },
  },
  {
    name: 'compressed answers are read',
    source: 'an error, with the whole prompt in it',
    async test(kit) {
      const value = await kit.call(kit.load(), { registry: asking(kit, 'gzip') });
      see(value === 'echo gzip', `the answer is ${value}`);
    },
  },
  {
    name: 'a key can be asked for when it is needed',
    source: 'issue 1330 of BoundaryML/baml: tokens that expire',
    async test(kit) {
      let asked = 0;
      const registry = asking(kit, 'ok', { api_key: () => `token-${++asked}` });
      await kit.call(kit.load(), { registry });
      const [sent] = await kit.requests();
      see(sent?.auth === 'Bearer token-1', `sent: ${sent?.auth}`);
    },
  },
  {
    name: 'a key that the provider repeats in an error is not told',
    source: 'the body of the provider is in the error as it is',
    async test(kit) {
      // A word of the answer serves as the key.
      const registry = asking(kit, 's401', { api_key: 'scripted_error' });
      const error = await kit.failure(kit.call(kit.load(), { registry }));
      const told = `${error.message} ${error.raw_response} ${error.detailed_message}`;
      see(!told.includes('scripted_error'), 'the error has the key');
    },
  },
  {
    name: 'a redirect does not carry the key and the prompt elsewhere',
    source: 'it is followed, in a circle until a limit',
    async test(kit) {
      await kit.failure(kit.call(kit.load(), { registry: asking(kit, 's307_redir') }));
      const { length } = await kit.requests();
      see(length === 1, `${length} requests went out`);
    },
  },
];
