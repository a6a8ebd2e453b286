/**
 * @file Synaptic normalisation over incoming weights, in compiled code. Over outgoing weights: `normalise-outgoing.ts`.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../../compiler/index.ts";
import type { NormalisationRule } from "../../../model/index.ts";
import { eachActive, eachUnit } from "../active-units.ts";
import { advance, arithmetic, locals, pointers, whileBelow } from "../loops.ts";
import { pushScaled, pushWord, type StoreTarget, scalarOf } from "./addresses.ts";
import { emitRowSum, pushNumber, type RowSum, relax, setRowEnd } from "./row-sum.ts";

/** How to scale: `onlyChanged` passes over the units that are not marked. */
type Options = StoreTarget & Pick<NormalisationRule, "total" | "rate"> & { onlyChanged: boolean };

/** Add the kernel `name (base)` for incoming weights at any rate. */
export function addNormaliseIncoming(module: ModuleBuilder, name: string, options: Options): FunctionHandle {
  const { layout, precision, onlyChanged } = options;
  return module.addFunction(
    name,
    { parameters: ["i32"], results: [] },
    (code) => {
      const [base] = pointers(code, 1);
      const [post4, row, end, at] = locals(code, "i32", 4);
      const [a, b, factors] = locals(code, "v128", 3);
      const [sum, factor] = locals(code, precision, 2);
      const walk = { row, end, at, a, b, sum, factor, factors };
      const visit = () => {
        pushWord(code, base, post4);
        code.i32Const(0).store("i32.store", layout.dirty);
        pushScaled(code, post4, layout.inCapacity * arithmetic[precision].bytes);
        code.get(base).op("i32.add").set(row);
        setRowEnd(code, walk, { ...options, base, post4 });
        emitRowSum(code, walk, options);
        emitScaling(code, walk, options);
      };
      const marks = { type: "i32", stride: 1, instance: base, base, states: [layout.dirty] } as const;
      if (onlyChanged) eachActive(code, { ...marks, unit4: post4, count: layout.rows }, visit);
      else eachUnit(code, post4, layout.rows, visit);
    },
    { exported: true },
  );
}

// Implementation

/** Scale the row unless its sum is 0. */
function emitScaling(
  code: FunctionBuilder,
  { row, end, at, sum, factor, factors }: RowSum & { factor: Local; factors: Local },
  { layout, precision, total, rate }: Options,
): void {
  const { vector } = arithmetic[precision];
  code.get(sum);
  pushNumber(code, 0, precision);
  code.op(scalarOf(precision, "ne")).if(() => {
    pushNumber(code, total, precision);
    code.get(sum).op(scalarOf(precision, "div")).set(factor);
    relax(code, factor, rate, precision);
    code.get(factor).op(`${vector}.splat`).set(factors);
    code.get(row).set(at);
    whileBelow(code, at, end, () => {
      code.get(at).get(at).load("v128.load", layout.values).get(factors);
      code.op(`${vector}.mul`).store("v128.store", layout.values);
      advance(code, at, 16);
    });
  });
}
