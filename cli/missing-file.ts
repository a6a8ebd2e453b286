/**
 * @file What commands that read runs say of a file that is gone from one.
 */

import { relative } from "node:path";
import { CajalError } from "../src/core/index.ts";
import type { CommandIo } from "./io.ts";

/** The result of reading run directories. @throws CajalError `damaged-run` for a file that is not there. */
export async function readingRuns<T>(result: Promise<T>, io: CommandIo): Promise<T> {
  try {
    return await result;
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" || path === undefined) throw cause;
    throw new CajalError(`${relative(io.cwd, path)} is missing`, {
      code: "damaged-run",
      hint: "Run the experiment again with --resume, which writes what is missing.",
      cause,
    });
  }
}
