/** Every place where a cloud keeps credentials, from the options of a call to the header that goes out. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { ClientRegistry } from '@boundaryml/baml';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { b } from '../projects/dialects/baml_client/index.js';
import { oneLlm } from '../support/llm.js';

const llm = oneLlm();

const LATER = '2099-01-01T00:00:00Z';

/** The keys of a role, as Amazon's services give them. */
const role = (AccessKeyId: string): string =>
  JSON.stringify({
    Code: 'Success',
    AccessKeyId,
    SecretAccessKey: 'secret',
    Token: `token-${AccessKeyId}`,
    Expiration: LATER,
  });

const STS = `<R><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIAWEB</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token-ASIAWEB</SessionToken><Expiration>${LATER}</Expiration></Credentials></AssumeRoleWithWebIdentityResult></R>`;

const TOKEN = JSON.stringify({ access_token: 'of-the-cloud', expires_in: 3600, token_type: 'Bearer' });

/** What the services of three clouds answer, by method and path. */
const ANSWERS: [RegExp, string][] = [
  [/^GET \/container$/, role('ASIACONTAINER')],
  [/^PUT \/latest\/api\/token$/, 'instance-token'],
  [/^GET \/latest\/meta-data\/iam\/security-credentials\/$/, 'my-role'],
  [/^GET \/latest\/meta-data\/iam\/security-credentials\/my-role$/, role('ASIAINSTANCE')],
  [
    /^GET \/federation\/credentials\?/,
    JSON.stringify({
      roleCredentials: {
        accessKeyId: 'ASIASSO',
        secretAccessKey: 'secret',
        sessionToken: 'token-ASIASSO',
        expiration: Date.parse(LATER),
      },
    }),
  ],
  [/^POST \/sts/, STS],
  [/^GET \/computeMetadata\/v1\/instance\/service-accounts\/default\/token/, TOKEN],
  [/^GET \/computeMetadata\/v1\/project\/project-id$/, 'the-project'],
  [/^POST \/google\/token$/, TOKEN],
  [/^POST \/my-tenant\/oauth2\/v2\.0\/token$/, TOKEN],
];

let cloud: Server;
let url: string;
let home: string;
beforeAll(async () => {
  cloud = createServer((request, response) => {
    const answer = ANSWERS.find(([asked]) => asked.test(`${request.method} ${request.url}`))?.[1];
    request.resume().once('end', () => response.writeHead(answer === undefined ? 404 : 200).end(answer));
  }).listen(0, '127.0.0.1');
  await once(cloud, 'listening');
  url = `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`;
});
afterAll(() => cloud.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'clouds-'));
  return () => rmSync(home, { recursive: true });
});

function file(path: string, content: string | object): string {
  const place = join(home, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, typeof content === 'string' ? content : JSON.stringify(content));
  return place;
}

/** Where nothing is to be found but what a case puts there. */
const nowhere = (): Record<string, string> => ({
  HOME: home,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_REGION: 'us-east-1',
  NO_GCE_CHECK: 'true',
});

/** What the provider is sent. */
async function sent(
  provider: string,
  options: Record<string, unknown>,
  env: Record<string, string>,
): Promise<Record<string, string | undefined>> {
  llm().on({ reply: 'ok' });
  const clientRegistry = new ClientRegistry();
  clientRegistry.addLlmClient('Mine', provider, options);
  clientRegistry.setPrimary('Mine');
  await b.Echo('x', { clientRegistry, env: { ...nowhere(), ...env } });
  return llm().lastRequest.headers as Record<string, string | undefined>;
}

const PROFILE = 'aws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n';
const SSO = `[default]
sso_start_url = https://corp.test/start
sso_region = us-east-1
sso_account_id = 123
sso_role_name = Developer
`;

