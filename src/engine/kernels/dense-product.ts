/**
 * @file Dense product out = W x for one or many instances, as WebAssembly SIMD.
 *
 * One instance: weights stream once from memory in panels of 16 rows, so the loop runs at the speed of the cache
 * that holds them. Many instances: a block of rows × instance vectors stays in registers.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../compiler/index.ts";
import {
  advance,
  arithmetic,
  clear,
  copy,
  eachTile,
  loadSplat,
  loadVector,
  locals,
  multiplyAdd,
  pointers,
  setOffset,
  setSum,
  storeSums,
  tileWidths,
  whileBelow,
} from "./loops.ts";
import { checkLayout, type ProductOptions, panelRows } from "./options.ts";

/**
 * Add the kernel `denseProduct`, or `denseProductAdd` when it accumulates, `(out, x, weights, rows, columns)`, all
 * i32: byte pointers, then counts. Weights are those of `packDense`, `out` is `(post, instance)`, `x` is
 * `(pre, instance)`; for one instance `out` has room for the next multiple of 16 rows, which are written too.
 * Sums run over ascending columns, one accumulator per (post, instance), from +0: the bits are those of
 * `referenceDenseProduct`, and of the sparse product of the same matrix as long as x is finite (0 · ∞ is NaN).
 *
 * @throws CajalError `bad-stride`.
 */
export function addDenseProduct(module: ModuleBuilder, options: ProductOptions): FunctionHandle {
  checkLayout(options, "addDenseProduct");
  const name = options.accumulate ? "denseProductAdd" : "denseProduct";
  const emit = options.stride > 1 ? emitWide : emitNarrow;
  return module.addFunction(
    name,
    { parameters: ["i32", "i32", "i32", "i32", "i32"], results: [] },
    (code) => emit(code, options),
    { exported: true },
  );
}

// Implementation

/**
 * Accumulators in flight. An addition waits for the one before it on the same accumulator, so fewer would stall;
 * more would not fit the 16 vector registers of x64 beside the operands, and spilling halves the speed.
 */
const accumulators = 8;

/**
 * Weights loaded before the first of them is multiplied. V8 moves every load of a basic block to its top, where more
 * than these and the accumulators would spill: a test that never holds ends the block.
 */
const loadsTogether = 4;

/** Vectors of a tile: two rows of them fill the accumulators, or four rows of half as many. */
const widestTile = accumulators / 2;

interface PanelState {
  out: Local;
  x: Local;
  xEnd: Local;
  /** First panel; moves on. */
  weights: Local;
  panelBytes: Local;
}

/** One instance: panel by panel, all columns. Panels of f32 go two by two to fill the accumulators. */
function emitNarrow(code: FunctionBuilder, options: ProductOptions): void {
  const [out, x, weights, rows, columns] = pointers(code, 5);
  const { bytes } = arithmetic[options.precision];
  const columnBytes = panelRows * bytes;
  const [xEnd, panelBytes, groupEnd, outEnd] = locals(code, "i32", 4);
  setOffset(code, xEnd, { base: x, count: columns, scale: bytes });
  code.get(columns).i32Const(columnBytes).op("i32.mul").set(panelBytes);
  const together = (accumulators * 16) / columnBytes;
  // Rows count up to whole panels, panels count down to whole groups.
  const lastRow = panelRows - 1;
  const roundedTo = (multiple: number) => () =>
    code.get(rows).i32Const(lastRow).op("i32.add").i32Const(-multiple).op("i32.and");
  setOffset(code, groupEnd, { base: out, count: roundedTo(together * panelRows), scale: bytes });
  setOffset(code, outEnd, { base: out, count: roundedTo(panelRows), scale: bytes });
  const state = { out, x, xEnd, weights, panelBytes };
  whileBelow(code, out, groupEnd, () => emitPanels(code, state, { ...options, together }));
  if (together > 1) whileBelow(code, out, outEnd, () => emitPanels(code, state, { ...options, together: 1 }));
}

