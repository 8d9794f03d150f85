// Writes the recorded streams of Bedrock, crates/llm/tests/suite/streams/bedrock*.http, with the codec of Amazon's own
// SDK: an independent party says how messages are framed. `--check` writes nothing and fails when one would change.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

import { EventStreamCodec } from '@smithy/core/event-streams';

const FOLDER = new URL('../crates/llm/tests/suite/streams/', import.meta.url);

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

const text = (value) => ({ type: 'string', value });

/** A message with these headers; a payload that is no text is written as JSON. */
function message(headers, payload) {
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  return Buffer.from(codec.encode({ headers, body: Buffer.from(body) }));
}

const event = (type, payload) =>
  message(
    {
      ':event-type': text(type),
      ':content-type': text('application/json'),
      ':message-type': text('event'),
    },
    payload,
  );

const exception = (type, payload) =>
  message(
    {
      ':exception-type': text(type),
      ':content-type': text('application/json'),
      ':message-type': text('exception'),
    },
    payload,
  );

const start = event('messageStart', { p: 'abcdefg', role: 'assistant' });
const delta = (contentBlockIndex, added) =>
  event('contentBlockDelta', { contentBlockIndex, delta: added, p: 'abc' });
const says = (said, index = 0) => delta(index, { text: said });
const thinks = (thought, index) => delta(index, { reasoningContent: { text: thought } });
const endOfBlock = (contentBlockIndex) => event('contentBlockStop', { contentBlockIndex, p: 'abcdefghijk' });
const stop = (stopReason) => event('messageStop', { p: 'abcdefghij', stopReason });
const metadata = (more = {}) =>
  event('metadata', {
    metrics: { latencyMs: 551 },
    p: 'ab',
    usage: { inputTokens: 12, outputTokens: 7, totalTokens: 19, ...more },
  });

const CLIENT = {
  provider: 'aws-bedrock',
  options: { model: 'm', region: 'us-east-1', api_key: 'very-secret-key' },
};
const HELLO = [start, says('He'), says('llo, '), says('Grüße 👋'), endOfBlock(0)];

function spoilt(bytes) {
  const copy = Buffer.from(bytes);
  copy[copy.length - 20] ^= 1;
  return copy;
}

const cut = (messages, bytes) => Buffer.concat(messages).subarray(0, -bytes);

