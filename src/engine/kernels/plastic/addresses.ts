/**
 * @file Phrases for code over a store of synapses: reading its counts, lists and values, and the state of its neurons.
 */

import type { FunctionBuilder, Local, Opcode } from "../../../compiler/index.ts";
import type { StoreLayout } from "../../plasticity/layout.ts";
import { arithmetic } from "../loops.ts";
import type { Precision } from "../options.ts";

/** What code over a store is specialised on. */
export interface StoreTarget {
  precision: Precision;
  /** Instances of the state arrays, padded. */
  stride: number;
  layout: StoreLayout;
}

/** Push index4 · bytes / 4: the byte offset of an item among items of `bytes` bytes. */
export function pushScaled(code: FunctionBuilder, index4: Local, bytes: number): void {
  const factor = bytes / 4;
  code.get(index4);
  if (factor === 1) return;
  const shift = Math.log2(factor);
  if (Number.isInteger(shift)) code.i32Const(shift).op("i32.shl");
  else code.i32Const(factor).op("i32.mul");
}

/** Push the address of a unit's state, less the state's own address: give that to the load as its offset. */
export function pushState(
  code: FunctionBuilder,
  unit4: Local,
  instance: Local,
  { precision, stride }: Pick<StoreTarget, "precision" | "stride">,
): void {
  pushScaled(code, unit4, stride * arithmetic[precision].bytes);
  if (stride > 1) code.get(instance).op("i32.add");
}

/** Push base + index4, from where 32-bit arrays of the store are read at their offset. */
export function pushWord(code: FunctionBuilder, base: Local, index4: Local): void {
  code.get(base).get(index4).op("i32.add");
}

/** Push base + slot4 · bytes / 4, from where values are read at their offset. */
export function pushValue(code: FunctionBuilder, base: Local, slot4: Local, precision: Precision): void {
  code.get(base);
  pushScaled(code, slot4, arithmetic[precision].bytes);
  code.op("i32.add");
}

/** The instruction `f64.load`, `f32.store` … of a precision. */
export function scalarOf(precision: Precision, name: string): Opcode {
  return `${arithmetic[precision].scalar}.${name}` as Opcode;
}
