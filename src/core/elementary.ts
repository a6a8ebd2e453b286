/**
 * @file Elementary functions from + − × ÷ √ and bit patterns alone, so that their results are the same bits on every
 * engine and platform; `Math.exp` and its kin differ between engines. The kernels of the compiler have their own,
 * vectorised ones.
 */

/** Largest error of each function in units in the last place, over all finite arguments with a normal result. */
export const ELEMENTARY_ULP = {
  exp: 1,
  log: 1,
  sin: 1,
  cos: 1,
  tanh: 2,
  pow: 2,
  pow10: 0.5,
} as const;

/** e^x. Error below 1 ulp, below 1.5 ulp where the result is subnormal. */
export function exp(x: number): number {
  if (!(x <= EXP_OVERFLOW)) return x + Infinity; // keeps NaN
  if (x < EXP_UNDERFLOW) return 0;
  return expOfSum(x, 0);
}

/** Natural logarithm. Error below 1 ulp. NaN below 0, −Infinity at 0. */
export function log(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : NaN;
  const exponent = splitExponent(x);
  const f = mantissa - 1;
  const halfSquare = 0.5 * f * f;
  const s = f / (2 + f);
  const z = s * s;
  const series = z * logSeries(z);
  return exponent * LN2_HIGH - (halfSquare - (s * (halfSquare + series) + exponent * LN2_LOW) - f);
}

/** Sine of an angle [rad]. Error below 1 ulp for every finite argument. */
export function sin(x: number): number {
  if (Math.abs(x) < 2 ** -27) return x; // keeps the sign of zero
  const quadrant = reduceAngle(x);
  const value = quadrant & 1 ? cosKernel(angleHigh, angleLow) : sinKernel(angleHigh, angleLow);
  return quadrant & 2 ? -value : value;
}

/** Cosine of an angle [rad]. Error below 1 ulp for every finite argument. */
export function cos(x: number): number {
  const quadrant = reduceAngle(x);
  const value = quadrant & 1 ? sinKernel(angleHigh, angleLow) : cosKernel(angleHigh, angleLow);
  return quadrant === 1 || quadrant === 2 ? -value : value;
}

/** Hyperbolic tangent. Error below 2 ulp; odd to the last bit. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (!(size >= 2 ** -28)) return x;
  if (size > 22) return x > 0 ? 1 : -1;
  const e = expm1(2 * size);
  // e / (e + 2) loses nothing for small arguments, 1 − 2 / (e + 2) rounds once for large ones.
  const value = size < 0.55 ? e / (e + 2) : 1 - 2 / (e + 2);
  return x < 0 ? -value : value;
}

/**
 * x^y as C99 defines it: x^0 = 1 even for NaN; a negative base wants a whole exponent, else NaN.
 * Error below 2 ulp: the logarithm carries ten bits more than a double.
 */
export function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return NaN;
  const size = Math.abs(x);
  const whole = Math.floor(y) === y;
  const odd = whole && Math.abs(y) < 2 ** 53 && Math.floor(y / 2) * 2 !== y;
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  if (Math.abs(y) === Infinity) return size === 1 ? 1 : size > 1 === y > 0 ? Infinity : 0;
  if (size === 0) return sign * (y > 0 ? 0 : Infinity);
  if (size === Infinity) return sign * (y > 0 ? Infinity : 0);
  if (x < 0 && !whole) return NaN;
  if (size === 1) return sign;
  return sign * expOfLog(size, y);
}

/** 10^k for a whole k, correctly rounded. */
export function pow10(k: number): number {
  return Number(`1e${k}`);
}

// Implementation

/** e^x overflows above this, and rounds to 0 below the next. */
const EXP_OVERFLOW = 709.782712893384;
const EXP_UNDERFLOW = -745.1332191019412;
const LOG2_E = Math.LOG2E;
/** ln 2 in two parts; products of the first with a whole number below 2^20 are exact. */
const LN2_HIGH = 0.6931471804855391;
const LN2_LOW = 7.440617110012397e-11;
/** π/2 in four parts of 33 bits, the last one full: products with whole numbers below 2^20 are exact. */
const HALF_PI_1 = 1.5707963267341256;
const HALF_PI_2 = 6.077100506303966e-11;
const HALF_PI_3 = 2.0222662487111665e-21;
const HALF_PI_4 = 8.4784276603689e-32;
/** 2^27 + 1 splits a double into two halves of 26 bits. */
const SPLITTER = 134217729;

const double = new Float64Array(1);
const words = new Int32Array(double.buffer);

/** Second results of the helpers below; a returned pair would cost an allocation per call. */
let mantissa = 0;
let angleHigh = 0;
let angleLow = 0;
let productLow = 0;

