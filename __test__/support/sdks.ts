/**
 * The providers' own SDKs, each asking the scripted LLM in its wire format: independent judges of what the scripted LLM
 * writes, and of the requests that this package makes.
 */

import { Anthropic, APIError as AnthropicError } from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  BedrockRuntimeServiceException,
  type ContentBlock,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type TokenUsage,
  type ToolConfiguration,
  type ToolInputSchema,
} from '@aws-sdk/client-bedrock-runtime';
import type { DialectName } from '@boundaryml/baml/testing';
import { ApiError as GoogleError, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { APIError as OpenAIError, OpenAI } from 'openai';

/** What is asked, in every wire format the same. */
export interface Question {
  system?: string;
  /** The provider shall keep what comes before the end of the system's text; only some are told. */
  cached?: boolean;
  /** What was said before. */
  before?: { role: 'user' | 'assistant'; text: string }[];
  user: (string | Attachment)[];
  temperature?: number;
  maxTokens?: number;
  /** The form that the answer must have. */
  form?: Form;
}

/** A JSON Schema by name. */
export interface Form {
  name: string;
  schema: { type: 'object'; [keyword: string]: unknown };
}

/** A file in base64, or a picture where it is. */
export type Attachment =
  { kind: 'image' | 'pdf' | 'audio'; mediaType: string; data: string } | { kind: 'image'; url: string };

function dataUrl(file: Attachment): string {
  return 'url' in file ? file.url : `data:${file.mediaType};base64,${file.data}`;
}

/** What an SDK made of an answer. */
export interface Heard {
  text: string;
  reasoning: string;
  refusal: string;
  finishReason: string;
  /** As the provider counts. */
  inputTokens: number;
  outputTokens: number;
  cachedInputTokens: number;
}

export interface Sdk {
  name: string;
  dialect: DialectName;
  /** The class of its errors. */
  errors: abstract new (...parameters: never[]) => Error;
  /** Asks once, without retries. */
  ask(url: string, model: string, question: Question): Promise<Heard>;
  stream(url: string, model: string, question: Question): Promise<Heard>;
}

function nothing(): Heard {
  return {
    text: '',
    reasoning: '',
    refusal: '',
    finishReason: '',
    inputTokens: 0,
    outputTokens: 0,
    cachedInputTokens: 0,
  };
}

/** Leaves out what is not asked. */
function given<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

const openai = (url: string): OpenAI =>
  new OpenAI({ apiKey: 'test-key', baseURL: `${url}/v1`, maxRetries: 0 });

function chatRequest(model: string, { system, before = [], user, temperature, maxTokens, form }: Question) {
  const content = user.map((part): OpenAI.ChatCompletionContentPart => {
    if (typeof part === 'string') return { type: 'text', text: part };
    if (part.kind === 'image') return { type: 'image_url', image_url: { url: dataUrl(part) } };
    if (part.kind === 'audio') {
      const format = part.mediaType.replace('audio/', '') as 'wav';
      return { type: 'input_audio', input_audio: { data: part.data, format } };
    }
    return { type: 'file', file: { filename: 'document.pdf', file_data: dataUrl(part) } };
  });
  const messages: OpenAI.ChatCompletionMessageParam[] = [];
  if (system !== undefined) messages.push({ role: 'system', content: [{ type: 'text', text: system }] });
  for (const { role, text } of before) messages.push({ role, content: [{ type: 'text', text }] });
  messages.push({ role: 'user', content });
  const json_schema = form && { name: form.name, schema: form.schema, strict: true };
  const response_format = json_schema && { type: 'json_schema' as const, json_schema };
  return { model, messages, ...given({ temperature, max_tokens: maxTokens, response_format }) };
}

/** Beside OpenAI's own fields, what others that speak its format have. */
interface Thoughtful {
  reasoning_content?: string;
}

function heardUsage(usage: OpenAI.CompletionUsage | null | undefined): Partial<Heard> {
  return {
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
    cachedInputTokens: usage?.prompt_tokens_details?.cached_tokens ?? 0,
  };
}

export const openaiChat: Sdk = {
  name: 'openai, chat completions',
  dialect: 'openai-chat',
  errors: OpenAIError,

  async ask(url, model, question) {
    const answer = await openai(url).chat.completions.create(chatRequest(model, question));
    const { message, finish_reason } = answer.choices[0]!;
    return {
      ...nothing(),
      text: message.content ?? '',
      reasoning: (message as Thoughtful).reasoning_content ?? '',
      refusal: message.refusal ?? '',
      finishReason: finish_reason,
      ...heardUsage(answer.usage),
    };
  },

  async stream(url, model, question) {
    const events = await openai(url).chat.completions.create({
      ...chatRequest(model, question),
      stream: true,
      stream_options: { include_usage: true },
    });
    const heard = nothing();
    for await (const { choices, usage } of events) {
      const [choice] = choices;
      heard.text += choice?.delta.content ?? '';
      heard.reasoning += (choice?.delta as Thoughtful | undefined)?.reasoning_content ?? '';
      heard.refusal += choice?.delta.refusal ?? '';
      heard.finishReason ||= choice?.finish_reason ?? '';
      if (usage) Object.assign(heard, heardUsage(usage));
    }
    return heard;
  },
};

function responsesRequest(
  model: string,
  { system, before = [], user, temperature, maxTokens, form }: Question,
) {
  const content = user.map((part): OpenAI.Responses.ResponseInputContent => {
    if (typeof part === 'string') return { type: 'input_text', text: part };
    if (part.kind === 'image') return { type: 'input_image', image_url: dataUrl(part), detail: 'auto' };
    return { type: 'input_file', filename: 'document.pdf', file_data: dataUrl(part) };
  });
  const input: OpenAI.Responses.ResponseInputItem[] = [];
  if (system !== undefined) input.push({ role: 'system', content: [{ type: 'input_text', text: system }] });
  for (const { role, text } of before) {
    const type = role === 'assistant' ? 'output_text' : 'input_text';
    // What the model said needs no name of its own when it is said again.
    input.push({ role, content: [{ type, text }] } as OpenAI.Responses.ResponseInputItem);
  }
  input.push({ role: 'user', content });
  const text = form && { format: { type: 'json_schema' as const, ...form, strict: true } };
  return { model, input, ...given({ temperature, max_output_tokens: maxTokens, text }) };
}

function heardResponse(response: OpenAI.Responses.Response): Heard {
  const heard = {
    ...nothing(),
    finishReason: response.incomplete_details?.reason ?? response.status ?? '',
    inputTokens: response.usage?.input_tokens ?? 0,
    outputTokens: response.usage?.output_tokens ?? 0,
    cachedInputTokens: response.usage?.input_tokens_details.cached_tokens ?? 0,
  };
  for (const item of response.output) {
    if (item.type === 'reasoning') heard.reasoning += item.summary.map(({ text }) => text).join('');
    if (item.type !== 'message') continue;
    for (const part of item.content) {
      if (part.type === 'refusal') heard.refusal += part.refusal;
      else heard.text += part.text;
    }
  }
  return heard;
}

export const openaiResponses: Sdk = {
  name: 'openai, responses',
  dialect: 'openai-responses',
  errors: OpenAIError,

  async ask(url, model, question) {
    return heardResponse(await openai(url).responses.create(responsesRequest(model, question)));
  },

  async stream(url, model, question) {
    const events = openai(url).responses.stream(responsesRequest(model, question));
    const grown = { text: '', reasoning: '', refusal: '' };
    for await (const event of events) {
      if (event.type === 'response.output_text.delta') grown.text += event.delta;
      if (event.type === 'response.reasoning_summary_text.delta') grown.reasoning += event.delta;
      if (event.type === 'response.refusal.delta') grown.refusal += event.delta;
    }
    // The text from the deltas, the rest from the last event.
    return { ...heardResponse(await events.finalResponse()), ...grown };
  },
};

function messagesRequest(
  model: string,
  { system, cached, before = [], user, temperature, maxTokens, form }: Question,
) {
  const content = user.map((part): Anthropic.ContentBlockParam => {
    if (typeof part === 'string') return { type: 'text', text: part };
    if ('url' in part) return { type: 'image', source: { type: 'url', url: part.url } };
    const { mediaType, data } = part;
    if (part.kind === 'image') {
      const media_type = mediaType as Anthropic.Base64ImageSource['media_type'];
      return { type: 'image', source: { type: 'base64', media_type, data } };
    }
    return { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data } };
  });
  return {
    model,
    max_tokens: maxTokens ?? 4096,
    messages: [
      ...before.map(({ role, text }) => ({ role, content: [{ type: 'text' as const, text }] })),
      { role: 'user' as const, content },
    ],
    ...given({
      system: system === undefined ? undefined : [systemBlock(system, cached)],
      temperature,
      output_config: form && { format: { type: 'json_schema' as const, schema: form.schema } },
    }),
  };
}

