/** Prints what a call came to: who answered, what was sent, what came back. */

import { type BamlErrors, Collector, isBamlError } from '@boundaryml/baml';

import type { Resume } from './baml_client/index.js';

const WIDTH = 100;

let count = 0;

/** Makes one call and shows it. `call` is given the collector that it must hand on. */
export async function show(title: string, call: (collector: Collector) => Promise<Resume>): Promise<void> {
  const collector = new Collector('demo');
  console.log(`\n${++count}. ${title}`);
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
    const body = call.httpRequest?.body.json() as { model?: string; messages?: unknown } | undefined;
    const tokens = `${call.usage?.inputTokens ?? '?'} tokens in, ${call.usage?.outputTokens ?? '?'} out`;
    line(
      'answered',
      `${call.clientName} (${call.provider}, ${body?.model}), ${call.timing.durationMs} ms, ${tokens}`,
    );
    line('sent', `${call.httpRequest?.method} ${call.httpRequest?.url}`);
    line('', JSON.stringify(body?.messages));
  }
  const answer = collector.last?.rawLlmResponse;
  if (answer) line('came back', answer);
}

function showError(error: BamlErrors): void {
  line('error', `${error.name}: ${error.message}`);
}

function summary({ name, email, skills, experience }: Resume): string {
  const jobs = experience.map((job) => `${job.title} at ${job.company} from ${job.from}`);
  return `${name} <${email ?? '?'}>, ${skills.length} skills, ${jobs.length} jobs: ${jobs.join('; ')}`;
}

/** One labelled line, cut to the width of a terminal. */
function line(label: string, text: string): void {
  const flat = text.replace(/\s+/g, ' ');
  const cut =
    label !== 'error' && label !== 'value' && flat.length > WIDTH ? `${flat.slice(0, WIDTH - 1)}…` : flat;
  console.log(`   ${label.padEnd(10)} ${cut}`);
}
