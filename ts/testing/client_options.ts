/** What a client of each provider needs to ask a scripted LLM instead of the provider. */

import { generateKeyPairSync } from 'node:crypto';

/** Where the scripted LLM gives tokens to whoever has Google's credentials. */
export const TOKEN_PATH = '/token';

/** The answer there. */
export const TOKEN = { access_token: 'test-token', expires_in: 3600, token_type: 'Bearer' };

type Options = Record<string, unknown>;

const OPTIONS: Readonly<Record<string, (url: string, model: unknown) => Options>> = {
  anthropic: (url) => ({ base_url: url, api_key: 'test-key' }),
  'google-ai': (url) => ({ base_url: `${url}/v1beta`, api_key: 'test-key' }),
  'vertex-ai': (url, model) => ({
    base_url: `${url}/v1/projects/test-project/locations/us-central1/publishers/${publisher(model)}/models`,
    project_id: 'test-project',
    credentials: serviceAccount(url),
  }),
  'aws-bedrock': (url) => ({
    endpoint_url: url,
    region: 'us-east-1',
    access_key_id: 'test-key',
    secret_access_key: 'test-secret',
  }),
};

/** The options for a client of the provider; as OpenAI's for any that is not named here, as most vendors follow it. */
export function clientOptions(provider: string, url: string, more: Options = {}): Options {
  const options = Object.hasOwn(OPTIONS, provider) ? OPTIONS[provider] : undefined;
  const usual = options?.(url, more['model']) ?? { base_url: `${url}/v1`, api_key: 'test-key' };
  return { ...usual, ...more };
}

/** Whose model it is: Vertex AI has those of others, too. */
function publisher(model: unknown): string {
  return typeof model === 'string' && model.startsWith('claude') ? 'anthropic' : 'google';
}

/** A key of our own: made when first needed, as it takes a moment. */
let key: string | undefined;

function serviceAccount(url: string): object {
  key ??= generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
  return {
    type: 'service_account',
    project_id: 'test-project',
    private_key_id: 'test-key',
    private_key: key,
    client_email: 'test@test-project.iam.gserviceaccount.com',
    client_id: '1',
    auth_uri: `${url}/auth`,
    token_uri: `${url}${TOKEN_PATH}`,
  };
}
