/**
 * @file An error in one line, for lists and records.
 */

import { CajalError } from "../core/index.ts";

/** One line on an error; where in the code it arose, when it is not a mistake of the user. */
export function describeError(error: unknown): string {
  if (error instanceof CajalError) return error.message;
  if (!(error instanceof Error)) return String(error);
  const at = /\(?([^\s()/\\]+:\d+):\d+\)?$/m.exec(error.stack?.split("\n")[1] ?? "")?.[1];
  return `${error.name}: ${error.message}${at ? ` (at ${at})` : ""}`;
}
