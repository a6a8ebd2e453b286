/**
 * @file Elementary functions from + − × ÷ √ and bit patterns alone, so that their results are the same bits on every
 * engine and platform; `Math.exp` and its kin differ between engines. The compiler's vector kernels give these bits too.
 */

export * from "./elementary/exponential.ts";
export * from "./elementary/inverse-trigonometric.ts";
export { log, log1p } from "./elementary/logarithm.ts";
export * from "./elementary/power.ts";
export * as elementaryTables from "./elementary/tables.ts";
export * from "./elementary/trigonometric.ts";

/** Bounds of the error of each function in units in the last place, over all arguments. */
export const ELEMENTARY_ULP = {
  exp: 0.9,
  expm1: 1.7,
  exprel: 1.9,
  sigmoid: 2.4,
  tanh: 1.7,
  log: 0.9,
  log1p: 0.95,
  sin: 1.9,
  cos: 1.9,
  atan: 1.9,
  asin: 2.5,
  acos: 2.5,
  pow: 1.1,
  pow10: 0.5,
} as const;
