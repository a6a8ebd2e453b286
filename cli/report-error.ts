/**
 * @file Show an error: one screen for what the user can mend, the stack for what only we can.
 */

import pc from "picocolors";
import { CajalError } from "../src/core/index.ts";
import { formatIssues, issuesOf } from "../src/experiment/index.ts";
import type { CommandIo } from "./io.ts";

/** Errors of the disk and of the run directory: the input was fine. */
const NOT_INPUT = new Set(["disk-full", "cannot-write"]);

/**
 * Print an error.
 *
 * @param options.json - Whether stdout gets the error as JSON.
 * @returns The exit code: 2 for bad input, 1 for the rest.
 */
export function reportError(error: unknown, io: CommandIo, options: { json: boolean }): number {
  if (!(error instanceof CajalError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    io.err.write(`${pc.red("error")}  an internal error, which should not happen\n${stack}\n`);
    if (options.json)
      io.out.write(`${JSON.stringify({ error: { code: "internal", message: String(error) } })}\n`);
    return 1;
  }
  const { code } = error;
  const screen = issuesOf(error) ? error.message : formatIssues([plainIssue(error)]);
  const mine = NOT_INPUT.has(code);
  io.err.write(`${coloured(screen)}\n${mine ? "" : `\n${pc.bold("Nothing was run.")}\n`}`);
  if (options.json) io.out.write(`${JSON.stringify({ error: { code, message: screen } })}\n`);
  return mine ? 1 : 2;
}

// Implementation

function plainIssue({ what, code, where, hint, frame }: CajalError) {
  const place = where && where !== "connectome" ? `${where}: ` : "";
  return { code, what: `${place}${what}${frame ? `\n${frame}` : ""}`, ...(hint && { hint }) };
}

function coloured(screen: string): string {
  return screen
    .replaceAll(/^error /gm, () => pc.red("error "))
    .replaceAll(
      /^(\s+(?:\d+ )?│ | {2})(\s*)(\^+.*)$/gm,
      (_, gutter: string, blank: string, carets: string) => gutter + blank + pc.yellow(carets),
    );
}
