/**
 * @file Weights in the order in which the product kernels read them.
 */

import { CajalError, type DenseMatrix, type SparseMatrix } from "../../core/index.ts";
import { checkLayout, elementBytes, type FloatArray, floatArray, type Layout, panelRows } from "./options.ts";

/** A sparse matrix as the kernels read it. */
export interface PackedSparse {
  /** Shape `(post + 1)`: first edge of each row. */
  rowStart: Int32Array<ArrayBuffer>;
  /** Shape `(edge)`: bytes from the start of `x` to the presynaptic neuron's first instance. */
  column: Int32Array<ArrayBuffer>;
  /** Shape `(edge)`, rounded to the precision. */
  values: FloatArray;
}

/**
 * Sparse weights for `addSparseProduct`.
 *
 * @throws CajalError `bad-stride`; `too-large` when the state array does not fit 32-bit addresses.
 */
export function packSparse(m: SparseMatrix, layout: Layout): PackedSparse {
  checkLayout(layout, "packSparse");
  const pitch = layout.stride * elementBytes(layout.precision);
  if (m.columns * pitch > 2 ** 31) {
    throw new CajalError(`${m.columns} neurons × ${layout.stride} instances exceed 2 GiB`, {
      code: "too-large",
      where: "packSparse",
      hint: "Lower the number of instances per run.",
    });
  }
  return {
    rowStart: Int32Array.from(m.rowStart),
    column: m.column.map((j) => j * pitch) as Int32Array<ArrayBuffer>,
    values: floatArray(layout.precision, m.values),
  };
}

/**
 * Dense weights for `addDenseProduct`: for one instance shape `(panel, pre, 16)`, panels of 16 rows, the last one
 * filled up with zeros; for several instances row-major `(post, pre)`.
 *
 * @throws CajalError `bad-stride`.
 */
export function packDense(m: DenseMatrix, layout: Layout): FloatArray {
  checkLayout(layout, "packDense");
  if (layout.stride > 1) return floatArray(layout.precision, m.values);
  const packed = floatArray(layout.precision, packedDenseLength(m.rows, m.columns, layout));
  const at = panelIndex(m.columns);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) packed[at(i, j)] = m.values[i * m.columns + j];
  }
  return packed;
}

/** Numbers in the packed form of a dense matrix. */
export function packedDenseLength(rows: number, columns: number, { stride }: Layout): number {
  return (stride > 1 ? rows : Math.ceil(rows / panelRows) * panelRows) * columns;
}

/** Place of entry (post, pre) in the panels of a matrix of so many columns. */
export function panelIndex(columns: number): (post: number, pre: number) => number {
  return (post, pre) => (Math.floor(post / panelRows) * columns + pre) * panelRows + (post % panelRows);
}
