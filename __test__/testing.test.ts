import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';

import { type Llm, startLlm } from '@boundaryml/baml/testing';

const open: Llm[] = [];

async function start(...script: Parameters<typeof startLlm>): Promise<Llm> {
  const llm = await startLlm(...script);
  open.push(llm);
  return llm;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((llm) => llm.close()));
});

function ask(llm: Llm, body: object, init: RequestInit = {}): Promise<Response> {
  return fetch(`${llm.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer k' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }], ...body }),
    ...init,
  });
}

function content(text: string): object {
  return { messages: [{ role: 'user', content: [{ type: 'text', text }] }] };
}

async function said(response: Response): Promise<string> {
  const body = (await response.json()) as { choices: { message: { content: string } }[] };
  return body.choices[0]!.message.content;
}

/** The deltas of a streamed answer, and whether it ended as it should. */
async function streamed(response: Response): Promise<{ deltas: string[]; done: boolean; events: unknown[] }> {
  const lines = (await response.text()).split('\n\n').filter((line) => line !== '');
  const data = lines.map((line) => line.replace(/^data: /, ''));
  const events = data.filter((line) => line !== '[DONE]').map((line) => JSON.parse(line));
  const deltas = events.map((event) => event.choices[0]?.delta.content).filter((text) => text);
  return { deltas, done: data.at(-1) === '[DONE]', events };
}

describe('replies', () => {
  test('a text answers everything', async () => {
    const llm = await start('hi there');
    expect(await said(await ask(llm, {}))).toBe('hi there');
  });

  test('rules choose by model and by prompt, the first that applies wins', async () => {
    const llm = await start({
      rules: [
        { model: 'premium', prompt: /resume/i, reply: 'premium resume' },
        { model: /^prem/, reply: 'premium' },
        { prompt: 'invoice', reply: 'invoice' },
        { when: (request) => request.headers['authorization'] === 'Bearer other', reply: 'other key' },
      ],
      reply: 'otherwise',
    });
    expect(await said(await ask(llm, { model: 'premium', ...content('My Resume') }))).toBe('premium resume');
    expect(await said(await ask(llm, { model: 'premium', ...content('else') }))).toBe('premium');
    expect(await said(await ask(llm, content('the invoice of')))).toBe('invoice');
    expect(await said(await ask(llm, {}, { headers: { authorization: 'Bearer other' } }))).toBe('other key');
    expect(await said(await ask(llm, {}))).toBe('otherwise');
  });

  test('a list answers one after the other, the last one from then on', async () => {
    const llm = await start([
      'one',
      { status: 429, text: 'slow down', headers: { 'retry-after': '2' } },
      'three',
    ]);
    expect(await said(await ask(llm, {}))).toBe('one');
    const limited = await ask(llm, {});
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('2');
    expect(await limited.json()).toMatchObject({ error: { message: 'slow down' } });
    expect(await said(await ask(llm, {}))).toBe('three');
    expect(await said(await ask(llm, {}))).toBe('three');
  });

  test('a function answers what it makes of the request', async () => {
    const llm = await start((request) => ({ json: { model: request.model, prompt: request.prompt } }));
    expect(JSON.parse(await said(await ask(llm, { model: 'x' })))).toEqual({ model: 'x', prompt: 'hello' });
  });

  test('rules can be added, and the script begun anew', async () => {
    const llm = await start(['first', 'second']);
    await ask(llm, {});
    llm.on({ model: 'm', reply: 'added' });
    expect(await said(await ask(llm, {}))).toBe('added');
    llm.reset();
    expect(llm.requests).toHaveLength(0);
    expect(await said(await ask(llm, {}))).toBe('first');
  });

  test('a request that the script does not foresee is told so', async () => {
    const llm = await start({ rules: [{ model: 'a', reply: 'A' }] });
    const response = await ask(llm, { model: 'b' });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(
      'no reply for model \\"b\\" and a prompt that begins \\"hello\\"',
    );
  });

  test('a script that throws answers 500 with what it threw', async () => {
    const llm = await start(() => {
      throw new Error('oops');
    });
    const response = await ask(llm, {});
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('oops');
  });

  test('usage, finish reason and model are as told', async () => {
    const llm = await start({
      text: 'x',
      finishReason: 'length',
      model: 'other',
      usage: { inputTokens: 5, outputTokens: 7, cachedInputTokens: 3 },
    });
    expect(await (await ask(llm, {})).json()).toMatchObject({
      model: 'other',
      choices: [{ finish_reason: 'length' }],
      usage: { prompt_tokens: 5, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 3 } },
    });
  });
});

describe('streams', () => {
  test('come in events of the chosen size, with usage when asked for', async () => {
    const llm = await start({ text: 'añb😀cd', chunkSize: [1, 2], usage: { outputTokens: 4 } });
    const { deltas, done, events } = await streamed(
      await ask(llm, { stream: true, stream_options: { include_usage: true } }),
    );
    expect(deltas).toEqual(['a', 'ñb', '😀', 'cd']);
    expect(done).toBe(true);
    expect(events.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 4 } });
  });

  test('can be written byte by byte, through the middle of characters', async () => {
    const llm = await start({ text: 'añ😀', writeBytes: 1 });
    const response = await ask(llm, { stream: true });
    let splits = 0;
    const bytes: Uint8Array[] = [];
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes.push(chunk);
      splits++;
    }
    expect(splits).toBeGreaterThan(20);
    expect(Buffer.concat(bytes).toString()).toContain('añ😀');
  });

  test('can stop half way', async () => {
    const llm = await start({ text: 'abcdefgh', chunkSize: 1, fault: 'reset-midway' });
    const response = await ask(llm, { stream: true });
    await expect(response.text()).rejects.toThrow();
  });
});

describe('faults', () => {
  test('reset tears the connection down', async () => {
    const llm = await start({ fault: 'reset' });
    await expect(ask(llm, {})).rejects.toThrow();
    expect(llm.requests).toHaveLength(1);
  });

  test('reset midway breaks a body off', async () => {
    const llm = await start({ text: 'x'.repeat(1000), fault: 'reset-midway' });
    const response = await ask(llm, {});
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  test('hang answers never, and a caller that hangs up is seen', async () => {
    const llm = await start({ fault: 'hang' });
    await expect(ask(llm, {}, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    await expect.poll(() => llm.lastRequest.aborted).toBe(true);
  });

  test('garbage and nothing come with status 200', async () => {
    const llm = await start([{ fault: 'garbage' }, { fault: 'empty' }]);
    const garbage = await ask(llm, {});
    expect([garbage.status, await garbage.text()]).toEqual([200, expect.stringContaining('<!doctype')]);
    const empty = await ask(llm, {});
    expect([empty.status, await empty.text()]).toEqual([200, '']);
  });

  test('a delay is kept, and does not hold up closing', async () => {
    const llm = await start([{ text: 'late', delayMs: 80 }, { delayMs: 60_000 }]);
    const begun = performance.now();
    await ask(llm, {});
    expect(performance.now() - begun).toBeGreaterThan(75);
    const pending = ask(llm, {}).catch((error: unknown) => error);
    await expect.poll(() => llm.requests.length).toBe(2);
    await llm.close();
    expect(await pending).toBeInstanceOf(Error);
  });
});

describe('requests', () => {
  test('are kept with everything that they said', async () => {
    const llm = await start('x');
    await fetch(`${llm.url}/openai/deployments/d/chat/completions?api-version=1`, {
      method: 'POST',
      headers: { 'x-mine': 'yes' },
      body: JSON.stringify({
        model: 'gpt',
        stream: false,
        messages: [
          { role: 'system', content: 'be brief' },
          { role: 'user', content: 'hello' },
        ],
      }),
    });
    expect(llm.lastRequest).toMatchObject({
      method: 'POST',
      path: '/openai/deployments/d/chat/completions',
      query: { 'api-version': '1' },
      headers: { 'x-mine': 'yes' },
      model: 'gpt',
      prompt: 'be brief\nhello',
      stream: false,
      aborted: false,
    });
    expect(llm.lastRequest.body.messages).toHaveLength(2);
    expect(Math.abs(Date.now() - llm.lastRequest.time)).toBeLessThan(5000);
  });

  test('that are not JSON are answered, too', async () => {
    const llm = await start('x');
    const response = await fetch(llm.url, { method: 'POST', body: 'not json' });
    expect(response.status).toBe(200);
    expect(llm.lastRequest).toMatchObject({ body: undefined, text: 'not json', model: '' });
  });

  test('none: asking for the last one says so', async () => {
    const llm = await start('x');
    expect(() => llm.lastRequest).toThrow('has seen no request');
  });
});

test('options are what a client needs', async () => {
  const llm = await start('x');
  expect(llm.options({ model: 'm' })).toEqual({ base_url: `${llm.url}/v1`, api_key: 'test-key', model: 'm' });
});

test('disposal closes it', async () => {
  const llm = await startLlm('x');
  await llm[Symbol.asyncDispose]();
  const port = Number(new URL(llm.url).port);
  await expect(
    new Promise((resolve, reject) => {
      connect(port, '127.0.0.1').once('connect', resolve).once('error', reject);
    }),
  ).rejects.toThrow('ECONNREFUSED');
});
