// Plays one validation case: a set of .baml files is accepted or refused, with the place of every error.
import { className } from '../../lib/errors.mjs';
import { loadSubject } from '../../lib/subject.mjs';
import { plainText, readErrors } from './diagnostics.mjs';

export async function prepare(spec) {
  const subject = await loadSubject(spec);
  return (each) => execute(subject, each);
}

function execute(subject, each) {
  try {
    subject.BamlRuntime.fromFiles('baml_src', each.files, {});
    return { ok: true };
  } catch (error) {
    return refusal(subject, error);
  }
}

function refusal(subject, error) {
  const errors = readErrors(error?.message);
  const result = { ok: false, errors, class: className(subject, error) };
  if (errors.length > 0) return result;
  return {
    ...result,
    raw: plainText(error?.message ?? error)
      .split('\n')[0]
      .slice(0, 200),
  };
}
