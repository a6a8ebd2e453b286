/**
 * @file Synaptic normalisation of a plastic projection, in compiled code.
 *
 * The sum over a unit's incoming weights runs in four lanes, slot k in lane k mod 4, and ends as (0 + 2) + (1 + 3). The
 * sum over outgoing weights runs through the unit's list.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../../compiler/index.ts";
import type { NormalisationRule } from "../../../model/index.ts";
import { advance, arithmetic, locals, pointers, whileBelow } from "../loops.ts";
import { pushScaled, pushValue, pushWord, type StoreTarget, scalarOf } from "./addresses.ts";

/** Add the kernel `name (base)` for incoming weights at any rate: rows that are marked, or all, are scaled. */
export function addNormaliseIncoming(
  module: ModuleBuilder,
  name: string,
  { total, rate, ...target }: StoreTarget & Pick<NormalisationRule, "total" | "rate">,
): FunctionHandle {
  const { layout, precision } = target;
  const { bytes, scalar } = arithmetic[precision];
  const constant = (code: FunctionBuilder, x: number) =>
    precision === "f64" ? code.f64Const(x) : code.f32Const(x);
  return module.addFunction(
    name,
    { parameters: ["i32"], results: [] },
    (code) => {
      const [base] = pointers(code, 1);
      const [post4, endPost, row, end, at] = locals(code, "i32", 5);
      const [a, b, factors] = locals(code, "v128", 3);
      const [sum, factor] = locals(code, scalar, 2);
      code.i32Const(4 * layout.rows).set(endPost);
      code.get(base).set(row);
      whileBelow(code, post4, endPost, () => {
        if (rate === 1) {
          pushWord(code, base, post4);
          code.load("i32.load", layout.dirty);
        } else code.i32Const(1);
        code.if(() => {
          pushWord(code, base, post4);
          code.i32Const(0).store("i32.store", layout.dirty);
          code.get(row);
          pushCountBytes(code, base, post4, target);
          code.op("i32.add").set(end);
          emitRowSum(code, { row, end, at, a, b, sum }, target);
          code.get(sum);
          constant(code, 0);
          code.op(scalarOf(precision, "ne")).if(() => {
            constant(code, total).get(sum).op(scalarOf(precision, "div")).set(factor);
            if (rate !== 1) relax(code, factor, rate, precision);
            splat(code, factor, precision);
            code.set(factors);
            code.get(row).set(at);
            whileBelow(code, at, end, () => {
              code.get(at).get(at).load("v128.load", layout.values).get(factors);
              code.op(precision === "f64" ? "f64x2.mul" : "f32x4.mul").store("v128.store", layout.values);
              advance(code, at, 16);
            });
          });
        });
        advance(code, post4, 4);
        advance(code, row, layout.inCapacity * bytes);
      });
    },
    { exported: true },
  );
}

/**
 * Add the kernel `name (base, incoming, outgoing)` for outgoing weights, or the mean of both: the two scratch arrays
 * take total / sum of each post and pre unit, then every synapse is scaled once.
 */
