/**
 * @file Sine and cosine; the formulas are those of core's elementary/trigonometric.ts, in the same order. Single
 * precision is computed in double precision by halves, which is exact to half a unit and needs no more instructions.
 */

import { elementaryTables } from "../../../../core/index.ts";
import { SHORT_SINE } from "./coefficients.ts";
import type { Variable, Vector, VectorExpressions } from "./vector-expressions.ts";

const { ANGLE_LIMIT, PARTS, POLYNOMIALS } = elementaryTables;

/** What `LargeAngle` corrects; `lost` is absent where half the bits are wanted. */
export interface AngleVariables {
  angle: Variable;
  lost?: Variable;
  parity: Variable;
}

/**
 * Puts what the slow reduction of large-angle.ts finds in place of the angle, of what it lost, and of the parity of
 * the multiple of π taken off, in the lanes of x where `large` is set. Double precision.
 */
export type LargeAngle = (v: VectorExpressions, x: Vector, large: Vector, into: AngleVariables) => void;

/** Sine of an angle [rad]. Error below 1.9 ulp in f64, 0.6 in f32, for every finite angle. */
export function sin(v: VectorExpressions, x: Vector, largeAngle: LargeAngle): Vector {
  if (v.precision === "f32") return inHalves(v, x, (w, half) => sineOf(w, half, largeAngle, reduceShort));
  return sineOf(v, x, largeAngle, reduce);
}

/** Cosine of an angle [rad]. Error below 1.9 ulp in f64, 0.6 in f32, for every finite angle. */
export function cos(v: VectorExpressions, x: Vector, largeAngle: LargeAngle): Vector {
  const size = v.keep(v.abs(x));
  if (v.precision === "f32") {
    return inHalves(v, size, (w, half) => cosineOf(w, half, largeAngle, reduceShort));
  }
  return cosineOf(v, size, largeAngle, reduce);
}

// Implementation

/** An angle in [−π/2, π/2] as angle − lost. */
interface Angle {
  angle: Vector;
  /** Absent where half the bits are wanted. */
  lost?: Vector;
}

/** x − n π by parts of π, for |x| < ANGLE_LIMIT. */
type Reduction = (v: VectorExpressions, x: Vector, n: Vector) => Angle;

function sineOf(v: VectorExpressions, x: Vector, largeAngle: LargeAngle, reduction: Reduction): Vector {
  const shifted = v.keep(v.add(v.multiply(x, v.constant(1 / Math.PI)), v.roundingShift()));
  const n = v.keep(v.subtract(shifted, v.roundingShift()));
  const { parity, ...angle } = withLarge(v, x, { ...reduction(v, x, n), parity: shifted }, largeAngle);
  return v.xor(kernel(v, angle), v.shiftLeft(parity, 63));
}

/** The same of x ≥ 0: cos(x) = −(−1)^j sin(x − (j + ½) π). */
function cosineOf(v: VectorExpressions, x: Vector, largeAngle: LargeAngle, reduction: Reduction): Vector {
  const reduced = reduceFromHalf(v, x, reduction);
  return minusSine(v, withLarge(v, x, reduced, largeAngle));
}

function reduceFromHalf(v: VectorExpressions, x: Vector, reduction: Reduction): Angle & { parity: Vector } {
  const half = v.constant(0.5);
  const turns = v.subtract(v.multiply(x, v.constant(1 / Math.PI)), half);
  const shifted = v.keep(v.add(turns, v.roundingShift()));
  const n = v.keep(v.add(v.subtract(shifted, v.roundingShift()), half));
  return { ...reduction(v, x, n), parity: shifted };
}

function minusSine(v: VectorExpressions, { parity, ...angle }: Angle & { parity: Vector }): Vector {
  return v.xor(kernel(v, angle), v.xor(v.shiftLeft(parity, 63), v.signBit()));
}

function reduce(v: VectorExpressions, x: Vector, n: Vector): Angle {
  const times = (part: number) => v.multiply(n, v.constant(PARTS.pi[part]));
  const a = v.keep(v.subtract(x, times(0)));
  const second = v.keep(times(1));
  const b = v.keep(v.subtract(a, second));
  const low = v.keep(v.subtract(times(2), v.subtract(v.subtract(a, b), second)));
  const angle = v.keep(v.subtract(b, low));
  const lost = v.keep(v.subtract(times(3), v.subtract(v.subtract(b, angle), low)));
  return { angle, lost };
}

/** To 2^-66, enough for the angles that single precision can express. */
function reduceShort(v: VectorExpressions, x: Vector, n: Vector): Angle {
  const times = (part: number) => v.multiply(n, v.constant(part));
  const rest = PARTS.pi[1] + PARTS.pi[2];
  return { angle: v.keep(v.subtract(v.subtract(x, times(PARTS.pi[0])), times(rest))) };
}

/**
 * Where a lane is beyond ANGLE_LIMIT, puts what the slow reduction finds in place of the angle and of `parity`, whose
 * last bit is that of the multiple of π taken off.
 */
function withLarge<T extends Angle & { parity: Vector }>(
  v: VectorExpressions,
  x: Vector,
  reduced: T,
  largeAngle: LargeAngle,
): T {
  const large = v.keep(v.lessEqual(v.constant(ANGLE_LIMIT), v.abs(x)));
  const into: AngleVariables = { angle: v.variable(reduced.angle), parity: v.variable(reduced.parity) };
  if (reduced.lost) into.lost = v.variable(reduced.lost);
  v.when(large, () => largeAngle(v, x, large, into));
  return { ...reduced, angle: into.angle.value, parity: into.parity.value, lost: into.lost?.value };
}

/** sin(angle − lost). */
function kernel(v: VectorExpressions, { angle, lost }: Angle): Vector {
  const z = v.keep(v.multiply(angle, angle));
  const one = v.constant(1);
  // A product, which keeps the sign of zero; the other branch keeps it by the order of its terms.
  if (!lost) return v.multiply(angle, v.subtract(one, v.multiply(z, v.polynomial(z, SHORT_SINE))));
  const slope = v.subtract(one, v.multiply(v.constant(0.4), z));
  const cube = v.multiply(v.multiply(z, angle), v.polynomial(z, POLYNOMIALS.sine));
  return v.subtract(angle, v.add(cube, v.multiply(lost, slope)));
}

/** Computes four f32 lanes in double precision, two at a time. */
function inHalves(
  v: VectorExpressions,
  x: Vector,
  f: (w: VectorExpressions, half: Vector) => Vector,
): Vector {
  const w = v.as("f64");
  const halves = v.toDoubles(x).map((half) => w.keep(f(w, w.keep(half))));
  return v.fromDoubles(halves);
}
