import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spectralRadius } from "../../core/index.ts";
import { assignSigns } from "./assign-signs.ts";
import { normalizeSpectralRadius } from "./normalize-spectral-radius.ts";
import { graphs, of, rows } from "./small-graphs.fixture.ts";

describe("normalizeSpectralRadius", () => {
  it("is exact on a directed cycle with a known radius", () => {
    // 0 → 1 → 2 → 0 with product 8: all eigenvalues have magnitude 2.
    const cycle = of([
      [0, 0, 4],
      [1, 0, 0],
      [0, 2, 0],
    ]);
    const half = normalizeSpectralRadius(cycle, 0.5);
    expect(spectralRadius(half.weights)).toBeCloseTo(0.5, 14);
    expect(rows(half)[0][2]).toBeCloseTo(1, 14);
  });

  it("gives any graph with cycles the radius wanted", () => {
    fc.assert(
      fc.property(graphs, (g) => {
        // Without inhibition the largest eigenvalue is simple in each component, so rounding stays small.
        const c = assignSigns(g, { inhibitory: { indices: [] } });
        fc.pre(spectralRadius(c.weights) > 0);
        expect(Math.abs(spectralRadius(normalizeSpectralRadius(c, 0.9).weights) / 0.9 - 1)).toBeLessThan(
          1e-10,
        );
      }),
    );
  });

  it("refuses a graph without cycles and one without edges", () => {
    const chain = (n: number) =>
      of(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => (j < i ? 1 : 0))));
    expect(() => normalizeSpectralRadius(chain(9), 0.9)).toThrow(
      expect.objectContaining({
        code: "zero-spectral-radius",
        message:
          'normalizeSpectralRadius: the spectral radius of "c" is 0 (it has no cycles that add up), so it cannot be scaled to 0.9. Use scale (weights to a range), keep the strong largest component, or check that edges were read at all.',
      }),
    );
    expect(() => normalizeSpectralRadius(of([[0]]))).toThrow(
      'the spectral radius of "c" is 0 (it has no edges)',
    );
    expect(() => normalizeSpectralRadius(of([[1]]), -1)).toThrow(
      "normalizeSpectralRadius: the spectral radius cannot be made -1. Give a positive number, usually 0.5 … 1.5.",
    );
  });
});
