/** `baml-cli test`: test blocks, run against clients. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';

import { oneLlm } from './support/llm.js';
import { CLI, type Ended, Workspace } from './support/workspace.js';

const SOURCES = `
client Main {
  provider openai
  options {
    model "main"
    api_key "k"
    base_url env.TEST_LLM
  }
}
client Other {
  provider openai
  options {
    model "other"
    api_key "k"
    base_url env.TEST_LLM
  }
}
class Person {
  name string @check(short, {{ this|length < 2 }})
  mood string?
}
function Find(text: string) -> Person {
  client Main
  prompt #"{{ text }} {{ ctx.output_format }}"#
}
function Say(text: string) -> string {
  client Main
  prompt #"{{ text }}"#
}
test Plain {
  functions [Find, Say]
  args { text "x" }
}
test Checks {
  functions [Find]
  args { text env.TEST_TEXT }
  @@check(is_ada, {{ this.name == "Ada" }})
  @@check(again, {{ _.checks.is_ada and _.result.name == "Ada" }})
  @@assert(quick, {{ _.latency_ms < 600000 }})
}
`;

const llm = oneLlm({ json: { name: 'Ada' }, usage: { inputTokens: 1000, outputTokens: 500 } });

async function runTests(
  args: string[],
  { env = {}, files = {} }: { env?: Record<string, string>; files?: Record<string, string> } = {},
): Promise<Ended> {
  const workspace = await Workspace.create({ 'baml_src/main.baml': SOURCES, ...files });
  const command = [CLI, 'test', '--from', 'baml_src', ...args];
  return workspace.node(command, { TEST_LLM: llm().baseUrl, TEST_TEXT: 'from outside', ...env });
}

test('runs every test of every function, and says how each ended', async () => {
  const { code, stdout, stderr } = await runTests([]);
  expect(stderr).toBe('');
  for (const name of ['Find::Plain', 'Find::Checks', 'Say::Plain'])
    expect(stdout).toMatch(new RegExp(`passed +.*${name}`));
  expect(stdout).toContain('3 passed in');
  expect(code).toBe(0);
  expect(llm().requests.some(({ prompt }) => prompt.includes('from outside'))).toBe(true);
});

test('shows which constraint does not hold, and what was returned', async () => {
  llm().on({ reply: { json: { name: 'Bob' } } });
  const { code, stdout } = await runTests(['-i', 'Find::Checks']);
  expect(code).toBe(2);
  expect(stdout).toContain('check `is_ada` does not hold: this.name == "Ada"');
  expect(stdout).toContain('check `again` does not hold');
  expect(stdout).not.toContain('quick');
  expect(stdout).toContain('"Bob"');
});

test('shows what was checked by the return type, as a value with its checks and as the value itself', async () => {
  const looks = `test Looks {
    functions [Find]
    args { text "x" }
    @@check(by_value, {{ this.name.value == "Ada" and _.result.name.value|length == 3 }})
    @@check(by_check, {{ this.name.checks.short.status == "failed" }})
    @@check(itself, {{ this.name == "Ada" and this.name|length == 3 }})
  }`;
  const { code, stdout } = await runTests(['-i', 'Looks'], { files: { 'baml_src/looks.baml': looks } });
  expect([code, stdout]).toEqual([0, expect.stringContaining('1 passed')]);
});

test('reads arguments as the block writes them: files beside it, numbers as text where a text is wanted', async () => {
  const block = `
class Page {
  photo image
  title string
  tags (string | int)[]
  note string | bool
}
function Look(page: Page, scan: pdf | string) -> string {
  client Main
  prompt #"{{ _.role("user") }}{{ page.photo }}{{ scan }} {{ page.title }} {{ page.tags }} {{ page.note }}"#
}
test Look {
  functions [Look]
  args {
    page {
      photo { file "../pictures/a.jpg" }
      title 2001
      tags [1, true, "x"]
      note false
    }
    scan { file "scan.pdf" }
  }
}
test Missing {
  functions [Look]
  args {
    page {
      photo { file "none.png" }
      title "x"
      tags []
      note "y"
    }
    scan "z"
  }
}`;
  const files = {
    'baml_src/blocks/look.baml': block,
    'baml_src/blocks/scan.pdf': 'scan',
    'baml_src/pictures/a.jpg': 'picture',
  };
  llm().on({ reply: { text: 'seen' } });
  const { code, stdout } = await runTests(['-i', 'Look::'], { files });
  expect(stdout).toContain('baml_src/blocks/none.png`, which cannot be read');
  expect([code, stdout]).toEqual([2, expect.stringContaining('1 passed, 1 brought no answer')]);
  const body = JSON.stringify(llm().lastRequest.body);
  expect(body).toContain(`data:image/jpeg;base64,${btoa('picture')}`);
  expect(body).toContain(`data:application/pdf;base64,${btoa('scan')}`);
  expect(llm().lastRequest.prompt).toContain('2001 [1, "true", "x"] false');
});

test('an answer that does not fit is a failed test, and shown with the place of the test', async () => {
  llm().on({ reply: { text: 'no person' } });
  const { code, stdout, stderr } = await runTests(['-i', 'Find::Plain']);
  expect([code, stderr]).toEqual([2, '']);
  expect(stdout).toMatch(/failed Find::Plain\n +at baml_src\/main\.baml:\d+\n/);
  expect(stdout).toContain('the model answered "no person"');
  expect(stdout).toContain('0 passed, 1 failed in');
});

test('never prints a key', async () => {
  const secret = 'sk-do-not-print-0123456789';
  llm().on({ reply: { status: 401 } });
  const registry = {
    clients: [
      { name: 'R', provider: 'openai', options: { model: 'm', api_key: secret, base_url: llm().baseUrl } },
    ],
  };
  for (const args of [[], ['--reporter', 'json'], ['--reporter', 'junit']]) {
    const ran = await runTests(['-i', 'Say', '--registry', 'r.json', '--client', 'R', ...args], {
      env: { BAML_LOG: 'trace' },
      files: { 'r.json': JSON.stringify(registry) },
    });
    expect(ran.code).toBe(2);
    expect(ran.stdout + ran.stderr).not.toContain(secret);
  }
});

test('counts a call without a value as such', async () => {
  llm().on({ reply: { status: 500 } });
  const { code, stdout } = await runTests(['-i', 'Say::']);
  expect([code, stdout]).toEqual([2, expect.stringContaining('1 brought no answer')]);
  const missing = await runTests(['-i', 'Checks'], { env: { TEST_TEXT: undefined as unknown as string } });
  expect(missing.stdout).toContain('`TEST_TEXT`, which is not set');
});

test('selects by patterns', async () => {
  const list = async (...args: string[]) =>
    (await runTests(['--list', ...args])).stdout.trim().split('\n').filter(Boolean);
  expect(await list()).toEqual(['Find::Plain', 'Find::Checks', 'Say::Plain']);
  expect(await list('-i', 'Find::')).toEqual(['Find::Plain', 'Find::Checks']);
  expect(await list('-i', '*Pl*', '-x', 'Say')).toEqual(['Find::Plain']);
  expect(await list('-i', '[')).toEqual([]);
  const misspelt = await runTests(['--list', '-i', 'Fnid::', '-i', 'Say']);
  expect(misspelt.stdout).toBe('Say::Plain\n');
  expect(misspelt.stderr).toContain('`Fnid::` fits no test; did you mean `Find::`?');
  expect((await runTests(['-i', 'Nothing'])).code).toBe(5);
  expect((await runTests(['-i', 'Nothing', '--pass-if-no-tests'])).code).toBe(0);
});

test('wants somebody to look where nothing is checked', async () => {
  const { code, stdout } = await runTests(['--require-human-eval', '-i', 'Find']);
  expect(code).toBe(2);
  expect(stdout).toMatch(/failed Find::Plain\n +at \S+\n +it has no check and no assert/);
  expect(stdout).toContain('1 passed, 1 failed');
});

test('refuses a client that there is not, before anything is asked', async () => {
  const { code, stdout, stderr } = await runTests(['--client', 'Main', '--client', 'Othr']);
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr).toContain('did you mean `Other`?');
  expect(llm().requests.length).toBe(0);
});

test('compares clients side by side, with what they cost', async () => {
  llm().on({ model: 'other', reply: { json: { name: 'Bob' }, usage: { inputTokens: 10, outputTokens: 5 } } });
  const registry = {
    clients: [
      {
        name: 'Third',
        provider: 'openai',
        options: { model: 'third', api_key: 'k', base_url: llm().baseUrl },
      },
    ],
  };
  const prices = {
    main: { input: 1, output: 2 },
    Other: { input: 100, output: 100 },
    third: { input: 0, output: 0 },
  };
  const { code, stdout } = await runTests(
    [
      '-i',
      'Checks',
      '--client',
      'Main',
      '--client',
      'Other',
      '--client',
      'Third',
      '--registry',
      'r.json',
      '--prices',
      'p.json',
    ],
    { files: { 'r.json': JSON.stringify(registry), 'p.json': JSON.stringify(prices) } },
  );
  expect(code).toBe(2);
  const row = (client: string) => new RegExp(`^${client} .*$`, 'm').exec(stdout)?.[0].split(/ {2,}/);
  expect(row('Main')).toMatchObject(
    ['Main', '1 of 1', /ms|s/, /ms|s/, '1000', '500', '0.002000'].map((cell) =>
      typeof cell === 'string' ? cell : expect.stringMatching(cell),
    ),
  );
  expect(row('Other')?.slice(4)).toEqual(['10', '5', '0.001500']);
  expect(row('Third')?.[1]).toBe('1 of 1');
});

test('cached tokens are paid once, whether the provider counts them apart or not', async () => {
  const usage = { inputTokens: 1000, outputTokens: 100, cachedInputTokens: 400 };
  llm().on({ reply: { json: { name: 'Ada' }, usage } });
  const clients = ['openai', 'anthropic'].map((provider) => ({
    name: provider === 'openai' ? 'Among' : 'Apart',
    provider,
    options: llm().options(provider, { model: 'm', max_tokens: 100 }),
  }));
  const price = { input: 100, cached_input: 10, output: 1000 };
  const { stdout } = await runTests(
    ['-i', 'Checks', '--client', 'Among', '--client', 'Apart', '--registry', 'r.json', '--prices', 'p.json'],
    {
      files: {
        'r.json': JSON.stringify({ clients }),
        'p.json': JSON.stringify({ Among: price, Apart: price }),
      },
    },
  );
  expect(/^Among .*$/m.exec(stdout)?.[0].split(/ {2,}/).at(-1)).toBe('0.164000');
  expect(/^Apart .*$/m.exec(stdout)?.[0].split(/ {2,}/).at(-1)).toBe('0.204000');
});

test('reports to programs', async () => {
  llm().on({ prompt: 'from outside', reply: { json: { name: 'B<o>b & "co"' } } });
  const report = JSON.parse((await runTests(['--reporter', 'json'])).stdout) as {
    tests: Record<string, unknown>[];
  };
  expect(report).toMatchObject({ passed: 2, failed: 1, errors: 0 });
  expect(report.tests.find((entry) => entry['test'] === 'Checks')).toMatchObject({
    function: 'Find',
    status: 'failed',
    answered_by: 'Main',
    value: { name: { value: 'B<o>b & "co"' } },
  });
  const junit = await runTests(['--reporter', 'junit']);
  expect(junit.code).toBe(2);
  expect(junit.stdout).toContain(
    '<testsuites name="baml" tests="3" failures="1" errors="0" skipped="0" time="',
  );
  expect(junit.stdout).toMatch(
    /<testcase classname="Find" name="Checks" time="[\d.]+" file="baml_src\/main.baml" line="\d+"/,
  );
  expect(junit.stdout).toContain('<failure type="wrong answer" message="check `is_ada` does not hold');
  expect(junit.stdout).toContain('this.name == &quot;Ada&quot;');
});

test('reports what ran when it is stopped', async () => {
  llm().on({ reply: { json: { name: 'Ada' } } });
  llm().on({ prompt: 'slow', reply: { text: 'late', delayMs: 60_000 } });
  const slow = 'test Slow {\n  functions [Say]\n  args { text "slow" }\n}\n';
  const workspace = await Workspace.create({ 'baml_src/main.baml': SOURCES, 'baml_src/slow.baml': slow });
  const child = spawn(process.execPath, [CLI, 'test', '--reporter', 'junit', '-i', 'Plain', '-i', 'Slow'], {
    cwd: workspace.path,
    env: { ...process.env, TEST_LLM: llm().baseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let report = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (report += text));
  await expect.poll(() => llm().requests.length, { timeout: 10_000 }).toBe(3);
  await sleep(500);
  child.kill('SIGINT');
  const [code] = (await once(child, 'exit')) as [number | null];
  expect(code).toBe(130);
  expect(report).toContain('tests="3" failures="0" errors="0" skipped="1"');
  expect(report).toMatch(/name="Slow" [^]*<skipped /);
});

test('reads variables from a file only when asked', async () => {
  const files = { '.env': 'TEST_TEXT="from the file"\n' };
  const env = { TEST_TEXT: undefined as unknown as string };
  expect((await runTests(['-i', 'Checks'], { env, files })).code).toBe(2);
  expect((await runTests(['-i', 'Checks', '--dotenv'], { env, files })).code).toBe(0);
  expect(llm().lastRequest.prompt).toContain('from the file');
});

test('is as quick as its slowest place in the queue', async () => {
  llm().on({ reply: { json: { name: 'Ada' }, delayMs: 20 } });
  const blocks = Array.from(
    { length: 60 },
    (_, n) => `test T${n} {\n  functions [Say]\n  args { text "x" }\n}\n`,
  ).join('');
  const { stdout } = await runTests(['--reporter', 'json', '--parallel', '20', '-i', '::T*'], {
    files: { 'baml_src/more.baml': blocks },
  });
  expect(JSON.parse(stdout)).toMatchObject({ passed: 60, failed: 0 });
});
