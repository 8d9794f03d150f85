// One call against the stub for each implementation and comparator: `() => Promise<resume>`.
import { CORE } from './fixtures.mjs';
import { environment, Project } from './implementation.mjs';

const PROMPT =
  'Extract from this content:\nhello\n\nAnswer in JSON using this schema:\n' +
  '{\n  name: string,\n  email: string,\n  experience: string[],\n  skills: string[],\n}';

const BODY = JSON.stringify({ model: 'stub', messages: [{ role: 'user', content: PROMPT }] });
const HEADERS = { 'content-type': 'application/json', authorization: 'Bearer sk-stub' };
const COMPARATORS = { fetch: withFetch, undici: withUndici, openai: withOpenai, ai: withAi };

/** `mode`: where the client comes from. `collector`: a fresh one for each call. */
export function makeCaller(implementation, settings) {
  const comparator = COMPARATORS[implementation];
  return comparator ? comparator(settings.base) : withProject(implementation, settings);
}

function withProject(implementation, { base, mode, collector, pool }) {
  const project = new Project(implementation, CORE, environment({ STUB_URL: base }));
  const options = { base_url: base, ...(pool && { http: { enable_connection_pooling: true } }) };
  const reused = {
    static: () => undefined,
    'static-pooled': () => project.primary('Pooled'),
    reused: () => project.registry(options),
    fresh: () => undefined,
  }[mode]();
  const registry = mode === 'fresh' ? () => project.registry(options) : () => reused;
  const collectors = collector ? () => [project.collector()] : () => [];
  return () => project.call('ExtractResume', { resume: 'hello' }, registry(), collectors());
}

const answerOf = (reply) => JSON.parse(reply.choices[0].message.content);

function withFetch(base) {
  const request = { method: 'POST', headers: HEADERS, body: BODY };
  return async () => answerOf(await (await fetch(`${base}/chat/completions`, request)).json());
}

async function withUndici(base) {
  const { request, Agent } = await import('undici');
  const options = {
    dispatcher: new Agent({ connections: 2048 }),
    method: 'POST',
    headers: HEADERS,
    body: BODY,
  };
  return async () => answerOf(await (await request(`${base}/chat/completions`, options)).body.json());
}

async function withOpenai(base) {
  const { default: OpenAI } = await import('openai');
  const client = new OpenAI({ apiKey: 'sk-stub', baseURL: base, maxRetries: 0 });
  const request = { model: 'stub', messages: [{ role: 'user', content: PROMPT }] };
  return async () => answerOf(await client.chat.completions.create(request));
}

async function withAi(base) {
  const { generateObject } = await import('ai');
  const { createOpenAI } = await import('@ai-sdk/openai');
  const { z } = await import('zod');
  globalThis.AI_SDK_LOG_WARNINGS = false;
  const texts = z.array(z.string());
  const schema = z.object({ name: z.string(), email: z.string(), experience: texts, skills: texts });
  const model = createOpenAI({ apiKey: 'sk-stub', baseURL: base }).chat('stub');
  return async () => (await generateObject({ model, schema, prompt: PROMPT, maxRetries: 0 })).object;
}
