/** Every example runs offline and says what its reader is promised. */

import { beforeAll, describe, expect, test } from 'vitest';

import { ROOT, run } from './support/workspace.js';

beforeAll(async () => {
  const compiled = await run(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.examples.json'],
    ROOT,
  );
  expect(compiled).toEqual({ code: 0, stdout: '', stderr: '' });
});

const SAYS: [string, RegExp[]][] = [
  [
    'resume/main',
    [
      /1\. The default client[^]*answered +Standard \(openai, gpt-5-mini\)[^]*came back[^]*value +Ada Lovelace/,
      /MyAmazingClient \(openai, gpt-5-mini\)/,
      /Another provider[^]*Claude \(anthropic, claude-haiku-4-5\)[^]*\/v1\/messages [^]*value +Ada Lovelace/,
      /a premium user[^]*Tier \(openai, gpt-5\)[^]*a standard user[^]*Tier \(openai, gpt-5-mini\)/,
      /user 1042 gets Control[^]*Control \([^]*user 1043 gets Candidate[^]*Candidate \(/,
      /shorthand[^]*Premium \(openai, gpt-5\)/,
      /override[^]*Premium \(openai, gpt-5-mini\)/i,
      /unknown primary[^]*error +Baml\w*Error: [^\n]*Fats[^]*Fast/,
      /misspelt provider[^]*error +BamlInvalidArgumentError: [^\n]*opanai[^\n]*openai/,
    ],
  ],
  [
    'resume/errors',
    [
      /BamlClientHttpError: Example answered 429/,
      /BamlTimeoutError: request_timeout_ms of 50 ms passed/,
      /BamlValidationError: the model said "I would rather not say\."/,
      /BamlAbortError: the user left/,
      /BamlInvalidArgumentError: [^]*api_key/,
    ],
  ],
  ['resume/tenants', [/Bearer key-of-acme\nBearer key-of-globex\nBearer key-of-acme\n/]],
  [
    'resume/tiers',
    [
      /Grace is served by premium, which found 4 skills/,
      /Linus is served by standard, which found 2 skills/,
      /a guest is served by standard/,
    ],
  ],
  [
    'resume/ab_test',
    [
      /Candidate answered ([4-9]|1\d) of 40 users/,
      /user-0 got (Control|Candidate) and then \1/,
      /the same arm for each user both times: true/,
    ],
  ],
  [
    'resume/fallback',
    [
      /^Favourite \(first\) failed: status 529\nReserve \(next of Reliable after status\) answered Ada Lovelace\n$/,
    ],
  ],
  [
    'resume/responses',
    [
      /^Ada Lovelace knows Mathematics and French\nsent to \/v1\/responses\n/,
      /with \{"model":"gpt-5","reasoning":\{"effort":"low"\}\}\nstreamed: Ada Lovelace, piece by piece\n$/,
    ],
  ],
  [
    'resume/override',
    [
      /as the \.baml file says: gpt-5-mini at https:\/\/llm\.example\.org[^\n]*as the provider likes/,
      /extended: gpt-5-mini at https:\/\/llm\.example\.org[^\n]*temperature 0\n/,
      /replaced: gpt-5-nano at https:\/\/eu\.example\.org/,
      /inside a fallback: gpt-5-nano at https:\/\/eu\.example\.org/,
      /as ever: gpt-5 at https:\/\/llm\.example\.org/,
    ],
  ],
  [
    'resume/client',
    [
      /the primary: Mine\na client of the \.baml files: Premium\na fallback[^\n]*: Premium\nthe primary is still Mine\n/,
      /the shorthand: gpt-5 at https:\/\/api\.openai\.com/,
      /withOptions: Ada Lovelace/,
      /a misspelt name: [^\n]*Premuim[^\n]*Premium/,
    ],
  ],
  [
    'resume/streaming',
    [
      /: Mathematics, French, Poetry\n[^]*Ada Lovelace has 3 skills/,
      /\{"final":\{"name":"Ada Lovelace"/,
      /the call ended with the loop\nLeft early[^\n]*\n {2}3 skills\n/,
      /Standard begins again: next of Steady after network\n {2}Standard: Ada Lovelace\n/,
    ],
  ],
  ['resume/request', [/POST https:\/\/llm\.example\.org\/v1\/chat\/completions/, /name: 'Ada Lovelace'/]],
];

describe.each(SAYS)('%s', (example, patterns) => {
  test('runs', async () => {
    const env = { OPENAI_API_KEY: undefined, OPENAI_BASE_URL: undefined, BAML_LOG: undefined };
    const { code, stdout, stderr } = await run(
      process.execPath,
      [`examples/build/${example}.mjs`],
      ROOT,
      env,
    );
    expect(code, stderr).toBe(0);
    for (const pattern of patterns) expect(stdout).toMatch(pattern);
  });
});
