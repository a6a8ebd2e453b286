/** @file How each IR operation becomes C. One row per operation; the same steps as in emit/wasm/vector-operations.ts. */

import type { Operation } from "../../term.ts";
import type { MathFunction, Precision } from "../wasm/math/math-library.ts";
import type { Vector } from "../wasm/math/vector-expressions.ts";
import type { CMathLibrary } from "./math-library.ts";
import type { CVectorCode } from "./vector-code.ts";

/** The result of an operation on vectors. @param open - Formulas of short functions, not calls. */
export function applyOperation(
  v: CVectorCode,
  math: CMathLibrary,
  { operation, operands, open }: { operation: Operation; operands: Vector[]; open: boolean },
): Vector {
  return ROWS[operation](v, operands, (name, ...of) => math.apply(v, name, { operands: of, open }));
}

/** About how long an operation is: functions are a dozen others. */
export function stepsOf(operation: Operation): number {
  return FUNCTIONS.has(operation) ? 12 : 1;
}

// Implementation

const FUNCTIONS: ReadonlySet<Operation> = new Set<Operation>([
  ...(["power", "exp", "expm1", "exprel", "log", "tanh", "sigmoid"] as const),
  ...(["sin", "cos", "asin", "acos", "atan"] as const),
]);

type Call = (name: MathFunction, ...operands: Vector[]) => Vector;
type Row = (v: CVectorCode, operands: Vector[], call: Call) => Vector;

/** Below this |x| a function with f(x) = x + … rounds to x, and one with f(0) ≠ 0 to f(0). */
const TINY: Record<Precision, number> = { f64: 2 ** -54, f32: 2 ** -25 };

/** A function that never sees tiny arguments, whose squares would be subnormal. */
function smooth(name: MathFunction, atTiny: "itself" | "value at 0"): Row {
  return (v, [operand], call) => {
    const x = v.keep(operand);
    const tiny = v.keep(v.less(v.abs(x), v.constant(TINY[v.precision])));
    const value = call(name, v.andNot(x, tiny));
    return atTiny === "itself" ? v.select(tiny, x, value) : value;
  };
}

/** To the nearest whole number, halves away from zero as in C. */
const round: Row = (v, [operand]) => {
  const x = v.keep(operand);
  const whole = v.keep(v.truncate(x));
  const one = v.or(v.constant(1), v.and(x, v.signBit()));
  return v.add(whole, v.and(one, v.lessEqual(v.constant(0.5), v.abs(v.subtract(x, whole)))));
};

const ROWS: Record<Operation, Row> = {
  add: (v, [a, b]) => v.add(a, b),
  subtract: (v, [a, b]) => v.subtract(a, b),
  multiply: (v, [a, b]) => v.multiply(a, b),
  divide: (v, [a, b]) => v.divide(a, b),
  negate: (v, [a]) => v.negate(a),
  absolute: (v, [a]) => v.abs(a),
  squareRoot: (v, [a]) => v.sqrt(a),
  floor: (v, [a]) => v.floor(a),
  ceil: (v, [a]) => v.ceil(a),
  minimum: (v, [a, b]) => v.minimum(a, b),
  maximum: (v, [a, b]) => v.maximum(a, b),
  round,
  power: (_, [a, b], call) => call("pow", a, b),
  exp: smooth("exp", "value at 0"),
  expm1: smooth("expm1", "itself"),
  exprel: smooth("exprel", "value at 0"),
  log: (_, [a], call) => call("log", a),
  tanh: smooth("tanh", "itself"),
  sigmoid: smooth("sigmoid", "value at 0"),
  sin: smooth("sin", "itself"),
  cos: smooth("cos", "value at 0"),
  asin: smooth("asin", "itself"),
  acos: smooth("acos", "value at 0"),
  atan: smooth("atan", "itself"),
  less: (v, [a, b]) => v.less(a, b),
  lessEqual: (v, [a, b]) => v.lessEqual(a, b),
  equal: (v, [a, b]) => v.equal(a, b),
  and: (v, [a, b]) => v.and(a, b),
  or: (v, [a, b]) => v.or(a, b),
  not: (v, [a]) => v.not(a),
  select: (v, [mask, a, b]) => v.select(mask, a, b),
  fromBoolean: (v, [a]) => v.and(a, v.constant(1)),
};
