import { describe, expect, it } from "vitest";
import { type Distribution, densityAt, poissonAt } from "./density.ts";

const all: { distribution: Distribution; mean: number }[] = [
  { distribution: { kind: "lognormal", mu: -0.5, sigma: 0.6 }, mean: Math.exp(-0.5 + 0.18) },
  { distribution: { kind: "normal", mean: 3, sd: 0.4 }, mean: 3 },
  { distribution: { kind: "gamma", shape: 2.9, scale: 0.3 }, mean: 0.87 },
  { distribution: { kind: "weibull", shape: 2, scale: 1.5 }, mean: 1.5 * Math.sqrt(Math.PI / 4) },
  { distribution: { kind: "exponential", rate: 2 }, mean: 0.5 },
];

describe("densityAt", () => {
  it.each(all)("integrates to 1 with the right mean: $distribution.kind", ({ distribution, mean }) => {
    let mass = 0;
    let first = 0;
    const dx = 1e-3;
    for (let x = dx / 2; x < 20; x += dx) {
      mass += densityAt(distribution, x) * dx;
      first += x * densityAt(distribution, x) * dx;
    }
    expect(mass).toBeCloseTo(1, 5);
    expect(first).toBeCloseTo(mean, 4);
  });
  it("is 0 outside the support", () => {
    for (const { distribution } of all) {
      if (distribution.kind !== "normal") expect(densityAt(distribution, -1)).toBe(0);
    }
  });
});

describe("poissonAt", () => {
  it("sums to 1 and knows e⁻² 2³ / 3!", () => {
    const sum = Array.from({ length: 60 }, (_, k) => poissonAt(12.5, k)).reduce((a, b) => a + b);
    expect(sum).toBeCloseTo(1, 10);
    expect(poissonAt(2, 3)).toBeCloseTo(0.18044704431548, 12);
    expect([poissonAt(0, 0), poissonAt(0, 1)]).toEqual([1, 0]);
  });
});
