/**
 * @file Counts in messages: "1 row", not "1 rows".
 */

/** `1 row`, `2 rows`. @param many - Default: `one` with an s, e.g. for entries give it. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
