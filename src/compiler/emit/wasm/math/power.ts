/** @file x^y = 2^(y log₂ x); in double precision the steps are those of core's elementary/power.ts. */

import { elementaryTables } from "../../../../core/index.ts";
import { COEFFICIENTS, SHORT_EXP2, SHORT_LOG2 } from "./coefficients.ts";
import { liftSubnormal, splitExponent } from "./logarithm.ts";
import type { Vector, VectorExpressions } from "./vector-expressions.ts";

const { PARTS, POLYNOMIALS } = elementaryTables;

/** x^y as C99 defines it. Error below 1.1 ulp in f64, 0.6 in f32. */
export function pow(v: VectorExpressions, x: Vector, y: Vector): Vector {
  return v.precision === "f64" ? powDouble(v, x, y) : powSingle(v, x, y);
}

// Implementation

/** A larger exponent gives 0, 1 or infinity for every base. */
const EXPONENT_BOUND = { f64: 3.6893488147419103e19, f32: 1099511627776 };
/** 2^n is a normal double for |n| below the first, 0 or infinity beyond the second. */
const NORMAL_POWER = 1000;
const POWER_BOUND = 1100;

function powDouble(v: VectorExpressions, x: Vector, y: Vector): Vector {
  const log2 = log2InParts(v, x);
  const product = timesExponent(v, log2, y);
  const usual = v.and(
    v.and(isNormalPositive(v, x), v.lessEqual(v.abs(y), v.constant(EXPONENT_BOUND.f64))),
    v.less(v.abs(product.sum), v.constant(NORMAL_POWER)),
  );
  return v.ifAny(
    v.not(usual),
    () => powOfAny(v, x, y),
    () => {
      const shifted = v.keep(v.add(product.sum, v.roundingShift()));
      const n = v.keep(v.subtract(shifted, v.roundingShift()));
      return v.multiply(exp2OfParts(v, product, n), v.powerOfTwo(shifted));
    },
  );
}

/** The power with lanes of every kind. */
function powOfAny(v: VectorExpressions, x: Vector, y: Vector): Vector {
  const bound = POWER_BOUND;
  const [lifted, exponent] = liftSubnormal(v, v.keep(v.abs(x)));
  const product = timesExponent(v, log2InParts(v, lifted, exponent), v.keep(boundedExponent(v, y)));
  const { sum } = product;
  const limited = v.greatest(v.least(sum, v.constant(bound)), v.constant(-bound));
  const n = v.keep(v.nearest(limited));
  const value = v.scale(v.keep(exp2OfParts(v, product, n)), n);
  const above = v.select(v.less(v.constant(bound), sum), v.constant(Number.POSITIVE_INFINITY), value);
  return withSpecialCases(v, x, y, v.andNot(above, v.less(sum, v.constant(-bound))));
}

/** log₂ x in two parts. */
interface Log2 {
  high: Vector;
  low: Vector;
}

/** log₂ x of normal x > 0, plus `exponent`. */
function log2InParts(v: VectorExpressions, x: Vector, exponent?: Vector): Log2 {
  const one = v.constant(1);
  const { k: bareK, mantissa } = splitExponent(v, x);
  const k = v.keep(exponent ? v.add(bareK, exponent) : bareK);
  const f = v.keep(v.subtract(mantissa, one));
  const sum = v.keep(v.add(mantissa, one));
  const inverse = v.keep(v.divide(one, sum));
  const s = v.keep(v.multiply(f, inverse));
  const sHigh = v.keep(truncated(v, s));
  const sumHigh = v.keep(truncated(v, sum));
  const sumLow = v.subtract(mantissa, v.subtract(sumHigh, one));
  const remainder = v.subtract(v.subtract(f, v.multiply(sHigh, sumHigh)), v.multiply(sHigh, sumLow));
  const sLow = v.keep(v.multiply(inverse, remainder));
  const z = v.keep(v.multiply(s, s));
  const series = v.multiply(v.multiply(z, z), v.polynomial(z, POLYNOMIALS.power));
  const tail = v.keep(v.add(series, v.multiply(sLow, v.add(sHigh, s))));
  const square = v.keep(v.multiply(sHigh, sHigh));
  const three = v.constant(3);
  const factor = v.keep(truncated(v, v.add(v.add(three, square), tail)));
  const factorLow = v.subtract(tail, v.subtract(v.subtract(factor, three), square));
  const main = v.keep(v.multiply(sHigh, factor));
  const minor = v.keep(v.add(v.multiply(sLow, factor), v.multiply(factorLow, s)));
  const product = v.keep(truncated(v, v.add(main, minor)));
  const productLow = v.subtract(minor, v.subtract(product, main));
  const [scaleHigh, scaleLow] = PARTS.twoThirdsLog2E;
  const high = v.keep(v.multiply(v.constant(scaleHigh), product));
  const scaledLow = v.multiply(productLow, v.constant(scaleHigh + scaleLow));
  const low = v.keep(v.add(v.multiply(v.constant(scaleLow), product), scaledLow));
  const logHigh = v.keep(truncated(v, v.add(k, v.add(high, low))));
  const logLow = v.keep(v.subtract(low, v.subtract(v.subtract(logHigh, k), high)));
  return { high: logHigh, low: logLow };
}