function systemBlock(text: string, cached = false): Anthropic.TextBlockParam {
  return { type: 'text', text, ...(cached ? { cache_control: { type: 'ephemeral' } } : {}) };
}

function heardMessage(message: Anthropic.Message): Heard {
  const heard = {
    ...nothing(),
    refusal: message.stop_details?.explanation ?? '',
    finishReason: message.stop_reason ?? '',
    inputTokens: message.usage.input_tokens,
    outputTokens: message.usage.output_tokens,
    cachedInputTokens: message.usage.cache_read_input_tokens ?? 0,
  };
  for (const block of message.content) {
    if (block.type === 'text') heard.text += block.text;
    if (block.type === 'thinking') heard.reasoning += block.thinking;
  }
  return heard;
}

const claude = (url: string): Anthropic => new Anthropic({ apiKey: 'test-key', baseURL: url, maxRetries: 0 });

export const anthropic: Sdk = {
  name: '@anthropic-ai/sdk',
  dialect: 'anthropic',
  errors: AnthropicError,

  async ask(url, model, question) {
    return heardMessage(await claude(url).messages.create(messagesRequest(model, question)));
  },

  async stream(url, model, question) {
    const events = claude(url).messages.stream(messagesRequest(model, question));
    const grown = { text: '', reasoning: '' };
    for await (const event of events) {
      if (event.type !== 'content_block_delta') continue;
      if (event.delta.type === 'text_delta') grown.text += event.delta.text;
      if (event.delta.type === 'thinking_delta') grown.reasoning += event.delta.thinking;
    }
    return { ...heardMessage(await events.finalMessage()), ...grown };
  },
};

