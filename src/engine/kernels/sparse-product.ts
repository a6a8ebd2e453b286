/**
 * @file Sparse product out = W x for one or many instances, as WebAssembly SIMD.
 *
 * Many instances: the accumulators of a row sit in registers, one vector per 2 (f64) or 4 (f32) instances, and each
 * weight is splat over them. One instance: four rows advance together, since the sums of one row wait for each other.
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
  setSum,
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
    (code) => (options.stride > 1 ? emitWide(code, options) : emitNarrow(code, options)),
    { exported: true },
  );
}

// Implementation

interface WideRow {
  out: Local;
  x: Local;
  /** Next edge's column, and the end of this row's columns. */
  column: Local;
  rowEnd: Local;
  /** Next edge's weight. */
  value: Local;
}

/** Many instances: row by row. */
function emitWide(code: FunctionBuilder, options: ProductOptions): void {
  const [out, x, rowStart, columns, values, rows] = pointers(code, 6);
  const [column, value, rowEnd, lastRow] = locals(code, "i32", 4);
  const { bytes } = arithmetic[options.precision];
  const edge = () => code.get(rowStart).load("i32.load");
  setOffset(code, column, { base: columns, count: edge, scale: 4 });
  setOffset(code, value, { base: values, count: edge, scale: bytes });
  setOffset(code, lastRow, { base: rowStart, count: rows, scale: 4 });
  whileBelow(code, rowStart, lastRow, () => {
    advance(code, rowStart, 4);
    setOffset(code, rowEnd, { base: columns, count: edge, scale: 4 });
    emitWideRow(code, { out, x, column, value, rowEnd }, options);
    advance(code, out, options.stride * bytes);
  });
}

/** One row for many instances, tile by tile; leaves `column` and `value` at the next row. */
function emitWideRow(code: FunctionBuilder, row: WideRow, options: ProductOptions): void {
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
  return ({ x, column, value }: Pick<WideRow, "x" | "column" | "value">, sums: readonly Local[]) => {
    code.get(x).get(column).load("i32.load").op("i32.add").set(source);
    loadSplat(code, weight, { address: value, precision });
    for (const [v, sum] of sums.entries()) {
      const input = () => code.get(source).load("v128.load", 16 * v);
      multiplyAdd(code, sum, { factor: weight, value: input, precision });
    }
  };
}

/** Rows of one instance that advance together. */
const rowsTogether = 4;

interface NarrowState {
  out: Local;
  x: Local;
  rowStart: Local;
  columns: Local;
  values: Local;
}

/** One instance: groups of rows, then the rows that are left. */
function emitNarrow(code: FunctionBuilder, options: ProductOptions): void {
  const [out, x, rowStart, columns, values, rows] = pointers(code, 6);
  const [groupEnd, lastRow] = locals(code, "i32", 2);
  const wholeGroups = () => code.get(rows).i32Const(-rowsTogether).op("i32.and");
  setOffset(code, groupEnd, { base: rowStart, count: wholeGroups, scale: 4 });
  setOffset(code, lastRow, { base: rowStart, count: rows, scale: 4 });
  const state = { out, x, rowStart, columns, values };
  whileBelow(code, rowStart, groupEnd, () =>
    emitNarrowRows(code, state, { ...options, together: rowsTogether }),
  );
  whileBelow(code, rowStart, lastRow, () => emitNarrowRows(code, state, { ...options, together: 1 }));
}

/** Some rows: side by side as far as the shortest goes, then each to its end; moves `out` and `rowStart` behind them. */
function emitNarrowRows(
  code: FunctionBuilder,
  { out, x, rowStart, columns, values }: NarrowState,
  options: ProductOptions & { together: number },
): void {
  const { scalar, bytes } = arithmetic[options.precision];
  const rows = Array.from({ length: options.together }, (_, r) => {
    const [column, end, value] = locals(code, "i32", 3);
    const edge = (row: number) => () => code.get(rowStart).load("i32.load", 4 * row);
    setOffset(code, column, { base: columns, count: edge(r), scale: 4 });
    setOffset(code, end, { base: columns, count: edge(r + 1), scale: 4 });
    setOffset(code, value, { base: values, count: edge(r), scale: bytes });
    const sum = code.local(scalar);
    code[`${scalar}Const`](0).set(sum);
    return { column, end, value, sum };
  });
  const emitEdge = ({ column, value, sum }: (typeof rows)[number]) => {
    code.get(sum);
    code.get(value).load(`${scalar}.load`);
    code.get(x).get(column).load("i32.load").op("i32.add").load(`${scalar}.load`);
    code.op(`${scalar}.mul`).op(`${scalar}.add`).set(sum);
    advance(code, column, 4);
    advance(code, value, bytes);
  };
  if (rows.length > 1) {
    const commonEnd = emitCommonEnd(code, rows);
    whileBelow(code, rows[0].column, commonEnd, () => rows.forEach(emitEdge));
  }
  for (const row of rows) whileBelow(code, row.column, row.end, () => emitEdge(row));
  const sums = rows.map(({ sum }) => sum);
  storeSums(code, sums, { pointer: out, ...options });
  advance(code, out, rows.length * bytes);
  advance(code, rowStart, 4 * rows.length);
}

/** Where the first row's columns stop when the shortest row is at its end. */
function emitCommonEnd(code: FunctionBuilder, rows: readonly { column: Local; end: Local }[]): Local {
  const [shortest, length] = locals(code, "i32", 2);
  code.i32Const(-1).set(shortest);
  for (const { column, end } of rows) {
    code.get(end).get(column).op("i32.sub").set(length);
    code.get(length).get(shortest).get(length).get(shortest).op("i32.lt_u").select().set(shortest);
  }
  setSum(code, shortest, rows[0].column, shortest);
  return shortest;
}
