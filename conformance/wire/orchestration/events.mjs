// Streamed replies of the four dialects as server-sent events, and the ways to spoil them.
import {
  anthropicOutputTokens,
  anthropicUsage,
  errorReply,
  FINISH_REASONS,
  googleUsage,
  openaiUsage,
  wholeReply,
} from './replies.mjs';

const PARTS = 5;
const STREAMS = { openai, responses, anthropic, google };

const data = (value) => `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`;
const named = (name, value) => `event: ${name}\n${data(value)}`;
const typed = (value) => named(value.type, value);

/** The events of one reply, with whatever the step spoils. */
export function streamEvents(api, step) {
  const { events, firstText, lastText } = STREAMS[api](step, splitText(step.text));
  const cut = Math.max(firstText + 1, lastText - 2);
  return interrupt(api, step, dress(step, events), cut);
}

function splitText(text) {
  const count = Math.max(1, Math.min(PARTS, text.length));
  const characters = [...text];
  const size = Math.ceil(characters.length / count) || 1;
  const parts = [];
  for (let start = 0; start < characters.length; start += size) {
    parts.push(characters.slice(start, start + size).join(''));
  }
  return parts.length > 0 ? parts : [''];
}

/** Legal but unusual ways to write the same events. */
function dress(step, events) {
  let dressed = events;
  if (step.has('crlf')) dressed = dressed.map((event) => event.replaceAll('\n', '\r\n'));
  if (step.has('comments')) dressed = dressed.flatMap((event) => [': keep-alive\n\n', event]);
  if (step.has('retryfield')) dressed = ['retry: 1000\nid: 7\n\n', ...dressed];
  if (step.has('nospace')) dressed = dressed.map((event) => event.replaceAll('data: ', 'data:'));
  return dressed;
}

function interrupt(api, step, events, cut) {
  const isCut = step.has('trunc') || step.has('midreset') || step.has('midhang');
  const kept = isCut ? events.slice(0, cut) : events;
  if (step.has('miderror')) return [...kept.slice(0, cut), errorEvent(api)];
  if (step.has('midbad')) return [...kept.slice(0, cut), 'data: {"half\n\n', ...kept.slice(cut)];
  return kept;
}

function errorEvent(api) {
  if (api !== 'anthropic') return data(errorReply(api, 500));
  return typed({ type: 'error', error: { type: 'overloaded_error', message: 'scripted overload' } });
}

function openai(step, parts) {
  const base = { id: 'c1', object: 'chat.completion.chunk', created: 1_700_000_000, model: step.model };
  const chunk = (delta, finish_reason) => data({ ...base, choices: [{ index: 0, delta, finish_reason }] });
  const events = parts.map((content, index) =>
    chunk(index === 0 ? { role: 'assistant', content } : { content }, null),
  );
  events.push(chunk({}, FINISH_REASONS.openai[step.finish]));
  if (!step.has('nousage')) events.push(data({ ...base, choices: [], usage: openaiUsage }));
  if (!step.has('nodone')) events.push(data('[DONE]'));
  return { events, firstText: 0, lastText: parts.length };
}

function responses(step, parts) {
  const full = wholeReply('responses', step);
  const place = { item_id: 'msg_1', output_index: 0, content_index: 0 };
  const message = { type: 'message', id: 'msg_1', status: 'in_progress', role: 'assistant', content: [] };
  const finished = step.finish === 'length' ? 'response.incomplete' : 'response.completed';
  const emptyPart = { type: 'output_text', text: '', annotations: [] };
  const wholePart = { type: 'output_text', text: step.text, annotations: [] };
  const opening = [
    { type: 'response.created', response: { ...full, status: 'in_progress', output: [], usage: null } },
    { type: 'response.output_item.added', output_index: 0, item: message },
    { type: 'response.content_part.added', ...place, part: emptyPart },
  ];
  const deltas = parts.map((delta) => ({ type: 'response.output_text.delta', ...place, delta }));
  const closing = [
    { type: 'response.output_text.done', ...place, text: step.text },
    { type: 'response.content_part.done', ...place, part: wholePart },
    { type: 'response.output_item.done', output_index: 0, item: full.output[0] },
    { type: finished, response: full },
  ];
  const events = [...opening, ...deltas, ...closing].map((event, index) => numbered(event, index));
  return { events, firstText: opening.length, lastText: opening.length + deltas.length };
}

const numbered = ({ type, ...rest }, index) => typed({ type, sequence_number: index, ...rest });

function anthropic(step, parts) {
  const message = {
    ...wholeReply('anthropic', step, ''),
    content: [],
    stop_reason: null,
    usage: anthropicUsage(1),
  };
  const delta = { stop_reason: FINISH_REASONS.anthropic[step.finish], stop_sequence: null };
  const opening = [
    { type: 'message_start', message },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
  ];
  const deltas = parts.map((text) => ({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text },
  }));
  const closing = [
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta, usage: { output_tokens: anthropicOutputTokens } },
    { type: 'message_stop' },
  ];
  return {
    events: [...opening, ...deltas, ...closing].map(typed),
    firstText: opening.length,
    lastText: opening.length + deltas.length,
  };
}

function google(step, parts) {
  const events = parts.map((text, index) => {
    const isLast = index === parts.length - 1;
    const hasUsage = !step.has('nousage') && (isLast || !step.has('lastusage'));
    const candidate = {
      content: { parts: [{ text }], role: 'model' },
      index: 0,
      ...(isLast && { finishReason: FINISH_REASONS.google[step.finish] }),
    };
    return data({
      candidates: [candidate],
      modelVersion: step.model,
      ...(hasUsage && { usageMetadata: googleUsage }),
    });
  });
  return { events, firstText: 0, lastText: parts.length };
}
