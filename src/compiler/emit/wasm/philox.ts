/**
 * @file Philox4x32-10 of four counters at once. After Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as
 * easy as 1, 2, 3", SC'11. The bits are those of core's philox4x32.
 */

import type { Vector, VectorCode } from "./math/vector-code.ts";

/** What all blocks of one step share, each one word in four lanes. */
export interface PhiloxStream {
  /** Second and third word of the counter; the fourth is 0. */
  step: [low: Vector, high: Vector];
  key: [low: Vector, high: Vector];
}

/**
 * Does what does not depend on the first word of the counter, a tenth of the work: to be written before the loop.
 *
 * @param v - Of any precision; must not be used for code that may run without this.
 * @returns Writes the rest: the four words of four blocks from the first words of their counters.
 */
export function startPhilox(v: VectorCode, { step, key }: PhiloxStream): (c0: Vector) => Vector[] {
  const integers = v.as("f32");
  const keys = roundKeys(integers, key);
  const first = multiply(integers, step[1], MULTIPLIER_1);
  const c0AfterFirst = integers.keep(integers.xor(integers.xor(first.high, step[0]), keys[0][0]));
  const second = multiply(integers, c0AfterFirst, MULTIPLIER_0);
  const c1WithKey = integers.keep(integers.xor(first.low, keys[1][0]));
  const c2WithKey = integers.keep(integers.xor(second.high, keys[1][1]));
  return (counter) => {
    const { high, low } = multiply(integers, counter, MULTIPLIER_0);
    const third = multiply(integers, integers.keep(integers.xor(high, keys[0][1])), MULTIPLIER_1);
    let c0 = integers.keep(integers.xor(third.high, c1WithKey));
    let c1 = third.low;
    let c2 = integers.keep(integers.xor(low, c2WithKey));
    let c3 = second.low;
    for (const [k0, k1] of keys.slice(2)) {
      const [even, odd] = [multiply(integers, c0, MULTIPLIER_0), multiply(integers, c2, MULTIPLIER_1)];
      c0 = integers.keep(integers.xor(integers.xor(odd.high, c1), k0));
      c2 = integers.keep(integers.xor(integers.xor(even.high, c3), k1));
      [c1, c3] = [odd.low, even.low];
    }
    return [c0, c1, c2, c3];
  };
}

// Implementation

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL = [0x9e3779b9, 0xbb67ae85];
const ROUNDS = 10;

/** Of two vectors of 64-bit lanes, the high words. */
const HIGH_WORDS = [4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31];

function roundKeys(v: VectorCode, key: [low: Vector, high: Vector]): [Vector, Vector][] {
  const keys: [Vector, Vector][] = [key];
  for (let round = 1; round < ROUNDS; round++) {
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
