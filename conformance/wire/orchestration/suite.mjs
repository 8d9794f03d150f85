// What a scripted server sees and what the caller gets: retries, fallbacks, timeouts, streams, aborts.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readCases } from '../../lib/cases.mjs';
import { makeWireJudge } from '../judge.mjs';
import { compareScenario } from './compare.mjs';
import { correct } from './corrections.mjs';

const SERVER = fileURLToPath(new URL('server.mjs', import.meta.url));
// The scenarios mostly wait.
const JOBS = 6;

const judgeWire = makeWireJudge('orchestration');

export const orchestration = {
  name: 'orchestration',
  execute: new URL('execute.mjs', import.meta.url),
  timeoutMs: 30_000,
  jobs: JOBS,
  retryAlone: true,
  cases: () => readCases('wire/open/orchestration.jsonl'),
  judge,
  start: startModelServer,
  summary,
};

function judge(each, outcome, { strict }) {
  const verdict = judgeWire(each, outcome, compareScenario(each, outcome, strict));
  if (verdict.pass || outcome.fate || strict) return verdict;
  const corrected = { ...each, expect: correct(each, outcome) };
  return compareScenario(corrected, outcome, strict) === null ? { pass: true, verdict: 'better' } : verdict;
}

/** The scripted model server, in a process of its own. */
export async function startModelServer() {
  const server = fork(SERVER, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(server, 'message');
  return {
    env: { CONFORMANCE_SERVER: `http://127.0.0.1:${port}` },
    stop: () => server.kill('SIGKILL'),
  };
}

const DIALECTS = [
  ['Anthropic', /anthropic/],
  ['Google', /google|vertex/],
  ['Responses', /openai-responses/],
];

/** The dialect of a scenario's clients; a scenario that needs several counts for the last of them. */
function dialectOf(each) {
  const providers =
    JSON.stringify([each.files, each.registry ?? []]).match(/provider["\s:\\]+[a-z-]+/g) ?? [];
  const [name] = DIALECTS.findLast(([, pattern]) => pattern.test(providers.join(' '))) ?? ['OpenAI chat'];
  return name;
}

function summary(judged) {
  const counts = new Map();
  for (const { each, verdict } of judged) {
    const count = counts.get(dialectOf(each)) ?? { passed: 0, total: 0 };
    counts.set(dialectOf(each), {
      passed: count.passed + (verdict.pass ? 1 : 0),
      total: count.total + 1,
    });
  }
  return [...counts].map(
    ([name, { passed, total }]) =>
      `speaks ${name}: ${passed} / ${total}, ${((100 * passed) / total).toFixed(2)} %`,
  );
}
