/**
 * @file The gradient of weights, W′ += Σ over steps and instances of d xᵀ, dense or at the entries of a sparse matrix
 * alone, as WebAssembly SIMD.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../compiler/index.ts";
import {
  advance,
  arithmetic,
  clear,
  copy,
  loadVector,
  locals,
  multiplyAdd,
  pointers,
  setOffset,
  setSum,
  whileBelow,
} from "./loops.ts";
import { checkLayout, type Layout } from "./options.ts";

/** Rows × columns of the result in registers: 8 accumulators and 6 operands fit the 16 registers of x64. */
const tile = { rows: 4, columns: 2 };

/** Entries of a sparse row that are summed side by side, since the additions of one wait for each other. */
const edgesTogether = 4;

/**
 * Add the kernel `outerProduct`, `(out, d, x, rows, columns, steps, dPitch, xPitch)`, all i32: byte pointers, counts,
 * and bytes from one step of `d` and `x` to the next. `d` is `(step, post, instance)`, `x` is `(step, pre, instance)`,
 * `out` is row-major `(post, pre)` and added to.
 *
 * Every entry has one accumulator per lane (2 of f64, 4 of f32), which runs over steps, then vectors of instances;
 * lanes are added pairwise, then to what was there. The bits are those of `referenceOuterProduct`.
 *
 * @throws CajalError `bad-stride` unless the stride is a multiple of 4.
 */
export function addOuterProduct(module: ModuleBuilder, layout: Layout): FunctionHandle {
  checkLayout(layout, "addOuterProduct");
  return module.addFunction(
    "outerProduct",
    { parameters: new Array(8).fill("i32"), results: [] },
    (code) => emitDense(code, layout),
    { exported: true },
  );
}

/**
 * Add the kernel `sparseOuterProduct`, `(out, d, x, rowStart, column, rows, steps, dPitch, xPitch)`: as
 * `outerProduct`, for the entries of a matrix as `packSparse` lays it out; `out` is `(edge)`. An entry has the bits
 * that the dense kernel gives it.
 *
 * @throws CajalError `bad-stride` unless the stride is a multiple of 4.
 */
export function addSparseOuterProduct(module: ModuleBuilder, layout: Layout): FunctionHandle {
  checkLayout(layout, "addSparseOuterProduct");
  return module.addFunction(
    "sparseOuterProduct",
    { parameters: new Array(9).fill("i32"), results: [] },
    (code) => emitSparse(code, layout),
    { exported: true },
  );
}

// Implementation

/** Where the rows of one tile begin, and how steps follow each other. */
interface Series {
  steps: Local;
  dPitch: Local;
  xPitch: Local;
}

/** Bytes of `x` over some steps that are worked on together: they should stay in the first-level cache. */
const panelBytes = 4096;

/** Panels of columns, in each all rows. */
function emitDense(code: FunctionBuilder, layout: Layout): void {
  const [out, d, x, rows, columns, steps, dPitch, xPitch] = pointers(code, 8);
  const { bytes } = arithmetic[layout.precision];
  const pitch = layout.stride * bytes;
  const panel = tile.columns * Math.max(1, Math.floor(panelBytes / (pitch * tile.columns)));
  const [rowEnd, wholeEnd, columnEnd, wholeColumns, panelEnd, panelWhole] = locals(code, "i32", 6);
  const [xAt, outAt, rowBytes, dRow, outRow] = locals(code, "i32", 5);
  const whole = (count: Local, multiple: number) => () => code.get(count).i32Const(-multiple).op("i32.and");
  setOffset(code, rowEnd, { base: d, count: rows, scale: pitch });
  setOffset(code, wholeEnd, { base: d, count: whole(rows, tile.rows), scale: pitch });
  setOffset(code, columnEnd, { base: x, count: columns, scale: pitch });
  setOffset(code, wholeColumns, { base: x, count: whole(columns, tile.columns), scale: pitch });
  code.get(columns).i32Const(bytes).op("i32.mul").set(rowBytes);
  whileBelow(code, x, columnEnd, () => {
    setSum(code, panelEnd, x, panel * pitch);
    setLess(code, panelWhole, panelEnd, wholeColumns);
    setLess(code, panelEnd, panelEnd, columnEnd);
    copy(code, d, dRow);
    copy(code, out, outRow);
    for (const [height, end] of [[tile.rows, wholeEnd] as const, [1, rowEnd] as const]) {
      whileBelow(code, dRow, end, () => {
        copy(code, x, xAt);
        copy(code, outRow, outAt);
        for (const [width, stop] of [[tile.columns, panelWhole] as const, [1, panelEnd] as const]) {
          whileBelow(code, xAt, stop, () => {
            emitTile(code, {
              ...layout,
              ...{ height, width, d: dRow, x: xAt, out: outAt, rowBytes },
              ...{ steps, dPitch, xPitch },
            });
            advance(code, xAt, width * pitch);
            advance(code, outAt, width * bytes);
          });
        }
        advance(code, dRow, height * pitch);
        for (let r = 0; r < height; r++) advance(code, outRow, rowBytes);
      });
    }
    copy(code, panelEnd, x);
    advance(code, out, panel * bytes);
  });
}

/** target = the lesser of two pointers. */
function setLess(code: FunctionBuilder, target: Local, a: Local, b: Local): void {
  code.get(a).get(b).get(a).get(b).op("i32.lt_u").select().set(target);
}

