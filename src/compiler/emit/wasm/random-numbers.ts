/**
 * @file Random numbers from the words of four Philox blocks. The normal numbers are those of core's
 * random/normal-pair.ts, by the same operations in the same order.
 */

import { NORMAL_PAIR } from "../../../core/index.ts";
import { splitExponent } from "./math/logarithm.ts";
import type { Precision } from "./math/math-library.ts";
import type { Vector, VectorCode } from "./math/vector-code.ts";

/**
 * Numbers as rows, element (number of the block, block): each row is two f64x2 or one f32x4, and all are in locals.
 *
 * @param words - The four words of four blocks.
 */
export function drawRows(
  v: VectorCode,
  words: Vector[],
  { precision, distribution }: { precision: Precision; distribution: "uniform" | "normal" },
): Vector[][] {
  const [w0, w1, w2, w3] = words;
  if (precision === "f32") {
    if (distribution === "uniform") return [[singleUniform(v, w1)]];
    return [...singlePair(v, w0, w1), ...singlePair(v, w2, w3)].map((row) => [row]);
  }
  if (distribution === "uniform") return [HALVES.map((lanes) => doubleUniform(v, [w0, w1], lanes))];
  const [low, high] = [pairLanes(v, [w0, w1]), pairLanes(v, [w2, w3])]
    .map((halves) => halves.map((lanes) => doublePair(v, lanes)))
    .reduce((first, second) => first.map((rows, half) => [...rows, ...second[half]]));
  return low.map((row, i) => [row, high[i]]);
}

/** 64-bit lanes from 32-bit lanes of low and high words: first and last two. */
export function pairLanes(v: VectorCode, [low, high]: Vector[]): Vector[] {
  return HALVES.map((lanes) =>
    v.keep(() => {
      low();
      high();
      v.code.shuffle(lanes);
    }),
  );
}

// Implementation

/** Of two vectors, the first and the last two 32-bit lanes of both, interleaved: 64-bit lanes from low and high words. */
const HALVES = [0, 8].map((first) =>
  [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23].map((byte) => byte + first),
);

/** −2 ln((1 + s) / (1 − s)) / s and √2 sin(π t / 2) / t as in core's table, to 2^-30 and 2^-28. */
const SINGLE_PAIR = {
  logarithm: [-3.99999999724266, -1.3333363190178709, -0.7994958983964373, -0.5985130168871041],
  sine: [2.221441461885719, -0.9135302862593007, 0.1126845829921489, -0.0065077269949601595],
};

/** The top 24 bits of a word, as a number in [0, 1). */
function singleUniform(v: VectorCode, word: Vector): Vector {
  const whole = () => {
    v.shiftRight(word, 8)();
    v.code.op("f32x4.convert_i32x4_s");
  };
  return v.keep(v.multiply(whole, v.constant(1 / 16777216)));
}

/**
 * ((high >>> 5) 2^26 + (low >>> 6)) / 2^53 of two lanes. A word in the low half of a double whose high half is
 * that of 2^e is 2^e plus the word times 2^(e − 52), so taking the powers off again converts and adds at once.
 */
function doubleUniform(v: VectorCode, [low, high]: Vector[], lanes: number[]): Vector {
  const words = v.as("f32");
  const upper = inLowHalf(v, words.shiftRight(high, 5), 0x41800000, lanes); // 2^25 + word · 2^-27
  const lower = inLowHalf(v, words.shiftRight(low, 6), 0x3fe00000, lanes); // ½ + word · 2^-53
  return v.keep(v.add(v.subtract(upper, v.constant(33554432.5)), lower));
}

/** Doubles from their low words and the high word that they share. */
function inLowHalf(v: VectorCode, low: Vector, high: number, lanes: number[]): Vector {
  return () => {
    low();
    v.as("f32").bits(BigInt(high))();
    v.code.shuffle(lanes);
  };
}

/**
 * Two normal numbers from each 64-bit lane, cosines first: the low word is for the radius, the high one for the angle.
 * A word in the low half of a double that is 2^e is 2^e plus the word times 2^(e − 52).
 */
export function doublePair(v: VectorCode, lanes: Vector): Vector[] {
  const low = v.and(lanes, v.bits(0xffffffffn));
  const scaled = v.subtract(v.or(low, v.constant(2 ** 52)), v.constant(2 ** 52 - 0.5));
  // 2^21 + word · 2^-31.
  const shifted = v.or(v.shiftRight(lanes, 33), v.constant(2 ** 21));
  const side = v.and(v.shiftLeft(lanes, 31), v.signBit());
  return pair(v, scaled, { turn: v.subtract(shifted, v.constant(2097152.5)), side, scale: 32 });
}

/** The same in single precision, of four blocks; the words are rounded and cut to 24 bits. */
function singlePair(v: VectorCode, radius: Vector, angle: Vector): Vector[] {
  const whole = () => {
    v.or(v.shiftRight(radius, 1), v.bits(1n))();
    v.code.op("f32x4.convert_i32x4_s");
  };
  const onePlus = v.or(v.shiftRight(angle, 9), v.constant(1));
  const turn = v.subtract(onePlus, v.constant(1.5));
  return pair(v, whole, { turn, side: v.shiftLeft(angle, 31), scale: 31 });
}

/**
 * √(−2 ln u) times the cosine and the sine; see core's twin.
 *
 * @param scaled - u 2^scale, 0 < u ≤ 1.
 * @param angle.side - The bit that turns by half a turn, in the place of the sign; other bits 0.
 */
function pair(v: VectorCode, scaled: Vector, angle: { turn: Vector; side: Vector; scale: number }): Vector[] {
  const table = v.precision === "f64" ? NORMAL_PAIR : SINGLE_PAIR;
  const { bias, unitAtBase } = v.format;
  const [one, two] = [v.constant(1), v.constant(2)];
  const { exponent, mantissa } = splitExponent(v, v.keep(scaled));
  // See splitExponent; takes off the scale too.
  const k = v.subtract(v.or(exponent, v.constant(unitAtBase)), v.constant(unitAtBase + bias + angle.scale));
  const f = v.keep(v.subtract(mantissa, one));
  const s = v.keep(v.divide(f, v.add(two, f)));
  const series = v.multiply(s, v.polynomial(v.keep(v.multiply(s, s)), table.logarithm));
  const square = v.add(v.multiply(k, v.constant(NORMAL_PAIR.minusTwoLn2)), series);
  const radius = v.keep(v.xor(v.sqrt(square), angle.side));
  const turn = v.keep(angle.turn);
  const h = v.keep(v.multiply(turn, v.polynomial(v.keep(v.multiply(turn, turn)), table.sine)));
  const q = v.keep(v.multiply(h, h));
  const cosine = v.keep(v.multiply(radius, v.subtract(one, q)));
  const sine = v.keep(v.multiply(radius, v.multiply(h, v.sqrt(v.subtract(two, q)))));
  return [cosine, sine];
}
