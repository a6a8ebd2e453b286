/**
 * @file Sparse product out = W x for one or many instances, as WebAssembly SIMD.
 *
 * Many instances: the accumulators of a row sit in registers, one vector per 2 (f64) or 4 (f32) instances, and each
 * weight is splat over them.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../compiler/index.ts";
import {
  advance,
  arithmetic,
  clear,
  copy,
  eachTile,
  loadSplat,
  locals,
  multiplyAdd,
  pointers,
  setOffset,
  storeSums,
  whileBelow,
} from "./loops.ts";
import { checkLayout, type ProductOptions } from "./options.ts";

/**
 * Vectors of one tile. V8 loads all of an edge's inputs before it multiplies the first, so a tile needs two registers
 * a vector and one for the weight; x64 has 15 to give. One vector more spills and takes 1.7 times as long.
 */
const widestTile = 7;

/**
 * Add the kernel `sparseProduct`, or `sparseProductAdd` when it accumulates, `(out, x, rowStart, column, values,
 * rows)`, all i32: byte pointers, then a count. The arrays are those of `packSparse`; `out` is `(post, instance)`, `x`
 * is `(pre, instance)`. Sums run over ascending edges, one accumulator per (post, instance), from +0: the bits are
 * those of `referenceSparseProduct`.
 *
 * @throws CajalError `bad-stride`.
 */
export function addSparseProduct(module: ModuleBuilder, options: ProductOptions): FunctionHandle {
  checkLayout(options, "addSparseProduct");
  const name = options.accumulate ? "sparseProductAdd" : "sparseProduct";
  return module.addFunction(
    name,
    { parameters: ["i32", "i32", "i32", "i32", "i32", "i32"], results: [] },
    (code) => emitRows(code, options),
    { exported: true },
  );
}

// Implementation

interface RowState {
  out: Local;
  x: Local;
  /** Next edge's column, and the end of this row's columns. */
  column: Local;
  rowEnd: Local;
  /** Next edge's weight. */
  value: Local;
}

function emitRows(code: FunctionBuilder, options: ProductOptions): void {
  const [out, x, rowStart, columns, values, rows] = pointers(code, 6);
  const [column, value, rowEnd, lastRow] = locals(code, "i32", 4);
  const { bytes } = arithmetic[options.precision];
  const edge = () => code.get(rowStart).load("i32.load");
  setOffset(code, column, { base: columns, count: edge, scale: 4 });
  setOffset(code, value, { base: values, count: edge, scale: bytes });
  setOffset(code, lastRow, { base: rowStart, count: rows, scale: 4 });
  const emitRow = options.stride > 1 ? emitWideRow : emitNarrowRow;
  whileBelow(code, rowStart, lastRow, () => {
    advance(code, rowStart, 4);
    setOffset(code, rowEnd, { base: columns, count: edge, scale: 4 });
    emitRow(code, { out, x, column, value, rowEnd }, options);
    advance(code, out, options.stride * bytes);
  });
}

/** One row for many instances, tile by tile; leaves `column` and `value` at the next row. */
function emitWideRow(code: FunctionBuilder, row: RowState, options: ProductOptions): void {
  const { bytes } = arithmetic[options.precision];
  const vectors = (options.stride * bytes) / 16;
  const [column, value] = locals(code, "i32", 2);
  const sums = locals(code, "v128", Math.min(vectors, widestTile));
  const emitEdge = edgeEmitter(code, options);
  eachTile(code, { vectors, widest: widestTile, x: row.x, out: row.out }, ({ width, x, out }) => {
    const used = sums.slice(0, width);
    copy(code, row.column, column);
    copy(code, row.value, value);
    clear(code, used);
    whileBelow(code, column, row.rowEnd, () => {
      emitEdge({ x, column, value }, used);
      advance(code, column, 4);
      advance(code, value, bytes);
    });
    storeSums(code, used, { pointer: out, ...options });
  });
  copy(code, column, row.column);
  copy(code, value, row.value);
}

/** Writes one edge of a tile: sums += weight · x[pre]. */
function edgeEmitter(code: FunctionBuilder, { precision }: ProductOptions) {
  const source = code.local("i32");
  const weight = code.local("v128");
  return ({ x, column, value }: Pick<RowState, "x" | "column" | "value">, sums: readonly Local[]) => {
    code.get(x).get(column).load("i32.load").op("i32.add").set(source);
    loadSplat(code, weight, { address: value, precision });
    for (const [v, sum] of sums.entries()) {
      const input = () => code.get(source).load("v128.load", 16 * v);
      multiplyAdd(code, sum, { factor: weight, value: input, precision });
    }
  };
}

/** One row for one instance. */
function emitNarrowRow(code: FunctionBuilder, row: RowState, options: ProductOptions): void {
  const { scalar, bytes } = arithmetic[options.precision];
  const sum = code.local(scalar);
  code[`${scalar}Const`](0).set(sum);
  whileBelow(code, row.column, row.rowEnd, () => {
    code.get(sum);
    code.get(row.value).load(`${scalar}.load`);
    code.get(row.x).get(row.column).load("i32.load").op("i32.add").load(`${scalar}.load`);
    code.op(`${scalar}.mul`).op(`${scalar}.add`).set(sum);
    advance(code, row.column, 4);
    advance(code, row.value, bytes);
  });
  storeSums(code, [sum], { pointer: row.out, ...options });
}
