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
