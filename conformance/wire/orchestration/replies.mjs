// Whole replies of the four dialects, and their error bodies.

const INPUT_TOKENS = 10;
const OUTPUT_TOKENS = 5;
const CACHED_TOKENS = 3;
const CREATED = 1_700_000_000;
const REFUSAL = 'I will not';

export const FINISH_REASONS = {
  openai: {
    stop: 'stop',
    length: 'length',
    filter: 'content_filter',
    tool: 'tool_calls',
    odd: 'weird',
  },
  anthropic: {
    stop: 'end_turn',
    length: 'max_tokens',
    filter: 'refusal',
    tool: 'tool_use',
    odd: 'weird',
  },
  google: {
    stop: 'STOP',
    length: 'MAX_TOKENS',
    filter: 'SAFETY',
    tool: 'OTHER',
    odd: 'WEIRD',
  },
};

export const openaiUsage = {
  prompt_tokens: INPUT_TOKENS,
  completion_tokens: OUTPUT_TOKENS,
  total_tokens: INPUT_TOKENS + OUTPUT_TOKENS,
  prompt_tokens_details: { cached_tokens: CACHED_TOKENS },
};

export const anthropicUsage = (outputTokens = OUTPUT_TOKENS) => ({
  input_tokens: INPUT_TOKENS,
  output_tokens: outputTokens,
  cache_read_input_tokens: CACHED_TOKENS,
});

export const anthropicOutputTokens = OUTPUT_TOKENS;

export const googleUsage = {
  promptTokenCount: INPUT_TOKENS,
  candidatesTokenCount: OUTPUT_TOKENS,
  totalTokenCount: INPUT_TOKENS + OUTPUT_TOKENS,
  cachedContentTokenCount: CACHED_TOKENS,
};

const responsesUsage = {
  input_tokens: INPUT_TOKENS,
  output_tokens: OUTPUT_TOKENS,
  total_tokens: INPUT_TOKENS + OUTPUT_TOKENS,
  input_tokens_details: { cached_tokens: CACHED_TOKENS },
  output_tokens_details: { reasoning_tokens: 0 },
};

const REPLIES = { openai, responses, anthropic, google };

/** The body of a successful reply that is not streamed. */
export const wholeReply = (api, step, text = step.text) => REPLIES[api](step, text);

function openai(step, text) {
  const message = {
    role: 'assistant',
    content: step.has('nullcontent') ? null : text,
    ...(step.has('refusal') && { refusal: REFUSAL }),
  };
  const choice = { index: 0, message, finish_reason: FINISH_REASONS.openai[step.finish], logprobs: null };
  return {
    id: 'c1',
    object: 'chat.completion',
    created: CREATED,
    model: step.model,
    choices: step.has('nochoices') ? [] : [choice],
    ...(!step.has('nousage') && { usage: openaiUsage }),
  };
}

function responses(step, text) {
  const content = step.has('refusal')
    ? { type: 'refusal', refusal: REFUSAL }
    : { type: 'output_text', text, annotations: [] };
  const message = {
    type: 'message',
    id: 'msg_1',
    status: 'completed',
    role: 'assistant',
    content: [content],
  };
  return {
    id: 'resp_1',
    object: 'response',
    created_at: CREATED,
    model: step.model,
    status: step.finish === 'length' ? 'incomplete' : 'completed',
    incomplete_details: incompleteDetails(step.finish),
    error: null,
    output: step.has('nochoices') ? [] : [message],
    ...(!step.has('nousage') && { usage: responsesUsage }),
  };
}

function incompleteDetails(finish) {
  if (finish === 'length') return { reason: 'max_output_tokens' };
  return finish === 'filter' ? { reason: 'content_filter' } : null;
}

function anthropic(step, text) {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: step.model,
    content: step.has('nochoices') ? [] : [{ type: 'text', text }],
    stop_reason: FINISH_REASONS.anthropic[step.finish],
    stop_sequence: null,
    usage: anthropicUsage(),
  };
}

function google(step, text) {
  const candidate = {
    content: { parts: [{ text }], role: 'model' },
    finishReason: FINISH_REASONS.google[step.finish],
    index: 0,
  };
  return {
    candidates: step.has('nochoices') ? [] : [candidate],
    modelVersion: step.model,
    ...(!step.has('nousage') && { usageMetadata: googleUsage }),
  };
}

export function errorReply(api, status) {
  const message = `scripted ${status}`;
  if (api === 'anthropic') return { type: 'error', error: { type: 'scripted_error', message } };
  if (api === 'google') return { error: { code: status, message, status: 'SCRIPTED' } };
  return { error: { message, type: 'scripted_error', code: null } };
}