/** One group of panels; moves `out` and `weights` behind it. */
function emitPanels(
  code: FunctionBuilder,
  { out, x, xEnd, weights, panelBytes }: PanelState,
  options: ProductOptions & { together: number },
): void {
  const { precision } = options;
  const { bytes } = arithmetic[precision];
  const columnBytes = panelRows * bytes;
  const panels = [weights, ...locals(code, "i32", options.together - 1)];
  const sums = locals(code, "v128", (options.together * columnBytes) / 16);
  const source = code.local("i32");
  const input = code.local("v128");
  const emitColumn = () => {
    loadSplat(code, input, { address: source, precision });
    for (const [k, sum] of sums.entries()) {
      if (k > 0 && k % loadsTogether === 0) leaveAtEnd(code, source, xEnd);
      const panel = panels[Math.floor((16 * k) / columnBytes)];
      const value = () => code.get(panel).load("v128.load", (16 * k) % columnBytes);
      multiplyAdd(code, sum, { factor: input, value, precision });
    }
    for (const panel of panels) advance(code, panel, columnBytes);
    advance(code, source, bytes);
  };
  for (let p = 1; p < panels.length; p++) setSum(code, panels[p], panels[p - 1], panelBytes);
  copy(code, x, source);
  clear(code, sums);
  whileBelow(code, source, xEnd, emitColumn);
  storeSums(code, sums, { pointer: out, ...options });
  copy(code, panels[panels.length - 1], weights);
  advance(code, out, 16 * sums.length);
}

/** Leave the enclosing `whileBelow` at its end, where it is never met inside the body. */
function leaveAtEnd(code: FunctionBuilder, pointer: Local, end: Local): void {
  code.get(pointer).get(end).op("i32.ge_u").brIf(1);
}

interface BlockState {
  out: Local;
  x: Local;
  /** First row; moves on. */
  weights: Local;
  rowBytes: Local;
}

/** Many instances: blocks of rows, then the rows that are left. */
function emitWide(code: FunctionBuilder, options: ProductOptions): void {
  const [out, x, weights, rows, columns] = pointers(code, 5);
  const { bytes } = arithmetic[options.precision];
  const [blockEnd, outEnd, rowBytes] = locals(code, "i32", 3);
  const pitch = options.stride * bytes;
  const [{ width }] = tileWidths(pitch / 16, widestTile);
  const blockRows = width > 2 ? 2 : 4;
  const wholeBlocks = () => code.get(rows).i32Const(-blockRows).op("i32.and");
  setOffset(code, blockEnd, { base: out, count: wholeBlocks, scale: pitch });
  setOffset(code, outEnd, { base: out, count: rows, scale: pitch });
  code.get(columns).i32Const(bytes).op("i32.mul").set(rowBytes);
  const state = { out, x, weights, rowBytes };
  whileBelow(code, out, blockEnd, () => emitBlock(code, state, { ...options, rows: blockRows }));
  whileBelow(code, out, outEnd, () => emitBlock(code, state, { ...options, rows: 1 }));
}

/** One block of rows, tile by tile; moves `out` and `weights` behind it. */
function emitBlock(
  code: FunctionBuilder,
  { out, x, weights, rowBytes }: BlockState,
  options: ProductOptions & { rows: number },
): void {
  const { precision } = options;
  const { bytes } = arithmetic[precision];
  const pitch = options.stride * bytes;
  const vectors = pitch / 16;
  const [source, weightEnd] = locals(code, "i32", 2);
  const row = locals(code, "i32", options.rows);
  const weight = locals(code, "v128", options.rows);
  const sums = row.map(() => locals(code, "v128", Math.min(vectors, widestTile)));
  const value = code.local("v128");
  setSum(code, weightEnd, weights, rowBytes);
  eachTile(code, { vectors, widest: widestTile, x, out }, (tile) => {
    copy(code, weights, row[0]);
    for (let r = 1; r < row.length; r++) setSum(code, row[r], row[r - 1], rowBytes);
    copy(code, tile.x, source);
    for (const s of sums) clear(code, s.slice(0, tile.width));
    whileBelow(code, row[0], weightEnd, () => {
      for (const [r, factor] of weight.entries()) loadSplat(code, factor, { address: row[r], precision });
      for (let v = 0; v < tile.width; v++) {
        loadVector(code, value, source, 16 * v);
        for (const [r, s] of sums.entries()) multiplyAdd(code, s[v], { factor: weight[r], value, precision });
      }
      for (const pointer of row) advance(code, pointer, bytes);
      advance(code, source, pitch);
    });
    for (const [r, s] of sums.entries()) {
      storeSums(code, s.slice(0, tile.width), { pointer: tile.out, offset: r * pitch, ...options });
    }
  });
  // The last row's pointer stopped where the next block begins.
  copy(code, row[row.length - 1], weights);
  advance(code, out, options.rows * pitch);
}
