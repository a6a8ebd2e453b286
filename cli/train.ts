/**
 * @file `cajal train`: `cajal run` for files in which networks are trained, and for no others.
 */

import type { CommandIo } from "./io.ts";
import { type RunCommandOptions, runCommand } from "./run.ts";

/** Train the networks of an experiment file. @returns The exit code. */
export function trainCommand(file: string, options: RunCommandOptions, io: CommandIo): Promise<number> {
  return runCommand(file, { ...options, only: "training" }, io);
}
