/**
 * @file Sine and cosine; the formulas are those of core's elementary/trigonometric.ts, in the same order. Single
 * precision is computed in double precision by halves, which is exact to half a unit and needs no more instructions.
 */

import { elementaryTables } from "../../../../core/index.ts";
import type { FunctionHandle } from "../function-builder.ts";
import { SHORT_SINE } from "./coefficients.ts";
import type { Vector, VectorCode } from "./vector-code.ts";

const { ANGLE_LIMIT, PARTS, POLYNOMIALS } = elementaryTables;

/** Reduces angles that are too large for parts of π: (f64) → (angle, lost, parity), see large-angle.ts. */
export type LargeAngle = () => FunctionHandle;

/** Sine of an angle [rad]. Error below 1.9 ulp in f64, 0.6 in f32, for every finite angle. */
export function sin(v: VectorCode, x: Vector, largeAngle: LargeAngle): Vector {
  if (v.precision === "f32") return inHalves(v, x, (w, half) => sineOf(w, half, largeAngle, reduceShort));
  return sineOf(v, x, largeAngle, reduce);
}

/** Cosine of an angle [rad]. Error below 1.9 ulp in f64, 0.6 in f32, for every finite angle. */
export function cos(v: VectorCode, x: Vector, largeAngle: LargeAngle): Vector {
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
type Reduction = (v: VectorCode, x: Vector, n: Vector) => Angle;

function sineOf(v: VectorCode, x: Vector, largeAngle: LargeAngle, reduction: Reduction): Vector {
  const shifted = v.keep(v.add(v.multiply(x, v.constant(1 / Math.PI)), v.roundingShift()));
  const n = v.keep(v.subtract(shifted, v.roundingShift()));
  const { parity, ...angle } = withLarge(v, x, { ...reduction(v, x, n), parity: shifted }, largeAngle);
  return v.xor(kernel(v, angle), v.shiftLeft(parity, 63));
}

/** The same of x ≥ 0: cos(x) = −(−1)^j sin(x − (j + ½) π). */
function cosineOf(v: VectorCode, x: Vector, largeAngle: LargeAngle, reduction: Reduction): Vector {
  const reduced = reduceFromHalf(v, x, reduction);
  return minusSine(v, withLarge(v, x, reduced, largeAngle));
}

function reduceFromHalf(v: VectorCode, x: Vector, reduction: Reduction): Angle & { parity: Vector } {
  const half = v.constant(0.5);
  const turns = v.subtract(v.multiply(x, v.constant(1 / Math.PI)), half);
  const shifted = v.keep(v.add(turns, v.roundingShift()));
  const n = v.keep(v.add(v.subtract(shifted, v.roundingShift()), half));
  return { ...reduction(v, x, n), parity: shifted };
}

function minusSine(v: VectorCode, { parity, ...angle }: Angle & { parity: Vector }): Vector {
  return v.xor(kernel(v, angle), v.xor(v.shiftLeft(parity, 63), v.signBit()));
}

function reduce(v: VectorCode, x: Vector, n: Vector): Angle {
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
function reduceShort(v: VectorCode, x: Vector, n: Vector): Angle {
  const times = (part: number) => v.multiply(n, v.constant(part));
  const rest = PARTS.pi[1] + PARTS.pi[2];
  return { angle: v.keep(v.subtract(v.subtract(x, times(PARTS.pi[0])), times(rest))) };
}

/**
 * Where a lane is beyond ANGLE_LIMIT, puts what the slow reduction finds in place of the angle and of `parity`, whose
 * last bit is that of the multiple of π taken off.
 */
function withLarge<T extends Angle & { parity: Vector }>(
  v: VectorCode,
  x: Vector,
  reduced: T,
  largeAngle: LargeAngle,
): T {
  const { code } = v;
  const large = v.keep(v.lessEqual(v.constant(ANGLE_LIMIT), v.abs(x)));
  const variables = { angle: v.variable(reduced.angle), parity: v.variable(reduced.parity) };
  const lost = reduced.lost && v.variable(reduced.lost);
  v.when(large, () => {
    for (const lane of [0, 1]) {
      const results = [code.local("v128"), code.local("v128"), code.local("v128")];
      x();
      code.lane("f64x2.extract_lane", lane).call(largeAngle());
      for (const local of [...results].reverse()) code.set(local);
      const mask = v.keep(v.and(large, () => code.v128Const(laneMask(lane))));
      [variables.angle, lost, variables.parity].forEach((variable, i) => {
        variable?.set(v.select(mask, v.read(results[i]), variable.value));
      });
    }
  });
  return { ...reduced, angle: variables.angle.value, parity: variables.parity.value, lost: lost?.value };
}

function laneMask(lane: number): Uint8Array {
  return new Uint8Array(16).fill(0xff, 8 * lane, 8 * lane + 8);
}

/** sin(angle − lost). */
function kernel(v: VectorCode, { angle, lost }: Angle): Vector {
  const z = v.keep(v.multiply(angle, angle));
  const one = v.constant(1);
  // A product, which keeps the sign of zero; the other branch keeps it by the order of its terms.
  if (!lost) return v.multiply(angle, v.subtract(one, v.multiply(z, v.polynomial(z, SHORT_SINE))));
  const slope = v.subtract(one, v.multiply(v.constant(0.4), z));
  const cube = v.multiply(v.multiply(z, angle), v.polynomial(z, POLYNOMIALS.sine));
  return v.subtract(angle, v.add(cube, v.multiply(lost, slope)));
}

/** Computes four f32 lanes in double precision, two at a time. */
function inHalves(v: VectorCode, x: Vector, f: (w: VectorCode, half: Vector) => Vector): Vector {
  const w = v.as("f64");
  const halves = v.toDoubles(x).map((half) => w.keep(f(w, w.keep(half))));
  return v.fromDoubles(halves);
}
