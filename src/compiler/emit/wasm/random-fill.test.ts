import { describe, expect, it } from "vitest";
import { NORMALS_PER_BLOCK, normalsFromWords, philox4x32, uniformFromWords } from "../../../core/index.ts";
import type { Precision } from "./math/math-library.ts";
import { type Draw, fill } from "./random-fill.fixture.ts";

/** Element (n, b) by core's scalar formulas. */
function expected(n: number, b: number, draw: Draw): number {
  const perBlock = draw.distribution === "uniform" ? 1 : NORMALS_PER_BLOCK;
  const words = Uint32Array.of(Math.floor(n / perBlock), draw.step[0], draw.step[1], 0);
  philox4x32(words, [draw.keys[b], draw.keys[b + draw.keys.length / 2]]);
  if (draw.distribution === "normal") return normalsFromWords(words, draw.precision)[n % perBlock];
  return draw.precision === "f64" ? uniformFromWords(words[0], words[1]) : (words[1] >>> 8) / 2 ** 24;
}

const STEP: [number, number] = [0xfffffff7, 0x80000001];
const ONE_KEY = [0xa4093822, 0x299f31d0];
const MANY_KEYS = [1, 0xffffffff, 3, 4, 0x80000000, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0xfedcba98, 16];
const PRECISIONS: Precision[] = ["f64", "f32"];

describe("philox4x32", () => {
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
  ])("gives the published answer for counter %j", (counter, key, answer) => {
    const words = Uint32Array.from(counter);
    philox4x32(words, key);
    expect([...words]).toEqual(answer);
  });
});

describe.each(PRECISIONS)("addRandomFill in %s", (precision) => {
  it.each([1, 4, 7, 64])("draws %d uniform numbers from one key as the scalar generator does", (units) => {
    const draw: Draw = { precision, distribution: "uniform", units, keys: ONE_KEY, step: STEP };
    const numbers = fill(draw);
    for (let n = 0; n < units; n++) expect(numbers[n]).toBe(expected(n, 0, draw));
  });

  it("draws uniform numbers from a key for each instance as the scalar generator does", () => {
    const draw: Draw = { precision, distribution: "uniform", units: 5, keys: MANY_KEYS, step: STEP };
    const numbers = fill(draw);
    for (let n = 0; n < 5; n++) {
      for (let b = 0; b < 8; b++) expect(numbers[8 * n + b]).toBe(expected(n, b, draw));
    }
  });

  it.each([1, 4, 12])("draws normal numbers by the scalar formula for %d instances", (stride) => {
    const keys = Array.from({ length: 2 * stride }, (_, k) => (ONE_KEY[k % 2] * (k + 1)) >>> 0);
    for (const units of [1, 2, 3, 5, 8, 15, 240, 1001]) {
      const draw: Draw = { precision, distribution: "normal", units, keys, step: STEP };
      const numbers = fill(draw);
      for (let n = 0; n < units; n++) {
        for (let b = 0; b < stride; b++) {
          const [got, wanted] = [numbers[stride * n + b], expected(n, b, draw)];
          if (precision === "f64") expect(got).toBe(wanted);
          else expect(Math.abs(got - wanted)).toBeLessThan(2e-6); // 2 ulp of a number below 8
        }
      }
      expect([...numbers.slice(-4)]).toEqual([0, 0, 0, 0]);
    }
  });

  it("gives an instance the same normal numbers alone and among others", () => {
    const base: Draw = { precision, distribution: "normal", units: 21, keys: MANY_KEYS, step: STEP };
    const together = fill(base);
    for (let b = 0; b < 8; b++) {
      const alone = fill({ ...base, keys: [MANY_KEYS[b], MANY_KEYS[b + 8]] });
      for (let n = 0; n < 21; n++) expect(together[8 * n + b]).toBe(alone[n]);
    }
  });

  it("writes nothing beyond the next multiple of 4", () => {
    for (const units of [1, 4, 6]) {
      const draw: Draw = { precision, distribution: "uniform", units, keys: ONE_KEY, step: STEP };
      expect([...fill(draw).slice(-4)]).toEqual([0, 0, 0, 0]);
    }
  });

  it("draws other numbers at another step and under another key", () => {
    const base: Draw = { precision, distribution: "uniform", units: 64, keys: ONE_KEY, step: [1, 0] };
    const seen = new Set(fill(base).slice(0, 64));
    const others: Draw[] = [
      { ...base, step: [2, 0] },
      { ...base, step: [1, 1] },
      { ...base, keys: [ONE_KEY[0] + 1, ONE_KEY[1]] },
      { ...base, keys: [ONE_KEY[0], ONE_KEY[1] + 1] },
    ];
    for (const other of others) {
      const shared = [...fill(other).slice(0, 64)].filter((x) => seen.has(x));
      expect(shared).toEqual([]);
    }
  });

  it("has the moments of its distribution", () => {
    const count = 100_000;
    const moments = (distribution: "uniform" | "normal") => {
      const numbers = Float64Array.from(
        fill({ precision, distribution, units: count, keys: ONE_KEY, step: [5, 0] }),
      );
      const mean = (f: (x: number) => number) =>
        numbers.subarray(0, count).reduce((sum, x) => sum + f(x), 0) / count;
      return [1, 2, 3, 4].map((power) => mean((x) => x ** power));
    };
    // Four standard errors of each mean.
    const errors = (variances: number[]) => variances.map((variance) => 4 * Math.sqrt(variance / count));
    const uniform = moments("uniform");
    const normal = moments("normal");
    errors([1 / 12, 4 / 45, 9 / 112, 16 / 225]).forEach((tolerance, i) => {
      expect(Math.abs(uniform[i] - 1 / (i + 2))).toBeLessThan(tolerance);
    });
    errors([1, 2, 15, 96]).forEach((tolerance, i) => {
      expect(Math.abs(normal[i] - [0, 1, 0, 3][i])).toBeLessThan(tolerance);
    });
  });
});
