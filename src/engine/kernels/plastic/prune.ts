/**
 * @file Removing synapses at or below a weight, in compiled code: the same steps as `SynapseStore.remove`.
 */

import type { FunctionBuilder, FunctionHandle, Local, ModuleBuilder } from "../../../compiler/index.ts";
import { HEADER } from "../../plasticity/layout.ts";
import { locals, pointers } from "../loops.ts";
import { pushValue, pushWord, type StoreTarget, scalarOf } from "./addresses.ts";

/** Functions that remove the synapses of a post unit's row, or of a pre unit's list, whose weight is ≤ a threshold. */
export interface PruneFunctions {
  /** `(base, post4, threshold)` */
  row: FunctionHandle;
  /** `(base, pre4, threshold)` */
  list: FunctionHandle;
}

/** Add the functions for one layout. */
export function addPrune(module: ModuleBuilder, name: string, target: StoreTarget): PruneFunctions {
  const remove = addRemove(module, `${name}.remove`, target);
  const { scalar } = { scalar: target.precision };
  const signature = { parameters: ["i32", "i32", scalar] as const, results: [] };
  return {
    row: module.addFunction(
      `${name}.pruneRow`,
      { ...signature, parameters: [...signature.parameters] },
      (code) => {
        const [base, post4] = pointers(code, 2);
        const threshold = code.parameter(2);
        const [slot4, start, pre4] = locals(code, "i32", 3);
        code.get(post4).i32Const(target.layout.inCapacity).op("i32.mul").tee(start).set(slot4);
        code.block(() =>
          code.loop(() => {
            code.get(slot4).get(start);
            pushWord(code, base, post4);
            code.load("i32.load", target.layout.inCount).i32Const(2).op("i32.shl").op("i32.add");
            code.op("i32.ge_u").brIf(1);
            pushValue(code, base, slot4, target.precision);
            code.load(scalarOf(target.precision, "load"), target.layout.values).get(threshold);
            code.op(scalarOf(target.precision, "le")).if(
              () => {
                pushWord(code, base, slot4);
                code.load("i32.load", target.layout.inPre).set(pre4);
                code.get(base).get(slot4).get(post4).get(pre4).call(remove);
              },
              () => code.get(slot4).i32Const(4).op("i32.add").set(slot4),
            );
            code.br(0);
          }),
        );
      },
    ),
    list: module.addFunction(
      `${name}.pruneList`,
      { ...signature, parameters: [...signature.parameters] },
      (code) => {
        const [base, pre4] = pointers(code, 2);
        const threshold = code.parameter(2);
        const [place4, start, slot4, post4] = locals(code, "i32", 4);
        code.get(pre4).i32Const(target.layout.outCapacity).op("i32.mul").tee(start).set(place4);
        code.block(() =>
          code.loop(() => {
            code.get(place4).get(start);
            pushWord(code, base, pre4);
            code.load("i32.load", target.layout.outCount).i32Const(2).op("i32.shl").op("i32.add");
            code.op("i32.ge_u").brIf(1);
            pushWord(code, base, place4);
            code.load("i32.load", target.layout.outSlot).set(slot4);
            pushValue(code, base, slot4, target.precision);
            code.load(scalarOf(target.precision, "load"), target.layout.values).get(threshold);
            code.op(scalarOf(target.precision, "le")).if(
              () => {
                pushWord(code, base, place4);
                code.load("i32.load", target.layout.outPost).set(post4);
                code.get(base).get(slot4).get(post4).get(pre4).call(remove);
              },
              () => code.get(place4).i32Const(4).op("i32.add").set(place4),
            );
            code.br(0);
          }),
        );
      },
    ),
  };
}

// Implementation

/** `(base, slot4, post4, pre4)`: the last synapse of the row and the last of the list take the places. */
function addRemove(module: ModuleBuilder, name: string, target: StoreTarget): FunctionHandle {
  const parameters = ["i32", "i32", "i32", "i32"] as const;
  return module.addFunction(name, { parameters: [...parameters], results: [] }, (code) => {
    const [base, slot4, post4, pre4] = pointers(code, 4);
    const [place4, last4] = locals(code, "i32", 2);
    const removal = { base, slot4, post4, pre4, place4, last4 };
    emitUnlink(code, removal, target);
    emitMoveValues(code, removal, target);
    emitNote(code, removal, target);
  });
}

