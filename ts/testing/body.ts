/** Reading a body that nobody has checked: what is not as expected is as if it were not there. */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list. */
export function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The text of a message: itself, or its parts' together. */
export function textOfContent(content: unknown): string {
  if (typeof content === 'string') return content;
  return records(content)
    .map((part) => string(part['text']))
    .join('');
}

/** The texts of messages and of what stands before them, one to a line; what has no message has no line. */
export function joined(...texts: (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined).join('\n');
}
