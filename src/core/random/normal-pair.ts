/**
 * @file Pairs of standard normal numbers from Philox words, for noise that is drawn in every step: Box & Muller (1958),
 * "A note on the generation of random normal deviates", Ann. Math. Statist. 29:610. Both numbers of a pair are used,
 * and neither logarithm nor sine is more general than it must be. The compiler's vector kernels do the same operations
 * in the same order and so give the same bits in double precision.
 */

import { polynomial } from "../elementary/bits.ts";
import { mantissa, splitExponent } from "../elementary/logarithm.ts";

/** Minimax polynomials (Remez exchange at 240 bits, relative), lowest power first, and a constant. */
export const NORMAL_PAIR = {
  /** −2 ln((1 + s) / (1 − s)) / s of s², |s| ≤ 3 − 2√2. Rest below 2^-52. */
  logarithm: [
    -4.000000000000001, -1.3333333333310444, -0.8000000012403294, -0.5714283196245918, -0.44446874324322405,
    -0.3624371085926947, -0.3367711001944924,
  ],
  /** √2 sin(π t / 2) / t of t², |t| ≤ ½. Rest below 2^-58. */
  sine: [
    2.221441469079183, -0.913531187499427, 0.11270239285827922, -0.006621000189570076, 0.0002268980507051877,
    -5.089247975242545e-6, 7.967284659207015e-8,
  ],
  minusTwoLn2: -2 * Math.LN2,
} as const;

/** How many normal numbers come from the four words of one Philox block. */
export const NORMALS_PER_BLOCK = 4;

/**
 * Four independent standard normal numbers from one Philox block: two pairs, each from a word for the radius and a word
 * for the angle. None is larger than 6.8; a normal number is with probability 1e-11.
 *
 * @param words - Shape `(4)`, unsigned 32-bit words; unchanged.
 * @param precision - `f32` gives nearly the same numbers from words rounded and cut to what single precision holds, to
 *   be rounded by the caller; the kernels compute in single precision and so differ in the last bits.
 */
export function normalsFromWords(words: Uint32Array, precision: "f64" | "f32"): number[] {
  const out = new Float64Array(NORMALS_PER_BLOCK);
  writeNormals(out, words, precision);
  return [...out];
}

/** What {@link normalsFromWords} gives, written to the first four places of `out`. */
export function writeNormals(out: Float64Array, words: Uint32Array, precision: "f64" | "f32"): void {
  const write = precision === "f64" ? doublePair : singlePair;
  write(words[0], words[1], { out, at: 0 });
  write(words[2], words[3], { out, at: 2 });
}

// Implementation

/** Where a pair of numbers goes. */
interface PairPlace {
  out: Float64Array;
  at: number;
}

function doublePair(radius: number, angle: number, place: PairPlace): void {
  writePair((radius + 0.5) / 4294967296, (angle >>> 1) / 2147483648 - 0.5, angle, place);
}

function singlePair(radius: number, angle: number, place: PairPlace): void {
  const u = Math.fround((radius >>> 1) | 1) / 2147483648;
  writePair(u, (angle >>> 9) / 8388608 - 0.5, angle, place);
}

/**
 * √(−2 ln u) (cos θ, sin θ) with θ = π turn, or π (turn + 1) where the last bit of `side` is set.
 *
 * @param u - 0 < u ≤ 1.
 * @param turn - −½ ≤ turn < ½, so that no quadrants have to be told apart.
 */
function writePair(u: number, turn: number, side: number, { out, at }: PairPlace): void {
  const k = splitExponent(u);
  const f = mantissa - 1;
  const s = f / (2 + f);
  const square = k * NORMAL_PAIR.minusTwoLn2 + s * polynomial(s * s, NORMAL_PAIR.logarithm);
  const radius = side & 1 ? -Math.sqrt(square) : Math.sqrt(square);
  // With h = √2 sin(θ/2): cos θ = 1 − h² and sin θ = h √(2 − h²), where nothing cancels that matters.
  const h = turn * polynomial(turn * turn, NORMAL_PAIR.sine);
  const q = h * h;
  out[at] = radius * (1 - q);
  out[at + 1] = radius * (h * Math.sqrt(2 - q));
}
