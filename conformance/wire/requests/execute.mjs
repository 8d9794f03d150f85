// Plays one request case: the HTTP request that a call would send, or the error instead of it.
import { generateKeyPairSync } from 'node:crypto';
import { className, cleanMessage, withTimeout } from '../../lib/errors.mjs';
import { loadSubject } from '../../lib/subject.mjs';
import { startLoopback } from '../loopback.mjs';
import { makeRegistry, revive, substitute } from '../registry.mjs';

const BUILD_LIMIT_MS = 8_000;

export async function prepare(spec) {
  const subject = await loadSubject(spec);
  const loopback = await startLoopback();
  const placeholders = { '@@MEDIA@@': loopback.base, '@@PRIVKEY@@': makePrivateKey() };
  return (each) => execute({ subject, loopback, placeholders }, each);
}

const makePrivateKey = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;

async function execute({ subject, loopback, placeholders }, each) {
  const restore = (text) => restorePlaceholders(text, loopback);
  const before = loopback.hits.length;
  try {
    const request = await withTimeout(buildRequest(subject, placeholders, each), BUILD_LIMIT_MS, each.id);
    const result = readRequest(request, restore);
    const fetched = loopback.hits.slice(before).filter(isMediaFetch);
    return fetched.length > 0 ? { ...result, fetched } : result;
  } catch (error) {
    return { error: { class: className(subject, error), message: restore(cleanMessage(error?.message)) } };
  }
}

// A token is cached for the life of the process: whether a case fetched it depends on the cases before it.
const isMediaFetch = (hit) => !hit.endsWith(' /token');

async function buildRequest(subject, placeholders, each) {
  const { files, args, registry, env } = substitute(
    { files: each.files, args: each.args, registry: each.registry, env: each.env },
    placeholders,
  );
  const runtime = subject.BamlRuntime.fromFiles('baml_src', files, each.buildEnv ?? {});
  const clients = makeRegistry(subject, {
    registry: revive(subject, registry),
    primary: each.primary,
  });
  return runtime.buildRequest(
    each.function,
    revive(subject, args),
    runtime.createContextManager(),
    null,
    clients,
    Boolean(each.stream),
    env,
  );
}

function readRequest(request, restore) {
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name.toLowerCase(),
    restore(String(value)),
  ]);
  return {
    method: request.method,
    url: restore(request.url),
    headers: Object.fromEntries(headers),
    body: JSON.parse(restore(JSON.stringify(readBody(request.body.text())))),
  };
}

function readBody(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { $text: text };
  }
}

const restorePlaceholders = (text, loopback) =>
  text
    .replaceAll(loopback.base, '@@MEDIA@@')
    .replaceAll(loopback.host, '@@HOST@@')
    .replaceAll(/-----BEGIN PRIVATE KEY-----[\s\S]*?-----END PRIVATE KEY-----/g, '@@KEY@@')
    .replaceAll(/0x[0-9a-f]{6,}/g, '0x0');
