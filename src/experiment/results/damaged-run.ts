/**
 * @file The error of a file in a run directory that is gone or no longer what was written, and its mend.
 */

import { CajalError } from "../../core/index.ts";

/** @param what - Names the file and says what is wrong with it. */
export function damagedRun(what: string, cause?: unknown): CajalError {
  return new CajalError(what, { code: "damaged-run", hint: MEND, ...(cause !== undefined && { cause }) });
}

const MEND = "Run the experiment again with --resume: it makes what is missing or damaged anew.";