const STREAMS = {
  bedrock: [...HELLO, stop('end_turn'), metadata({ cacheReadInputTokens: 5, cacheWriteInputTokens: 2 })],
  bedrock_reasoning: [
    start,
    thinks('First I ', 0),
    thinks('think.', 0),
    delta(0, { reasoningContent: { signature: 'c2ln' } }),
    endOfBlock(0),
    delta(1, { reasoningContent: { redactedContent: 'AAEC' } }),
    endOfBlock(1),
    thinks('Then again.', 2),
    endOfBlock(2),
    says('One', 3),
    endOfBlock(3),
    says(' and two', 4),
    endOfBlock(4),
    stop('end_turn'),
    metadata(),
  ],
  bedrock_exception_in_the_middle: [
    start,
    says('He'),
    exception('throttlingException', { message: 'Too many tokens, please wait before trying again.' }),
  ],
  bedrock_exception_of_the_model: [
    start,
    says('He'),
    exception('modelStreamErrorException', {
      message: 'The system encountered an unexpected error during processing.',
      originalMessage: 'bad gateway',
      originalStatusCode: 502,
    }),
  ],
  bedrock_exception_without_a_message: [start, exception('internalServerException', '')],
  bedrock_exception_with_the_key: [
    exception('validationException', { message: 'key very-secret-key is no key' }),
  ],
  bedrock_exception_after_the_end: [
    ...HELLO,
    stop('end_turn'),
    exception('serviceUnavailableException', { message: 'gone' }),
  ],
  bedrock_error_that_the_service_does_not_know: [
    start,
    message(
      {
        ':message-type': text('error'),
        ':error-code': text('InternalFailure'),
        ':error-message': text('An internal server error occurred'),
      },
      '',
    ),
  ],
  bedrock_other_messages: [
    event('initial-response', {}),
    start,
    event('contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { toolUseId: 't', name: 'f' } } }),
    delta(0, { toolUse: { input: '{"a":' } }),
    endOfBlock(0),
    event('somethingNew', { text: 'not an answer' }),
    message({}, 'nothing'),
    message(
      {
        ':event-type': text('contentBlockDelta'),
        yes: { type: 'boolean', value: true },
        no: { type: 'boolean', value: false },
        byte: { type: 'byte', value: -1 },
        short: { type: 'short', value: 7 },
        integer: { type: 'integer', value: 77 },
        binary: { type: 'binary', value: Buffer.from([0, 1, 2]) },
        timestamp: { type: 'timestamp', value: new Date(0) },
        uuid: { type: 'uuid', value: '01234567-89ab-cdef-0123-456789abcdef' },
      },
      { contentBlockIndex: 1, delta: { text: 'hello' } },
    ),
    stop('max_tokens'),
    metadata(),
  ],
  bedrock_unreadable_in_the_middle: [
    start,
    says('He'),
    event('contentBlockDelta', '{"oops'),
    says('llo'),
    stop('end_turn'),
  ],
  bedrock_unreadable_at_the_end: [start, says('He'), event('contentBlockDelta', '[1]')],
  bedrock_without_metadata: [...HELLO, stop('stop_sequence')],
  bedrock_cut_within_a_message: cut([...HELLO, stop('end_turn')], 30),
  bedrock_cut_within_the_metadata: cut([...HELLO, stop('end_turn'), metadata()], 9),
  bedrock_cut_between_messages: HELLO,
  bedrock_cut_at_once: cut([start], start.length - 5),
  bedrock_changed_on_the_way: [start, says('He'), spoilt(says('llo')), stop('end_turn')],
  bedrock_refused_finish_reason: {
    client: { ...CLIENT, options: { ...CLIENT.options, finish_reason_deny_list: ['MAX_TOKENS'] } },
    body: [...HELLO, stop('max_tokens'), metadata()],
  },
  bedrock_without_a_label: {
    head: 'HTTP/1.1 200 OK\nx-amzn-requestid: r-1',
    body: [...HELLO, stop('end_turn')],
  },
  bedrock_nothing: [],
  bedrock_whole_answer: {
    body: [
      Buffer.from(
        JSON.stringify({
          output: { message: { role: 'assistant', content: [{ text: 'Hello' }] } },
          stopReason: 'end_turn',
          usage: { inputTokens: 1, outputTokens: 2, totalTokens: 3 },
        }),
      ),
    ],
  },
  bedrock_status_429: {
    head:
      'HTTP/1.1 429 Too Many Requests\ncontent-type: application/json\nx-amzn-requestid: r-2\n' +
      'x-amzn-errortype: ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/',
    body: [Buffer.from('{"message":"Too many requests, please wait before trying again."}')],
  },
  openai_as_messages: { client: { provider: 'openai' }, body: HELLO },
};

const changed = [];
for (const [name, recorded] of Object.entries(STREAMS)) {
  const {
    client = CLIENT,
    head,
    body,
  } = Array.isArray(recorded) || Buffer.isBuffer(recorded) ? { body: recorded } : recorded;
  const usual = 'HTTP/1.1 200 OK\ncontent-type: application/vnd.amazon.eventstream\nx-amzn-requestid: r-1';
  const bytes = Buffer.concat([
    Buffer.from(`# ${JSON.stringify(client)}\n${head ?? usual}\n\n`),
    ...(Buffer.isBuffer(body) ? [body] : body),
  ]);
  const file = new URL(`${name}.http`, FOLDER);
  if (existsSync(file) && readFileSync(file).equals(bytes)) continue;
  changed.push(name);
  if (!process.argv.includes('--check')) writeFileSync(file, bytes);
}
if (changed.length > 0) console.log(`changed: ${changed.join(', ')}`);
if (process.argv.includes('--check')) process.exitCode = changed.length;
