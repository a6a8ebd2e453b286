/**
 * @file Matrices as plain data: dense row-major and compressed sparse rows. Rows are `post`, columns `pre`.
 */

import { CajalError } from "./errors.ts";

/** Dense matrix, row-major: entry (i, j) is `values[i * columns + j]`. */
export interface DenseMatrix {
  kind: "dense";
  rows: number;
  columns: number;
  values: Float64Array;
}

/** Compressed sparse rows. Row i holds entries `rowStart[i] … rowStart[i + 1]`, columns ascending. */
export interface SparseMatrix {
  kind: "sparse";
  rows: number;
  columns: number;
  /** Shape `(rows + 1)`. */
  rowStart: Int32Array;
  /** Shape `(edge)`: column of each entry, ascending within a row. */
  column: Int32Array;
  /** Shape `(edge)`. */
  values: Float64Array;
}

/** Weights of either form. */
export type Matrix = DenseMatrix | SparseMatrix;

/** Dense matrix from nested rows or a flat row-major array. @throws CajalError `ragged-matrix`, `shape`. */
export function dense(rows: number, columns: number, values?: ArrayLike<number>): DenseMatrix {
  if (values && values.length !== rows * columns) {
    throw new CajalError(`${values.length} values do not fill ${rows} × ${columns}`, {
      code: "shape",
      where: "dense",
    });
  }
  return {
    kind: "dense",
    rows,
    columns,
    values: values ? Float64Array.from(values) : new Float64Array(rows * columns),
  };
}

/** Dense matrix from an array of rows. @throws CajalError `ragged-matrix` when rows differ in length. */
export function denseFromRows(rows: readonly ArrayLike<number>[]): DenseMatrix {
  const columns = rows.length ? rows[0].length : 0;
  const m = dense(rows.length, columns);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i].length !== columns) {
      throw new CajalError(`row ${i} has ${rows[i].length} values, row 0 has ${columns}`, {
        code: "ragged-matrix",
        where: "denseFromRows",
        hint: "Give every row the same length.",
      });
    }
    m.values.set(Array.from(rows[i]), i * columns);
  }
  return m;
}

/** Sparse form of any matrix; zeros are dropped. */
export function toSparse(m: Matrix): SparseMatrix {
  if (m.kind === "sparse") return m;
  const rowStart = new Int32Array(m.rows + 1);
  let count = 0;
  for (let k = 0; k < m.values.length; k++) if (m.values[k] !== 0) count++;
  const column = new Int32Array(count);
  const values = new Float64Array(count);
  let at = 0;
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) {
      const v = m.values[i * m.columns + j];
      if (v === 0) continue;
      column[at] = j;
      values[at++] = v;
    }
    rowStart[i + 1] = at;
  }
  return { kind: "sparse", rows: m.rows, columns: m.columns, rowStart, column, values };
}

/** Dense form of any matrix. */
export function toDense(m: Matrix): DenseMatrix {
  if (m.kind === "dense") return m;
  const out = dense(m.rows, m.columns);
  for (let i = 0; i < m.rows; i++) {
    for (let k = m.rowStart[i]; k < m.rowStart[i + 1]; k++)
      out.values[i * m.columns + m.column[k]] += m.values[k];
  }
  return out;
}

/**
 * Sparse matrix from entries in any order; entries at the same place are added.
 *
 * @param post - Row of each entry, shape `(edge)`.
 * @param pre - Column of each entry, shape `(edge)`.
 */
export function sparseFromEntries(
  shape: { rows: number; columns: number },
  entries: { post: ArrayLike<number>; pre: ArrayLike<number>; values: ArrayLike<number> },
): SparseMatrix {
  const { rows, columns } = shape;
  const { post, pre, values } = entries;
  const order = Array.from({ length: values.length }, (_, k) => k);
  order.sort((a, b) => post[a] - post[b] || pre[a] - pre[b] || a - b);
  const rowStart = new Int32Array(rows + 1);
  const column: number[] = [];
  const sum: number[] = [];
  let lastRow = -1;
  for (const k of order) {
    if (post[k] === lastRow && column[column.length - 1] === pre[k]) {
      sum[sum.length - 1] += values[k];
      continue;
    }
    lastRow = post[k];
    column.push(pre[k]);
    sum.push(values[k]);
    rowStart[lastRow + 1]++;
  }
  for (let i = 0; i < rows; i++) rowStart[i + 1] += rowStart[i];
  return {
    kind: "sparse",
    rows,
    columns,
    rowStart,
    column: Int32Array.from(column),
    values: Float64Array.from(sum),
  };
}

/** Transpose of a sparse matrix: rows and columns change places. */
export function transpose(m: SparseMatrix): SparseMatrix {
  const rowStart = new Int32Array(m.columns + 1);
  for (let k = 0; k < m.column.length; k++) rowStart[m.column[k] + 1]++;
  for (let j = 0; j < m.columns; j++) rowStart[j + 1] += rowStart[j];
  const next = rowStart.slice();
  const column = new Int32Array(m.column.length);
  const values = new Float64Array(m.column.length);
  for (let i = 0; i < m.rows; i++) {
    for (let k = m.rowStart[i]; k < m.rowStart[i + 1]; k++) {
      const at = next[m.column[k]]++;
      column[at] = i;
      values[at] = m.values[k];
    }
  }
  return { kind: "sparse", rows: m.columns, columns: m.rows, rowStart, column, values };
}

/** Product W x, summed in ascending column. @param x - Shape `(pre)`. @returns Shape `(post)`. */
export function multiplyVector(
  m: SparseMatrix,
  x: ArrayLike<number>,
  out = new Float64Array(m.rows),
): Float64Array {
  for (let i = 0; i < m.rows; i++) {
    let sum = 0;
    for (let k = m.rowStart[i]; k < m.rowStart[i + 1]; k++) sum += m.values[k] * x[m.column[k]];
    out[i] = sum;
  }
  return out;
}
