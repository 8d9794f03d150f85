// The peer's defects that this package does not have: each has a test that fails there and passes here.
import { startModelServer } from '../wire/orchestration/suite.mjs';
import { errors } from './errors.mjs';
import { generated } from './generated.mjs';
import { programs } from './programs.mjs';
import { registry } from './registry.mjs';
import { retries } from './retries.mjs';
import { secrets } from './secrets.mjs';
import { strategies } from './strategies.mjs';
import { streams } from './streams.mjs';
import { timeouts } from './timeouts.mjs';

const THEMES = { registry, strategies, retries, timeouts, streams, errors, secrets, generated, programs };

/** Every defect by its id, `theme.001`. */
export const DEFECTS = new Map(
  Object.entries(THEMES).flatMap(([group, defects]) =>
    defects.map((defect, index) => [`${group}.${String(index + 1).padStart(3, '0')}`, { ...defect, group }]),
  ),
);

export const defects = {
  name: 'defects',
  execute: new URL('execute.mjs', import.meta.url),
  timeoutMs: 15_000,
  jobs: 4,
  retryAlone: true,
  cases: () => [...DEFECTS].map(([id, { group, name, source }]) => ({ id, group, name, source })),
  judge: (each, outcome) =>
    outcome.seen === null
      ? { pass: true, verdict: 'absent' }
      : {
          pass: false,
          verdict: outcome.fate ?? 'present',
          difference: `${each.name}: ${observation(outcome)}`,
        },
  start: startModelServer,
};

/** What was observed where a defect is present, in one line. */
export const observation = (outcome) =>
  outcome.fate === 'crash'
    ? `the process ends (${outcome.error.message})`
    : outcome.fate === 'hang'
      ? outcome.error.message
      : outcome.seen;
