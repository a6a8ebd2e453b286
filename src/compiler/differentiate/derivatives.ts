/**
 * @file The derivative of each operation, one row each: from the adjoint g of its result to those of its operands.
 *
 * Where a function has a kink or a jump:
 * - minimum, maximum: all goes to the operand that was taken; at a tie to the one that is constant during a run, else
 *   to the second. So max(x, 0) and clip(x, low, high) have derivative 0 on their bounds, as ReLU has by custom.
 * - absolute has derivative 0 at 0; floor, ceil, round have derivative 0 everywhere.
 * - a condition has none, unless a surrogate stands for it; then a truth value used as a number is differentiated as
 *   if it were smooth. The condition of `if` never is: a reset passes no gradient to what triggered it.
 * - a power with base ≤ 0 has derivative 0 in its exponent.
 */

import type { Operation } from "../term.ts";
import type { Algebra } from "./algebra.ts";
import { type Surrogate, surrogateDerivative } from "./surrogate.ts";

/** One operation in the backward pass. */
export interface Backward {
  algebra: Algebra;
  /** Adjoint of the result. */
  g: number;
  /** The result itself. */
  y: number;
  operands: readonly number[];
  surrogate: Surrogate | undefined;
}

/** Adjoints that the operation hands to its operands, in their order; the constant 0 means none. */
export function backward(operation: Operation, at: Backward): number[] {
  return ROWS[operation](at, at.operands[0], at.operands[1]);
}

/** Operations whose derivative may be infinite where their value is finite. */
export const SINGULAR: ReadonlySet<Operation> = new Set<Operation>(["squareRoot", "power", "asin", "acos"]);

// Implementation

type Row = (at: Backward, a: number, b: number) => number[];

/** A function of one operand with f′ written by x and y = f(x). */
const slope =
  (derivative: (a: Algebra, x: number, y: number) => number): Row =>
  ({ algebra, g, y }, x) => [algebra.multiply(g, derivative(algebra, x, y))];

const flat: Row = ({ algebra, operands }) => operands.map(() => algebra.zero);

/** g where the first operand was taken. */
function extremum(first: (a: Algebra, x: number, z: number) => number): Row {
  return ({ algebra, g }, x, z) => {
    const nodes = algebra.nodes;
    const swap = nodes[x].invariant && !nodes[z].invariant;
    const [winner, loser] = swap ? [z, x] : [x, z];
    const taken = first(algebra, winner, loser);
    const forWinner = algebra.select(taken, g, algebra.zero);
    const forLoser = algebra.select(taken, algebra.zero, g);
    return swap ? [forLoser, forWinner] : [forWinner, forLoser];
  };
}

/** A comparison of z − x with 0. */
const threshold: Row = ({ algebra, g, surrogate }, x, z) => {
  if (surrogate === undefined) return [algebra.zero, algebra.zero];
  const s = algebra.multiply(g, surrogateDerivative(algebra, algebra.subtract(z, x), surrogate));
  return [algebra.negate(s), s];
};

/** (n + 1) / (n + 2)!, the series of d/dz (e^z − 1) / z, enough for |z| ≤ 1/2. */
const EXPREL_SERIES = Array.from({ length: 14 }, (_, n) => {
  let factorial = 1;
  for (let k = 2; k <= n + 2; k++) factorial *= k;
  return (n + 1) / factorial;
});

/** φ′ for φ(z) = (e^z − 1) / z: φ + (1 − φ) / z, which cancels near 0, where the series takes over. */
function exprelSlope(a: Algebra, z: number, y: number): number {
  const near = a.apply("less", a.apply("absolute", z), a.constant(0.5));
  const far = a.add(y, a.divide(a.subtract(a.one, y), z));
  return a.select(near, a.polynomial(z, EXPREL_SERIES), far);
}

const power: Row = ({ algebra: a, g, y }, x, n) => {
  const lower = a.apply("power", x, a.subtract(n, a.one));
  const byBase = a.unlessZero(n, a.multiply(n, lower));
  const positive = a.apply("less", a.zero, x);
  const byExponent = a.select(positive, a.multiply(y, a.apply("log", x)), a.zero);
  return [a.multiply(g, byBase), a.multiply(g, byExponent)];
};

const oneMinusSquare = (a: Algebra, x: number) => a.subtract(a.one, a.multiply(x, x));
const asNumber = (a: Algebra, truth: number) => a.apply("fromBoolean", truth);

const ROWS: Record<Operation, Row> = {
  add: ({ g }) => [g, g],
  subtract: ({ algebra, g }) => [g, algebra.negate(g)],
  multiply: ({ algebra, g }, x, z) => [algebra.multiply(g, z), algebra.multiply(g, x)],
  divide: ({ algebra, g, y }, _, z) => {
    const quotient = algebra.divide(g, z);
    return [quotient, algebra.negate(algebra.multiply(quotient, y))];
  },
  negate: ({ algebra, g }) => [algebra.negate(g)],
  power,
  // Selected, not multiplied: at 0 an infinite g (of sqrt(abs(x))) is passed over too.
  absolute: ({ algebra: a, g }, x) => [
    a.select(a.apply("less", a.zero, x), g, a.select(a.apply("less", x, a.zero), a.negate(g), a.zero)),
  ],
  squareRoot: slope((a, _, y) => a.divide(a.constant(0.5), y)),
  floor: flat,
  ceil: flat,
  round: flat,
  minimum: extremum((a, x, z) => a.apply("less", x, z)),
  maximum: extremum((a, x, z) => a.apply("less", z, x)),
  exp: slope((_a, _x, y) => y),
  expm1: slope((a, _, y) => a.add(y, a.one)),
  exprel: slope(exprelSlope),
  log: ({ algebra, g }, x) => [algebra.divide(g, x)],
  tanh: slope((a, _, y) => oneMinusSquare(a, y)),
  sigmoid: slope((a, _, y) => a.multiply(y, a.subtract(a.one, y))),
  sin: slope((a, x) => a.apply("cos", x)),
  cos: slope((a, x) => a.negate(a.apply("sin", x))),
  asin: slope((a, x) => a.divide(a.one, a.apply("squareRoot", oneMinusSquare(a, x)))),
  acos: slope((a, x) => a.negate(a.divide(a.one, a.apply("squareRoot", oneMinusSquare(a, x))))),
  atan: slope((a, x) => a.divide(a.one, a.add(a.one, a.multiply(x, x)))),
  select: ({ algebra, g, operands }) => [
    algebra.zero,
    algebra.select(operands[0], g, algebra.zero),
    algebra.select(operands[0], algebra.zero, g),
  ],
  // With a surrogate truth values are numbers: x and z is x · z, x or z is x + z − x · z, not x is 1 − x.
  fromBoolean: ({ g, algebra, surrogate }) => [surrogate ? g : algebra.zero],
  less: threshold,
  lessEqual: threshold,
  equal: flat,
  and: ({ algebra: a, g }, x, z) => [a.multiply(g, asNumber(a, z)), a.multiply(g, asNumber(a, x))],
  or: ({ algebra: a, g }, x, z) => [
    a.multiply(g, a.subtract(a.one, asNumber(a, z))),
    a.multiply(g, a.subtract(a.one, asNumber(a, x))),
  ],
  not: ({ algebra, g }) => [algebra.negate(g)],
};
