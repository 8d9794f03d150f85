// `baml-cli test` as a user runs it: 200 tests, 20 at a time, a stub that answers after 20 ms. Ideal are ten rounds of 20 ms;
// what is above it is the start of Node and of the program, the calls' own cost, the report, and the end.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { inProjectFolder } from '../lib/folder.mjs';
import { entryFile } from '../lib/implementation.mjs';

const TESTS = 200;
const PARALLEL = 20;
const REPLY_MS = 20;
const IDEAL_MS = (TESTS / PARALLEL) * REPLY_MS;

const FUNCTION = `
function Ask(text: string) -> Resume {
  client Stub
  prompt #"{{ text }} {{ ctx.output_format }}"#
}
`;

const test = (index) => `
test T${index} {
  functions [Ask]
  args { text "Ada Lovelace, mathematician" }
  @@check(named, {{ this.name|length > 0 }})
}
`;

export const variants = ({ quick }) => [{ name: `${TESTS}-tests`, reps: quick ? 3 : 7 }];

export async function run({ implementation, stub }) {
  const tests = Array.from({ length: TESTS }, (_, index) => test(index)).join('');
  return inProjectFolder({ 'ask.baml': FUNCTION + tests }, async (folder) => {
    const wall = await runTests(implementation, folder, `${stub}/small/${REPLY_MS}/0/v1`);
    return { wall_ms: wall, above_ideal_ms: wall - IDEAL_MS };
  });
}

async function runTests(implementation, folder, base) {
  const cli = join(dirname(entryFile(implementation)), 'cli.js');
  const began = performance.now();
  const child = spawn(process.execPath, [cli, 'test', '--from', 'baml_src', '--parallel', String(PARALLEL)], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, BAML_LOG: 'off', STUB_KEY: 'sk-stub', STUB_URL: base },
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  const code = await new Promise((settle) => child.once('close', settle));
  if (code !== 0) throw new Error(`it ended with ${code}: ${output.slice(-300)}`);
  return performance.now() - began;
}
