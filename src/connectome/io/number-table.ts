/**
 * @file A matrix of any shape as delimited text, with or without a first row and a first column of names. Square ones,
 * whose names are nodes, are read by `csv.ts`.
 */

import { CajalError, plural } from "../../core/index.ts";
import {
  cellKind,
  hasDecimalComma,
  parseNumber,
  type Separator,
  splitRows,
  type TextRow,
} from "./delimited.ts";

/** How a table is written; what is left out is told from the file. */
export interface NumberTableOptions {
  /** Of the file, for messages. */
  name: string;
  separator?: Separator;
  /** Whether the first row holds names. */
  header?: boolean;
  /** Whether the first column holds names. */
  labelColumn?: boolean;
}

/** Rows and columns as they stand in the file. */
export interface NumberTable {
  shape: readonly [rows: number, columns: number];
  values: Float64Array;
}

/**
 * Read a table.
 *
 * @throws CajalError `csv-empty`, `csv-quote`, `csv-ragged`, `csv-not-a-number`, `csv-decimal-comma`, `nan-weights`, each
 * with `file:line:column`.
 */
export function readNumberTable(text: string, { name, separator, ...told }: NumberTableOptions): NumberTable {
  const { rows } = splitRows(text, { name, separator });
  const header = told.header ?? isHeader(rows[0], rows[1]);
  const body = header ? rows.slice(1) : rows;
  const labelColumn = told.labelColumn ?? (body.length > 0 && body.every(({ cells }) => isText(cells[0])));
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
    for (let j = 0; j < width; j++) {
      const cell = j + left;
      const hint = isText(row.cells[cell]) ? undefined : "Write 0 where there is no synapse.";
      values[i * width + j] = parseNumber(row.cells[cell], { name, row, cell, hint });
    }
  });
  return { shape: [body.length, width], values };
}

// Implementation

const isText = (cell: string): boolean => cellKind(cell) === "text" && !hasDecimalComma(cell);

/** One stray word among numbers is a mistake, not a name. */
function isHeader({ cells: [first, ...others] }: TextRow, below: TextRow | undefined): boolean {
  if (others.length > 0) return others.every(isText);
  return isText(first) && !(below && isText(below.cells[0]));
}
