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
  const current = lines[line - 1].replace(/\t/g, " ");
  const width = Math.max(1, Math.min(span.end - span.start, current.length - column + 1));
  const label = (n: number) => (context > 0 ? `${String(n).padStart(5)} │ ` : "  ");
  const shown: string[] = [];
  for (let n = Math.max(1, line - context); n < line; n++)
    shown.push(label(n) + lines[n - 1].replace(/\t/g, " "));
  shown.push(label(line) + current);
  const gutter = context > 0 ? "      │ " : "  ";
  shown.push(`${gutter}${" ".repeat(column - 1)}${"^".repeat(width)}${note ? ` ${note}` : ""}`);
  return shown.join("\n");
}