/** y log₂ x in two parts, and their rounded sum. */
interface Product {
  high: Vector;
  low: Vector;
  sum: Vector;
}

function timesExponent(v: VectorExpressions, log2: Log2, y: Vector): Product {
  const yHigh = v.keep(truncated(v, y));
  const low = v.keep(v.add(v.multiply(v.subtract(y, yHigh), log2.high), v.multiply(y, log2.low)));
  const high = v.keep(v.multiply(yHigh, log2.high));
  return { high, low, sum: v.keep(v.add(high, low)) };
}

/** 2^(high + low − n), with n the whole number next to the sum. */
function exp2OfParts(v: VectorExpressions, { high, low }: Product, n: Vector): Vector {
  const t = v.keep(v.subtract(high, n));
  const top = v.keep(truncated(v, v.add(t, low)));
  const rest = v.subtract(low, v.subtract(top, t));
  const u = v.keep(v.multiply(top, v.constant(PARTS.ln2Short[0])));
  const lowPart = v.multiply(top, v.constant(PARTS.ln2Short[1]));
  const w = v.keep(v.add(v.multiply(rest, v.constant(Math.LN2)), lowPart));
  const r = v.keep(v.add(u, w));
  const z = v.keep(v.multiply(r, r));
  const c = v.keep(v.subtract(r, v.multiply(z, v.polynomial(z, POLYNOMIALS.exponential))));
  const correction = v.divide(v.multiply(r, c), v.subtract(v.constant(2), c));
  return v.add(v.constant(1), v.add(u, v.add(w, correction)));
}

/** The first 26 bits; products of two such numbers are exact. */
function truncated(v: VectorExpressions, x: Vector): Vector {
  return v.and(x, v.bits(0xffffffff_f8000000n));
}

/** Single precision, through double precision by halves. */
function powSingle(v: VectorExpressions, x: Vector, y: Vector): Vector {
  const w = v.as("f64");
  const exponents = v.toDoubles(v.keep(boundedExponent(v, y)));
  const halves = v
    .toDoubles(v.keep(v.abs(x)))
    .map((half, i) => w.keep(powShort(w, w.keep(half), exponents[i])));
  const value = v.keep(v.fromDoubles(halves));
  const bound = v.constant(EXPONENT_BOUND.f32);
  const usual = v.and(isNormalPositive(v, x), v.lessEqual(v.abs(y), bound));
  return v.ifAny(
    v.not(usual),
    () => withSpecialCases(v, x, y, value),
    () => value,
  );
}

/** x^y to single precision, for normal x > 0. */
function powShort(w: VectorExpressions, x: Vector, y: Vector): Vector {
  const { k, mantissa } = splitExponent(w, x);
  const one = w.constant(1);
  const s = w.keep(w.divide(w.subtract(mantissa, one), w.add(mantissa, one)));
  const log2 = w.add(k, w.multiply(s, w.polynomial(w.keep(w.multiply(s, s)), SHORT_LOG2)));
  // 2^300 and 2^-300 become infinity and 0 in single precision.
  const product = w.greatest(w.least(w.multiply(y, log2), w.constant(300)), w.constant(-300));
  const bounded = w.keep(product);
  const shifted = w.keep(w.add(bounded, w.roundingShift()));
  const t = w.keep(w.subtract(bounded, w.subtract(shifted, w.roundingShift())));
  return w.multiply(w.polynomial(t, SHORT_EXP2), w.powerOfTwo(shifted));
}

function isNormalPositive(v: VectorExpressions, x: Vector): Vector {
  const { smallestNormal } = COEFFICIENTS[v.precision];
  return v.and(v.lessEqual(v.constant(smallestNormal), x), v.less(x, v.constant(Number.POSITIVE_INFINITY)));
}

function boundedExponent(v: VectorExpressions, y: Vector): Vector {
  const bound = EXPONENT_BOUND[v.precision];
  return v.greatest(v.least(y, v.constant(bound)), v.constant(-bound));
}

/** Zero, infinite, negative and NaN bases and exponents, given |x|^y for finite positive |x|. */
function withSpecialCases(v: VectorExpressions, x: Vector, y: Vector, magnitude: Vector): Vector {
  const [zero, infinity] = [v.constant(0), v.constant(Number.POSITIVE_INFINITY)];
  const size = v.keep(v.abs(x));
  const halfY = v.keep(v.multiply(y, v.constant(0.5)));
  const whole = v.keep(v.equal(v.nearest(y), y));
  const odd = v.and(whole, v.notEqual(v.nearest(halfY), halfY));
  const zeroBase = v.keep(v.equal(size, zero));
  const extreme = v.or(zeroBase, v.equal(size, infinity));
  // 0^negative and infinity^positive are infinite, the others 0.
  const upward = v.xor(v.less(zero, y), zeroBase);
  const value = v.select(extreme, v.and(upward, infinity), magnitude);
  const signed = v.or(value, v.and(v.and(odd, x), v.signBit()));
  const negative = v.and(v.less(x, zero), v.less(size, infinity));
  const undefinedPower = v.or(v.andNot(negative, whole), v.or(v.notEqual(x, x), v.notEqual(y, y)));
  const defined = v.select(undefinedPower, v.constant(Number.NaN), signed);
  const one = v.constant(1);
  return v.select(v.or(v.equal(y, zero), v.equal(x, one)), one, defined);
}
