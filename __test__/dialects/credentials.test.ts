/** Who asks: keys and tokens where they belong, and AWS's signatures checked by AWS's own signer. */

import { createHash, createHmac, type BinaryLike } from 'node:crypto';

import type { HttpRequest } from '@boundaryml/baml';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, test } from 'vitest';

import { b } from '../projects/dialects/baml_client/index.js';
import { oneLlm } from '../support/llm.js';
import { asking, type ProviderRow, PROVIDERS } from './providers.js';

const llm = oneLlm();

const WHO: Record<string, Record<string, string>> = {
  openai: { authorization: 'Bearer test-key' },
  'openai-generic': { authorization: 'Bearer test-key' },
  groq: { authorization: 'Bearer test-key' },
  'azure-openai': { 'api-key': 'test-key' },
  'openai-responses': { authorization: 'Bearer test-key' },
  anthropic: { 'x-api-key': 'test-key' },
  'google-ai': { 'x-goog-api-key': 'test-key' },
  // The token for which the service account signed in.
  'vertex-ai': { authorization: 'Bearer test-token' },
  'aws-bedrock': {
    authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=test-key\//) as string,
  },
};

test.each(PROVIDERS)('$name knows who asks', async (row) => {
  llm().on({ reply: 'ok' });
  await b.Echo('x', { clientRegistry: asking(llm(), row) });
  expect(llm().lastRequest.headers).toMatchObject(WHO[row.provider]!);
  // A key is in one place only.
  const { path, query, text, headers } = llm().lastRequest;
  expect(JSON.stringify([path, query, text])).not.toMatch(/test-(key|token|secret)/);
  expect(JSON.stringify(headers)).not.toContain('test-secret');
});

/** SHA-256, and the HMAC of it when there is a secret, as the signer wants it. */
class Sha256 {
  readonly #hash;
  constructor(secret?: unknown) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as BinaryLike);
  }
  update(data: unknown): void {
    this.#hash.update(data as BinaryLike);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {
    throw new Error('not needed');
  }
}

interface Signed {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body: string;
}

/** The header that AWS's signer makes for the same request, at the time that the request says. */
async function asAwsSigns({ method, url, headers, body }: Signed, sessionToken?: string): Promise<string> {
  const [, names = ''] = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '') ?? [];
  const date = headers['x-amz-date']!.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5');
  const signer = new SignatureV4({
    service: 'bedrock',
    region: 'us-east-1',
    credentials: {
      accessKeyId: 'test-key',
      secretAccessKey: 'test-secret',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    sha256: Sha256,
    applyChecksum: false,
  });
  const signedHeaders = names
    .split(';')
    .filter((name) => !['x-amz-date', 'x-amz-security-token'].includes(name));
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: Object.fromEntries(signedHeaders.map((name) => [name, headers[name]!])),
      body,
    },
    { signingDate: new Date(date) },
  );
  return signed.headers['authorization']!;
}

describe('aws-bedrock', () => {
  const bedrock = PROVIDERS.find(({ provider }) => provider === 'aws-bedrock')!;
  const MODELS = [
    'amazon.nova-lite-v1:0',
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.nova-lite-v1:0',
    'a model with spaces, ünï & more',
  ];

  test.each(MODELS)('signs for %s as AWS signs', async (model) => {
    llm().on({ reply: 'ok' });
    const row: ProviderRow = { ...bedrock, model };
    for (const session_token of [undefined, 'test-session//token+=']) {
      const options = session_token === undefined ? {} : { session_token };
      const clientRegistry = asking(llm(), row, options);
      const asked = [
        () => b.Echo('Grüße 🌍', { clientRegistry }),
        () => b.stream.Echo('Grüße 🌍', { clientRegistry }).getFinalResponse(),
      ];
      for (const ask of asked) {
        await ask();
        const { method, path, headers, text, model: read } = llm().lastRequest;
        expect(read).toBe(model);
        const sent = { method, url: new URL(path, llm().url), headers, body: text } as Signed;
        expect(headers['authorization']).toBe(await asAwsSigns(sent, session_token));
        expect(headers['x-amz-security-token']).toBe(session_token);
      }
      const built: HttpRequest = await b.request.Echo('Grüße 🌍', { clientRegistry });
      const shown = {
        method: built.method,
        url: new URL(built.url),
        headers: { host: new URL(built.url).host, ...built.headers },
        body: built.body.text(),
      };
      expect(built.headers['authorization']).toBe(await asAwsSigns(shown, session_token));
    }
  });
});
