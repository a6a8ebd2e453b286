/**
 * @file Where a stretch of a text stands in the YAML that the text is written in, e.g. one name of an equation in a
 * block of them.
 */

import type { Scalar } from "yaml";
import { lineColumn, type Span } from "../../core/index.ts";

/**
 * @param text - The whole file.
 * @param node - A text in it.
 * @param span - A stretch of the node's value.
 * @returns Its place in `text`, at most to the end of its line; undefined where the value is not written as it reads:
 * folded lines, escapes.
 */
export function scalarSpan(text: string, node: Scalar, span: Span): Span | undefined {
  const { value, range, type } = node;
  if (typeof value !== "string" || !range) return undefined;
  if (type === "BLOCK_LITERAL") return literalSpan(text, { value, start: range[0] }, span);
  return verbatimSpan({ text, start: range[0], end: range[1] }, value, span);
}

/** The same for a value that stands somewhere in a part of a text, letter for letter. */
export function verbatimSpan(
  { text, start, end }: { text: string } & Span,
  value: string,
  span: Span,
): Span | undefined {
  const at = text.slice(start, end).indexOf(value);
  return at < 0 ? undefined : { start: start + at + span.start, end: start + at + span.end };
}

// Implementation

/** Behind `|` every line of the value is a line of the file, further to the right. */
function literalSpan(
  text: string,
  { value, start }: { value: string; start: number },
  span: Span,
): Span | undefined {
  const { line, column } = lineColumn(value, span.start);
  const written = value.split("\n")[line - 1];
  let from = start;
  for (let k = 0; k < line; k++) from = text.indexOf("\n", from) + 1;
  const whole = /.*/.exec(text.slice(from))?.[0] ?? "";
  if (from === 0 || written === "" || !whole.endsWith(written)) return undefined;
  const at = from + whole.length - written.length + column - 1;
  const length = Math.min(span.end - span.start, written.length - column + 1);
  return { start: at, end: at + Math.max(1, length) };
}
