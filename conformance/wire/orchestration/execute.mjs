// Plays one scenario: what the scripted server saw, what the caller got, and what the collector kept.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { className, cleanMessage, toBamlError } from '../../lib/errors.mjs';
import { loadSubject } from '../../lib/subject.mjs';
import { makeRegistry, substitute } from '../registry.mjs';

const SETTLE_MS = 60;
const DEAD_URL = 'http://127.0.0.1:9';

let serial = 0;

export async function prepare(spec) {
  const subject = await loadSubject(spec);
  return (each) => execute(subject, each);
}

async function execute(subject, each) {
  const server = process.env.CONFORMANCE_SERVER;
  const run = `${process.pid}-${++serial}`;
  try {
    const scenario = setUp(subject, each, `${server}/r/${run}`);
    const outcomes = await playCalls(scenario);
    await sleep(each.settle ?? SETTLE_MS);
    const requests = await readRequests(`${server}/__log/${run}`);
    return { outcomes, requests, ...readCollector(scenario.collectors[0]) };
  } catch (error) {
    const message = cleanMessage(error?.message).slice(0, 300);
    return { setupError: { class: className(subject, error), message } };
  }
}

function setUp(subject, each, base) {
  const placeholders = { '@@BASE@@': base, '@@DEAD@@': DEAD_URL };
  const { files, registry } = substitute({ files: each.files, registry: each.registry }, placeholders);
  const runtime = subject.BamlRuntime.fromFiles('baml_src', files, {});
  const newRegistry = () => makeRegistry(subject, { registry, primary: each.primary });
  const shared = each.freshRegistry ? null : newRegistry();
  return {
    subject,
    each,
    base,
    runtime,
    env: substitute(each.env ?? {}, { '@@BASE@@': base }),
    collectors: each.noCollector ? [] : [new subject.Collector('kit')],
    registry: () => (each.freshRegistry ? newRegistry() : shared),
  };
}

async function playCalls(scenario) {
  const { concurrent, repeat = 1 } = scenario.each;
  if (concurrent) return Promise.all(Array.from({ length: concurrent }, () => playCall(scenario)));
  const outcomes = [];
  for (let index = 0; index < repeat; index++) outcomes.push(await playCall(scenario));
  return outcomes;
}

const MODES = { stream: playStream, sync: playSync };

async function playCall(scenario) {
  const { each } = scenario;
  const started = performance.now();
  const outcome = {};
  try {
    const call = {
      ...scenario,
      outcome,
      name: each.function ?? 'F',
      args: each.args ?? { x: 'hi' },
      clients: scenario.registry(),
      controller: startAbort(each.abort),
    };
    await (MODES[each.mode] ?? playAsync)(call);
  } catch (error) {
    outcome.error = readError(scenario, error);
  }
  outcome.ms = Math.round(performance.now() - started);
  return outcome;
}

function startAbort(abort) {
  if (!abort) return null;
  const controller = new AbortController();
  if (abort === 'before') controller.abort('stop');
  else if (abort.afterMs) setTimeout(() => controller.abort(abort.reason ?? 'stop'), abort.afterMs);
  return controller;
}

async function playAsync({ runtime, name, args, clients, collectors, env, controller, outcome }) {
  const context = runtime.createContextManager();
  const signal = controller?.signal;
  const result = await runtime.callFunction(
    name,
    args,
    context,
    null,
    clients,
    collectors,
    {},
    env,
    signal,
    undefined,
  );
  outcome.value = shorten(result.parsed(false));
}

function playSync({ runtime, name, args, clients, collectors, env, outcome }) {
  const context = runtime.createContextManager();
  const result = runtime.callFunctionSync(name, args, context, null, clients, collectors, {}, env);
  outcome.value = shorten(result.parsed(false));
}

const unchanged = (value) => value;

async function playStream(call) {
  const { subject, each, runtime, name, args, clients, collectors, env, controller, outcome } = call;
  const context = runtime.createContextManager();
  const signal = controller?.signal;
  const native = runtime.streamFunction(
    name,
    args,
    undefined,
    context,
    null,
    clients,
    collectors,
    {},
    env,
    signal,
    undefined,
  );
  const stream = new subject.BamlStream(native, unchanged, unchanged, runtime.createContextManager(), signal);
  const { partials, last } = each.noIterate ? { partials: 0 } : await readPartials(call, stream);
  outcome.partials = partials > 0;
  outcome.last = shorten(last);
  if (!each.skipFinal) outcome.value = shorten(await stream.getFinalResponse());
}

async function readPartials({ subject, each, controller, outcome }, stream) {
  let partials = 0;
  let last;
  try {
    for await (const partial of stream) {
      partials += 1;
      last = partial;
      if (each.abort === 'onPartial' && partials === 1) controller.abort('stop');
      if (each.breakAfter && partials >= each.breakAfter) break;
    }
  } catch (error) {
    outcome.iterError = className(subject, error);
  }
  return { partials, last };
}

const shorten = (value) =>
  typeof value === 'string' && value.length > 200 ? `${value.slice(0, 20)}…(${value.length})` : value;

const FIELDS = [
  ['status', 'status_code', (value) => value],
  ['client', 'client_name', (value) => value],
  ['finish', 'finish_reason', (value) => value],
  ['reason', 'reason', String],
  ['raw', 'raw_output', shorten],
  ['rawResponse', 'raw_response', (value) => shorten(String(value))],
];

function readError({ subject, base }, error) {
  const shown = toBamlError(subject, error);
  const present = FIELDS.filter(([, field]) => shown[field] !== undefined);
  const fields = present.map(([name, field, read]) => [name, read(shown[field])]);
  const message = cleanMessage(shown.message).replaceAll(base, '@@BASE@@').slice(0, 500);
  return { class: className(subject, error), ...Object.fromEntries(fields), message };
}

async function readRequests(url) {
  const seen = await (await fetch(url)).json();
  const ordered = seen.toSorted((left, right) => left.t - right.t);
  return ordered.map((request, index) => readRequest(request, ordered[index - 1]));
}

function readRequest(request, previous) {
  const { api, model, stream, closedEarly, auth, path } = request;
  const gap = previous ? Math.round(request.t - previous.t) : 0;
  return { api, model, stream, gap, closedEarly, auth, path };
}

function readCollector(collector) {
  if (!collector) return { logs: null, usage: null };
  return { logs: collector.logs.map(readLog), usage: readUsage(collector.usage) };
}

const readUsage = (usage) =>
  usage ? [usage.inputTokens ?? null, usage.outputTokens ?? null, usage.cachedInputTokens ?? null] : null;

const readLog = (log) => ({
  type: log.logType,
  fn: log.functionName,
  usage: readUsage(log.usage),
  calls: (log.calls ?? []).map(readLogCall),
  raw: shorten(orThrows(() => log.rawLlmResponse)),
  selected: orThrows(() => log.selectedCall?.clientName),
});

const readLogCall = (call) => ({
  client: call.clientName,
  provider: call.provider,
  selected: call.selected,
  status: orThrows(() => call.httpResponse?.status),
  usage: readUsage(call.usage),
  hasRequest: Boolean(orThrows(() => call.httpRequest?.url)),
});

function orThrows(read) {
  try {
    return read() ?? null;
  } catch {
    return 'throws';
  }
}
