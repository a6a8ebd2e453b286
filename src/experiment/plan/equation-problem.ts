/**
 * @file A mistake that the compiler found in equations, placed in the file they are written in.
 */

import type { CajalError } from "../../core/index.ts";
import type { Path } from "../spec/path.ts";
import type { Problem } from "../spec/problem.ts";

/**
 * @param options.path - Where the text stands in the experiment.
 * @param options.text - The equations.
 */
export function equationProblem(error: CajalError, { path, text }: { path: Path; text: string }): Problem {
  const { code, hint } = error;
  const what = `in the equations: ${error.what}`;
  const within = stretchOf(error, text);
  return { code, path, on: "key", what, ...(hint && { hint }), ...(within && { within }) };
}

// Implementation

/** What the compiler's error marks, as a stretch of the equations. */
function stretchOf({ where, frame }: CajalError, equations: string): Problem["within"] {
  const [shown = "", below = ""] = frame?.split("\n") ?? [];
  const [, blanks, carets] = /^ {2}( *)(\^+)/.exec(below) ?? [];
  const given = /line (\d+)$/.exec(where ?? "")?.[1];
  const lines = equations.split("\n");
  const line = Number(given ?? 1);
  // A long line is shown in part, with dots for the rest.
  const [, dots, part] = /^ {2}(…?)(.*?)…?$/.exec(shown) ?? [];
  const at = lines[line - 1]?.replace(/\t/g, " ").indexOf(part) ?? -1;
  if (!frame || carets === undefined || at < 0) return undefined;
  const before = lines.slice(0, line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const start = before + at - dots.length + blanks.length;
  const span = { start, end: start + carets.length };
  return { span, frame: given ? `line ${given} of the equations:\n${frame}` : frame };
}
