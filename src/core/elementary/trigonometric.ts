/** @file Sine and cosine of any finite angle, through one polynomial on [−π/2, π/2]. */

import { double, polynomial, ROUNDING_SHIFT, words } from "./bits.ts";
import { ANGLE_LIMIT, DIGIT_PAIRS, INVERSE_PI_DIGITS, PARTS, POLYNOMIALS } from "./tables.ts";

/** Sine of an angle [rad]. Error below 1.9 ulp for every finite argument; odd to the last bit. */
export function sin(x: number): number {
  double[0] = x * INVERSE_PI + ROUNDING_SHIFT;
  let odd = words[0] & 1;
  if (Math.abs(x) < ANGLE_LIMIT) reduce(x, double[0] - ROUNDING_SHIFT);
  else odd = reduceLarge(x, 0);
  const value = sineOfAngle();
  return odd ? -value : value;
}

/** Cosine of an angle [rad]. Error below 1.9 ulp for every finite argument; even to the last bit. */
export function cos(x: number): number {
  const size = Math.abs(x);
  double[0] = size * INVERSE_PI - 0.5 + ROUNDING_SHIFT;
  let odd = words[0] & 1;
  if (size < ANGLE_LIMIT) reduce(size, double[0] - ROUNDING_SHIFT + 0.5);
  else odd = reduceLarge(size, HALF_DIGIT);
  // cos(x) = −(−1)^j sin(x − (j + ½) π).
  const value = sineOfAngle();
  return odd ? value : -value;
}

// Implementation

const INVERSE_PI = 1 / Math.PI;
const HALF_DIGIT = 0x800000;
const DIGIT = 0x1000000;
/** Digits of 1/π that decide the angle of any double to 2^-76 of itself. */
const WINDOW = 10;

/** The reduced angle is angle − lost, in [−π/2, π/2]. */
let angle = 0;
let lost = 0;

/** x − n π, with n a multiple of ½ below 2^19. Signs are such that −0 comes out as −0. */
function reduce(x: number, n: number): void {
  const a = x - n * PARTS.pi[0];
  const second = n * PARTS.pi[1];
  const b = a - second;
  const low = n * PARTS.pi[2] - (a - b - second);
  angle = b - low;
  lost = n * PARTS.pi[3] - (b - angle - low);
}

/** sin(angle − lost). */
function sineOfAngle(): number {
  const z = angle * angle;
  // cos(angle) to 10 %, enough for a correction in the last bit.
  const slope = 1 - 0.4 * z;
  return angle - (z * angle * polynomial(z, POLYNOMIALS.sine) + lost * slope);
}

/**
 * The same for large x, after Payne & Hanek (1983): x = m 2^(24 j), and of the digits of 1/π only those count whose
 * product with it is not a multiple of 2 and above the last bit. Sets the angle to x − n π, or with `offset` half a
 * digit to x − (n + ½) π, and returns the parity of n.
 */
function reduceLarge(x: number, offset: number): number {
  if (x - x !== 0) {
    angle = NaN;
    return 0;
  }
  double[0] = Math.abs(x);
  const exponent = (words[1] >>> 20) - 1075;
  const place = Math.floor(exponent / 24);
  const m = digitsOfInteger((words[1] & 0xfffff) | 0x100000, words[0] >>> 0, exponent - 24 * place);
  const product = new Float64Array(WINDOW);
  let carry = 0;
  for (let u = WINDOW - 1; u >= 0; u--) {
    let column = carry;
    for (let j = 0; j < 4 && u + j < WINDOW; j++) column += m[j] * INVERSE_PI_DIGITS[place + 2 + u + j];
    carry = Math.floor(column / DIGIT);
    product[u] = column - carry * DIGIT;
  }
  // n = nearest whole number, or with the offset the one below.
  const up = offset === 0 && product[1] >= HALF_DIGIT ? 1 : 0;
  const first = product[1] - (offset + up * DIGIT);
  angleOfTurns(first * DIGIT + product[2], product[3] * DIGIT + product[4], product[5] * DIGIT + product[6]);
  if (x < 0) {
    angle = -angle;
    lost = -lost;
  }
  return (product[0] + up) & 1;
}

/** The whole number (high · 2^32 + low) · 2^shift in digits of 24 bits, lowest first; shift < 24. */
function digitsOfInteger(high: number, low: number, shift: number): number[] {
  const power = 1 << shift;
  const d0 = (low & 0xffffff) * power;
  const d1 = (((high & 0xffff) << 8) | (low >>> 24)) * power + Math.floor(d0 / DIGIT);
  const d2 = (high >>> 16) * power + Math.floor(d1 / DIGIT);
  return [d0 % DIGIT, d1 % DIGIT, d2 % DIGIT, Math.floor(d2 / DIGIT)];
}

/** π (a 2^-48 + b 2^-96 + c 2^-144) as angle − lost. */
function angleOfTurns(a: number, b: number, c: number): void {
  const first = a * DIGIT_PAIRS[0];
  const second = b * DIGIT_PAIRS[1];
  const sum = first + second;
  const rest = first - sum + second + c * DIGIT_PAIRS[2];
  const high = sum + rest;
  const low = sum - high + rest;
  // The product with π by halves of 26 bits (Dekker 1971).
  const [pi, piTail] = PARTS.piPair;
  const product = high * pi;
  const highTop = split(high);
  const highRest = high - highTop;
  const piTop = split(pi);
  const piRest = pi - piTop;
  const error = highTop * piTop - product + highTop * piRest + highRest * piTop + highRest * piRest;
  const tail = error + (high * piTail + low * pi);
  angle = product + tail;
  lost = angle - product - tail;
}

function split(x: number): number {
  const big = x * 134217729;
  return big - (big - x);
}
