import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { assignSigns } from "./assign-signs.ts";
import { graphs, of, pattern, rows } from "./small-graphs.fixture.ts";

describe("assignSigns", () => {
  const c = of(
    [
      [1, -2],
      [3, 0],
    ],
    { types: ["e", "i"] },
  );

  it("turns whole columns, whatever the signs were", () => {
    expect(rows(assignSigns(c, { inhibitory: { types: ["i"] } }))).toEqual([
      [1, -2],
      [3, 0],
    ]);
    expect(rows(assignSigns(c, { inhibitory: { types: ["e"] } }))).toEqual([
      [-1, 2],
      [-3, 0],
    ]);
    expect(rows(assignSigns(c, { inhibitory: { indices: [] } }))).toEqual([
      [1, 2],
      [3, 0],
    ]);
  });

  it("draws the wanted share, and keeps magnitudes and Dale's law", () => {
    fc.assert(
      fc.property(graphs, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(), (g, fraction, seed) => {
        const signed = assignSigns(g, { inhibitory: { fraction }, rng: createRng(seed) });
        expect(pattern(signed)).toEqual(pattern(g));
        expect([...signed.weights.values].map(Math.abs)).toEqual([...g.weights.values].map(Math.abs));
        const signs = new Map<number, number>();
        signed.weights.values.forEach((w, k) => {
          const pre = signed.weights.column[k];
          expect(signs.get(pre) ?? Math.sign(w)).toBe(Math.sign(w));
          signs.set(pre, Math.sign(w));
        });
        const negative = [...signs.values()].filter((s) => s < 0).length;
        expect(negative).toBeLessThanOrEqual(Math.round(fraction * g.labels.length));
      }),
    );
    const full = of(Array.from({ length: 10 }, () => Array.from({ length: 10 }, () => 1)));
    const signed = assignSigns(full, { inhibitory: { fraction: 0.25 }, rng: createRng(1) });
    expect(rows(signed)[0].filter((w) => w < 0)).toHaveLength(3);
    expect([full.directed, signed.directed]).toEqual([false, true]);
  });

  it("refuses a share that is none", () => {
    expect(() => assignSigns(c, { inhibitory: { fraction: 20 }, rng: createRng(1) })).toThrow(
      "assignSigns: fraction must be between 0 and 1, got 20. 0.2 makes a fifth of the nodes inhibitory.",
    );
  });
});
