/**
 * @file How each IR operation becomes instructions on vectors of either precision. One row per operation.
 */

import type { Operation } from "../../term.ts";
import type { FunctionBuilder, Local } from "./function-builder.ts";
import type { MathFunction, MathLibrary, Precision } from "./math/math-library.ts";
import type { Opcode } from "./opcodes.ts";

/** What a row may use: the body being written, functions of the module, and a scratch local. */
export interface VectorContext {
  code: FunctionBuilder;
  math: MathLibrary;
  precision: Precision;
  scratch(): Local;
}

/** `f64x2` or `f32x4`: the prefix of the precision's instructions. */
export const LANES: Record<Precision, { prefix: "f64x2" | "f32x4"; count: number; bytes: number }> = {
  f64: { prefix: "f64x2", count: 2, bytes: 8 },
  f32: { prefix: "f32x4", count: 4, bytes: 4 },
};

/** Push a vector whose lanes all hold `value`. */
export function pushConstant(
  { code, precision }: Pick<VectorContext, "code" | "precision">,
  value: number,
): void {
  if (precision === "f64") code.f64x2Const(value);
  else code.f32x4Const(value);
}

/** Push the result of an operation; `push(k)` pushes its k-th operand. */
export function emitOperation(context: VectorContext, operation: Operation, push: (k: number) => void): void {
  ROWS[operation](context, push);
}

// Implementation

type Row = (context: VectorContext, push: (k: number) => void) => void;

function instruction(suffix: string, arity: 1 | 2): Row {
  return ({ code, precision }, push) => {
    for (let k = 0; k < arity; k++) push(k);
    code.op(`${LANES[precision].prefix}.${suffix}` as Opcode);
  };
}

function mathCall(name: MathFunction, arity: 1 | 2 = 1): Row {
  return ({ code, math }, push) => {
    for (let k = 0; k < arity; k++) push(k);
    code.call(math.require(name));
  };
}

/** Below this |x| a function with f(x) = x + … rounds to x, and one with f(0) ≠ 0 to f(0). */
const TINY: Record<Precision, number> = { f64: 2 ** -54, f32: 2 ** -25 };

/**
 * A function whose value at a tiny argument is known without computing it: the argument itself, or the value at 0.
 * The polynomials inside would square the argument down to subnormal numbers, which are several times slower.
 */
function smoothCall(name: MathFunction, atTiny: "itself" | "value at 0"): Row {
  return (context, push) => {
    const { code, math, precision } = context;
    const { prefix } = LANES[precision];
    const x = context.scratch();
    const tiny = context.scratch();
    push(0);
    code.tee(x).op(`${prefix}.abs` as Opcode);
    pushConstant(context, TINY[precision]);
    code.op(`${prefix}.lt` as Opcode).set(tiny);
    if (atTiny === "itself") code.get(x);
    code.get(x).get(tiny).op("v128.andnot").call(math.require(name));
    if (atTiny === "itself") code.get(tiny).op("v128.bitselect");
  };
}

function logic(opcode: Opcode, arity: 1 | 2): Row {
  return ({ code }, push) => {
    for (let k = 0; k < arity; k++) push(k);
    code.op(opcode);
  };
}

/** To the nearest whole number, halves away from zero as in C; the hardware rounds halves to even. */
const round: Row = (context, push) => {
  const { code, precision } = context;
  const { prefix } = LANES[precision];
  const x = context.scratch();
  const whole = context.scratch();
  push(0);
  code
    .tee(x)
    .op(`${prefix}.trunc` as Opcode)
    .tee(whole);
  // ±1 where the dropped part is at least a half.
  pushConstant(context, 1);
  code.get(x);
  pushConstant(context, -0);
  code.op("v128.and").op("v128.or");
  code
    .get(x)
    .get(whole)
    .op(`${prefix}.sub` as Opcode)
    .op(`${prefix}.abs` as Opcode);
  pushConstant(context, 0.5);
  code
    .op(`${prefix}.ge` as Opcode)
    .op("v128.and")
    .op(`${prefix}.add` as Opcode);
};

const ROWS: Record<Operation, Row> = {
  add: instruction("add", 2),
  subtract: instruction("sub", 2),
  multiply: instruction("mul", 2),
  divide: instruction("div", 2),
  negate: instruction("neg", 1),
  absolute: instruction("abs", 1),
  squareRoot: instruction("sqrt", 1),
  floor: instruction("floor", 1),
  ceil: instruction("ceil", 1),
  minimum: instruction("min", 2),
  maximum: instruction("max", 2),
  round,
  power: mathCall("pow", 2),
  exp: smoothCall("exp", "value at 0"),
  expm1: smoothCall("expm1", "itself"),
  exprel: smoothCall("exprel", "value at 0"),
  log: mathCall("log"),
  tanh: smoothCall("tanh", "itself"),
  sigmoid: smoothCall("sigmoid", "value at 0"),
  sin: smoothCall("sin", "itself"),
  cos: smoothCall("cos", "value at 0"),
  asin: smoothCall("asin", "itself"),
  acos: smoothCall("acos", "value at 0"),
  atan: smoothCall("atan", "itself"),
  less: instruction("lt", 2),
  lessEqual: instruction("le", 2),
  equal: instruction("eq", 2),
  and: logic("v128.and", 2),
  or: logic("v128.or", 2),
  not: logic("v128.not", 1),
  select: ({ code }, push) => {
    push(1);
    push(2);
    push(0);
    code.op("v128.bitselect");
  },
  fromBoolean: (context, push) => {
    push(0);
    pushConstant(context, 1);
    context.code.op("v128.and");
  },
};
