import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { hammingDistances, unrelatedDistance } from "./hamming.ts";
import { hammingDivergence } from "./hamming-divergence.ts";
import { type Raster, rasterFromDense } from "./raster.ts";

/** Twins of `units` whose distance at step t is `distance(t)`. */
function twins(units: number, steps: number, distance: (t: number) => number) {
  const dense = new Uint8Array(units * steps);
  for (let t = 0; t < steps; t++) dense.fill(1, t * units, t * units + Math.round(distance(t)));
  return {
    reference: rasterFromDense(new Uint8Array(units * steps), units),
    perturbed: rasterFromDense(dense, units),
  };
}

describe("hammingDistances", () => {
  const a = rasterFromDense([1, 0, 1, 1, 0, 0], 3);
  it("counts units that differ at each step, and ignores bits behind the last unit", () => {
    const b: Raster = { units: 3, steps: 2, bits: Uint8Array.of(0b11111100, 0b11111001) };
    expect(Array.from(hammingDistances(a, b))).toEqual([1, 0]);
  });
  it("needs rasters of one shape", () => {
    expect(() => hammingDistances(a, rasterFromDense([1, 0, 1], 3))).toThrow(
      "hammingDistances: 2 steps of 3 units against 1 steps of 3 units. Run both copies of the network equally long.",
    );
  });
  it("is on average the null for independent rasters", () => {
    const rng = createRng(1);
    const random = (p: number) =>
      rasterFromDense(
        Uint8Array.from({ length: 100000 }, () => (rng.uniform() < p ? 1 : 0)),
        50,
      );
    const [a, b] = [random(0.1), random(0.3)];
    const d = hammingDistances(a, b);
    expect(Math.abs(d.reduce((s, v) => s + v, 0) / d.length - unrelatedDistance(a, b))).toBeLessThan(0.3);
    expect(unrelatedDistance(a, b)).toBeCloseTo(50 * (0.1 * 0.7 + 0.9 * 0.3), 0);
  });
});

describe("hammingDivergence", () => {
  it("recovers an exponential growth up to half its saturation", () => {
    const d = hammingDivergence([twins(2048, 40, (t) => Math.min(1024, 2 ** t))]);
    expect(d.slope).toBeCloseTo(Math.LN2, 12);
    expect(d.growth).toBeCloseTo(2, 12);
    expect(d.fit).toEqual({ from: 0, to: 9 });
    expect(d.firstStep).toBeCloseTo(Math.LN2, 14);
    expect([d.saturation, d.healed]).toEqual([1024, 0]);
    expect(d.standardError).toBeLessThan(1e-12);
  });
  it("is negative where perturbations heal", () => {
    const d = hammingDivergence([twins(1024, 30, (t) => (t < 10 ? 2 ** (9 - t) : 0))]);
    expect(d.slope).toBeCloseTo(-Math.LN2, 12);
    expect(d.fit).toEqual({ from: 0, to: 10 });
    expect([d.saturation, d.healed]).toEqual([0, 1]);
  });
  it("averages before the logarithm, so that healed twins count", () => {
    const grows = twins(64, 4, (t) => 2 * 2 ** t);
    const healed = twins(64, 4, (t) => (t === 0 ? 2 : 0));
    const d = hammingDivergence([grows, healed], { fitFrom: 1, fitTo: 4 });
    expect(Array.from(d.distance)).toEqual([2, 2, 4, 8]);
    expect(Array.from(d.alive)).toEqual([1, 0.5, 0.5, 0.5]);
    expect(d.slope).toBeCloseTo(Math.LN2, 12);
    expect(d.healed).toBe(0.5);
  });
  it("starts where the twins first differ: a deferred perturbation", () => {
    const d = hammingDivergence([twins(512, 60, (t) => (t < 20 ? 0 : Math.min(256, 2 ** (t - 20))))]);
    expect(d.fit).toEqual({ from: 20, to: 27 });
    expect(d.slope).toBeCloseTo(Math.LN2, 12);
    expect(d.firstStep).toBeNaN();
  });
  it("has no slope for twins that never differ", () => {
    const d = hammingDivergence([twins(8, 5, () => 0)]);
    expect([d.slope, d.growth]).toEqual([NaN, NaN]);
    expect(d.healed).toBe(1);
  });
  it("saturates at the null when the copies end up unrelated", () => {
    const rng = createRng(4);
    const random = () =>
      rasterFromDense(
        Uint8Array.from({ length: 40000 }, () => (rng.uniform() < 0.1 ? 1 : 0)),
        100,
      );
    const d = hammingDivergence([{ reference: random(), perturbed: random() }]);
    expect(Math.abs(d.saturation / d.unrelated - 1)).toBeLessThan(0.1);
  });
  it("says what is missing", () => {
    expect(() => hammingDivergence([])).toThrow(
      "hammingDivergence: no twins were given. Give at least one pair { reference, perturbed }.",
    );
    expect(() => hammingDivergence([twins(8, 5, () => 1), twins(8, 4, () => 1)])).toThrow(
      "hammingDivergence: twins of 4 and of 5 steps. Run all twins equally long.",
    );
    expect(() => hammingDivergence([twins(8, 5, () => 1)], { fitTo: 9 })).toThrow(
      "hammingDivergence: cannot fit steps 0 to 9 of 5. Give whole numbers, 0 ≤ fitFrom ≤ fitTo ≤ steps.",
    );
  });
});