/** x = 2^k · mantissa with mantissa in [√½, √2); returns k. */
function splitExponent(x: number): number {
  let k = 0;
  if (x < 2.2250738585072014e-308) {
    x *= 18014398509481984;
    k = -54;
  }
  double[0] = x;
  const high = words[1];
  const fraction = high & 0xfffff;
  const up = fraction >= 0x6a09e ? 1 : 0;
  words[1] = fraction | (up ? 0x3fe00000 : 0x3ff00000);
  mantissa = double[0];
  return k + (high >>> 20) - 1023 + up;
}

/** 2^k for −1022 ≤ k ≤ 1023. */
function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return double[0];
}

/** value · 2^k, through two factors so that neither overflows. */
function scale(value: number, k: number): number {
  const half = Math.floor(k / 2);
  return value * powerOfTwo(half) * powerOfTwo(k - half);
}

/** e^(high + low), |low| far below |high|, no overflow checked. */
function expOfSum(high: number, low: number): number {
  const k = Math.floor(high * LOG2_E + 0.5);
  const a = high - k * LN2_HIGH;
  const b = k * LN2_LOW - low;
  const r = a - b;
  // 1 + (r + r² q(r)); r rounds, so its lost bits (a − r) − b come back in the end.
  return scale(1 + (a + (r * r * expSeries(r) - b)), k);
}

/** (e^r − 1 − r) / r² for |r| ≤ ln 2 / 2: the Taylor series, its rest is below 2^-58. */
function expSeries(r: number): number {
  return (
    1 / 2 +
    r *
      (1 / 6 +
        r *
          (1 / 24 +
            r *
              (1 / 120 +
                r *
                  (1 / 720 +
                    r *
                      (1 / 5040 +
                        r *
                          (1 / 40320 +
                            r *
                              (1 / 362880 +
                                r *
                                  (1 / 3628800 +
                                    r * (1 / 39916800 + r * (1 / 479001600 + r / 6227020800))))))))))
  );
}

/** e^x − 1 for 0 ≤ x < 100. */
function expm1(x: number): number {
  const k = Math.floor(x * LOG2_E + 0.5);
  const a = x - k * LN2_HIGH;
  const b = k * LN2_LOW;
  const r = a - b;
  const rest = r * r * expSeries(r) - b;
  if (k === 0) return a + rest;
  const power = powerOfTwo(k);
  return power * (a + rest) + (power - 1);
}

/** (ln((1 + s) / (1 − s)) − 2 s) / s³ as a function of z = s² ≤ 0.0295. */
function logSeries(z: number): number {
  return 2 / 3 + z * logSeriesTail(z);
}

/** (logSeries(z) − 2/3) / z: the Taylor series, its rest is below 2^-60 of the logarithm. */
function logSeriesTail(z: number): number {
  return (
    2 / 5 +
    z *
      (2 / 7 +
        z *
          (2 / 9 +
            z *
              (2 / 11 +
                z * (2 / 13 + z * (2 / 15 + z * (2 / 17 + z * (2 / 19 + z * (2 / 21 + (z * 2) / 23))))))))
  );
}

/** Reduces an angle to angleHigh + angleLow in [−π/4, π/4]; returns the quadrant, 0 … 3. */
function reduceAngle(x: number): number {
  if (!(Math.abs(x) < 823549)) return reduceLargeAngle(x);
  const n = Math.floor(x * 0.6366197723675814 + 0.5);
  // Each product is exact and each difference a rounded one whose error goes to the low part.
  const a = x - n * HALF_PI_1;
  const p = n * HALF_PI_2;
  const b = a - p;
  const bLow = b - a + p;
  const q = n * HALF_PI_3;
  const c = b - q;
  const cLow = b - c - q;
  const low = cLow - bLow - n * HALF_PI_4;
  angleHigh = c + low;
  angleLow = c - angleHigh + low;
  return n & 3;
}

/** 2/π to 1200 bits, scaled by 2^1200. */
let twoOverPi = 0n;

/** The same for |x| ≥ 2^19 · π/2, in whole-number arithmetic. */
function reduceLargeAngle(x: number): number {
  if (x - x !== 0) {
    angleHigh = NaN;
    return 0;
  }
  if (twoOverPi === 0n) twoOverPi = 2n ** 2400n / halfPiBits(1200n);
  double[0] = Math.abs(x);
  const shift = BigInt(1200 - ((words[1] >>> 20) - 1075));
  const whole = (BigInt((words[1] & 0xfffff) | 0x100000) << 32n) | BigInt(words[0] >>> 0);
  const turns = whole * twoOverPi; // quarter turns · 2^shift
  const quadrant = (turns + (1n << (shift - 1n))) >> shift;
  const rest = (turns - (quadrant << shift)) >> (shift - 128n); // fraction · 2^128
  const high = Number(rest);
  const low = Number(rest - BigInt(high));
  const unit = 2 ** -128;
  const product = multiply(high * unit, HALF_PI_HIGH);
  const tail = productLow + (low * unit * HALF_PI_HIGH + high * unit * HALF_PI_TAIL);
  angleHigh = product + tail;
  angleLow = product - angleHigh + tail;
  if (x < 0) {
    angleHigh = -angleHigh;
    angleLow = -angleLow;
    return Number(-quadrant & 3n);
  }
  return Number(quadrant & 3n);
}