function generateRequest(
  model: string,
  { system, before = [], user, temperature, maxTokens, form }: Question,
) {
  const parts = user.map((part) => {
    if (typeof part === 'string') return { text: part };
    if ('url' in part) return { fileData: { fileUri: part.url } };
    return { inlineData: { mimeType: part.mediaType, data: part.data } };
  });
  return {
    model,
    contents: [
      ...before.map(({ role, text }) => ({ role: role === 'user' ? 'user' : 'model', parts: [{ text }] })),
      { role: 'user', parts },
    ],
    config: given({
      systemInstruction: system === undefined ? undefined : { parts: [{ text: system }] },
      temperature,
      maxOutputTokens: maxTokens,
      responseMimeType: form && 'application/json',
      responseJsonSchema: form?.schema,
    }),
  };
}

/** Adds a chunk: texts grow, the rest is as the last one says. */
function hearChunk(
  heard: Heard,
  { candidates, promptFeedback, usageMetadata }: GenerateContentResponse,
): void {
  const [candidate] = candidates ?? [];
  for (const { text = '', thought } of candidate?.content?.parts ?? []) {
    if (thought) heard.reasoning += text;
    else heard.text += text;
  }
  heard.refusal += candidate?.finishMessage ?? promptFeedback?.blockReasonMessage ?? '';
  heard.finishReason ||= candidate?.finishReason ?? promptFeedback?.blockReason ?? '';
  heard.inputTokens = usageMetadata?.promptTokenCount ?? 0;
  heard.outputTokens = usageMetadata?.candidatesTokenCount ?? 0;
  heard.cachedInputTokens = usageMetadata?.cachedContentTokenCount ?? 0;
}