/** A place, the options and variables that lead there, and the key that signs in the end. */
const AWS: [place: string, () => [Record<string, unknown>, Record<string, string>], key: string][] = [
  ['options', () => [{ access_key_id: 'AKIAOPTION', secret_access_key: 'secret' }, {}], 'AKIAOPTION'],
  ['variables', () => [{}, { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'secret' }], 'AKIAENV'],
  [
    'a profile',
    () => {
      file('.aws/credentials', `[work]\n${PROFILE}`);
      return [{ profile: 'work' }, {}];
    },
    'AKIAPROFILE',
  ],
  [
    'single sign-on',
    () => {
      file('.aws/config', SSO);
      const kept = createHash('sha1').update('https://corp.test/start').digest('hex');
      file(`.aws/sso/cache/${kept}.json`, { accessToken: 'signed-on', expiresAt: LATER });
      return [{}, { AWS_ENDPOINT_URL_SSO: url }];
    },
    'ASIASSO',
  ],
  [
    'a web identity',
    () => {
      const token = file('token', 'web-token');
      return [
        {},
        {
          AWS_WEB_IDENTITY_TOKEN_FILE: token,
          AWS_ROLE_ARN: 'arn:aws:iam::1:role/r',
          AWS_ENDPOINT_URL_STS: `${url}/sts`,
        },
      ];
    },
    'ASIAWEB',
  ],
  ['a container', () => [{}, { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/container` }], 'ASIACONTAINER'],
  [
    'an instance',
    () => [{}, { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: url }],
    'ASIAINSTANCE',
  ],
];

test.each(AWS)('aws-bedrock signs with the keys of %s', async (_place, given, key) => {
  const [options, env] = given();
  const all = { model: 'nova-of-the-test', endpoint_url: llm().url, ...options };
  const headers = await sent('aws-bedrock', all, env);
  expect(headers['authorization']).toContain(`Credential=${key}/`);
  const token = key.startsWith('ASIA') ? `token-${key}` : undefined;
  expect(headers['x-amz-security-token']).toBe(token);
});

const GOOGLE: [place: string, () => [Record<string, unknown>, Record<string, string>]][] = [
  [
    'a file of a person who signed in',
    () => {
      const person = {
        type: 'authorized_user',
        client_id: 'id',
        client_secret: 'secret',
        refresh_token: 'refresh',
        token_uri: `${url}/google/token`,
      };
      file('.config/gcloud/application_default_credentials.json', person);
      return [{ project_id: 'p' }, {}];
    },
  ],
  [
    'the metadata server',
    () => [{}, { NO_GCE_CHECK: 'false', GCE_METADATA_HOST: url.replace('http://', '') }],
  ],
];

const vertex = (): Record<string, unknown> => {
  const { credentials: _, ...options } = llm().options('vertex-ai', { model: 'gemini-3-flash' });
  return options;
};

test.each(GOOGLE)('vertex-ai has the token of %s', async (_place, given) => {
  const [options, env] = given();
  const headers = await sent('vertex-ai', { ...vertex(), ...options }, env);
  expect(headers['authorization']).toBe('Bearer of-the-cloud');
});

test('vertex-ai signs in with a service account, wherever its file is named', async () => {
  const { credentials } = llm().options('vertex-ai', { model: 'gemini-3-flash' }) as Record<string, unknown>;
  const json = typeof credentials === 'string' ? credentials : JSON.stringify(credentials);
  const path = file('service_account.json', json);
  const ways: [Record<string, unknown>, Record<string, string>][] = [
    [{ credentials: path }, {}],
    [{ credentials_content: json }, {}],
    [{}, { GOOGLE_APPLICATION_CREDENTIALS: path }],
    [{}, { GOOGLE_APPLICATION_CREDENTIALS_CONTENT: json }],
  ];
  for (const [options, env] of ways) {
    const headers = await sent('vertex-ai', { ...vertex(), ...options }, env);
    expect(headers['authorization']).toBe('Bearer test-token');
  }
});

/** As `@azure/identity` answers. */
const identity = (): Promise<{ token: string; expiresOnTimestamp: number }> =>
  Promise.resolve({ token: 'eyJhbGciOi.eyJhdWQi.c2ln', expiresOnTimestamp: Date.now() + 3_600_000 });

test('azure-openai has the token of Entra ID, or of a function', async () => {
  const place = { base_url: `${llm().url}/v1`, model: 'm', api_version: '2025-04-01' };
  const application = { tenant_id: 'my-tenant', client_id: 'id', client_secret: 'secret' };
  const headers = await sent('azure-openai', { ...place, ...application }, { AZURE_AUTHORITY_HOST: url });
  expect(headers['authorization']).toBe('Bearer of-the-cloud');
  expect(headers['api-key']).toBeUndefined();

  const own = await sent('azure-openai', { ...place, api_key: identity }, {});
  expect(own['authorization']).toBe('Bearer eyJhbGciOi.eyJhdWQi.c2ln');
});

test('where there are none, the call says where was looked, and nothing is sent', async () => {
  const options = { model: 'nova-of-the-test', endpoint_url: llm().url };
  await expect(sent('aws-bedrock', options, {})).rejects.toThrow(
    /no AWS credentials were found; tried:[^]*AWS_ACCESS_KEY_ID/,
  );
  await expect(sent('vertex-ai', vertex(), { CLOUDSDK_CONFIG: home, PATH: home })).rejects.toThrow(
    /no Google Cloud credentials were found; tried:[^]*GOOGLE_APPLICATION_CREDENTIALS/,
  );
  await expect(sent('groq', { model: 'm', base_url: llm().baseUrl }, {})).rejects.toThrow('`GROQ_API_KEY`');
  expect(llm().requests).toHaveLength(0);
});
