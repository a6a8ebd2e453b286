/**
 * @file `cajal report`: the report of a finished run, written again.
 */

import { join, relative, resolve } from "node:path";
import pc from "picocolors";
import { makeReport, RUN_FILES, writeDurably } from "../src/experiment/index.ts";
import type { CommandIo } from "./io.ts";
import { readingRuns } from "./missing-file.ts";

/** Write the report of a run directory. @returns The exit code. */
export async function reportCommand(folder: string, io: CommandIo): Promise<number> {
  const path = resolve(io.cwd, folder);
  const { html, warnings } = await readingRuns(makeReport(path), io);
  const file = join(path, RUN_FILES.report);
  await writeDurably(file, html);
  for (const warning of warnings) io.err.write(`${pc.yellow("warning")}  ${warning}\n`);
  io.out.write(`${relative(io.cwd, file)}\n`);
  return 0;
}
