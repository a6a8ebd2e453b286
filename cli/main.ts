#!/usr/bin/env node
/**
 * @file The `cajal` command: hands the arguments to the program, and its exit code to the shell.
 */

import { runProgram } from "./program.ts";

let lost: NodeJS.ErrnoException | undefined;
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    // A reader that leaves early, such as `head`, is no error; a run goes on, its results go to files.
    if (error.code !== "EPIPE") lost = error;
  });
}

// A write may fail only after the command has ended.
process.on("exit", () => {
  if (!lost) return;
  process.stderr.write(`error  the output could not be written: ${lost.message}\n`);
  process.exitCode ||= 1;
});

process.exitCode = await runProgram(process.argv.slice(2));
