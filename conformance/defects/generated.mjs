// What a generated client makes of its options.
import { see } from './kit.mjs';

const twoClients = (kit) => kit.source(kit.client('Other', 'ok.other'));

export const generated = [
  {
    name: '`client` is for one call and leaves the registry alone',
    source: 'it becomes the primary of the caller’s registry',
    async test(kit) {
      const b = kit.generate(twoClients(kit));
      const clientRegistry = kit.registry([['Mine', 'openai', kit.options('ok.mine')]]);
      await b.Say('hello', { clientRegistry, client: 'Other' });
      await b.Say('hello', { clientRegistry });
      const asked = (await kit.asked()).join(' ');
      see(asked === 'other mine', `asked: ${asked}`);
    },
  },
  {
    name: '`client` beside a registry holds for its call, also at once with others',
    source: 'a later call in the same breath gets it, too',
    async test(kit) {
      const b = kit.generate(twoClients(kit));
      const clientRegistry = kit.registry([['Mine', 'openai', kit.options('ok.mine')]]);
      const values = await Promise.all([
        b.Say('hello', { clientRegistry }),
        b.Say('hello', { clientRegistry, client: 'Other' }),
        b.Say('hello', { clientRegistry }),
      ]);
      see(values.join() === 'echo ok.mine,echo ok.other,echo ok.mine', values.join());
    },
  },
  {
    name: '`withOptions` holds for requests, too',
    source: 'issue 1807 of BoundaryML/baml',
    async test(kit) {
      const b = kit.generate(twoClients(kit));
      const clientRegistry = kit.registry([['Mine', 'openai', kit.options('ok.mine')]]);
      const request = await b.withOptions({ clientRegistry }).request.Say('hello');
      see(request.body.json().model === 'ok.mine', `the model is ${request.body.json().model}`);
    },
  },
  {
    name: 'a misspelt option of a call is refused',
    source: 'ignored: `abortController` aborts nothing',
    async test(kit) {
      const b = kit.generate();
      const abortController = new AbortController();
      await kit.failure(b.Say('hello', { abortController }));
    },
  },
  {
    name: 'what is no registry is refused in words',
    source: 'an error of the addon about a type that failed to be recovered',
    async test(kit) {
      const b = kit.generate();
      const error = await kit.failure(b.Say('hello', { clientRegistry: {} }));
      see(kit.className(error) === 'BamlInvalidArgumentError', `${kit.className(error)}: ${error.message}`);
    },
  },
  {
    name: 'the whole plan of a call can be seen',
    source: 'issue 2058: only the first request of a fallback',
    test(kit) {
      const source = `${twoClients(kit)}
client<llm> Backup {
  provider fallback
  options {
    strategy [Main, Other]
  }
}
`;
      const b = kit.generate(source);
      see(b.plan !== undefined, 'there is no plan');
      const plan = b.plan.Say('hello', { client: 'Backup' });
      see(plan.attempts.map(({ client }) => client).join() === 'Main,Other', 'not all of it');
    },
  },
];
