/**
 * @file `cajal report`: the report of a finished run, written again.
 */

import { join, relative, resolve } from "node:path";
import { CajalError } from "../src/core/index.ts";
import { makeReport, RUN_FILES, writeDurably } from "../src/experiment/index.ts";
import type { CommandIo } from "./io.ts";

/** Write the report of a run directory. @returns The exit code. */
export async function reportCommand(folder: string, io: CommandIo): Promise<number> {
  const path = resolve(io.cwd, folder);
  const { html } = await makeReport(path).catch((error: unknown) => {
    const { code, path: missing } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw error;
    const hint = "Run the experiment again with --resume, which writes what is missing.";
    throw new CajalError(`${relative(io.cwd, missing ?? path)} is missing`, {
      code: "damaged-run",
      hint,
      cause: error,
    });
  });
  const file = join(path, RUN_FILES.report);
  await writeDurably(file, html);
  io.out.write(`${relative(io.cwd, file)}\n`);
  return 0;
}
