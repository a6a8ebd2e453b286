/** @file Inverse trigonometric functions, through the arctangent on [0, √2 − 1]. */

import { polynomial } from "./bits.ts";
import { PARTS, POLYNOMIALS } from "./tables.ts";

/** Arctangent [rad]. Error below 1.9 ulp; odd to the last bit. */
export function atan(x: number): number {
  const size = Math.abs(x);
  // arctan x = π/2 + arctan(−1/x) = π/4 + arctan((x − 1) / (x + 1)).
  const large = size > Math.SQRT2 + 1;
  const middle = size > Math.SQRT2 - 1;
  const t = (large ? -1 : middle ? size - 1 : size) / (large ? size : middle ? size + 1 : 1);
  const offset = large ? PARTS.halfPi : middle ? PARTS.quarterPi : NO_OFFSET;
  const z = t * t;
  const value = offset[0] + (t + (t * z * polynomial(z, POLYNOMIALS.arctangent) + offset[1]));
  return x < 0 || Object.is(x, -0) ? -value : value;
}

/** Arcsine [rad]. Error below 2.5 ulp; NaN outside −1 … 1. */
export function asin(x: number): number {
  return atan(x / Math.sqrt((1 - x) * (1 + x)));
}

/** Arccosine [rad]. Error below 2.5 ulp; NaN outside −1 … 1. */
export function acos(x: number): number {
  return 2 * atan(Math.sqrt((1 - x) / (1 + x)));
}

// Implementation

const NO_OFFSET = [0, 0] as const;
