/**
 * @file Phrases of the normalisation kernels: the sum over a row of weights, and the factor that it leads to.
 *
 * The sum runs in four lanes, slot k in lane k mod 4, and ends as (0 + 2) + (1 + 3).
 */

import type { FunctionBuilder, Local } from "../../../compiler/index.ts";
import { advance, whileBelow } from "../loops.ts";
import type { Precision } from "../options.ts";
import { pushWord, type StoreTarget, scalarOf } from "./addresses.ts";

/** Push a number of the precision. */
export function pushNumber(code: FunctionBuilder, x: number, precision: Precision): void {
  if (precision === "f64") code.f64Const(x);
  else code.f32Const(x);
}

/** Locals of a sum over a row. */
export interface RowSum {
  /** Address of the row's values, less the offset of the weights. */
  row: Local;
  end: Local;
  at: Local;
  a: Local;
  b: Local;
  sum: Local;
}

/** end = row + the bytes of values that the synapses of a post unit take, filled up to whole groups of four. */
export function setRowEnd(
  code: FunctionBuilder,
  { row, end }: RowSum,
  { base, post4, layout, precision }: StoreTarget & { base: Local; post4: Local },
): void {
  code.get(row);
  pushWord(code, base, post4);
  code.load("i32.load", layout.inCount).i32Const(3).op("i32.add").i32Const(-4).op("i32.and");
  code
    .i32Const(precision === "f64" ? 3 : 2)
    .op("i32.shl")
    .op("i32.add")
    .set(end);
}

/** sum = the sum of the values from `row` to `end`, in four lanes. */
export function emitRowSum(
  code: FunctionBuilder,
  { row, end, at, a, b, sum }: RowSum,
  { layout, precision }: StoreTarget,
): void {
  code.f64x2Const(0).set(a).f64x2Const(0).set(b);
  code.get(row).set(at);
  whileBelow(code, at, end, () => {
    if (precision === "f64") {
      code.get(a).get(at).load("v128.load", layout.values).op("f64x2.add").set(a);
      code
        .get(b)
        .get(at)
        .load("v128.load", layout.values + 16)
        .op("f64x2.add")
        .set(b);
      advance(code, at, 32);
    } else {
      code.get(a).get(at).load("v128.load", layout.values).op("f32x4.add").set(a);
      advance(code, at, 16);
    }
  });
  if (precision === "f64") {
    code.get(a).get(b).op("f64x2.add").tee(a).lane("f64x2.extract_lane", 0);
    code.get(a).lane("f64x2.extract_lane", 1).op("f64.add").set(sum);
  } else {
    code.get(a).lane("f32x4.extract_lane", 0).get(a).lane("f32x4.extract_lane", 2).op("f32.add");
    code.get(a).lane("f32x4.extract_lane", 1).get(a).lane("f32x4.extract_lane", 3).op("f32.add");
    code.op("f32.add").set(sum);
  }
}

/** factor = 1 + rate · (factor − 1); at rate 1 it is left as it is. */
export function relax(code: FunctionBuilder, factor: Local, rate: number, precision: Precision): void {
  if (rate === 1) return;
  const op = (name: string) => scalarOf(precision, name);
  pushNumber(code, 1, precision);
  pushNumber(code, rate, precision);
  code.get(factor);
  pushNumber(code, 1, precision);
  code.op(op("sub")).op(op("mul")).op(op("add")).set(factor);
}
