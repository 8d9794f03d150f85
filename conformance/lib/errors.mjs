// What the cases compare of an error: its class, and the message without backtraces.

/** The name of the class a user would catch. */
export function className(subject, error) {
  const shown = toBamlError(subject, error);
  return shown?.constructor?.name ?? typeof shown;
}

/** The error as the package shows it to a user. */
export function toBamlError(subject, error) {
  try {
    return subject.toBamlError ? subject.toBamlError(error) : error;
  } catch {
    return error;
  }
}

const REFUSALS = new Set(['Error', 'TypeError', 'BamlError', 'BamlInvalidArgumentError']);

/** Bad configuration, source or arguments may be refused at add, load or call: one family of classes. */
export const errorFamily = (name) => (REFUSALS.has(name) ? 'refused' : name);

export function cleanMessage(message) {
  const [text] = String(message ?? '').split(/\n\s*Stack backtrace:/);
  return text.trimEnd().slice(0, 2000);
}

/** Rejects when a promise takes longer than `limit` milliseconds. */
export async function withTimeout(promise, limit, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: no answer in ${limit} ms`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
