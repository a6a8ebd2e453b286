/**
 * @file The text a model was written in, and errors that show it.
 */

import { CajalError, codeFrame, lineColumn, type Span } from "../../core/index.ts";

/** A piece of model text with the name users know it by. */
export interface Source {
  /** What the text is, e.g. `neuron "leaky"`. */
  title: string;
  text: string;
}

/** A mistake in model text, with its line and a caret under `span`. */
export function sourceError(
  source: Source,
  span: Span,
  problem: { code: string; what: string; hint?: string },
): CajalError {
  const { line } = lineColumn(source.text, span.start);
  const where = source.text.includes("\n") ? `${source.title}, line ${line}` : source.title;
  return new CajalError(problem.what, {
    code: problem.code,
    where,
    frame: codeFrame(source.text, span),
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
  });
}
