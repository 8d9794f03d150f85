// Case files: one JSON object per line, each with an `id` and a `group`.
import { readFileSync } from 'node:fs';
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

/** Case id -> the rules that accept another answer than the peer's, which is wrong there. */
export function readQuestionable(suite) {
  const rules = new Map();
  for (const { kit, ids, rule } of readCases('wire/questionable.jsonl')) {
    if (kit !== suite) continue;
    for (const id of ids) rules.set(id, [...(rules.get(id) ?? []), rule]);
  }
  return rules;
}

/** Case id -> `{ suite, id, answer, reason }`: where this package differs from a recorded answer on purpose. */
export function readDeviations(suite) {
  const records = readCases('deviations.jsonl').map(checkDeviation);
  return new Map(records.filter((record) => record.suite === suite).map((record) => [record.id, record]));
}

function checkDeviation(record) {
  const missing = ['suite', 'id', 'answer', 'reason'].filter((name) => record[name] === undefined);
  if (missing.length === 0) return record;
  throw new Error(`deviations.jsonl: ${missing.join(', ')} missing in ${JSON.stringify(record)}`);
}
