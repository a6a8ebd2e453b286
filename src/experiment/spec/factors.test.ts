import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sweepValues } from "./factors.ts";
import { cellCount, cellIndices } from "./grid.ts";

describe("sweepValues", () => {
  it("takes a list as it is", () => {
    expect(sweepValues(["a", 1, { random: 2 }])).toEqual(["a", 1, { random: 2 }]);
  });

  it("spells out linspace without the noise of the last digit", () => {
    expect(sweepValues({ linspace: [0.1, 2, 20] })).toEqual([
      0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2,
    ]);
    expect(sweepValues({ linspace: [3, 5, 1] })).toEqual([3]);
    expect(sweepValues({ linspace: [1, -1, 3] })).toEqual([1, 0, -1]);
  });

  it("spells out logspace by exponents and geomspace by ends, as NumPy does", () => {
    expect(sweepValues({ logspace: [-2, 2, 5] })).toEqual([0.01, 0.1, 1, 10, 100]);
    expect(sweepValues({ logspace: [0, 1, 3] })).toEqual([1, 3.16227766016838, 10]);
    expect(sweepValues({ geomspace: [0.5, 8, 5] })).toEqual([0.5, 1, 2, 4, 8]);
  });

  it("keeps both ends exactly and never turns back", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.integer({ min: 2, max: 50 }),
        (first, width, n) => {
          const values = sweepValues({ linspace: [first, first + width, n] }) as number[];
          expect(values[0]).toBe(first);
          expect(values[n - 1]).toBe(first + width);
          for (let i = 1; i < n; i++) expect(values[i]).toBeGreaterThanOrEqual(values[i - 1]);
        },
      ),
      { seed: 1 },
    );
  });
});

describe("cellIndices", () => {
  it("counts through the product, the first factor slowest", () => {
    const factor = (n: number) => ({ name: "x", path: ["x"], values: new Array(n).fill(0), listed: true });
    const factors = [factor(2), factor(3)];
    expect(cellCount(factors)).toBe(6);
    expect([0, 1, 2, 3, 4, 5].map((cell) => cellIndices(factors, cell))).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(cellCount([])).toBe(1);
    expect(cellIndices([], 0)).toEqual([]);
  });
});
