/**
 * @file A matrix of any shape as delimited text, with or without a first row and a first column of names. The square
 * ones of connectomes are read in `connectome`.
 */

import { CajalError, plural } from "../../core/index.ts";

/** How a table is written; what is left out is told from the file. */
export interface NumberTableOptions {
  /** Of the file, for messages. */
  name: string;
  separator?: string;
  header?: boolean;
  labelColumn?: boolean;
}

/** Rows and columns as they stand in the file. */
export interface NumberTable {
  shape: readonly [rows: number, columns: number];
  values: Float64Array;
}

/**
 * Read a table: cells between commas, semicolons, tabs or blanks; blank lines and those that begin with `#` or `%` are
 * left out.
 *
 * @throws CajalError `csv-empty`, `csv-ragged`, `csv-not-a-number`, `nan-weights`, each with `file:line:column`.
 */
export function readNumberTable(text: string, options: NumberTableOptions): NumberTable {
  const { name } = options;
  const rows = splitLines(text, options.separator);
  const header = options.header ?? (rows.length > 0 && isHeader(rows[0], rows[1]));
  const body = header ? rows.slice(1) : rows;
  const labelColumn = options.labelColumn ?? (body.length > 0 && body.every(({ cells }) => isText(cells[0])));
  const left = labelColumn ? 1 : 0;
  const width = (body[0]?.cells.length ?? 0) - left;
  if (width < 1) {
    const hint = "Is it the right file?";
    throw new CajalError("the file holds no numbers", { code: "csv-empty", where: name, hint });
  }
  const values = new Float64Array(body.length * width);
  body.forEach((row, i) => {
    if (row.cells.length !== width + left) {
      const what = `the row has ${plural(row.cells.length, "cell")}, the first one has ${width + left}`;
      const hint = "Give every row the same number of cells; write 0 where there is no synapse.";
      throw new CajalError(what, { code: "csv-ragged", where: `${name}:${row.line}:1`, hint });
    }
    for (let j = 0; j < width; j++) values[i * width + j] = numberOf(row, j + left, name);
  });
  return { shape: [body.length, width], values };
}

// Implementation

interface Row {
  /** From 1. */
  line: number;
  cells: string[];
  /** Column of each cell's first letter, from 1. */
  columns: number[];
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?$/;
const NOT_FINITE = /^[+-]?(?:nan|na|n\/a|inf|infinity|null|none)$/i;

/** Whether a cell is neither blank, nor a number, nor a way of writing that there is none. */
const isText = (cell: string): boolean => cell !== "" && !NUMBER.test(cell) && !NOT_FINITE.test(cell);

/** One stray word among numbers is a mistake, not a name. */
function isHeader({ cells: [first, ...others] }: Row, below: Row | undefined): boolean {
  if (others.length > 0) return others.every(isText);
  return isText(first) && !(below && isText(below.cells[0]));
}

function splitLines(text: string, separator?: string): Row[] {
  const lines = text
    .split(/\r\n|\n|\r/)
    .map((content, i) => ({ content, line: i + 1 }))
    .filter(({ content }) => !/^\s*(?:$|[#%])/.test(content));
  const all = lines.map(({ content }) => content).join("\n");
  // A tab or semicolon file may hold commas, hardly the reverse.
  const used = separator ?? ["\t", ";", ","].find((mark) => all.includes(mark)) ?? " ";
  return lines.map(({ content, line }) => splitLine(content, line, used));
}

function splitLine(content: string, line: number, separator: string): Row {
  const row: Row = { line, cells: [], columns: [] };
  const pattern = separator === " " ? /[^\s]+/g : new RegExp(`[^${separator}]*`, "g");
  for (const { 0: raw, index } of content.matchAll(pattern)) {
    // An empty match right behind a cell is none of its own.
    if (raw === "" && separator !== " " && index > 0 && content[index - 1] !== separator) continue;
    row.cells.push(raw.trim().replace(/^"(.*)"$/, "$1"));
    row.columns.push(index + 1 + (raw.length - raw.trimStart().length));
  }
  return row;
}

function numberOf({ cells, columns, line }: Row, cell: number, name: string): number {
  const text = cells[cell];
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (Number.isFinite(value)) return value;
  const where = `${name}:${line}:${columns[cell]}`;
  if (NUMBER.test(text) || NOT_FINITE.test(text)) {
    const hint = "Write 0 where there is no synapse.";
    throw new CajalError(`cell ${cell + 1} is ${text}`, { code: "nan-weights", where, hint });
  }
  const shown = text.length > 40 ? `${text.slice(0, 39)}…` : text;
  const what = text === "" ? `cell ${cell + 1} is empty` : `cell ${cell + 1} is not a number, got "${shown}"`;
  const hint = "Only a first row and a first column may hold names; numbers have decimal points.";
  throw new CajalError(what, { code: "csv-not-a-number", where, hint });
}
