/** The wire formats that the scripted LLM speaks. */

import type { Dialect } from './dialect.js';
import { openaiChat } from './openai_chat.js';

const DIALECTS: readonly Dialect[] = [openaiChat];

/** The format of requests to the path; OpenAI's for any other, as most providers follow it. */
export function dialectOf(path: string): Dialect {
  return DIALECTS.find((dialect) => dialect.speaks(path)) ?? openaiChat;
}