const HALF_PI_HIGH = 1.5707963267948966;
const HALF_PI_TAIL = 6.123233995736766e-17;

/** π/2 · 2^bits by Machin's formula π/4 = 4 arctan 1/5 − arctan 1/239. */
function halfPiBits(bits: bigint): bigint {
  const guard = 64n;
  const one = 1n << (bits + guard);
  const arctan = (inverse: bigint): bigint => {
    let term = one / inverse;
    let sum = term;
    for (let n = 3n, sign = -1n; term > 0n; n += 2n, sign = -sign) {
      term /= inverse * inverse;
      sum += (sign * term) / n;
    }
    return sum;
  };
  return (2n * (4n * arctan(5n) - arctan(239n))) >> guard;
}

/** sin(x + low), |x| ≤ π/4. */
function sinKernel(x: number, low: number): number {
  const z = x * x;
  const tail =
    1 / 120 +
    z *
      (-1 / 5040 +
        z *
          (1 / 362880 +
            z * (-1 / 39916800 + z * (1 / 6227020800 + z * (-1 / 1307674368000 + z / 355687428096000)))));
  const cube = z * x;
  return x - (z * (0.5 * low - cube * tail) - low + cube / 6);
}

/** cos(x + low), |x| ≤ π/4. */
function cosKernel(x: number, low: number): number {
  const z = x * x;
  const tail =
    1 / 24 +
    z *
      (-1 / 720 +
        z *
          (1 / 40320 +
            z * (-1 / 3628800 + z * (1 / 479001600 + z * (-1 / 87178291200 + z / 20922789888000)))));
  const half = 0.5 * z;
  const near = 1 - half;
  return near + (1 - near - half + (z * z * tail - x * low));
}

/** Rounded product; its rounding error goes to productLow (Dekker 1971). */
function multiply(a: number, b: number): number {
  const product = a * b;
  const aBig = a * SPLITTER;
  const aHigh = aBig - (aBig - a);
  const aLow = a - aHigh;
  const bBig = b * SPLITTER;
  const bHigh = bBig - (bBig - b);
  const bLow = b - bHigh;
  productLow = aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
  return product;
}

/** e^(y ln x) for finite x > 0, x ≠ 1, and finite y ≠ 0. */
function expOfLog(x: number, y: number): number {
  // Far outside the range of a double even for the x next to 1 or next to 0.
  const rough = y * log(x);
  if (rough > 710) return Infinity;
  if (rough < -746) return 0;
  if (Math.abs(rough) < 2 ** -60) return 1 + rough;
  const exponent = splitExponent(x);
  const f = mantissa - 1;
  // s = f / (2 + f) in two parts.
  const d = 2 + f;
  const dLow = 2 - d + f;
  const s = f / d;
  const back = multiply(s, d);
  const sLow = (f - back - productLow - s * dLow) / d;
  // ln = 2 s + 2/3 s³ + s⁵ tail(s²); the cube in two parts, the tail in one.
  let z = multiply(s, s);
  let zLow = productLow + 2 * s * sLow;
  const cube = multiply(z, s);
  const cubeLow = productLow + z * sLow + zLow * s;
  const third = multiply(cube, 2 / 3);
  const thirdLow = productLow + cubeLow * (2 / 3) + cube * TWO_THIRDS_TAIL;
  const tail = cube * z * logSeriesTail(z);
  z = exponent * LN2_HIGH;
  zLow = exponent * LN2_LOW;
  // Sum from the largest, keeping every rounding error.
  const twice = 2 * s;
  const a = z + twice;
  const aLow = z === 0 ? 0 : z - a + twice;
  const b = a + third;
  const bLow = a - b + third;
  const low = bLow + aLow + (2 * sLow + zLow + thirdLow + tail);
  const logHigh = b + low;
  const logLow = b - logHigh + low + exponent * LN2_TAIL;
  const high = multiply(logHigh, y);
  const rest = productLow + logLow * y;
  return expOfSum(high, rest);
}

/** 2/3 and ln 2 minus their parts above. */
const TWO_THIRDS_TAIL = 3.700743415417188e-17;
const LN2_TAIL = -1.3124698417785255e-27;
