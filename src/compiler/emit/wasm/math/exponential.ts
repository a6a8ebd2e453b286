/**
 * @file e^x and what follows from it, as straight-line code for every lane. The formulas are those of core's
 * elementary/exponential.ts, in the same order.
 */

import { COEFFICIENTS } from "./coefficients.ts";
import type { Vector, VectorExpressions } from "./vector-expressions.ts";

/** e^x. Error below 0.9 ulp in f64, 1 in f32. */
export function exp(v: VectorExpressions, x: Vector): Vector {
  const { expNormal, expBound } = COEFFICIENTS[v.precision];
  const bounded = (bound: number) => v.greatest(v.least(x, v.constant(bound)), v.constant(-bound));
  return v.ifAny(
    v.less(v.constant(expNormal), v.abs(x)),
    () => {
      const { k, lessOne } = reduced(v, v.keep(bounded(expBound)));
      return v.scale(v.add(v.constant(1), lessOne), k);
    },
    () => {
      const { shifted, lessOne } = reduced(v, x);
      return v.multiply(v.add(v.constant(1), lessOne), v.powerOfTwo(shifted));
    },
  );
}

/** e^x − 1. Error below 1.7 ulp in f64, 1.7 in f32. */
export function expm1(v: VectorExpressions, x: Vector): Vector {
  const { expBound, minusOneBound, tiny } = COEFFICIENTS[v.precision];
  // The bound keeps 2^(k − 1) finite: the result is infinite well below it.
  const upper = expBound === 750 ? 710 : 89;
  const bounded = v.keep(v.greatest(v.least(x, v.constant(upper)), v.constant(-minusOneBound)));
  const { shifted, lessOne } = reduced(v, bounded);
  const half = v.keep(v.powerOfTwo(shifted, -1));
  const value = v.keep(v.add(v.multiply(half, lessOne), v.subtract(half, v.constant(0.5))));
  return v.select(v.less(v.abs(x), v.constant(tiny)), x, v.add(value, value));
}

/** (e^x − 1) / x. Error below 1.9 ulp in f64, 2 in f32. */
export function exprel(v: VectorExpressions, x: Vector): Vector {
  const { exprelBound, minusOneBound, tiny } = COEFFICIENTS[v.precision];
  const below = v.keep(v.least(x, v.constant(exprelBound)));
  const { shifted, lessOne } = reduced(v, v.keep(v.greatest(below, v.constant(-minusOneBound))));
  const power = v.keep(v.powerOfTwo(shifted, -16));
  const small = v.constant(1 / 65536);
  const top = v.add(v.multiply(power, lessOne), v.subtract(power, small));
  const value = v.divide(top, v.multiply(below, small));
  return v.select(v.less(v.abs(x), v.constant(tiny)), v.constant(1), value);
}

/** 1 / (1 + e^−x), from e^−|x|. Error below 2.4 ulp in both precisions. */
export function sigmoid(v: VectorExpressions, x: Vector): Vector {
  const { expNormal, expBound } = COEFFICIENTS[v.precision];
  const one = v.constant(1);
  const size = v.keep(v.or(x, v.signBit()));
  const negative = v.keep(v.less(x, v.constant(0)));
  /** e^x / (1 + e^x) or 1 / (1 + e^−x), less a power of 2 in the first. */
  const ratio = (lessOne: Vector, bottom: Vector) => {
    return v.divide(v.add(one, v.and(negative, lessOne)), v.add(one, bottom));
  };
  return v.ifAny(
    v.less(size, v.constant(-expNormal)),
    () => {
      const reduction = reduced(v, v.keep(v.greatest(size, v.constant(-expBound))));
      const [k, lessOne] = [v.keep(reduction.k), v.keep(reduction.lessOne)];
      const value = v.keep(ratio(lessOne, v.scale(v.keep(v.add(one, lessOne)), k)));
      return v.select(negative, v.scale(value, k), value);
    },
    () => {
      const { shifted, ...reduction } = reduced(v, size);
      const lessOne = v.keep(reduction.lessOne);
      const value = ratio(lessOne, v.multiply(v.powerOfTwo(shifted), v.add(one, lessOne)));
      return v.multiply(value, v.powerOfTwo(v.and(negative, shifted)));
    },
  );
}

/** Hyperbolic tangent. Error below 1.7 ulp in both precisions. */
export function tanh(v: VectorExpressions, x: Vector): Vector {
  const { tanh: coefficients, halfLn2, unitBound } = COEFFICIENTS[v.precision];
  const one = v.constant(1);
  const size = v.keep(v.least(v.abs(x), v.constant(unitBound / 2)));
  const scaled = v.subtract(v.multiply(size, v.constant(2 * Math.LOG2E)), v.constant(0.5));
  const shifted = v.keep(v.add(scaled, v.roundingShift()));
  const k = v.keep(v.subtract(shifted, v.roundingShift()));
  const power = v.keep(v.powerOfTwo(shifted));
  const { bias, fractionBits } = v.format;
  const inverse = v.subtractWhole(v.bits(BigInt(2 * bias) << BigInt(fractionBits)), power);
  const near = v.keep(v.subtract(one, inverse));
  const high = v.subtract(size, v.multiply(k, v.constant(halfLn2[0])));
  const r = v.keep(v.subtract(high, v.multiply(k, v.constant(halfLn2[1]))));
  const z = v.keep(v.multiply(r, r));
  const even = v.keep(v.multiply(z, v.polynomial(z, coefficients)));
  const minus = v.subtract(power, one);
  const plus = v.keep(v.add(power, one));
  const top = v.subtract(v.add(r, r), v.multiply(near, v.add(one, v.subtract(even, r))));
  const bottom = v.add(plus, v.add(v.multiply(plus, even), v.multiply(minus, r)));
  const value = v.add(near, v.divide(top, bottom));
  return v.or(value, v.and(x, v.signBit()));
}

// Implementation

interface Reduced {
  /** k + the rounding shift. */
  shifted: Vector;
  k: Vector;
  /** e^r − 1. */
  lessOne: Vector;
}

/** x = k ln 2 + r, and e^r − 1 = r + r c / (2 − c) with c = r − r² P(r²). */
function reduced(v: VectorExpressions, x: Vector): Reduced {
  const { exponential, ln2 } = COEFFICIENTS[v.precision];
  const shifted = v.keep(v.add(v.multiply(x, v.constant(Math.LOG2E)), v.roundingShift()));
  const k = v.keep(v.subtract(shifted, v.roundingShift()));
  const high = v.keep(v.subtract(x, v.multiply(k, v.constant(ln2[0]))));
  const low = v.keep(v.multiply(k, v.constant(ln2[1])));
  const r = v.keep(v.subtract(high, low));
  const z = v.keep(v.multiply(r, r));
  const c = v.keep(v.subtract(r, v.multiply(z, v.polynomial(z, exponential))));
  const rest = v.divide(v.multiply(r, c), v.subtract(v.constant(2), c));
  return { shifted, k, lessOne: v.subtract(high, v.subtract(low, rest)) };
}
