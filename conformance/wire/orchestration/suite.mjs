// What a scripted server sees and what the caller gets: retries, fallbacks, timeouts, streams, aborts.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readCases } from '../../lib/cases.mjs';
import { makeWireJudge } from '../judge.mjs';
import { compareScenario } from './compare.mjs';

const SERVER = fileURLToPath(new URL('server.mjs', import.meta.url));

const judgeWire = makeWireJudge('orchestration');

export const orchestration = {
  name: 'orchestration',
  execute: new URL('execute.mjs', import.meta.url),
  timeoutMs: 30_000,
  retryAlone: true,
  cases: () => readCases('wire/open/orchestration.jsonl'),
  judge: (each, outcome, { strict }) => judgeWire(each, outcome, compareScenario(each, outcome, strict)),
  start: startServer,
};

async function startServer() {
  const server = fork(SERVER, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [{ port }] = await once(server, 'message');
  return {
    env: { CONFORMANCE_SERVER: `http://127.0.0.1:${port}` },
    stop: () => server.kill('SIGKILL'),
  };
}
