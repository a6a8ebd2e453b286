/**
 * @file Show a mistake in the user's own text: the line, a caret under the place, the nearest known name.
 */

/** A half-open range of characters `[start, end)` in a text. */
export interface Span {
  start: number;
  end: number;
}

/** 1-based line and column of character `offset` of `text`. */
export function lineColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - (before.lastIndexOf("\n") + 1) + 1 };
}

/**
 * The line of `text` that holds `span`, with carets under it.
 *
 * @param options.context - Lines shown before it, default 0; with context, lines are numbered.
 * @returns e.g. `"  dx/dt = -y\n           ^"`.
 */
export function codeFrame(
  text: string,
  span: Span,
  options: { context?: number; note?: string } = {},
): string {
  const { context = 0, note = "" } = options;
  const { line, column } = lineColumn(text, span.start);
  const lines = text.split("\n");
  const whole = lines[line - 1].replace(/\t/g, " ");
  const { shown: current, skipped } = windowOf(whole, column);
  const at = column - skipped;
  const width = Math.max(1, Math.min(span.end - span.start, current.length - at + 1));
  const label = (n: number) => (context > 0 ? `${String(n).padStart(5)} │ ` : "  ");
  const shown: string[] = [];
  for (let n = Math.max(1, line - context); n < line; n++)
    shown.push(label(n) + windowOf(lines[n - 1].replace(/\t/g, " "), skipped + 1).shown);
  shown.push(label(line) + current);
  const gutter = context > 0 ? "      │ " : "  ";
  shown.push(`${gutter}${" ".repeat(at - 1)}${"^".repeat(width)}${note ? ` ${note}` : ""}`);
  return shown.join("\n");
}

// Implementation

/** Letters of a line that are shown. */
const WIDEST = 120;

/**
 * The part of a long line around `column`, with dots where it is cut.
 *
 * @returns `skipped`: how many letters further left the column stands.
 */
function windowOf(line: string, column: number): { shown: string; skipped: number } {
  if (line.length <= WIDEST) return { shown: line, skipped: 0 };
  const from = Math.min(Math.max(0, column - 1 - WIDEST / 2), line.length - WIDEST);
  const part = line.slice(Math.max(0, from), from + WIDEST);
  const left = from > 0 ? `…${part.slice(1)}` : part;
  return { shown: from + WIDEST < line.length ? `${left.slice(0, -1)}…` : left, skipped: from };
}
