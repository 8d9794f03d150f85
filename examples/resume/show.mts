/** Prints what a call came to: who answered, what was sent, what came back. */

import { styleText } from 'node:util';

import { type BamlErrors, Collector, isBamlError } from '@boundaryml/baml';

import type { Resume } from './baml_client/index.js';

const WIDTH = 100;

/** What of a request's body is shown. */
interface Body {
  model: string;
  /** Where it is no message: Anthropic's. */
  system?: { text: string }[];
  messages: { role: string; content: string | { text?: string }[] }[];
}

let count = 0;

/** Makes one call and shows it. `call` is given the collector that it must hand on. */
export async function show(title: string, call: (collector: Collector) => Promise<Resume>): Promise<void> {
  const collector = new Collector('demo');
  const heading = `${++count}. ${title}`;
  console.log(`\n${process.stdout.isTTY ? styleText('bold', heading) : heading}`);
  try {
    const resume = await call(collector);
    showAttempts(collector);
    line('value', summary(resume));
  } catch (error) {
    if (!isBamlError(error)) throw error;
    showAttempts(collector);
    showError(error);
  }
}

function showAttempts(collector: Collector): void {
  for (const call of collector.last?.calls ?? []) {
    const body = call.httpRequest?.body.json() as Body | undefined;
    const tokens = `${call.usage?.inputTokens ?? '?'} tokens in, ${call.usage?.outputTokens ?? '?'} out`;
    const result = 'error' in call && call.error ? call.error : tokens;
    line(
      'answered',
      `${call.clientName} (${call.provider}, ${body?.model}), ${call.timing.durationMs} ms, ${result}`,
    );
    if (!body) continue;
    const { messages, system, ...options } = body;
    line('sent', `${call.httpRequest?.method} ${call.httpRequest?.url} ${JSON.stringify(options)}`);
    if (system) line('', `system: ${system.map(({ text }) => text).join(' ')}`);
    for (const { role, content } of messages) {
      line(
        '',
        `${role}: ${typeof content === 'string' ? content : content.map((part) => part.text).join(' ')}`,
      );
    }
  }
  const answer = collector.last?.rawLlmResponse;
  if (answer) line('came back', answer);
}

function showError(error: BamlErrors): void {
  const [first, ...others] = error.message.split('\n');
  line('error', `${error.name}: ${first}`);
  for (const other of others) console.log(`${' '.repeat(14)}${other}`);
}

function summary({ name, email, skills, experience }: Resume): string {
  const jobs = experience.map((job) => `${job.title} at ${job.company} from ${job.from}`);
  return `${name} <${email ?? '?'}>, ${skills.length} skills; ${jobs.join('; ')}`;
}

/** One labelled line, cut to the width of a terminal. */
function line(label: string, text: string): void {
  const flat = text.replace(/\s+/g, ' ');
  const cut =
    label !== 'error' && label !== 'value' && flat.length > WIDTH ? `${flat.slice(0, WIDTH - 1)}…` : flat;
  console.log(`   ${label.padEnd(10)} ${cut}`);
}
