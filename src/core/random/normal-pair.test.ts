import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cos, log, sin } from "../elementary.ts";
import { normalsFromWords } from "./normal-pair.ts";

const word = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.constantFrom(0, 1, 2, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff),
);

describe("normalsFromWords", () => {
  it.each(["f64", "f32"] as const)(
    "is √(−2 ln u) (cos θ, sin θ) by the general functions, in %s",
    (precision) => {
      fc.assert(
        fc.property(word, word, word, word, (...words) => {
          const numbers = normalsFromWords(Uint32Array.from(words), precision);
          for (const k of [0, 2]) {
            const [radius, angle] = words.slice(k, k + 2);
            const double = precision === "f64";
            const u = double ? (radius + 0.5) / 2 ** 32 : Math.fround((radius >>> 1) | 1) / 2 ** 31;
            const turn = double ? (angle >>> 1) / 2 ** 31 : (angle >>> 9) / 2 ** 23;
            const theta = Math.PI * (turn - 0.5 + (angle & 1));
            const length = Math.sqrt(-2 * log(u));
            expect(Math.abs(numbers[k] - length * cos(theta))).toBeLessThanOrEqual(2e-15 * length);
            expect(Math.abs(numbers[k + 1] - length * sin(theta))).toBeLessThanOrEqual(2e-15 * length);
          }
        }),
        { numRuns: 3000 },
      );
    },
  );

  it("reaches beyond six standard deviations, and no number is infinite", () => {
    // A quarter of a turn from the start of the half turn: cosine 1.
    const middle = 0x80000000;
    const [largest] = normalsFromWords(Uint32Array.of(0, middle, 0, middle), "f64");
    expect(largest).toBeCloseTo(Math.sqrt(2 * 33 * Math.LN2), 14);
    expect(normalsFromWords(Uint32Array.of(0, middle, 0, middle), "f32")[0]).toBeCloseTo(
      Math.sqrt(2 * 31 * Math.LN2),
      14,
    );
    expect(normalsFromWords(Uint32Array.of(0, middle + 1, 0, middle + 1), "f64")[0]).toBe(-largest);
  });

  it("gives nearly the same numbers in both precisions", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 << 20, max: 0xffe00000 }), word, (radius, angle) => {
        const words = Uint32Array.of(radius, angle, radius, angle);
        const [f64, f32] = [normalsFromWords(words, "f64"), normalsFromWords(words, "f32")];
        f64.forEach((x, i) => {
          expect(Math.abs(x - f32[i])).toBeLessThan(1e-5);
        });
      }),
    );
  });
});
