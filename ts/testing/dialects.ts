/** The wire formats that the scripted LLM speaks. */

import { anthropic } from './anthropic.js';
import { bedrock } from './bedrock.js';
import type { Dialect } from './dialect.js';
import { google } from './google.js';
import { openaiChat } from './openai_chat.js';
import { openaiResponses } from './openai_responses.js';

const DIALECTS: readonly Dialect[] = [openaiChat, openaiResponses, anthropic, google, bedrock];

/** The format of requests to the path; OpenAI's chat completions for any other, as most vendors follow it. */
export function dialectOf(path: string): Dialect {
  return DIALECTS.find((dialect) => dialect.speaks(path)) ?? openaiChat;
}
