// The whole story in one command, on a fresh clone: install, build, generate, run.
//   npm run demo                  with a scripted LLM on this machine
//   OPENAI_API_KEY=… npm run demo with the real one
import { ensureBuilt, TSC } from './build.mjs';
import { generateAll } from './generate.mjs';
import { node } from './steps.mjs';

ensureBuilt();
generateAll();
node('compile the examples', [TSC, '-p', 'tsconfig.examples.json']);
node('run examples/resume/main.mts', ['examples/build/resume/main.mjs']);
