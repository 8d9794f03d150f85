// What a registry checks, remembers and tells.
import { see } from './kit.mjs';

const accepts = (kit, options) => kit.thrown(() => kit.registry([['C', 'openai', options]])) === null;

export const registry = [
  {
    name: 'an unknown provider is answered with the nearest one',
    source: 'the provider’s name is repeated, without a list',
    test(kit) {
      const error = kit.thrown(() => kit.registry([['C', 'opanai', {}]]));
      see(error !== null, 'accepted');
      see(/\bopenai\b/.test(error.message), error.message);
    },
  },
  {
    name: 'what `addLlmClient` throws is a BamlInvalidArgumentError',
    source: 'a plain Error of the addon',
    test(kit) {
      const error = kit.thrown(() => kit.registry([['C', 'nope', {}]]));
      see(error instanceof kit.subject.BamlInvalidArgumentError, `a plain ${error?.constructor?.name}`);
    },
  },
  {
    name: 'options of a wrong type are refused when the client is added',
    source: 'options are looked at when a call is made',
    test: (kit) => see(!accepts(kit, kit.options('ok', { api_key: 42 })), 'accepted'),
  },
  {
    name: 'options that are no object are refused',
    source: 'a text passes',
    test: (kit) => see(!accepts(kit, 'model'), 'a text is accepted as the options'),
  },
  {
    name: 'values that JSON has no word for are refused',
    source: 'functions, symbols and NaN pass and vanish',
    test(kit) {
      const values = { NaN: Number.NaN, 'a function': () => 1, 'a symbol': Symbol('s') };
      const accepted = Object.keys(values).filter((name) =>
        accepts(kit, kit.options('ok', { seed: values[name] })),
      );
      see(accepted.length === 0, `accepted: ${accepted.join(', ')}`);
    },
  },
  {
    name: 'an option that is `undefined` is not given',
    source: 'undefined becomes null',
    async test(kit) {
      const clients = kit.registry([['C', 'openai', kit.options('ok', { temperature: undefined })]]);
      const { body } = await kit.build(kit.load(), { registry: clients });
      see(!('temperature' in body), `the body says temperature: ${body.temperature}`);
    },
  },
  {
    name: 'an unset `process.env` variable as key falls back to the provider’s own',
    source: 'the commonest mistake, an error at the call',
    async test(kit) {
      const options = kit.options('ok', { api_key: undefined });
      const clients = kit.registry([['C', 'openai', options]]);
      const { headers } = await kit.build(kit.load(), { registry: clients, env: { OPENAI_API_KEY: 'own' } });
      see(headers.authorization === 'Bearer own', `the key is ${headers.authorization}`);
    },
  },
  {
    name: 'options that contain themselves are an error',
    source: 'circular options end the process',
    test(kit) {
      const options = kit.options('ok');
      options.metadata = { options };
      see(!accepts(kit, options), 'accepted');
    },
  },
  {
    name: 'a misspelt option can be refused',
    source: 'unknown options go into the body, misspelt ones too',
    test(kit) {
      const clients = new kit.subject.ClientRegistry({ strict: true });
      const error = kit.thrown(() =>
        clients.addLlmClient('C', 'openai', kit.options('ok', { temprature: 0 })),
      );
      see(error !== null, 'sent to the provider as it is');
      see(/\btemperature\b/.test(error.message), error.message);
    },
  },
  {
    name: 'an address that is none is refused when the client is added',
    source: 'a builder error at the call',
    test: (kit) => see(!accepts(kit, kit.options('ok', { base_url: 'models.test' })), 'accepted'),
  },
  {
    name: 'a client that a call does not use never fails it',
    source: 'every client of the registry is built for every call',
    async test(kit) {
      const clients = kit.registry([['Good', 'openai', kit.options('ok')]]);
      kit.thrown(() => clients.addLlmClient('Bad', 'openai', kit.options('ok', { headers: 5 })));
      see((await kit.call(kit.load(), { registry: clients })) === 'echo ok', 'another answer');
    },
  },
  {
    name: 'who does not exist is answered with the names of the registry',
    source: 'suggestions list the clients of the files only',
    async test(kit) {
      const clients = kit.registry([['Fastest', 'openai', kit.options('ok')]], 'Fastset');
      const error = await kit.failure(kit.call(kit.load(), { registry: clients }));
      see(/\bFastest\b/.test(error.message), error.message.split('\n').at(-1));
    },
  },
  {
    name: 'a client with a slash in its name can be chosen',
    source: 'the slash makes it a shorthand',
    async test(kit) {
      const clients = kit.registry([['team/fast', 'openai', kit.options('ok.mine')]]);
      await kit.call(kit.load(), { registry: clients });
      see((await kit.asked()).join() === 'mine', 'another client answered');
    },
  },
  {
    name: 'a client named as a shorthand is the one that is asked',
    source: 'the real provider is asked, silently',
    async test(kit) {
      const clients = kit.registry([['openai/gpt-4o', 'openai', kit.options('ok.mine')]]);
      const { url } = await kit.build(kit.load(), { registry: clients, env: { OPENAI_API_KEY: 'k' } });
      see(url.startsWith(kit.url), `the request goes to ${url}`);
    },
  },
  {
    name: 'a shorthand without a model is refused',
    source: 'an empty model is asked for',
    async test(kit) {
      const clients = kit.registry([], 'openai/');
      const env = { OPENAI_API_KEY: 'k' };
      const building = kit.build(kit.load(), { registry: clients, env });
      await kit.failure(building.then(({ body }) => ({ model: body.model })));
    },
  },
  {
    name: 'a client without a model is found out',
    source: 'sent without one, to be refused by the provider',
    test(kit) {
      const clients = new kit.subject.ClientRegistry({ strict: true });
      const error = kit.thrown(() => clients.addLlmClient('C', 'openai', { api_key: 'k' }));
      see(error !== null, 'accepted');
      see(/model/.test(error.message), error.message);
    },
  },
  {
    name: 'the option `stream` does not break calls',
    source: 'the provider streams, and the call cannot read it',
    async test(kit) {
      const clients = kit.registry([['C', 'openai', kit.options('ok', { stream: true })]]);
      see((await kit.call(kit.load(), { registry: clients })) === 'echo ok', 'another answer');
    },
  },
  {
    name: 'members that do not exist are warned of, also in clients that are not used',
    source: 'noticed when the client is used, or never',
    test(kit) {
      const { stderr } = kit.printed(async (inner) => {
        const strategy = ['Main', 'Nobody'];
        const clients = inner.registry([['F', 'fallback', { strategy }]], 'Main');
        await inner.build(inner.load(), { registry: clients });
      });
      see(stderr.includes('Nobody'), 'not a word of it');
    },
  },
  {
    name: 'who replaces a client and drops its address is warned',
    source: 'the next call goes to the provider’s public address, with whatever key there is',
    test(kit) {
      const { stderr } = kit.printed(async (inner) => {
        const clients = inner.registry([['Main', 'openai', { model: 'm', api_key: 'k' }]]);
        await inner.build(inner.load(), { registry: clients });
      });
      see(stderr.includes('base_url'), 'not a word of it');
    },
  },
  {
    name: 'a registry can be looked at',
    source: 'issues 766 and 1551 of BoundaryML/baml',
    test(kit) {
      const clients = kit.registry([['A', 'openai', kit.options('ok')]]);
      see(clients.primary === 'A' && clients.has?.('A') === true, 'no primary, has, get or clients');
      see(clients.clients[0].options.model === 'ok', 'the options cannot be read');
    },
  },
  {
    name: 'one option of a client can be changed, the others kept',
    source: 'issues 766, 1848 and 1712: the private address is dropped',
    async test(kit) {
      const clients = new kit.subject.ClientRegistry();
      if (clients.extend) clients.extend('Main', 'Main', { temperature: 0 });
      else clients.addLlmClient('Main', 'openai', { temperature: 0 });
      const { url, body } = await kit.build(kit.load(), { registry: clients, env: { OPENAI_API_KEY: 'k' } });
      see(url.startsWith(kit.url), `the request goes to ${url}`);
      see(body.temperature === 0 && body.model === 'ok.main', 'the options are not those of both');
    },
  },
  {
    name: 'a registry can be written as JSON and read back',
    source: 'a registry cannot be looked into',
    async test(kit) {
      const { ClientRegistry } = kit.subject;
      const clients = kit.registry([['A', 'openai', kit.options('ok.mine', { api_key: { env: 'KEY' } })]]);
      const text = JSON.stringify(clients);
      see(text !== '{}', 'its JSON is {}');
      await kit.call(kit.load(), { registry: ClientRegistry.fromJSON(JSON.parse(text)), env: { KEY: 'k' } });
      see((await kit.asked()).join() === 'mine', 'another client answered');
    },
  },
];
