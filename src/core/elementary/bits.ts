/** @file Bit patterns of doubles, on the little-endian platforms that JavaScript engines run on. */

/** Adding and subtracting it rounds a double below 2^51 to the nearest whole number, halves to even. */
export const ROUNDING_SHIFT = 6755399441055744;

/** One double and its low (0) and high (1) word. */
export const double = new Float64Array(1);
/** The memory of {@link double}, shape `(2)`: writing here changes the double, and the other way round. */
export const words = new Int32Array(double.buffer);

/** 2^k for −1022 ≤ k ≤ 1023. */
export function powerOfTwo(k: number): number {
  words[0] = 0;
  words[1] = (k + 1023) << 20;
  return double[0];
}

/** value · 2^k for |k| ≤ 2044, through two factors so that neither overflows. */
export function scale(value: number, k: number): number {
  const half = k >> 1;
  return value * powerOfTwo(half) * powerOfTwo(k - half);
}

/** The first 26 bits of a double; products of two such numbers are exact. */
export function truncated(x: number): number {
  double[0] = x;
  words[0] &= 0xf8000000;
  return double[0];
}

/** c₀ + c₁ x + c₂ x² + …, at least three terms, summed in the order of the vector kernels (see their `polynomial`). */
export function polynomial(x: number, coefficients: readonly number[]): number {
  const square = x * x;
  let i = (coefficients.length - 1) & ~1;
  let tail = i + 1 < coefficients.length ? coefficients[i] + x * coefficients[i + 1] : coefficients[i];
  for (i -= 2; i > 0; i -= 2) tail = coefficients[i] + x * coefficients[i + 1] + square * tail;
  return coefficients[0] + (x * coefficients[1] + square * tail);
}
