/** Tests that the machine decides about. */

import { test } from 'vitest';

/**
 * How a test is declared that only some machines can run. Elsewhere it is skipped, and its title says what it needs.
 *
 * @param canRun whether this machine can
 * @param needs what the test needs
 */
export function testWhere(
  canRun: boolean,
  needs: string,
): (name: string, body: () => Promise<void>, timeout?: number) => void {
  return (name, body, timeout) => {
    if (canRun) test(name, body, timeout);
    else test.skip(`${name} (needs ${needs})`, body);
  };
}
