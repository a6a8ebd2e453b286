import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDense } from "../../core/index.ts";
import { summarize } from "../summary.ts";
import { graphs, of, rows } from "./small-graphs.fixture.ts";
import { thresholdDensity } from "./threshold-density.ts";

describe("thresholdDensity", () => {
  it("keeps the strongest by magnitude, ties by lower post then pre, self-loops always", () => {
    const c = of([
      [9, 1, -3],
      [1, 0, 1],
      [2, 0, 0],
    ]);
    expect(rows(thresholdDensity(c, 0.5))).toEqual([
      [9, 1, -3],
      [0, 0, 0],
      [2, 0, 0],
    ]);
    expect(rows(thresholdDensity(c, 1))).toEqual(rows(c));
  });

  it("keeps both directions of undirected links", () => {
    const c = of([
      [0, 1, -3],
      [1, 0, 2],
      [-3, 2, 0],
    ]);
    const t = thresholdDensity(c, 0.7);
    expect(rows(t)).toEqual([
      [0, 0, -3],
      [0, 0, 2],
      [-3, 2, 0],
    ]);
    expect(t.directed).toBe(false);
  });

  it("hits the count exactly and never keeps a weaker edge than it drops", () => {
    fc.assert(
      fc.property(graphs, fc.integer({ min: 1, max: 100 }), (c, percent) => {
        const n = c.labels.length;
        const links = (n * (n - 1)) / (c.directed ? 1 : 2);
        const wanted = Math.floor((percent * links) / 100);
        fc.pre(wanted > 0);
        const t = thresholdDensity(c, percent / 100);
        const per = c.directed ? 1 : 2;
        const before = summarize(c);
        expect(summarize(t).edges).toBe(Math.min(before.edges, wanted * per));
        expect(summarize(t).selfLoops).toBe(before.selfLoops);
        const kept = toDense(t.weights).values;
        const all = toDense(c.weights).values;
        const off = [...all.keys()].filter((k) => k % (n + 1) !== 0);
        const weakest = Math.min(...off.filter((k) => kept[k] !== 0).map((k) => Math.abs(all[k])));
        const strongest = Math.max(0, ...off.filter((k) => kept[k] === 0).map((k) => Math.abs(all[k])));
        expect(weakest).toBeGreaterThanOrEqual(strongest);
      }),
    );
  });

  it.each([
    [
      0,
      "bad-range",
      "thresholdDensity: density must be above 0 and at most 1, got 0. 0.1 keeps a tenth of all possible edges.",
    ],
    [
      0.1,
      "density-too-low",
      "thresholdDensity: density 0.1 leaves no edge among 3 nodes. Give at least 0.16666666666666666.",
    ],
  ])("refuses %d", (density, code, message) => {
    const c = of([
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(() => thresholdDensity(c, density)).toThrow(expect.objectContaining({ code, message }));
  });
});
