/** Servers of one program, and what callers send them. */

import type { Llm, LlmScript, Reply } from '@boundaryml/baml/testing';

import { oneLlm } from './llm.js';
import { ServerProcess, type ServerOptions } from './server.js';

export const SOURCES = `
client Main {
  provider openai
  options {
    model "main"
    api_key env.SERVER_KEY
    base_url env.SERVER_LLM
  }
}
client Twice {
  provider fallback
  options {
    strategy [Main, Main]
  }
}
class Resume {
  name string
  skills string[]
  age int?
}
function Extract(text: string) -> Resume {
  client Main
  prompt #"{{ text }} {{ ctx.output_format }}"#
}
function Describe(photo: image, mood: Mood?) -> string {
  client Twice
  prompt #"{{ photo }} {{ mood }} {{ ctx.tags.who }}"#
}
enum Mood {
  Happy
  Sad
}
`;

/** The model says this unless a test has it say something else. */
const ANSWER: LlmScript = { reply: { json: { name: 'Ada', skills: ['Mathematics', 'Poetry'] } } };

/** What the tests of a file need: the LLM that the program's clients ask, what it says, and servers. */
export function resumeServers(): {
  llm: () => Llm;
  script: (reply: Reply) => void;
  serve: (options?: ServerOptions) => Promise<ServerProcess>;
} {
  const llm = oneLlm(ANSWER);
  return {
    llm,
    /** From now on the LLM answers this. */
    script: (reply) => {
      llm().reset();
      llm().on({ reply });
    },
    serve: (options = {}) =>
      ServerProcess.start(SOURCES, {
        ...options,
        env: { SERVER_KEY: 'sk-of-the-server', SERVER_LLM: llm().baseUrl, ...options.env },
      }),
  };
}

/** A registry with one client, as a caller writes it. */
export function registry(options: Record<string, unknown>): object {
  return {
    clients: [{ name: 'Mine', provider: 'openai', options: { model: 'mine', ...options } }],
    primary: 'Mine',
  };
}

/** The body of a call with that registry. */
export function calling(client_registry: unknown): Record<string, unknown> {
  return { text: 'x', __baml_options__: { client_registry } };
}
