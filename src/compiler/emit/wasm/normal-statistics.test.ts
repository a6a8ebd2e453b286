import { describe, expect, it } from "vitest";
import type { Precision } from "./math/math-library.ts";
import { fill } from "./random-fill.fixture.ts";

const COUNT = 1_000_000;

/** P(Z ≤ z) and z, from tables of the normal distribution; the lower half follows by symmetry. */
const QUANTILES: [probability: number, z: number][] = [
  [0.55, 0.12566134685507402],
  [0.6, 0.2533471031357997],
  [0.65, 0.38532046640756773],
  [0.7, 0.5244005127080407],
  [0.75, 0.6744897501960817],
  [0.8, 0.8416212335729143],
  [0.85, 1.0364333894937896],
  [0.9, 1.2815515655446004],
  [0.95, 1.6448536269514722],
  [0.99, 2.3263478740408408],
  [0.999, 3.090232306167813],
  [0.9999, 3.719016485455709],
];

const normals = (precision: Precision, keys: number[], step: number, units = COUNT) =>
  fill({ precision, distribution: "normal", units, keys, step: [step, 0] }).subarray(
    0,
    (units * keys.length) / 2,
  );

/** Mean product in standard errors, if both are independent, of mean 0 and variance 1. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const length = Math.min(a.length, b.length);
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[i] * b[i];
  return sum / Math.sqrt(length);
}

describe.each(["f64", "f32"] as const)("normal numbers in %s", (precision) => {
  const numbers = normals(precision, [123456789, 987654321], 7);

  it("fall into the bins between quantiles as often as they should", () => {
    const lower = QUANTILES.map(([p, z]): [number, number] => [1 - p, -z]).reverse();
    const edges: [number, number][] = [...lower, [0.5, 0], ...QUANTILES, [1, Infinity]];
    const sorted = Float64Array.from(numbers).sort();
    let [below, probability] = [0, 0];
    for (const [p, z] of edges) {
      let end = below;
      while (end < sorted.length && sorted[end] <= z) end++;
      const share = p - probability;
      const deviation = (end - below - COUNT * share) / Math.sqrt(COUNT * share * (1 - share));
      expect(Math.abs(deviation), `bin up to ${z}`).toBeLessThan(5);
      // Kolmogorov–Smirnov at the edges; 1.95 / √n is the 0.1 % point.
      expect(Math.abs(end / COUNT - p), `up to ${z}`).toBeLessThan(1.95 / Math.sqrt(COUNT));
      [below, probability] = [end, p];
    }
  });

  it("are as independent within a block, between blocks, steps and instances as they should be", () => {
    const squares = (x: ArrayLike<number>) => Float64Array.from(x, (z) => (z * z - 1) / Math.SQRT2);
    const pairs: [string, ArrayLike<number>, ArrayLike<number>][] = [];
    for (let first = 0; first < 4; first++) {
      for (let second = first + 1; second < 4; second++) {
        const at = (k: number) => numbers.filter((_, n) => n % 4 === k);
        pairs.push([`units ${first} and ${second} of a block`, at(first), at(second)]);
      }
    }
    for (const lag of [1, 2, 3, 4, 5, 8, 16, 240]) pairs.push([`lag ${lag}`, numbers, numbers.subarray(lag)]);
    pairs.push(["steps", numbers, normals(precision, [123456789, 987654321], 8)]);
    const instances = normals(precision, [1, 2, 3, 4, 9, 9, 9, 9], 7, 50_000);
    const of = (b: number) => instances.filter((_, n) => n % 4 === b);
    pairs.push(["keys", of(0), of(1)]);
    for (const [name, a, b] of pairs) {
      expect(Math.abs(correlation(a, b)), name).toBeLessThan(5);
      expect(Math.abs(correlation(squares(a), squares(b))), `squares: ${name}`).toBeLessThan(5);
    }
  });
});