function emitTile(
  code: FunctionBuilder,
  t: Layout & Series & { height: number; width: number; d: Local; x: Local; out: Local; rowBytes: Local },
): void {
  const pitch = t.stride * arithmetic[t.precision].bytes;
  const sums = Array.from({ length: t.height }, () => locals(code, "v128", t.width));
  const values = locals(code, "v128", t.width);
  const factor = code.local("v128");
  for (const s of sums) clear(code, s);
  emitSteps(code, { ...t, pitch, xs: [t.x] }, (d, [x]) => {
    for (const [c, value] of values.entries()) loadVector(code, value, x, c * pitch);
    for (const [r, s] of sums.entries()) {
      loadVector(code, factor, d, r * pitch);
      for (const [c, value] of values.entries())
        multiplyAdd(code, s[c], { factor, value, precision: t.precision });
    }
  });
  const row = code.local("i32");
  copy(code, t.out, row);
  for (const s of sums) {
    for (const [c, sum] of s.entries()) {
      addLanes(code, sum, {
        pointer: row,
        offset: c * arithmetic[t.precision].bytes,
        precision: t.precision,
      });
    }
    advance(code, row, t.rowBytes);
  }
}

/** Run `body` for every vector of every step; it gets pointers to the vector of `d` and of each of `xs`. */
function emitSteps(
  code: FunctionBuilder,
  s: Series & { pitch: number; d: Local; xs: readonly Local[] },
  body: (d: Local, xs: Local[]) => void,
): void {
  const [dStep, left, d, dEnd] = locals(code, "i32", 4);
  const xSteps = locals(code, "i32", s.xs.length);
  const xs = locals(code, "i32", s.xs.length);
  copy(code, s.d, dStep);
  s.xs.forEach((x, k) => {
    copy(code, x, xSteps[k]);
  });
  copy(code, s.steps, left);
  code.loop(() => {
    copy(code, dStep, d);
    setSum(code, dEnd, d, s.pitch);
    xSteps.forEach((x, k) => {
      copy(code, x, xs[k]);
    });
    whileBelow(code, d, dEnd, () => {
      body(d, xs);
      advance(code, d, 16);
      for (const x of xs) advance(code, x, 16);
    });
    advance(code, dStep, s.dPitch);
    for (const x of xSteps) advance(code, x, s.xPitch);
    advance(code, left, -1);
    code.get(left).brIf(0);
  });
}

/** memory += the sum of the lanes: (0 + 1) + (2 + 3). */
function addLanes(
  code: FunctionBuilder,
  sum: Local,
  { pointer, offset, precision }: { pointer: Local; offset: number } & Pick<Layout, "precision">,
): void {
  const { scalar, vector } = arithmetic[precision];
  const pair = (first: number) =>
    code
      .get(sum)
      .lane(`${vector}.extract_lane`, first)
      .get(sum)
      .lane(`${vector}.extract_lane`, first + 1)
      .op(`${scalar}.add`);
  code.get(pointer).get(pointer).load(`${scalar}.load`, offset);
  pair(0);
  if (precision === "f32") {
    pair(2);
    code.op(`${scalar}.add`);
  }
  code.op(`${scalar}.add`).store(`${scalar}.store`, offset);
}

function emitSparse(code: FunctionBuilder, layout: Layout): void {
  const [out, d, x, rowStart, columns, rows, steps, dPitch, xPitch] = pointers(code, 9);
  const { bytes } = arithmetic[layout.precision];
  const pitch = layout.stride * bytes;
  const [column, groupEnd, rowEnd, lastRow] = locals(code, "i32", 4);
  const edge = () => code.get(rowStart).load("i32.load");
  setOffset(code, column, { base: columns, count: edge, scale: 4 });
  setOffset(code, out, { base: out, count: edge, scale: bytes });
  setOffset(code, lastRow, { base: rowStart, count: rows, scale: 4 });
  const emitEdges = (count: number) => {
    const xs = locals(code, "i32", count);
    const sums = locals(code, "v128", count);
    const factor = code.local("v128");
    xs.forEach((pointer, k) => {
      code
        .get(x)
        .get(column)
        .load("i32.load", 4 * k)
        .op("i32.add")
        .set(pointer);
    });
    clear(code, sums);
    emitSteps(code, { steps, dPitch, xPitch, pitch, d, xs }, (at, inputs) => {
      loadVector(code, factor, at, 0);
      sums.forEach((sum, k) => {
        const value = () => code.get(inputs[k]).load("v128.load");
        multiplyAdd(code, sum, { factor, value, precision: layout.precision });
      });
    });
    sums.forEach((sum, k) => {
      addLanes(code, sum, { pointer: out, offset: k * bytes, precision: layout.precision });
    });
    advance(code, column, 4 * count);
    advance(code, out, count * bytes);
  };
  whileBelow(code, rowStart, lastRow, () => {
    advance(code, rowStart, 4);
    setOffset(code, rowEnd, { base: columns, count: edge, scale: 4 });
    // (end − column) & −16 bytes: whole groups of four entries.
    code
      .get(rowEnd)
      .get(column)
      .op("i32.sub")
      .i32Const(-4 * edgesTogether)
      .op("i32.and")
      .get(column)
      .op("i32.add")
      .set(groupEnd);
    whileBelow(code, column, groupEnd, () => emitEdges(edgesTogether));
    whileBelow(code, column, rowEnd, () => emitEdges(1));
    advance(code, d, pitch);
  });
}
