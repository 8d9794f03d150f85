/** Media by URL where the provider wants the content: fetched once, found out what it is, and within limits. */

import { BamlError, Image } from '@boundaryml/baml';
import { expect, test } from 'vitest';

import { b } from '../projects/dialects/baml_client/index.js';
import { failure, oneLlm } from '../support/llm.js';
import { asking, PROVIDERS } from './providers.js';

const llm = oneLlm();

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const CONTENT = { media_url_handler: { image: 'send_base64' } };

/** The scripted LLM is also where the picture is. */
function servePicture(
  reply: object = { body: Buffer.from(PNG, 'base64'), headers: { 'content-type': '' } },
): Image {
  llm().on({ when: ({ method }) => method === 'GET', reply });
  return Image.fromUrl(`${llm().url}/pictures/1`);
}

const downloads = (): number => llm().requests.filter(({ method }) => method === 'GET').length;
const questions = (): number => llm().requests.filter(({ method }) => method === 'POST').length;

test.each(PROVIDERS)('$name: a picture by URL is sent as one by content', async (row) => {
  llm().on({ reply: 'a picture' });
  const picture = servePicture();
  const clientRegistry = asking(llm(), row, CONTENT);
  for (const ask of [
    () => b.Look(picture, { clientRegistry }),
    () => b.stream.Look(picture, { clientRegistry }).getFinalResponse(),
  ]) {
    expect(await ask()).toBe('a picture');
    const { body } = llm().lastRequest;
    expect(JSON.stringify(body)).toContain(PNG);
    expect(JSON.stringify(body)).not.toContain('/pictures/1');
    llm().reset();
    llm().on({ reply: 'a picture' });
    servePicture();
  }
  const byContent = await b.request.Look(Image.fromBase64('image/png', PNG), { clientRegistry });
  const byUrl = await b.request.Look(picture, { clientRegistry });
  expect(byUrl.body.text()).toBe(byContent.body.text());
});

test('a picture is fetched once, however often a call is tried and by whom', async () => {
  const [openai, anthropic] = [PROVIDERS[0]!, PROVIDERS.find(({ name }) => name === 'anthropic')!];
  llm().on({ model: openai.model, reply: { status: 503 } });
  llm().on({ model: anthropic.model, reply: 'a picture' });
  const picture = servePicture();
  const registry = asking(llm(), openai, CONTENT);
  registry.addRetryPolicy('Twice', { max_retries: 1, strategy: { type: 'constant_delay', delay_ms: 1 } });
  registry.addLlmClient(
    'First',
    'openai',
    llm().options('openai', { model: openai.model, ...CONTENT }),
    'Twice',
  );
  registry.addLlmClient(
    'Second',
    'anthropic',
    llm().options('anthropic', { model: anthropic.model, ...CONTENT }),
  );
  registry.addLlmClient('Both', 'fallback', { strategy: ['First', 'Second'] });
  expect(await b.Look(picture, { clientRegistry: registry, client: 'Both' })).toBe('a picture');
  expect([downloads(), questions()]).toEqual([1, 3]);
});

test.each<[string, object, object, RegExp]>([
  ['is not there', { status: 404, text: 'no' }, {}, /404/],
  ['is too large', { body: Buffer.alloc(2000) }, { max_bytes: 1000 }, /1000|1,000/],
  ['does not come', { fault: 'hang' }, { timeout_ms: 80 }, /80 ms/],
  ['is cut off', { body: Buffer.from(PNG, 'base64'), fault: 'reset-midway' }, {}, /pictures\/1/],
  ['is where none may be', {}, { allowed_hosts: ['cdn.example.com'] }, /allowed_hosts/],
  ['is not in public', {}, { public_only: true }, /public/],
])('a picture that %s is told of, and nothing is asked', async (_what, reply, limits, words) => {
  const picture = servePicture(reply);
  llm().on({ when: ({ method }) => method === 'POST', reply: 'a picture' });
  const clientRegistry = asking(llm(), PROVIDERS[0]!, { ...CONTENT, media_download: limits });
  const error = await failure(b.Look(picture, { clientRegistry }), BamlError);
  expect(error.message).toMatch(words);
  expect(error.message).not.toMatch(/reqwest|Error \{|Some\(/);
  expect(questions()).toBe(0);
});
