/** The providers that the suites of this folder go through, one row each, and how to ask one of them. */

import { ClientRegistry } from '@boundaryml/baml';
import type { DialectName, Llm } from '@boundaryml/baml/testing';

import { anthropic, bedrock, google, openaiChat, openaiResponses, type Sdk } from '../support/sdks.js';

/** A provider, and what is its own about it. */
export interface ProviderRow {
  /** As tests name it. */
  name: string;
  /** As `addLlmClient` takes it. */
  provider: string;
  dialect: DialectName;
  model: string;
  /** Where a call goes, and a stream. */
  path: string;
  streamPath?: string;
  /** What it calls the reasons that a script names. */
  finishReasons: { stop: string; length: string; content_filter: string };
  /** Headers in which its SDK says the same. */
  headers: readonly string[];
  /** The option that limits the answer, and temperature, as its clients take them. */
  limits: (temperature: number, maxTokens: number) => Record<string, unknown>;
  /** Whether an error names the request. */
  namesRequests: boolean;
  /** OpenAI's own clients ask for usage in streams; others may not know the question. */
  streamsWithoutUsage?: boolean;
  /** Guardrails answer in the model's place; only the finish reason tells. */
  refusesInText?: boolean;
  /** Its clients have no option for headers: all that is sent is signed. */
  takesNoHeaders?: boolean;
  /** Options beside those by which the scripted LLM is found. */
  options?: Record<string, unknown>;
  /** The provider's own SDK, where one asks the same way. */
  sdk?: Sdk;
}

const OPENAI_CHAT = {
  dialect: 'openai-chat',
  model: 'gpt-5-mini',
  path: '/v1/chat/completions',
  finishReasons: { stop: 'stop', length: 'length', content_filter: 'content_filter' },
  headers: ['authorization'],
  limits: (temperature: number, max_tokens: number) => ({ temperature, max_tokens }),
  namesRequests: true,
} as const;

const ANTHROPIC = {
  dialect: 'anthropic',
  model: 'claude-of-the-test',
  finishReasons: { stop: 'end_turn', length: 'max_tokens', content_filter: 'refusal' },
  // Its SDK speaks a later version of the interface.
  headers: [],
  limits: (temperature: number, max_tokens: number) => ({ temperature, max_tokens }),
  namesRequests: true,
} as const;

const GOOGLE = {
  dialect: 'google',
  model: 'gemini-3-flash',
  finishReasons: { stop: 'STOP', length: 'MAX_TOKENS', content_filter: 'SAFETY' },
  headers: [],
  limits: (temperature: number, maxOutputTokens: number) => ({
    generationConfig: { temperature, maxOutputTokens },
  }),
  namesRequests: false,
} as const;

/** Where Vertex AI has its models. */
const VERTEX = '/v1/projects/test-project/locations/us-central1/publishers';

export const PROVIDERS: readonly ProviderRow[] = [
  { ...OPENAI_CHAT, name: 'openai', provider: 'openai', sdk: openaiChat },
  {
    ...OPENAI_CHAT,
    name: 'openai-generic',
    provider: 'openai-generic',
    streamsWithoutUsage: true,
  },
  {
    ...OPENAI_CHAT,
    name: 'a vendor that copied OpenAI',
    provider: 'groq',
    streamsWithoutUsage: true,
  },
  {
    ...OPENAI_CHAT,
    name: 'azure-openai',
    provider: 'azure-openai',
    headers: [],
    streamsWithoutUsage: true,
  },
  {
    ...OPENAI_CHAT,
    name: 'openai-responses',
    provider: 'openai-responses',
    dialect: 'openai-responses',
    path: '/v1/responses',
    finishReasons: { stop: 'completed', length: 'max_output_tokens', content_filter: 'content_filter' },
    limits: (temperature, max_output_tokens) => ({ temperature, max_output_tokens }),
    sdk: openaiResponses,
  },
  { ...ANTHROPIC, name: 'anthropic', provider: 'anthropic', path: '/v1/messages', sdk: anthropic },
  {
    ...GOOGLE,
    name: 'google-ai',
    provider: 'google-ai',
    path: '/v1beta/models/gemini-3-flash:generateContent',
    streamPath: '/v1beta/models/gemini-3-flash:streamGenerateContent',
    headers: ['x-goog-api-key'],
    sdk: google,
  },
  {
    ...GOOGLE,
    name: 'Gemini on vertex-ai',
    provider: 'vertex-ai',
    path: `${VERTEX}/google/models/gemini-3-flash:generateContent`,
    streamPath: `${VERTEX}/google/models/gemini-3-flash:streamGenerateContent`,
  },
  {
    ...ANTHROPIC,
    name: 'Claude on vertex-ai',
    provider: 'vertex-ai',
    path: `${VERTEX}/anthropic/models/claude-of-the-test:rawPredict`,
    streamPath: `${VERTEX}/anthropic/models/claude-of-the-test:streamRawPredict`,
  },
  {
    name: 'aws-bedrock',
    provider: 'aws-bedrock',
    dialect: 'bedrock',
    model: 'nova-of-the-test',
    path: '/model/nova-of-the-test/converse',
    streamPath: '/model/nova-of-the-test/converse-stream',
    finishReasons: { stop: 'end_turn', length: 'max_tokens', content_filter: 'content_filtered' },
    // What it signs differs from call to call.
    headers: [],
    limits: (temperature, max_tokens) => ({ inference_configuration: { temperature, max_tokens } }),
    namesRequests: true,
    refusesInText: true,
    takesNoHeaders: true,
    sdk: bedrock,
  },
];

/** A registry whose chosen client is of the provider and asks the scripted LLM. */
export function asking(llm: Llm, row: ProviderRow, options: Record<string, unknown> = {}): ClientRegistry {
  const registry = new ClientRegistry();
  const all = llm.options(row.provider, { model: row.model, ...row.options, ...options });
  registry.addLlmClient('Mine', row.provider, all);
  registry.setPrimary('Mine');
  return registry;
}