/** Locals of a removal: its base and indices, and those of the last synapse. */
interface Removal {
  base: Local;
  slot4: Local;
  post4: Local;
  pre4: Local;
  place4: Local;
  last4: Local;
}

/** Take the synapse out of the pre unit's list, then out of the post unit's row; `last4` ends as the row's last slot. */
function emitUnlink(
  code: FunctionBuilder,
  { base, slot4, post4, pre4, place4, last4 }: Removal,
  { layout }: StoreTarget,
): void {
  const word = (index4: Local, offset: number) => {
    pushWord(code, base, index4);
    code.load("i32.load", offset);
  };
  const decrement = (index4: Local, offset: number) => {
    pushWord(code, base, index4);
    word(index4, offset);
    code.i32Const(1).op("i32.sub").store("i32.store", offset);
  };
  /** last4 = unit4 · capacity + 4 · count. */
  const setLast = (unit4: Local, capacity: number, count: number) => {
    code.get(unit4).i32Const(capacity).op("i32.mul");
    word(unit4, count);
    code.i32Const(2).op("i32.shl").op("i32.add").set(last4);
  };
  const move = (to4: Local, offset: number) => {
    pushWord(code, base, to4);
    word(last4, offset);
    code.store("i32.store", offset);
  };
  /** lists[the index at `from`] = index4 */
  const pointBack = (from: { index4: Local; offset: number }, to: number, index4: Local) => {
    code.get(base);
    word(from.index4, from.offset);
    code.op("i32.add").get(index4).store("i32.store", to);
  };
  word(slot4, layout.inBack);
  code.set(place4);
  decrement(pre4, layout.outCount);
  setLast(pre4, layout.outCapacity, layout.outCount);
  move(place4, layout.outPost);
  move(place4, layout.outSlot);
  pointBack({ index4: place4, offset: layout.outSlot }, layout.inBack, place4);
  decrement(post4, layout.inCount);
  setLast(post4, layout.inCapacity, layout.inCount);
  code
    .get(last4)
    .get(slot4)
    .op("i32.ne")
    .if(() => {
      move(slot4, layout.inPre);
      move(slot4, layout.inBack);
      pointBack({ index4: slot4, offset: layout.inBack }, layout.outSlot, slot4);
    });
}

/** Numbers of the last slot move to the freed one; unused slots hold 0. */
function emitMoveValues(
  code: FunctionBuilder,
  { base, slot4, last4 }: Removal,
  { precision, layout }: StoreTarget,
): void {
  for (let k = 0; k < layout.arrays; k++) {
    const offset = layout.values + k * layout.valueBytes;
    pushValue(code, base, slot4, precision);
    pushValue(code, base, last4, precision);
    code.load(scalarOf(precision, "load"), offset).store(scalarOf(precision, "store"), offset);
    pushValue(code, base, last4, precision);
    code[precision === "f64" ? "f64Const" : "f32Const"](0).store(scalarOf(precision, "store"), offset);
  }
}

/** Put the pair that died, post · columns + pre, at the end of the step's list, and count. */
function emitNote(code: FunctionBuilder, { base, post4, pre4 }: Removal, { layout }: StoreTarget): void {
  const header = (word: number) => layout.header + 4 * word;
  code.get(base).get(base).load("i32.load", header(HEADER.deaths)).i32Const(2).op("i32.shl").op("i32.add");
  code.get(post4).i32Const(layout.columns).op("i32.mul").get(pre4).op("i32.add").i32Const(2).op("i32.shr_u");
  code.store("i32.store", layout.diedPairs);
  for (const [counter, by] of [
    [HEADER.deaths, 1],
    [HEADER.synapses, -1],
  ] as const) {
    code.get(base).get(base).load("i32.load", header(counter)).i32Const(by).op("i32.add");
    code.store("i32.store", header(counter));
  }
}
