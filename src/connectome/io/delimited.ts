/**
 * @file Text in rows and cells: separators, quotes, comments. What the cells mean is the business of `csv.ts` and
 * `edge-list.ts`.
 */

import { CajalError } from "../../core/index.ts";

/** Between cells; `" "` stands for any run of blanks and tabs. */
export type Separator = "," | ";" | "\t" | " ";

/** One line that holds something. */
export interface TextRow {
  /** 1-based line of the file. */
  line: number;
  /** Texts of the cells, without quotes and outer blanks. */
  cells: string[];
  /** 1-based column of the first character of each cell. */
  columns: number[];
}

/** Lines looked at to guess the separator. */
const SAMPLE_LINES = 50;

/**
 * Split text into rows. Lines that are blank or start with `#` or `%` are left out; `""` inside quotes is a quote;
 * a quoted cell stays on its line.
 *
 * @param options.name - Name of the file, for error messages.
 * @param options.separator - Guessed when not given.
 * @throws CajalError `csv-empty`, `csv-quote`.
 */
export function splitRows(
  text: string,
  { name, separator }: { name: string; separator?: Separator },
): { rows: TextRow[]; separator: Separator } {
  const lines = text.split(/\r\n|\n|\r/);
  const used = separator ?? guessSeparator(lines);
  const rows: TextRow[] = [];
  lines.forEach((content, i) => {
    if (isNote(content)) return;
    const split = used === " " ? splitBlanks : splitSeparated;
    rows.push(split(content, i + 1, { name, separator: used }));
  });
  if (rows.length === 0) {
    throw new CajalError("the file holds no rows", {
      code: "csv-empty",
      where: name,
      hint: "Is it the right file?",
    });
  }
  dropTrailingBlanks(rows);
  return { rows, separator: used };
}

/**
 * The separator most likely meant: the first of tab, semicolon and comma that stands in most of the lines, else
 * blanks; where blanks do not stand in most lines either, a mark that stands in any line, so that a ragged file is
 * refused as one instead of being read as a single column. In that order because a tab or semicolon file may hold commas (labels, decimals) but hardly the reverse.
 */
export function guessSeparator(lines: readonly string[]): Separator {
  const sample: string[] = [];
  for (const line of lines) {
    if (isNote(line)) continue;
    sample.push(line.replace(/"[^"]*"/g, ""));
    if (sample.length === SAMPLE_LINES) break;
  }
  const marks = ["\t", ";", ","] as const;
  const linesWith = (mark: string) => sample.filter((line) => line.trim().includes(mark)).length;
  const usual = [...marks, " "].find((mark) => 2 * linesWith(mark) > sample.length);
  return (usual ?? marks.find((mark) => linesWith(mark) > 0) ?? " ") as Separator;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eEdD][+-]?\d{1,4})?$/;
const NOT_FINITE = /^[+-]?(?:nan|na|n\/a|inf|infinity|null|none)$/i;

/** What a cell holds: a number, a way of writing "not a number", or text. */
export type CellKind = "number" | "not-finite" | "text" | "blank";

/** Sort a cell into {@link CellKind}. */
export function cellKind(text: string): CellKind {
  if (text === "") return "blank";
  if (NUMBER.test(text)) return "number";
  return NOT_FINITE.test(text) ? "not-finite" : "text";
}

/** Whether a cell is a number as half of Europe writes it, which is read as none, and is no name either. */
export function hasDecimalComma(text: string): boolean {
  return /^[+-]?\d+,\d+$/.test(text);
}

/**
 * The number in a cell.
 *
 * @param where.place - What the cell is, for the message, e.g. `weight`.
 * @throws CajalError `nan-weights`, `csv-not-a-number`, `csv-decimal-comma`.
 */
export function parseNumber(
  text: string,
  where: { name: string; row: TextRow; cell: number; hint?: string },
): number {
  const kind = cellKind(text);
  // Fortran writes 1.5D-3; a number too large for 64 bits becomes Infinity and is refused below.
  const value = kind === "number" ? Number(text.replace(/[dD]/, "e")) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const { name, row, cell } = where;
  const at = `${name}:${row.line}:${row.columns[cell]}`;
  if (kind === "number" || kind === "not-finite") {
    const hint = where.hint ?? "Write 0 where there is no edge.";
    throw new CajalError(`cell ${cell + 1} is ${text}`, { code: "nan-weights", where: at, hint });
  }
  if (hasDecimalComma(text)) {
    const hint = "Use decimal points.";
    const what = `cell ${cell + 1} is "${text}", with a decimal comma`;
    throw new CajalError(what, { code: "csv-decimal-comma", where: at, hint });
  }
  const what =
    kind === "blank" ? `cell ${cell + 1} is empty` : `cell ${cell + 1} is not a number, got "${shown(text)}"`;
  const hint =
    kind === "blank"
      ? "Write 0 where there is no edge."
      : "Only a first row and a first column may hold labels.";
  throw new CajalError(what, { code: "csv-not-a-number", where: at, hint: where.hint ?? hint });
}

/** A text cut to a length that fits an error message. */
export function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

// Implementation

function isNote(line: string): boolean {
  const start = line.trimStart();
  return start === "" || start[0] === "#" || start[0] === "%";
}

interface SplitContext {
  name: string;
  separator: Separator;
}

function splitSeparated(content: string, line: number, { name, separator }: SplitContext): TextRow {
  const row: TextRow = { line, cells: [], columns: [] };
  let at = 0;
  while (true) {
    while (content[at] === " ") at++;
    row.columns.push(at + 1);
    if (content[at] === '"') {
      const { text, end } = quoted(content, at, { name, line });
      row.cells.push(text);
      at = end;
      while (content[at] === " ") at++;
      if (at < content.length && content[at] !== separator) {
        throw quoteError(name, line, at + 1, `"${content[at]}" follows a closing quote`);
      }
    } else {
      const next = content.indexOf(separator, at);
      const end = next < 0 ? content.length : next;
      row.cells.push(content.slice(at, end).trim());
      at = end;
    }
    if (at >= content.length) return row;
    at++;
  }
}

function splitBlanks(content: string, line: number, { name }: SplitContext): TextRow {
  const row: TextRow = { line, cells: [], columns: [] };
  const token = /[^\s"]\S*|"/g;
  for (let match = token.exec(content); match; match = token.exec(content)) {
    row.columns.push(match.index + 1);
    if (match[0] !== '"') {
      row.cells.push(match[0]);
      continue;
    }
    const { text, end } = quoted(content, match.index, { name, line });
    row.cells.push(text);
    token.lastIndex = end;
  }
  return row;
}

function quoted(content: string, start: number, { name, line }: { name: string; line: number }) {
  const parts: string[] = [];
  let at = start + 1;
  while (true) {
    const close = content.indexOf('"', at);
    if (close < 0) throw quoteError(name, line, start + 1, "a quote is not closed on its line");
    parts.push(content.slice(at, close));
    if (content[close + 1] !== '"') return { text: parts.join('"').trim(), end: close + 1 };
    at = close + 2;
  }
}

function quoteError(name: string, line: number, column: number, what: string): CajalError {
  return new CajalError(what, {
    code: "csv-quote",
    where: `${name}:${line}:${column}`,
    hint: 'Write a quote inside a quoted cell twice: "".',
  });
}

/** Some programs end every row with a separator; a last column that is blank throughout is none. */
function dropTrailingBlanks(rows: TextRow[]): void {
  if (!rows.every(({ cells }) => cells.length > 1 && cells[cells.length - 1] === "")) return;
  for (const row of rows) {
    row.cells.pop();
    row.columns.pop();
  }
}