export function addNormaliseOutgoing(
  module: ModuleBuilder,
  name: string,
  { total, rate, over, ...target }: StoreTarget & Pick<NormalisationRule, "total" | "rate" | "over">,
): FunctionHandle {
  const { layout, precision } = target;
  const { bytes, scalar } = arithmetic[precision];
  const number = (code: FunctionBuilder, x: number) =>
    precision === "f64" ? code.f64Const(x) : code.f32Const(x);
  const op = (name: string) => scalarOf(precision, name);
  return module.addFunction(
    name,
    { parameters: ["i32", "i32", "i32"], results: [] },
    (code) => {
      const [base, incoming, outgoing] = pointers(code, 3);
      const [unit4, last, row, end, at, slot4] = locals(code, "i32", 6);
      const [a, b] = locals(code, "v128", 2);
      const [sum, factor] = locals(code, scalar, 2);
      /** scratch[unit] = total / sum, or 1 where the sum is 0. */
      const storeFactor = (scratch: Local) => {
        code.get(scratch);
        pushScaled(code, unit4, bytes);
        code.op("i32.add");
        number(code, total).get(sum).op(op("div"));
        number(code, 1);
        code.get(sum);
        number(code, 0).op(op("ne")).select().store(op("store"));
      };
      const eachUnit = (count: number, body: () => void) => {
        code
          .i32Const(0)
          .set(unit4)
          .i32Const(4 * count)
          .set(last);
        whileBelow(code, unit4, last, () => {
          body();
          advance(code, unit4, 4);
        });
      };
      if (over === "both") {
        code.get(base).set(row);
        eachUnit(layout.rows, () => {
          code.get(row);
          pushCountBytes(code, base, unit4, target);
          code.op("i32.add").set(end);
          emitRowSum(code, { row, end, at, a, b, sum }, target);
          storeFactor(incoming);
          advance(code, row, layout.inCapacity * bytes);
        });
      }
      const eachPlace = (body: () => void) => {
        code.get(base).get(unit4).i32Const(layout.outCapacity).op("i32.mul").op("i32.add").set(at);
        pushWord(code, base, unit4);
        code.load("i32.load", layout.outCount).i32Const(2).op("i32.shl").get(at).op("i32.add").set(end);
        whileBelow(code, at, end, () => {
          code.get(at).load("i32.load", layout.outSlot).set(slot4);
          body();
          advance(code, at, 4);
        });
      };
      eachUnit(layout.columns, () => {
        number(code, 0).set(sum);
        eachPlace(() => {
          code.get(sum);
          pushValue(code, base, slot4, precision);
          code.load(op("load"), layout.values).op(op("add")).set(sum);
        });
        storeFactor(outgoing);
      });
      eachUnit(layout.columns, () => {
        eachPlace(() => {
          code.get(outgoing);
          pushScaled(code, unit4, bytes);
          code.op("i32.add").load(op("load")).set(factor);
          if (over === "both") {
            number(code, 0.5).get(factor);
            code.get(incoming);
            code.get(at).load("i32.load", layout.outPost);
            if (bytes === 8) code.i32Const(1).op("i32.shl");
            code.op("i32.add").load(op("load")).op(op("add")).op(op("mul")).set(factor);
          }
          if (rate !== 1) relax(code, factor, rate, precision);
          pushValue(code, base, slot4, precision);
          pushValue(code, base, slot4, precision);
          code.load(op("load"), layout.values).get(factor).op(op("mul")).store(op("store"), layout.values);
        });
      });
    },
    { exported: true },
  );
}

// Implementation

/** Push the bytes of values that a row's synapses take, filled up to whole groups of four. */
function pushCountBytes(
  code: FunctionBuilder,
  base: Local,
  post4: Local,
  { layout, precision }: StoreTarget,
): void {
  pushWord(code, base, post4);
  code.load("i32.load", layout.inCount).i32Const(3).op("i32.add").i32Const(-4).op("i32.and");
  code.i32Const(precision === "f64" ? 3 : 2).op("i32.shl");
}

/** sum = the sum of the values from `row` to `end`, in four lanes. */
function emitRowSum(
  code: FunctionBuilder,
  { row, end, at, a, b, sum }: { row: Local; end: Local; at: Local; a: Local; b: Local; sum: Local },
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

/** factor = 1 + rate · (factor − 1). */
function relax(code: FunctionBuilder, factor: Local, rate: number, precision: "f64" | "f32"): void {
  const number = (x: number) => (precision === "f64" ? code.f64Const(x) : code.f32Const(x));
  const op = (name: string) => scalarOf(precision, name);
  number(1);
  number(rate).get(factor);
  number(1).op(op("sub")).op(op("mul")).op(op("add")).set(factor);
}

function splat(code: FunctionBuilder, value: Local, precision: "f64" | "f32"): void {
  code.get(value).op(precision === "f64" ? "f64x2.splat" : "f32x4.splat");
}
