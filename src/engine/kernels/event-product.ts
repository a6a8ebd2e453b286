/**
 * @file Product out = W x for one instance that visits only presynaptic units that are not 0: for activity that is
 * mostly 0, such as spikes. Weights lie by presynaptic unit, so a visit adds one column to the sums.
 *
 * Every sum grows in ascending presynaptic order from +0, and what is left out adds ±0 to a sum that is never −0, so
 * the bits are those of the plain products.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../compiler/index.ts";
import { type Matrix, toSparse, transpose } from "../../core/index.ts";
import {
  advance,
  arithmetic,
  copy,
  loadSplat,
  locals,
  pointers,
  setOffset,
  setSum,
  whileBelow,
} from "./loops.ts";
import { elementBytes, type FloatArray, floatArray, type Precision } from "./options.ts";

/** Weights by presynaptic unit: whole columns, or lists of entries. */
export type PackedEvents =
  | { form: "columns" /** Numbers per column. */; height: number; values: FloatArray }
  | {
      form: "entries";
      /** Shape `(pre + 1)`: first entry of each column. */
      start: Int32Array<ArrayBuffer>;
      /** Shape `(entry)`: byte offset of the post unit. */
      post: Int32Array<ArrayBuffer>;
      values: FloatArray;
    };

/** Pack weights for the event product: dense ones as columns filled up to a multiple of four, sparse ones as entries. */
export function packEvents(m: Matrix, precision: Precision): PackedEvents {
  if (m.kind === "sparse") {
    const byPre = transpose(toSparse(m));
    return {
      form: "entries",
      start: Int32Array.from(byPre.rowStart),
      post: Int32Array.from(byPre.column, (i) => i * elementBytes(precision)),
      values: floatArray(precision, byPre.values),
    };
  }
  const height = Math.ceil(m.rows / 4) * 4;
  const values = floatArray(precision, height * m.columns);
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) values[j * height + i] = m.values[i * m.columns + j];
  }
  return { form: "columns", height, values };
}

/**
 * Add the kernel `eventColumns (out, x, values, height, columns)` or `eventEntries (out, x, start, post, values,
 * columns, rows)`; pointers in bytes, counts in numbers. `out` is padded to a multiple of four and overwritten.
 */
export function addEventProduct(
  module: ModuleBuilder,
  { precision, form }: { precision: Precision; form: PackedEvents["form"] },
): FunctionHandle {
  const columns = form === "columns";
  return module.addFunction(
    columns ? "eventColumns" : "eventEntries",
    { parameters: new Array(columns ? 5 : 7).fill("i32"), results: [] },
    (code) => (columns ? emitColumns(code, precision) : emitEntries(code, precision)),
    { exported: true },
  );
}

/** Set `count` numbers from a pointer on to +0, a multiple of four. */
export function emitClear(
  code: FunctionBuilder,
  out: Local,
  count: Local | number,
  precision: Precision,
): void {
  const [at, end] = locals(code, "i32", 2);
  copy(code, out, at);
  if (typeof count === "number") setSum(code, end, out, count * arithmetic[precision].bytes);
  else setOffset(code, end, { base: out, count, scale: arithmetic[precision].bytes });
  whileBelow(code, at, end, () => {
    code.get(at).f64x2Const(0).store("v128.store", 0);
    advance(code, at, 16);
  });
}

/** Run `body` unless the number at an address is 0. */
export function unlessZero(code: FunctionBuilder, at: Local, precision: Precision, body: () => void): void {
  const { scalar } = arithmetic[precision];
  code.get(at).load(`${scalar}.load`)[`${scalar}Const`](0).op(`${scalar}.ne`);
  code.if(body);
}

// Implementation

function emitColumns(code: FunctionBuilder, precision: Precision): void {
  const { bytes, vector } = arithmetic[precision];
  const [out, x, values, height, columns] = pointers(code, 5);
  const [lastX, pitch, outEnd, to, from] = locals(code, "i32", 5);
  const value = code.local("v128");
  emitClear(code, out, height, precision);
  setOffset(code, lastX, { base: x, count: columns, scale: bytes });
  code.get(height).i32Const(bytes).op("i32.mul").set(pitch);
  setSum(code, outEnd, out, pitch);
  whileBelow(code, x, lastX, () => {
    unlessZero(code, x, precision, () => {
      loadSplat(code, value, { address: x, precision });
      copy(code, out, to);
      copy(code, values, from);
      whileBelow(code, to, outEnd, () => {
        for (const at of bytes === 8 ? [0, 16] : [0]) {
          code.get(to).get(to).load("v128.load", at);
          code.get(from).load("v128.load", at).get(value).op(`${vector}.mul`).op(`${vector}.add`);
          code.store("v128.store", at);
        }
        advance(code, to, 4 * bytes);
        advance(code, from, 4 * bytes);
      });
    });
    advance(code, values, pitch);
    advance(code, x, bytes);
  });
}

function emitEntries(code: FunctionBuilder, precision: Precision): void {
  const { bytes, scalar } = arithmetic[precision];
  const [out, x, start, post, values, columns, rows] = pointers(code, 7);
  const [lastX, at, end, weight, to, padded] = locals(code, "i32", 6);
  const value = code.local(scalar);
  code.get(rows).i32Const(3).op("i32.add").i32Const(-4).op("i32.and").set(padded);
  emitClear(code, out, padded, precision);
  setOffset(code, lastX, { base: x, count: columns, scale: bytes });
  whileBelow(code, x, lastX, () => {
    unlessZero(code, x, precision, () => {
      code.get(x).load(`${scalar}.load`).set(value);
      const first = () => code.get(start).load("i32.load");
      setOffset(code, at, { base: post, count: first, scale: 4 });
      setOffset(code, weight, { base: values, count: first, scale: bytes });
      setOffset(code, end, { base: post, count: () => code.get(start).load("i32.load", 4), scale: 4 });
      whileBelow(code, at, end, () => {
        code.get(out).get(at).load("i32.load").op("i32.add").tee(to);
        code.get(to).load(`${scalar}.load`).get(weight).load(`${scalar}.load`).get(value);
        code.op(`${scalar}.mul`).op(`${scalar}.add`).store(`${scalar}.store`);
        advance(code, at, 4);
        advance(code, weight, bytes);
      });
    });
    advance(code, start, 4);
    advance(code, x, bytes);
  });
}
