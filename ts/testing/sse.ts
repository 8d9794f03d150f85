/** Server-sent events, as most providers stream. */

/** An event with data alone. */
export function dataEvent(data: object | string): string {
  return `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** An event whose name is also the `type` of its data. */
export function namedEvent(data: { type: string; [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}
