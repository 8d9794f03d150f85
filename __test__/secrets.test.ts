/** A key, wherever it stands, comes out nowhere: not in errors, logs, collectors, registries, JSON or what is printed. */

import { startLlm } from '@boundaryml/baml/testing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { ROOT, Workspace } from './support/workspace.js';

const BAML = `
client<llm> Own {
  provider openai
  options {
    model "m"
    base_url env.URL
    api_key env.OWN_KEY
    headers { "x-own" env.OWN_HEADER }
  }
}
function Echo(text: string) -> string {
  client Own
  prompt #"{{ text }}"#
}
function Number(text: string) -> int {
  client Own
  prompt #"{{ text }}"#
}
`;

// Prints everything that a program can print of every way in which a call can end.
const PROGRAM = `
const { inspect } = require('node:util');
const { BamlRuntime, BamlStream, BamlCtxManager, ClientRegistry, Collector } = require('@boundaryml/baml');

const { URL: url, ...env } = process.env;
const runtime = BamlRuntime.fromFiles('baml_src', { 'main.baml': env.BAML }, process.env);
const context = () => runtime.createContextManager();
const print = (...values) => {
  for (const value of values) {
    console.log(String(value), inspect(value, { depth: 12, showHidden: true, getters: true }));
    try { console.log(JSON.stringify(value)); } catch {}
    for (let error = value; error instanceof Error; error = error.cause) {
      console.log(error.stack, error.message, JSON.stringify(error), inspect(error.attempts), inspect(error.problems));
    }
  }
};

function registry() {
  const made = new ClientRegistry();
  const options = {
    model: 'm',
    base_url: url,
    api_key: 'canary-option',
    headers: { authorization: 'Bearer canary-authorization', 'x-key': 'canary-header' },
    query_params: { key: 'canary-query' },
    http: { request_timeout_ms: 300 },
  };
  made.addLlmClient('Given', 'openai', options);
  made.addLlmClient('Looked', 'openai', { ...options, api_key: { env: 'OTHER_KEY' }, headers: {} });
  made.addLlmClient('Misspelt', 'openai', { ...options, apikey: 'canary-misspelt', temprature: 1 });
  made.extend('Derived', 'Given', { headers: { 'x-key': 'canary-derived' } });
  made.addLlmClient('In', 'openai', { ...options, base_url: url.replace('//', '//user:canary-userinfo@') });
  made.addLlmClient('Gone', 'openai', { ...options, base_url: 'http://127.0.0.1:9/v1?key=canary-address' });
  // Each wire format has its own place for a key.
  const given = { 'anthropic': {}, 'google-ai': {}, 'openai-responses': {}, 'azure-openai': { api_version: '1' }, 'ollama': {} };
  for (const [provider, more] of Object.entries(given)) {
    made.addLlmClient(provider, provider, { ...options, headers: {}, ...more, api_key: 'canary-' + provider });
  }
  made.addLlmClient('aws-bedrock', 'aws-bedrock', {
    model: 'm',
    region: 'us-east-1',
    endpoint_url: url.replace('/v1', ''),
    access_key_id: 'AKIDPUBLIC',
    secret_access_key: 'canary-aws-secret',
    session_token: 'canary-aws-session',
  });
  made.addRetryPolicy('Once', { max_retries: 1, strategy: { type: 'constant_delay', delay_ms: 1 }, retry_on: [401, 'default'] });
  made.addLlmClient('Again', 'openai', { ...options, headers: {}, api_key: 'canary-again' }, 'Once');
  made.addLlmClient('All', 'fallback', { strategy: ['Given', { client: 'Looked', options: { api_key: 'canary-member' } }] });
  return made;
}

async function outcome(make) {
  const collector = new Collector();
  try {
    print((await make(collector)).parsed?.(false));
  } catch (error) {
    print(error);
  }
  print(collector, collector.logs);
  for (const log of collector.logs) {
    print(log, log.calls, log.rawLlmResponse, log.tags);
    for (const call of log.calls) {
      print(call, call.error, call.httpRequest, call.httpRequest?.headers, call.httpRequest?.url);
      print(call.httpResponse, call.httpResponse?.headers, call.httpResponse?.body.text());
      print(call.sseResponses?.()?.map((event) => event.text));
    }
  }
}

async function main() {
  const names = ['Own', 'Given', 'Looked', 'Misspelt', 'Derived', 'In', 'Gone', 'All', 'Nobody', 'Again'];
  for (const name of [...names, 'anthropic', 'google-ai', 'openai-responses', 'azure-openai', 'ollama', 'aws-bedrock']) {
    for (const text of ['ok', 'refused', 'torn', 'garbage', 'hang', 'event']) {
      if (text === 'hang' && name !== 'Given' && name !== 'anthropic') continue;
      const chosen = registry();
      if (name !== 'Own') chosen.setPrimary(name);
      print(chosen, chosen.toJSON(), chosen.clients, chosen.get(name), chosen.clone());
      try {
        print(runtime.planFunction('Echo', context(), chosen, { user: 'u' }, process.env));
      } catch (error) {
        print(error);
      }
      const call = (fn, collector) =>
        runtime.callFunction(fn, { text }, context(), null, chosen, [collector], {}, process.env);
      await outcome((collector) => call('Echo', collector));
      await outcome((collector) => call('Number', collector));
      await outcome((collector) => {
        const raw = runtime.streamFunction('Echo', { text }, undefined, context(), null, chosen, [collector], {}, process.env);
        return new BamlStream(raw, (value) => value, (value) => value, context()).getFinalResponse();
      });
    }
  }
  for (const wrong of [{ api_key: ['canary-list'] }, { headers: 'canary-text' }, { base_url: { canary: 'canary-map' } }]) {
    try { new ClientRegistry().addLlmClient('Wrong', 'openai', wrong); } catch (error) { print(error); }
  }
  for (const json of [{ clients: [{ name: 'A', provider: 'openai', options: { api_key: 'canary-json', nope: 'canary-nope' }, canary: 1 }] }]) {
    try { ClientRegistry.fromJSON(json); } catch (error) { print(error); }
  }
  print(runtime, runtime.health(), process.memoryUsage.name);
}
main();
`;

