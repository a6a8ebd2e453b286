/**
 * @file A square matrix as delimited text, with or without a first row and a first column of labels.
 * Not for lists of edges, see `edge-list.ts`.
 */

import { CajalError, type DenseMatrix, dense, plural } from "../../core/index.ts";
import { cellKind, parseNumber, type Separator, shown, splitRows, type TextRow } from "./delimited.ts";

/** How a matrix file is written; what is left out is worked out from the file. */
export interface CsvMatrixOptions {
  /** Name of the file, for error messages. */
  name?: string;
  separator?: Separator;
  /** Whether the first row holds labels. */
  header?: boolean;
  /** Whether the first column holds labels. */
  labelColumn?: boolean;
  /** `"zero"` ignores what is written on the diagonal (often NaN), default `"keep"`. */
  diagonal?: "keep" | "zero";
}

/** A matrix as it stands in the file: rows and columns have no meaning yet. */
export interface LabelledMatrix {
  matrix: DenseMatrix;
  labels?: string[];
}

/**
 * Read a square matrix.
 *
 * @throws CajalError `csv-empty`, `csv-quote`, `csv-ragged`, `csv-not-a-number`, `csv-decimal-comma`,
 * `csv-label-mismatch`, `nan-weights`, `not-square`, each with `file:line:column`.
 */
export function readCsvMatrix(text: string, options: CsvMatrixOptions = {}): LabelledMatrix {
  const { name = "csv", separator } = options;
  const { rows } = splitRows(text, { name, separator });
  return matrixFromRows(rows, { ...options, name });
}

/** The second half of {@link readCsvMatrix}, for rows that are split already. */
export function matrixFromRows(
  rows: TextRow[],
  options: CsvMatrixOptions & { name: string },
): LabelledMatrix {
  const { name, diagonal = "keep" } = options;
  const { header, labelColumn } = findLabels(rows, options);
  const body = header ? rows.slice(1) : rows;
  const left = labelColumn ? 1 : 0;
  const width = checkWidths(rows, header, labelColumn, name);
  if (body.length !== width) {
    throw new CajalError(`the matrix has ${plural(body.length, "row")} and ${plural(width, "column")}`, {
      code: "not-square",
      where: name,
      hint: sizeHint(rows, width, header || labelColumn),
    });
  }
  const matrix = dense(width, width);
  body.forEach((row, i) => {
    for (let j = 0; j < width; j++) {
      if (i === j && diagonal === "zero") continue;
      const hint = i === j ? 'Write 0, or ignore the diagonal with diagonal: "zero".' : undefined;
      const where = { name, row, cell: j + left, ...(cellKind(row.cells[j + left]) !== "text" && { hint }) };
      matrix.values[i * width + j] = parseNumber(row.cells[j + left], where);
    }
  });
  const across = header ? rows[0].cells.slice(rows[0].cells.length - width) : undefined;
  const down = labelColumn ? body.map((row) => row.cells[0]) : undefined;
  const labels = agreedLabels(across, down, name);
  return labels ? { matrix, labels } : { matrix };
}

// Implementation

interface Found {
  header: boolean;
  labelColumn: boolean;
}

/**
 * Whether there is a row and a column of labels. The matrix is square, so its size decides; where it is square
 * either way, labels are recognised by their text. One stray word among numbers is a mistake, not a label; a row or
 * column of numbers is taken for labels only when it is a bare numbering or repeats the other.
 */
function findLabels(rows: TextRow[], { header, labelColumn }: CsvMatrixOptions): Found {
  const guess = guessLabels(rows);
  return { header: header ?? guess.header, labelColumn: labelColumn ?? guess.labelColumn };
}

function guessLabels(rows: TextRow[]): Found {
  const height = rows.length;
  const width = usualWidth(rows);
  const first = rows[0].cells;
  const down = rows.map((row) => row.cells[0]);
  const across = first.slice(1);
  const below = down.slice(1);
  const neither = { header: false, labelColumn: false };
  const both = { header: true, labelColumn: true };
  if (height > 1 && first.length === width - 1) {
    // The row of labels has no cell above the column of labels, as R writes it.
    const numbered = isNumbering(first) && below.some(isText);
    return first.some(isText) || numbered || sameTexts(first, below) ? both : neither;
  }
  if (height === width + 1) return { header: first.some(isText) || isNumbering(first), labelColumn: false };
  if (height === width - 1) return { header: false, labelColumn: down.some(isText) || isNumbering(down) };
  const corner = cellKind(first[0]);
  if (across.some(isText) && below.some(isText)) return both;
  if (height > 1 && (corner === "blank" || (corner === "text" && sameTexts(across, below)))) return both;
  // Not square either way: say so with the labels taken off that are there.
  return height === width ? neither : { header: across.some(isText), labelColumn: below.some(isText) };
}

function isText(cell: string): boolean {
  return cellKind(cell) === "text";
}

/** The commonest number of cells is taken for right, so that messages point at the odd row. */
function usualWidth(rows: TextRow[]): number {
  const counts = new Map<number, number>();
  // The first row last: it may be one shorter, and must not win a tie then.
  for (const { cells } of [...rows.slice(1), rows[0]]) {
    counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  }
  let usual = 0;
  let most = 0;
  for (const [length, count] of counts) if (count > most) [usual, most] = [length, count];
  return usual;
}

/** Number of matrix columns; every row must have as many cells. */
function checkWidths(rows: TextRow[], header: boolean, labelColumn: boolean, name: string): number {
  const usual = usualWidth(rows);
  for (const row of rows) {
    const { length } = row.cells;
    if (length === usual || (row === rows[0] && header && labelColumn && length === usual - 1)) continue;
    const column = length > usual ? row.columns[usual] : row.columns[length - 1];
    throw new CajalError(`the row has ${plural(length, "cell")}, the other rows have ${usual}`, {
      code: "csv-ragged",
      where: `${name}:${row.line}:${column}`,
      hint: "Give every row the same number of cells; write 0 where there is no edge.",
    });
  }
  return usual - (labelColumn ? 1 : 0);
}

function sizeHint(rows: TextRow[], width: number, labelled: boolean): string {
  if (!labelled && (width === 2 || width === 3)) {
    return 'If it is a list of edges (source, target, weight), pass format: "edge-list".';
  }
  const first = shown(rows[0].cells.join(" "));
  return `Give one row and one column per node; state header and labelColumn if they are misread (line ${rows[0].line}: ${first}).`;
}

/** Labels of the row and the column must be the same; a bare numbering gives way to names. */
function agreedLabels(
  across: string[] | undefined,
  down: string[] | undefined,
  name: string,
): string[] | undefined {
  if (!across || !down) return across ?? down;
  if (sameTexts(across, down) || isNumbering(down)) return across;
  if (isNumbering(across)) return down;
  const at = across.findIndex((label, i) => label !== down[i]);
  throw new CajalError(
    `label ${at + 1} is "${shown(across[at])}" in the first row but "${shown(down[at])}" in the first column`,
    {
      code: "csv-label-mismatch",
      where: name,
      hint: "Rows and columns must name the same nodes in the same order.",
    },
  );
}

function sameTexts(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => text === b[i]);
}

/** 0, 1, 2, … or 1, 2, 3, …, as spreadsheets and data frames add. */
function isNumbering(labels: readonly string[]): boolean {
  return labels.every((text, i) => text === String(i)) || labels.every((text, i) => text === String(i + 1));
}