const gemini = (url: string): GoogleGenAI =>
  new GoogleGenAI({ apiKey: 'test-key', httpOptions: { baseUrl: url, retryOptions: { attempts: 1 } } });

export const google: Sdk = {
  name: '@google/genai',
  dialect: 'google',
  errors: GoogleError,

  async ask(url, model, question) {
    const heard = nothing();
    hearChunk(heard, await gemini(url).models.generateContent(generateRequest(model, question)));
    return heard;
  },

  async stream(url, model, question) {
    const heard = nothing();
    const chunks = await gemini(url).models.generateContentStream(generateRequest(model, question));
    for await (const chunk of chunks) hearChunk(heard, chunk);
    return heard;
  },
};

function converseRequest(
  model: string,
  { system, cached, before = [], user, temperature, maxTokens, form }: Question,
): ConverseCommandInput {
  const content = user.map((part): ContentBlock => {
    if (typeof part === 'string') return { text: part };
    if ('url' in part) throw new TypeError('Bedrock takes pictures by their bytes');
    const source = { bytes: Buffer.from(part.data, 'base64') };
    if (part.kind === 'image') {
      const format = part.mediaType.replace('image/', '') as 'png';
      return { image: { format, source } };
    }
    return { document: { format: 'pdf', name: 'document', source } };
  });
  const inferenceConfig = given({ temperature, maxTokens });
  return {
    modelId: model,
    messages: [...before.map(({ role, text }) => ({ role, content: [{ text }] })), { role: 'user', content }],
    ...(system === undefined
      ? {}
      : { system: [{ text: system }, ...(cached ? [{ cachePoint: { type: 'default' as const } }] : [])] }),
    ...(Object.keys(inferenceConfig).length === 0 ? {} : { inferenceConfig }),
    ...(form === undefined ? {} : { toolConfig: onlyTool(form) }),
  };
}

/** A form is the input of a tool that must be used. */
function onlyTool({ name, schema }: Form): ToolConfiguration {
  const inputSchema = { json: schema } as ToolInputSchema;
  const toolSpec = { name, description: 'Takes the answer.', inputSchema };
  return { tools: [{ toolSpec }], toolChoice: { tool: { name } } };
}

const converse = (url: string): BedrockRuntimeClient =>
  new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'test-key', secretAccessKey: 'test-secret' },
    maxAttempts: 1,
    // Its own choice is HTTP/2.
    requestHandler: new NodeHttpHandler(),
  });

function hearUsage(heard: Heard, usage: TokenUsage | undefined): void {
  heard.inputTokens = usage?.inputTokens ?? 0;
  heard.outputTokens = usage?.outputTokens ?? 0;
  heard.cachedInputTokens = usage?.cacheReadInputTokens ?? 0;
}

export const bedrock: Sdk = {
  name: '@aws-sdk/client-bedrock-runtime',
  dialect: 'bedrock',
  errors: BedrockRuntimeServiceException,

  async ask(url, model, question) {
    const answer = await converse(url).send(new ConverseCommand(converseRequest(model, question)));
    const heard = { ...nothing(), finishReason: answer.stopReason ?? '' };
    for (const block of answer.output?.message?.content ?? []) {
      heard.text += block.text ?? '';
      heard.reasoning += block.reasoningContent?.reasoningText?.text ?? '';
    }
    hearUsage(heard, answer.usage);
    return heard;
  },

  async stream(url, model, question) {
    const answer = await converse(url).send(new ConverseStreamCommand(converseRequest(model, question)));
    const heard = nothing();
    for await (const event of answer.stream ?? []) {
      const delta = event.contentBlockDelta?.delta;
      heard.text += delta?.text ?? '';
      heard.reasoning += delta?.reasoningContent?.text ?? '';
      heard.finishReason ||= event.messageStop?.stopReason ?? '';
      if (event.metadata) hearUsage(heard, event.metadata.usage);
    }
    return heard;
  },
};

export const SDKS: readonly Sdk[] = [openaiChat, openaiResponses, anthropic, google, bedrock];