test.each(['trace', 'off'])('log level %s', { timeout: 60_000 }, async (level) => {
  await using llm = await startLlm({
    rules: [
      // A provider may repeat the key that it refuses.
      {
        prompt: 'refused',
        reply: ({ headers }) => ({ status: 401, text: `bad key ${String(headers['authorization'])}` }),
      },
      { prompt: 'torn', reply: { text: 'x'.repeat(200), fault: 'reset-midway' } },
      { prompt: 'garbage', reply: { fault: 'garbage' } },
      { prompt: 'hang', reply: { fault: 'hang' } },
      {
        prompt: 'event',
        reply: (request) => ({
          headers: { 'content-type': 'text/event-stream' },
          body: `data: ${JSON.stringify({ error: { message: `bad key ${String(request.headers['authorization'])}` } })}\n\n`,
        }),
      },
    ],
    reply: 'fine',
  });
  const workspace = await Workspace.create({ 'main.cjs': PROGRAM });
  const { code, stdout, stderr } = await workspace.node(['main.cjs'], {
    BAML,
    BAML_LOG: level,
    URL: llm.baseUrl,
    OWN_KEY: 'canary-own',
    OWN_HEADER: 'canary-own-header',
    OTHER_KEY: 'canary-other',
  });
  expect(code, stderr).toBe(0);
  // They were sent, so that there was something to come out.
  const sent = JSON.stringify(llm.requests);
  for (const key of [
    'own',
    'own-header',
    'authorization',
    'header',
    'query',
    'other',
    'derived',
    'member',
    'again',
    'anthropic',
    'google-ai',
    'openai-responses',
    'azure-openai',
  ]) {
    expect(sent).toContain(`canary-${key}`);
  }
  const printed = `${stdout}${stderr}`;
  expect(printed).toContain('BamlClientHttpError');
  expect([...new Set(printed.match(/[^\n]{0,80}canary-[^\n]{0,40}/g))].slice(0, 10)).toEqual([]);
});

/** The files that tests of every room compare with: what users see in each case. */
function snapshots(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return ['node_modules', 'target', '.git'].includes(entry.name) ? [] : snapshots(path);
    return entry.name.endsWith('.snap') ? [path] : [];
  });
}

test('the plan on the command line shows none', { timeout: 60_000 }, async () => {
  const workspace = await Workspace.create({
    'baml_src/main.baml': BAML,
    'registry.json': JSON.stringify({
      clients: [
        {
          name: 'Given',
          provider: 'openai',
          options: {
            model: 'm',
            base_url: 'https://user:canary-userinfo@llm.example.org/v1?key=canary-address',
            api_key: 'canary-option',
            headers: { authorization: 'canary-header' },
            query_params: { key: 'canary-query' },
            misspelt_key: 'canary-misspelt',
          },
        },
        { name: 'All', provider: 'fallback', options: { strategy: ['Given', 'Own'] } },
      ],
      primary: 'All',
    }),
  });
  const env = {
    URL: 'https://u:canary-own-userinfo@own.example.org',
    OWN_KEY: 'canary-own',
    OWN_HEADER: 'canary-h',
  };
  for (const more of [[], ['--json'], ['--client', 'Nobody']]) {
    const cli = join(ROOT, 'cli.js');
    const { code, stdout, stderr } = await workspace.node(
      [cli, 'plan', 'Echo', '--registry', 'registry.json', ...more],
      env,
    );
    expect(code, stderr).toBe(more.length === 2 ? 4 : 0);
    expect(`${stdout}${stderr}`).not.toContain('canary');
    if (code === 0) expect(stdout).toContain('own.example.org');
  }
});

test('no snapshot holds one', () => {
  const files = snapshots(ROOT);
  expect(files.length).toBeGreaterThan(100);
  // In the tests of the rooms, keys that must not be shown have this word in them.
  const secret = /.{0,60}canary.{0,20}/i;
  const found = files.flatMap((path) => {
    const match = secret.exec(readFileSync(path, 'utf8'));
    return match ? [`${path.slice(ROOT.length + 1)}: ${match[0]}`] : [];
  });
  expect(found).toEqual([]);
});
