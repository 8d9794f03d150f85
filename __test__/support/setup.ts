/** Runs once before all tests: generates the clients of the projects, so that `npx vitest` works on its own. */
import { generateAll } from '../../scripts/generate.mjs';

export default function setup(): void {
  generateAll();
}
