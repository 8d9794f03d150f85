/**
 * Whom the examples ask: the real provider when `OPENAI_API_KEY` is set, otherwise a scripted LLM on this machine, so
 * that each of them runs offline.
 */

import { type LlmRequest, type ReplyDetails, startLlm } from '@boundaryml/baml/testing';

/** A provider to ask, until it is disposed of. */
export interface Provider extends AsyncDisposable {
  /** In words, for the reader of the output. */
  description: string;
  /** Client options for the model: with the key, and with the address when it is not the usual one. */
  options(model: string): Record<string, unknown>;
  /** The same for Anthropic's models; `undefined` when they cannot be asked. */
  anthropic(model: string): Record<string, unknown> | undefined;
}

export const RESUME = `Ada Lovelace
ada@example.org · London

Analyst, Analytical Engines Ltd, since 1842
  Wrote the first program, for the Bernoulli numbers.
Translator, Taylor's Scientific Memoirs, 1841 to 1842

Mathematics, technical writing, French, poetry`;

/** Opens the provider, and points the clients of the `.baml` files at it. */
export async function openProvider(): Promise<Provider> {
  const apiKey = process.env['OPENAI_API_KEY'];
  if (apiKey) {
    process.env['OPENAI_BASE_URL'] ??= 'https://api.openai.com/v1';
    const baseUrl = process.env['OPENAI_BASE_URL'];
    return {
      description: `the real provider at ${baseUrl}, as OPENAI_API_KEY is set`,
      options: (model) => ({ model, api_key: apiKey, base_url: baseUrl }),
      anthropic: (model) => (process.env['ANTHROPIC_API_KEY'] ? { model } : undefined),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  const llm = await startLlm(answer);
  process.env['OPENAI_BASE_URL'] = llm.baseUrl;
  process.env['OPENAI_API_KEY'] = 'scripted';
  return {
    description: 'a scripted LLM on this machine; set OPENAI_API_KEY to ask the real one',
    options: (model) => llm.options({ model }),
    anthropic: (model) => llm.options('anthropic', { model }),
    [Symbol.asyncDispose]: () => llm.close(),
  };
}

/** Answers as models do: the better one knows more, and the others wrap their JSON in words. */
function answer({ model }: LlmRequest): ReplyDetails {
  const usage = { inputTokens: 182, outputTokens: 74 };
  if (model === 'gpt-5') {
    return {
      usage,
      json: {
        name: 'Ada Lovelace',
        email: 'ada@example.org',
        skills: ['Mathematics', 'technical writing', 'French', 'poetry'],
        experience: [
          { company: 'Analytical Engines Ltd', title: 'Analyst', from: 1842, to: null },
          { company: "Taylor's Scientific Memoirs", title: 'Translator', from: 1841, to: 1842 },
        ],
      },
    };
  }
  return {
    usage,
    text: `Here is the résumé as JSON:
\`\`\`json
{
  name: "Ada Lovelace",
  email: "ada@example.org",
  skills: ["Mathematics", "French"], // and more
  experience: [{ company: "Analytical Engines Ltd", title: "Analyst", from: "1842" }],
}
\`\`\``,
  };
}
