/**
 * @file A complaint of a reader of connectomes, placed in the experiment.
 */

import { CajalError } from "../../core/index.ts";
import type { ConnectomeSource } from "../spec/experiment-schema.ts";
import type { Path } from "../spec/path.ts";
import type { Problem } from "../spec/problem.ts";

/** What was read, or the reader's complaint. */
export async function tryReading<T>(
  read: () => Promise<T>,
  source: ConnectomeSource,
): Promise<{ value: T } | { problem: Problem }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return { problem: readerProblem(error, source) };
  }
}

// Implementation

/** A reader's complaint, placed at the line of the experiment that named the file. */
function readerProblem(error: CajalError, source: ConnectomeSource): Problem {
  const step = /^transforms\[(\d+)\]/.exec(error.where ?? "");
  let path: Path = ["connectome", "name" in source ? "name" : "path"];
  if (step) path = ["transforms", Number(step[1])];
  else if (error.code === "unknown-synapses") path = ["connectome", "synapses"];
  else if (/label/.test(error.code) && "labels" in source) path = ["connectome", "labels"];
  else if (error.code === "type-count") path = ["connectome", "types"];
  const what =
    error.where && !step && error.where !== "connectome" ? `${error.where}: ${error.what}` : error.what;
  return { code: error.code, path, on: "value", what, ...(error.hint && { hint: error.hint }) };
}
