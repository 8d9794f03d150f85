// Case files: one JSON object per line, each with an `id` and a `group`.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The records of a file below `conformance/`; a broken line is reported with its number. */
export function readCases(file) {
  return readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .map((line, index) => parseLine(line, `${file}:${index + 1}`))
    .filter((record) => record !== null);
}

function parseLine(line, place) {
  if (line.trim() === '') return null;
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new Error(`${place}: ${error.message}`, { cause: error });
  }
}

/** Cases of a group (or its sub-groups: `provider` selects `provider.openai`), or the one case with an id. */
export function selectCases(cases, { group, id }) {
  return cases.filter((each) => inGroup(each.group, group) && (id === undefined || each.id === id));
}

const inGroup = (name, wanted) =>
  wanted === undefined || name === wanted || name.startsWith(`${wanted}.`) || name.startsWith(`${wanted}-`);

/** Case id -> record of a case where the peer's answer is wrong and another one is accepted too. */
export function readQuestionable() {
  const byId = new Map();
  for (const record of readCases('wire/questionable.jsonl')) {
    for (const id of record.ids) byId.set(id, record);
  }
  return byId;
}

/** Case id -> `{ id, answer, reason }`: where this package differs from a recorded answer on purpose. */
export function readDeviations() {
  const file = 'deviations.jsonl';
  if (!existsSync(join(ROOT, file))) return new Map();
  return new Map(readCases(file).map((record) => [record.id, checkDeviation(record)]));
}

function checkDeviation(record) {
  const complete = typeof record.id === 'string' && 'answer' in record && typeof record.reason === 'string';
  if (!complete)
    throw new Error(`deviations.jsonl: a line needs id, answer and reason: ${JSON.stringify(record)}`);
  return record;
}
