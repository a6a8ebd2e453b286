/**
 * @file Product out = W x for one instance that visits only presynaptic units that are not 0: for activity that is
 * mostly 0, such as spikes. Weights lie by presynaptic unit, so a visit adds one column to the sums.
 *
 * Every sum grows in ascending presynaptic order from +0, and what is left out adds ±0 to a sum that is never −0, so
 * the bits are those of the plain products.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../compiler/index.ts";
import { type Matrix, toSparse, transpose } from "../../core/index.ts";
import { eachActive } from "./active-units.ts";
import { advance, arithmetic, copy, locals, pointers, setOffset, setSum, whileBelow } from "./loops.ts";
import { elementBytes, type FloatArray, floatArray, type Precision } from "./options.ts";
import { pushScaled } from "./plastic/addresses.ts";

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

// Implementation

function emitColumns(code: FunctionBuilder, precision: Precision): void {
  const { bytes, vector } = arithmetic[precision];
  const [out, x, values, height, columns] = pointers(code, 5);
  const [pre4, pitch, outEnd, to, from] = locals(code, "i32", 5);
  const value = code.local("v128");
  emitClear(code, out, height, precision);
  code.get(height).i32Const(bytes).op("i32.mul").set(pitch);
  setSum(code, outEnd, out, pitch);
  eachEvent(code, { x, pre4, columns, precision }, () => {
    pushAddress(code, x, pre4, precision);
    code.load(arithmetic[precision].splat).set(value);
    copy(code, out, to);
    code.get(pre4).i32Const(2).op("i32.shr_u").get(pitch).op("i32.mul").get(values).op("i32.add").set(from);
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
}

function emitEntries(code: FunctionBuilder, precision: Precision): void {
  const { bytes, scalar } = arithmetic[precision];
  const [out, x, start, post, values, columns, rows] = pointers(code, 7);
  const [pre4, at, end, weight, to, padded] = locals(code, "i32", 6);
  const value = code.local(scalar);
  code.get(rows).i32Const(3).op("i32.add").i32Const(-4).op("i32.and").set(padded);
  emitClear(code, out, padded, precision);
  eachEvent(code, { x, pre4, columns, precision }, () => {
    pushAddress(code, x, pre4, precision);
    code.load(`${scalar}.load`).set(value);
    const first = (offset: number) => () => code.get(start).get(pre4).op("i32.add").load("i32.load", offset);
    setOffset(code, at, { base: post, count: first(0), scale: 4 });
    setOffset(code, weight, { base: values, count: first(0), scale: bytes });
    setOffset(code, end, { base: post, count: first(4), scale: 4 });
    whileBelow(code, at, end, () => {
      code.get(out).get(at).load("i32.load").op("i32.add").tee(to);
      code.get(to).load(`${scalar}.load`).get(weight).load(`${scalar}.load`).get(value);
      code.op(`${scalar}.mul`).op(`${scalar}.add`).store(`${scalar}.store`);
      advance(code, at, 4);
      advance(code, weight, bytes);
    });
  });
}

/** Run `body` for every presynaptic unit that is not 0. */
function eachEvent(
  code: FunctionBuilder,
  { x, pre4, columns, precision }: { x: Local; pre4: Local; columns: Local; precision: Precision },
  body: () => void,
): void {
  const one = { type: precision, stride: 1, count: columns, unit4: pre4, states: [0] };
  eachActive(code, { ...one, base: x, instance: x }, body);
}

/** Push the address of a unit's state. */
function pushAddress(code: FunctionBuilder, x: Local, unit4: Local, precision: Precision): void {
  code.get(x);
  pushScaled(code, unit4, arithmetic[precision].bytes);
  code.op("i32.add");
}
