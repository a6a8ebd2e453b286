/**
 * @file The functions of the equation language, one row each: how many arguments, and the term a call means.
 */

import { add, constant, divide, multiply, negate, operation, subtract, type Term } from "../term.ts";

/** A function users may call. */
export interface LanguageFunction {
  /** Argument names, for messages. */
  parameters: string[];
  /** The first parameter is a condition; all others are numbers. */
  firstIsCondition?: boolean;
  build(...operands: Term[]): Term;
}

const unary = (build: (x: Term) => Term): LanguageFunction => ({ parameters: ["x"], build });
const half = constant(0.5);
const one = constant(1);

function sinh(x: Term): Term {
  // From expm1, so that small arguments keep all their digits.
  const e = operation("expm1", x);
  return multiply(half, add(e, divide(e, add(e, one))));
}

function modulo(x: Term, y: Term): Term {
  return subtract(x, multiply(y, operation("floor", divide(x, y))));
}

/** By name. */
export const FUNCTIONS: Record<string, LanguageFunction> = {
  sin: unary((x) => operation("sin", x)),
  cos: unary((x) => operation("cos", x)),
  tan: unary((x) => divide(operation("sin", x), operation("cos", x))),
  asin: unary((x) => operation("asin", x)),
  acos: unary((x) => operation("acos", x)),
  atan: unary((x) => operation("atan", x)),
  sinh: unary(sinh),
  cosh: unary((x) => multiply(half, add(operation("exp", x), operation("exp", negate(x))))),
  tanh: unary((x) => operation("tanh", x)),
  exp: unary((x) => operation("exp", x)),
  expm1: unary((x) => operation("expm1", x)),
  log: unary((x) => operation("log", x)),
  ln: unary((x) => operation("log", x)),
  log10: unary((x) => multiply(operation("log", x), constant(Math.LOG10E))),
  sigmoid: unary((x) => operation("sigmoid", x)),
  sqrt: unary((x) => operation("squareRoot", x)),
  abs: unary((x) => operation("absolute", x)),
  fabs: unary((x) => operation("absolute", x)),
  floor: unary((x) => operation("floor", x)),
  ceil: unary((x) => operation("ceil", x)),
  round: unary((x) => operation("round", x)),
  pos: unary((x) => operation("maximum", x, constant(0))),
  positive: unary((x) => operation("maximum", x, constant(0))),
  neg: unary((x) => operation("minimum", x, constant(0))),
  negative: unary((x) => operation("minimum", x, constant(0))),
  pow: { parameters: ["x", "y"], build: power },
  power: { parameters: ["x", "n"], build: power },
  modulo: { parameters: ["x", "y"], build: modulo },
  clip: {
    parameters: ["x", "low", "high"],
    build: (x, low, high) => operation("minimum", operation("maximum", x, low), high),
  },
  ite: {
    parameters: ["condition", "then", "else"],
    firstIsCondition: true,
    build: (test, a, b) => operation("select", test, a, b),
  },
  isnan: unary((x) => operation("not", operation("equal", x, x))),
  isfinite: unary((x) => operation("equal", subtract(x, x), constant(0))),
};

/** Small whole exponents become products, which are exact, faster, and right for negative bases. */
export function power(base: Term, exponent: Term): Term {
  if (exponent.kind !== "constant") return operation("power", base, exponent);
  const n = exponent.value;
  if (base.kind === "constant") return operation("power", base, exponent);
  if (n === 0.5) return operation("squareRoot", base);
  if (!Number.isInteger(n) || Math.abs(n) > 8) return operation("power", base, exponent);
  if (n === 0) return one;
  const positive = product(base, Math.abs(n));
  return n < 0 ? divide(one, positive) : positive;
}

// Implementation

/** x^n by repeated squaring; equal subterms are computed once by the IR. */
function product(x: Term, n: number): Term {
  if (n === 1) return x;
  const root = product(x, Math.floor(n / 2));
  const square = operation("multiply", root, root);
  return n % 2 === 0 ? square : operation("multiply", square, x);
}
