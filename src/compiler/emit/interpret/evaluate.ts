/**
 * @file The meaning of a term, in plain JavaScript: slow and obviously right, the reference of every compiled kernel.
 */

import * as core from "../../../core/index.ts";
import type { Operation, SymbolKind, Term } from "../../term.ts";

/** Value of a symbol for the unit and instance at hand. */
export type Lookup = (kind: SymbolKind, name: string) => number;

/** What each operation does to numbers. */
export type Meaning = Record<Exclude<Operation, "select">, (a: number, b: number) => number>;

/**
 * Value of a term; truth values are 1 and 0.
 *
 * @param meaning - Default: the host's functions, which makes the interpreter independent of what it checks. Where the
 *   value feeds a result pass {@link PORTABLE}: the host's last bit differs between engines.
 */
export function evaluate(t: Term, lookup: Lookup, meaning: Meaning = HOST): number {
  if (t.kind === "constant") return t.value;
  if (t.kind === "symbol") return lookup(t.symbol, t.name);
  if (t.operation === "select") {
    return evaluate(t.operands[evaluate(t.operands[0], lookup, meaning) ? 1 : 2], lookup, meaning);
  }
  const [a, b] = t.operands.map((o) => evaluate(o, lookup, meaning));
  return meaning[t.operation](a, b);
}

/** The functions of the host. */
const HOST: Meaning = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  negate: (a) => -a,
  power,
  absolute: Math.abs,
  squareRoot: Math.sqrt,
  floor: Math.floor,
  ceil: Math.ceil,
  round,
  minimum: Math.min,
  maximum: Math.max,
  exp: Math.exp,
  expm1: Math.expm1,
  exprel: (a) => (a === 0 ? 1 : a === Number.POSITIVE_INFINITY ? a : Math.expm1(a) / a),
  log: Math.log,
  tanh: Math.tanh,
  sigmoid: (a) => 1 / (1 + Math.exp(-a)),
  sin: Math.sin,
  cos: Math.cos,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  fromBoolean: (a) => a,
  less: (a, b) => Number(a < b),
  lessEqual: (a, b) => Number(a <= b),
  equal: (a, b) => Number(a === b),
  and: (a, b) => Number(a && b),
  or: (a, b) => Number(a || b),
  not: (a) => Number(!a),
};

/** The same bits on every engine, those of the compiled kernels in double precision. */
export const PORTABLE: Meaning = {
  ...HOST,
  power: core.pow,
  exp: core.exp,
  expm1: core.expm1,
  exprel: core.exprel,
  log: core.log,
  tanh: core.tanh,
  sigmoid: core.sigmoid,
  sin: core.sin,
  cos: core.cos,
  asin: core.asin,
  acos: core.acos,
  atan: core.atan,
};

// Implementation

/** As in C99, where a base of 1 and |base| = 1 with an infinite exponent give 1. */
function power(a: number, b: number): number {
  if (a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY)) return 1;
  return a ** b;
}

/** To the nearest whole number, halves away from zero as in C. */
function round(a: number): number {
  const whole = Math.trunc(a);
  return Math.abs(a - whole) >= 0.5 ? whole + Math.sign(a) : whole;
}
