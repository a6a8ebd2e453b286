/**
 * @file Philox4x32-10 of four counters at once. After Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as
 * easy as 1, 2, 3", SC'11. The bits are those of core's philox4x32.
 */

import { countLoop } from "./function-builder.ts";
import type { Vector, VectorCode } from "./math/vector-code.ts";

/** What all blocks of one step share, each one word in four lanes. */
export interface PhiloxStream {
  /** Second and third word of the counter; the fourth is 0. */
  step: [low: Vector, high: Vector];
  key: [low: Vector, high: Vector];
}

/** Writes what is left to do: the four words of four blocks from the first words of their counters, side by side. */
export type PhiloxBlocks = (counters: readonly Vector[]) => Vector[][];

/**
 * Does what does not depend on the first word of the counter, a tenth of the work: to be written before the loop.
 *
 * @param v - Of any precision; must not be used for code that may not run.
 */
export function startPhilox(v: VectorCode, { step, key }: PhiloxStream): PhiloxBlocks {
  const integers = v.as("f32");
  const [key0, key1, key2] = roundKeys(integers, key, 3);
  const weyl = WEYL.map((w) => integers.bits(BigInt(w)));
  // The constants of the loop, so that they are loaded here.
  for (const constant of [...weyl, ...[MULTIPLIER_0, MULTIPLIER_1].map((m) => integers.bits(BigInt(m)))]) {
    constant();
    v.code.drop();
  }
  const first = multiply(integers, step[1], MULTIPLIER_1);
  const c0AfterFirst = integers.keep(integers.xor(integers.xor(first.high, step[0]), key0[0]));
  const second = multiply(integers, c0AfterFirst, MULTIPLIER_0);
  const c1WithKey = integers.keep(integers.xor(first.low, key1[0]));
  const c2WithKey = integers.keep(integers.xor(second.high, key1[1]));
  return (counters) => {
    const states = counters.map((counter) => {
      const { high, low } = multiply(integers, counter, MULTIPLIER_0);
      const third = multiply(integers, integers.keep(integers.xor(high, key0[1])), MULTIPLIER_1);
      const words = [
        integers.xor(third.high, c1WithKey),
        third.low,
        integers.xor(low, c2WithKey),
        second.low,
      ];
      return words.map((word) => integers.variable(word));
    });
    // Round by round for all of them: one block after another, each word would wait for the one before.
    const keys = key2.map((k) => integers.variable(k));
    const round = v.code.local("i32");
    countLoop(v.code, round, ROUNDS - 2, 1, () => {
      const products = states.map(([c0, , c2]) => [
        multiply(integers, c0.value, MULTIPLIER_0),
        multiply(integers, c2.value, MULTIPLIER_1),
      ]);
      states.forEach(([c0, c1, c2, c3], k) => {
        const [even, odd] = products[k];
        c0.set(integers.xor(odd.high, integers.xor(c1.value, keys[0].value)));
        c2.set(integers.xor(even.high, integers.xor(c3.value, keys[1].value)));
        c1.set(odd.low);
        c3.set(even.low);
      });
      for (const [i, k] of keys.entries()) k.set(integers.addWhole(k.value, weyl[i]));
    });
    return states.map((words) => words.map((word) => word.value));
  };
}

// Implementation

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL = [0x9e3779b9, 0xbb67ae85];
const ROUNDS = 10;

/** Of two vectors of 64-bit lanes, the high words. */
const HIGH_WORDS = [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31];

function roundKeys(v: VectorCode, key: [low: Vector, high: Vector], rounds: number): [Vector, Vector][] {
  const keys: [Vector, Vector][] = [key];
  for (let round = 1; round < rounds; round++) {
    const [k0, k1] = keys[round - 1];
    const bump = (k: Vector, i: number) => v.keep(v.addWhole(k, v.bits(BigInt(WEYL[i]))));
    keys.push([bump(k0, 0), bump(k1, 1)]);
  }
  return keys;
}

/** High and low words of the products of 32-bit lanes. */
function multiply(v: VectorCode, a: Vector, factor: number): { high: Vector; low: Vector } {
  const m = v.bits(BigInt(factor));
  const high = () => {
    a();
    m();
    v.code.op("i64x2.extmul_low_i32x4_u");
    a();
    m();
    v.code.op("i64x2.extmul_high_i32x4_u").shuffle(HIGH_WORDS);
  };
  // Again, since processors have more multipliers than units that move lanes.
  const low = () => {
    a();
    m();
    v.code.op("i32x4.mul");
  };
  return { high: v.keep(high), low: v.keep(low) };
}
