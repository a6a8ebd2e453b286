/**
 * @file Weighted sums of a plastic projection: each presynaptic unit adds its weights to the units it feeds. Sums grow
 * in ascending presynaptic order from +0; units at 0 may be skipped without changing a bit.
 */

import type { FunctionHandle, ModuleBuilder } from "../../../compiler/index.ts";
import { eachActive, eachUnit } from "../active-units.ts";
import { advance, locals, pointers, whileBelow } from "../loops.ts";
import { pushState, pushValue, pushWord, type StoreTarget, scalarOf } from "./addresses.ts";

/**
 * Add the kernel `name (base, out, x, instance)`: store, sums and state by address, the instance as byte offset. Adds
 * to `out`, which the caller clears.
 */
export function addScatter(
  module: ModuleBuilder,
  name: string,
  target: StoreTarget & { events: boolean },
): FunctionHandle {
  const { layout, precision } = target;
  return module.addFunction(
    name,
    { parameters: ["i32", "i32", "i32", "i32"], results: [] },
    (code) => {
      const [base, out, x, instance] = pointers(code, 4);
      const [pre4, place, end, post4, slot4, sum] = locals(code, "i32", 6);
      const value = code.local(precision);
      const visit = () => {
        pushState(code, pre4, instance, target);
        code.get(x).op("i32.add").load(scalarOf(precision, "load")).set(value);
        code.get(base).get(pre4).i32Const(layout.outCapacity).op("i32.mul").op("i32.add").set(place);
        pushWord(code, base, pre4);
        code.load("i32.load", layout.outCount).i32Const(2).op("i32.shl").get(place).op("i32.add").set(end);
        whileBelow(code, place, end, () => {
          code.get(place).load("i32.load", layout.outPost).set(post4);
          code.get(place).load("i32.load", layout.outSlot).set(slot4);
          pushState(code, post4, instance, target);
          code.get(out).op("i32.add").tee(sum);
          code.get(sum).load(scalarOf(precision, "load"));
          pushValue(code, base, slot4, precision);
          code.load(scalarOf(precision, "load"), layout.values).get(value);
          code
            .op(scalarOf(precision, "mul"))
            .op(scalarOf(precision, "add"))
            .store(scalarOf(precision, "store"));
          advance(code, place, 4);
        });
      };
      const units = { type: precision, stride: target.stride, count: layout.columns, unit4: pre4, instance };
      if (target.events) eachActive(code, { ...units, base: x, states: [0] }, visit);
      else eachUnit(code, pre4, layout.columns, visit);
    },
    { exported: true },
  );
}
