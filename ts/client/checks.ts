/** Types that generated clients name: checked values and the state of streamed ones. */

/** What came of one `@check`. */
export interface Check {
  name: string;
  expression: string;
  status: 'succeeded' | 'failed';
}

/** A value with its checks, by name. */
export interface Checked<T, CheckName extends string = string> {
  value: T;
  checks: Record<CheckName, Check>;
}

/** A streamed value and how far it has come. */
export interface StreamState<T> {
  value: T;
  state: 'Pending' | 'Incomplete' | 'Complete';
}

/**
 * The type with everything in it optional.
 *
 * @deprecated the generated `partial_types` say exactly what a stream may leave out
 */
export type RecursivePartialNull<T> = T extends object
  ? { [P in keyof T]?: RecursivePartialNull<T[P]> }
  : T | null;

export function get_checks<CheckName extends string>(checks: Record<CheckName, Check>): Check[] {
  return Object.values(checks);
}

/** Whether every check succeeded; true when there is none. */
export function all_succeeded<CheckName extends string>(checks: Record<CheckName, Check>): boolean {
  return get_checks(checks).every((check) => check.status === 'succeeded');
}
