/**
 * @file Synaptic normalisation over outgoing weights, or over the mean of both sides, in compiled code.
 *
 * Two scratch arrays take total / sum of each post and each pre unit, then every synapse is scaled once. The sum over
 * outgoing weights runs through the unit's list from +0.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../../compiler/index.ts";
import type { NormalisationRule } from "../../../model/index.ts";
import { advance, arithmetic, locals, pointers, whileBelow } from "../loops.ts";
import { pushScaled, pushValue, pushWord, type StoreTarget, scalarOf } from "./addresses.ts";
import { emitRowSum, pushNumber, type RowSum, relax, setRowEnd } from "./row-sum.ts";

type Options = StoreTarget & Pick<NormalisationRule, "total" | "rate" | "over">;

/** Add the kernel `name (base, incoming, outgoing)`: a store, and scratch of one number per post and per pre unit. */
export function addNormaliseOutgoing(module: ModuleBuilder, name: string, options: Options): FunctionHandle {
  return module.addFunction(
    name,
    { parameters: ["i32", "i32", "i32"], results: [] },
    (code) => {
      const [base, incoming, outgoing] = pointers(code, 3);
      const [unit4, last, row, end, at, slot4] = locals(code, "i32", 6);
      const [a, b] = locals(code, "v128", 2);
      const [sum, factor] = locals(code, options.precision, 2);
      const walk = { base, incoming, outgoing, unit4, last, slot4, factor, row, end, at, a, b, sum };
      if (options.over === "both") emitIncomingFactors(code, walk, options);
      emitOutgoingFactors(code, walk, options);
      emitScaling(code, walk, options);
    },
    { exported: true },
  );
}

// Implementation

/** Locals of a walk over units and their synapses. */
interface Walk extends RowSum {
  base: Local;
  incoming: Local;
  outgoing: Local;
  unit4: Local;
  last: Local;
  slot4: Local;
  factor: Local;
}

function emitIncomingFactors(code: FunctionBuilder, walk: Walk, options: Options): void {
  const { layout, precision } = options;
  const { base, row, unit4 } = walk;
  code.get(base).set(row);
  eachUnit(code, walk, layout.rows, () => {
    setRowEnd(code, walk, { ...options, base, post4: unit4 });
    emitRowSum(code, walk, options);
    storeFactor(code, walk, { ...options, scratch: walk.incoming });
    advance(code, row, layout.inCapacity * arithmetic[precision].bytes);
  });
}

function emitOutgoingFactors(code: FunctionBuilder, walk: Walk, options: Options): void {
  const { layout, precision } = options;
  const { base, slot4, sum } = walk;
  eachUnit(code, walk, layout.columns, () => {
    pushNumber(code, 0, precision);
    code.set(sum);
    eachPlace(code, walk, options, () => {
      code.get(sum);
      pushValue(code, base, slot4, precision);
      code.load(scalarOf(precision, "load"), layout.values).op(scalarOf(precision, "add")).set(sum);
    });
    storeFactor(code, walk, { ...options, scratch: walk.outgoing });
  });
}

function emitScaling(code: FunctionBuilder, walk: Walk, options: Options): void {
  const { layout, precision, rate, over } = options;
  const { base, slot4, factor } = walk;
  eachUnit(code, walk, layout.columns, () => {
    eachPlace(code, walk, options, () => {
      pushScratch(code, walk.outgoing, walk.unit4, precision);
      code.load(scalarOf(precision, "load")).set(factor);
      if (over === "both") takeMean(code, walk, options);
      relax(code, factor, rate, precision);
      pushValue(code, base, slot4, precision);
      pushValue(code, base, slot4, precision);
      code.load(scalarOf(precision, "load"), layout.values).get(factor).op(scalarOf(precision, "mul"));
      code.store(scalarOf(precision, "store"), layout.values);
    });
  });
}

/** factor = (factor + the factor of the post unit) / 2. */
function takeMean(
  code: FunctionBuilder,
  { incoming, at, factor }: Walk,
  { layout, precision }: Options,
): void {
  pushNumber(code, 0.5, precision);
  code.get(factor).get(incoming);
  code.get(at).load("i32.load", layout.outPost);
  if (precision === "f64") code.i32Const(1).op("i32.shl");
  code.op("i32.add").load(scalarOf(precision, "load")).op(scalarOf(precision, "add"));
  code.op(scalarOf(precision, "mul")).set(factor);
}

/** scratch[unit] = total / sum, or 1 where the sum is 0. */
function storeFactor(
  code: FunctionBuilder,
  { unit4, sum }: Walk,
  { scratch, total, precision }: Options & { scratch: Local },
): void {
  pushScratch(code, scratch, unit4, precision);
  pushNumber(code, total, precision);
  code.get(sum).op(scalarOf(precision, "div"));
  pushNumber(code, 1, precision);
  code.get(sum);
  pushNumber(code, 0, precision);
  code.op(scalarOf(precision, "ne")).select().store(scalarOf(precision, "store"));
}

function pushScratch(code: FunctionBuilder, scratch: Local, unit4: Local, precision: "f64" | "f32"): void {
  code.get(scratch);
  pushScaled(code, unit4, arithmetic[precision].bytes);
  code.op("i32.add");
}

function eachUnit(code: FunctionBuilder, { unit4, last }: Walk, count: number, body: () => void): void {
  code
    .i32Const(0)
    .set(unit4)
    .i32Const(4 * count)
    .set(last);
  whileBelow(code, unit4, last, () => {
    body();
    advance(code, unit4, 4);
  });
}

/** Run `body` for every synapse of a pre unit, its place at `at` and its slot in `slot4`. */
function eachPlace(code: FunctionBuilder, walk: Walk, { layout }: Options, body: () => void): void {
  const { base, unit4, at, end, slot4 } = walk;
  code.get(base).get(unit4).i32Const(layout.outCapacity).op("i32.mul").op("i32.add").set(at);
  pushWord(code, base, unit4);
  code.load("i32.load", layout.outCount).i32Const(2).op("i32.shl").get(at).op("i32.add").set(end);
  whileBelow(code, at, end, () => {
    code.get(at).load("i32.load", layout.outSlot).set(slot4);
    body();
    advance(code, at, 4);
  });
}
