/** @file Natural logarithms; the formulas are those of core's elementary/logarithm.ts, in the same order. */

import { COEFFICIENTS } from "./coefficients.ts";
import type { Vector, VectorExpressions } from "./vector-expressions.ts";

/** Natural logarithm. Error below 0.9 ulp in both precisions. */
export function log(v: VectorExpressions, x: Vector): Vector {
  const { smallestNormal } = COEFFICIENTS[v.precision];
  const normal = v.and(
    v.lessEqual(v.constant(smallestNormal), x),
    v.less(x, v.constant(Number.POSITIVE_INFINITY)),
  );
  return v.ifAny(
    v.not(normal),
    () => logOfAny(v, x),
    () => logOfParts(v, splitExponent(v, x)),
  );
}

/** ln(1 + x). Error below 0.95 ulp in f64, 1 in f32. */
export function log1p(v: VectorExpressions, x: Vector): Vector {
  const { tiny, large } = COEFFICIENTS[v.precision];
  const one = v.constant(1);
  const u = v.keep(v.add(one, x));
  const back = v.keep(v.subtract(u, one));
  const lost = v.add(v.subtract(x, back), v.subtract(one, v.subtract(u, back)));
  const usual = v.keep(v.and(v.lessEqual(v.constant(tiny), u), v.less(u, v.constant(large))));
  const parts = splitExponent(v, u);
  const { bias, fractionBits } = v.format;
  // 2^-k, from the exponent field e = k + bias.
  const inverse = v.subtractWhole(
    v.bits(BigInt(2 * bias) << BigInt(fractionBits)),
    v.shiftLeft(parts.exponent, fractionBits),
  );
  const usualValue = logOfParts(v, parts, v.multiply(lost, inverse));
  const value = v.keep(v.or(usualValue, v.and(x, v.signBit())));
  return v.ifAny(
    v.not(usual),
    () => v.select(usual, value, logOfAny(v, u)),
    () => value,
  );
}

/** x = 2^k m with m in [√½, √2), for normal x > 0. */
export interface ExponentAndMantissa {
  /** k + bias as a whole number. */
  exponent: Vector;
  k: Vector;
  mantissa: Vector;
}

/** Splits normal x > 0; for other x the parts are meaningless. */
export function splitExponent(v: VectorExpressions, x: Vector): ExponentAndMantissa {
  const { sqrtHalf } = COEFFICIENTS[v.precision];
  const { bias, fractionBits } = v.format;
  const width = BigInt(fractionBits);
  const shifted = v.keep(v.addWhole(x, v.bits((BigInt(bias) << width) - sqrtHalf)));
  const fraction = v.and(shifted, v.bits((1n << width) - 1n));
  const mantissa = v.keep(v.addWhole(fraction, v.bits(sqrtHalf)));
  const exponent = v.keep(v.shiftRight(shifted, fractionBits));
  // A small whole number in the last bits of 2^52 (2^23) is that number plus 2^52 (2^23).
  const base = v.format.unitAtBase;
  const k = v.subtract(v.or(exponent, v.constant(base)), v.constant(base + bias));
  return { exponent, k, mantissa };
}

/** Multiplies subnormal lanes by 2^liftBits; the second result is what to add to their exponents. */
export function liftSubnormal(v: VectorExpressions, x: Vector): [lifted: Vector, exponent: Vector] {
  const { smallestNormal, liftBits, lift } = COEFFICIENTS[v.precision];
  const subnormal = v.keep(v.less(x, v.constant(smallestNormal)));
  const lifted = v.keep(v.select(subnormal, v.multiply(x, v.constant(lift)), x));
  return [lifted, v.and(subnormal, v.constant(-liftBits))];
}

// Implementation

/** k ln 2 + ln(mantissa + lost). */
function logOfParts(v: VectorExpressions, parts: ExponentAndMantissa, lost?: Vector): Vector {
  const { logarithm, ln2 } = COEFFICIENTS[v.precision];
  const one = v.constant(1);
  const k = v.keep(parts.k);
  const f = v.keep(v.subtract(parts.mantissa, one));
  const half = v.keep(v.multiply(v.multiply(v.constant(0.5), f), f));
  const s = v.keep(v.divide(f, v.add(v.constant(2), f)));
  const z = v.keep(v.multiply(s, s));
  const series = v.multiply(z, v.polynomial(z, logarithm));
  const lowPart = v.multiply(k, v.constant(ln2[1]));
  const slope = () => v.subtract(one, v.multiply(v.add(s, s), v.subtract(one, s)));
  const low = lost ? v.add(lowPart, v.multiply(lost, slope())) : lowPart;
  const rest = v.add(v.multiply(s, v.add(half, series)), low);
  return v.subtract(v.multiply(k, v.constant(ln2[0])), v.subtract(v.subtract(half, rest), f));
}

/** The logarithm with subnormal, zero, negative, infinite and NaN lanes. */
function logOfAny(v: VectorExpressions, x: Vector): Vector {
  const infinity = v.constant(Number.POSITIVE_INFINITY);
  const [lifted, exponent] = liftSubnormal(v, x);
  const parts = splitExponent(v, lifted);
  const value = logOfParts(v, { ...parts, k: v.add(parts.k, exponent) });
  const notPositive = v.select(
    v.equal(x, v.constant(0)),
    v.constant(Number.NEGATIVE_INFINITY),
    v.constant(Number.NaN),
  );
  const positive = v.select(v.equal(x, infinity), infinity, value);
  return v.select(v.less(v.constant(0), x), positive, notPositive);
}
