#!/usr/bin/env node
/**
 * @file The `cajal` command: hands the arguments to the program, and its exit code to the shell.
 */

import { runProgram } from "./program.ts";

// A reader that leaves early, such as `head`, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

process.exitCode = await runProgram(process.argv.slice(2));
