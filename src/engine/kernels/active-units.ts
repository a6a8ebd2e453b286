/**
 * @file A loop over the units that are not silent. Which ones those are is random, so a branch at every unit would be
 * mispredicted at most of the active ones, which costs more than their work; here 32 units become the bits of a word,
 * and the loop runs over its ones.
 */

import type { FunctionBuilder, Local } from "../../compiler/index.ts";
import { advance, locals, whileBelow } from "./loops.ts";
import type { Precision } from "./options.ts";
import { pushScaled } from "./plastic/addresses.ts";

/** Units in a word. */
const WORD = 32;

const LANES = {
  f64: { bytes: 8, unequal: "f64x2.ne", bitmask: "i64x2.bitmask" },
  f32: { bytes: 4, unequal: "f32x4.ne", bitmask: "i32x4.bitmask" },
  i32: { bytes: 4, unequal: "i32x4.ne", bitmask: "i32x4.bitmask" },
} as const;

/** Where the state lies that tells whether a unit is active. */
export interface Activity {
  /** Type of the state: numbers of a precision, or 32-bit marks. */
  type: Precision | "i32";
  /** Instances of the state, padded. */
  stride: number;
  /** Units: a number, or known only when the code runs; and the local that holds the unit · 4 in the body. */
  count: number | Local;
  unit4: Local;
  /** Byte offset of the instance; read only where there are several. */
  instance: Local;
  /** Added to the addresses, if not 0. */
  base?: Local;
  /** Byte addresses of the variables; a unit is active where any of them is not 0. */
  states: readonly number[];
}

/** Run `body` for every unit, in ascending order. */
export function eachUnit(code: FunctionBuilder, unit4: Local, count: number | Local, body: () => void): void {
  const end4 = code.local("i32");
  code.i32Const(0).set(unit4);
  pushTimes4(code, count);
  code.set(end4);
  whileBelow(code, unit4, end4, () => {
    body();
    advance(code, unit4, 4);
  });
}

/** Run `body` for every active unit, in ascending order; a count that is known too late has it printed twice. */
export function eachActive(code: FunctionBuilder, activity: Activity, body: () => void): void {
  const { stride, count } = activity;
  const words = () => byWords(code, activity, body);
  const single = () => oneByOne(code, activity, body);
  if (stride > 1 || (typeof count === "number" && count < WORD)) single();
  else if (typeof count === "number") words();
  else code.get(count).i32Const(WORD).op("i32.ge_u").if(words, single);
}

// Implementation

function oneByOne(code: FunctionBuilder, activity: Activity, body: () => void): void {
  const { count, unit4, instance, base, states, type, stride } = activity;
  eachUnit(code, unit4, count, () => {
    states.forEach((address, k) => {
      pushScaled(code, unit4, stride * LANES[type].bytes);
      if (stride > 1) code.get(instance).op("i32.add");
      if (base) code.get(base).op("i32.add");
      code.load(`${type}.load`, address)[`${type}Const`](0).op(`${type}.ne`);
      if (k > 0) code.op("i32.or");
    });
    code.if(body);
  });
}

function pushTimes4(code: FunctionBuilder, count: number | Local): void {
  if (typeof count === "number") code.i32Const(4 * count);
  else code.get(count).i32Const(2).op("i32.shl");
}

/** The last word begins `WORD` units before the end; its units that have been visited are masked off. */
function byWords(code: FunctionBuilder, activity: Activity, body: () => void): void {
  const { count, unit4 } = activity;
  const [next4, end4, last4, first4, active] = locals(code, "i32", 5);
  code.i32Const(0).set(next4);
  pushTimes4(code, count);
  code
    .tee(end4)
    .i32Const(4 * WORD)
    .op("i32.sub")
    .set(last4);
  whileBelow(code, next4, end4, () => {
    code.get(next4).get(last4).get(next4).get(last4).op("i32.lt_u").select().set(first4);
    pushWordOf(code, first4, activity);
    code.i32Const(-1).get(next4).get(first4).op("i32.sub").i32Const(2).op("i32.shr_u").op("i32.shl");
    code.op("i32.and").tee(active);
    code.if(() =>
      code.loop(() => {
        code.get(active).op("i32.ctz").i32Const(2).op("i32.shl").get(first4).op("i32.add").set(unit4);
        body();
        code.get(active).get(active).i32Const(1).op("i32.sub").op("i32.and").tee(active).brIf(0);
      }),
    );
    code
      .get(first4)
      .i32Const(4 * WORD)
      .op("i32.add")
      .set(next4);
  });
}

/** Push a word whose bit k says whether unit first + k is active. */
function pushWordOf(code: FunctionBuilder, first4: Local, { type, states, base }: Activity): void {
  const { unequal, bitmask, bytes } = LANES[type];
  const lanes = 16 / bytes;
  const at = code.local("i32");
  const zero = code.local("v128");
  pushScaled(code, first4, bytes);
  if (base) code.get(base).op("i32.add");
  code.set(at).f64x2Const(0).set(zero);
  for (let unit = 0; unit < WORD; unit += lanes) {
    states.forEach((address, k) => {
      code
        .get(at)
        .load("v128.load", address + unit * bytes)
        .get(zero)
        .op(unequal);
      if (k > 0) code.op("v128.or");
    });
    code.op(bitmask);
    if (unit > 0) code.i32Const(unit).op("i32.shl").op("i32.or");
  }
}
