import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { graphs, of, rows } from "./small-graphs.fixture.ts";
import { symmetrize } from "./symmetrize.ts";

describe("symmetrize", () => {
  it("averages both directions", () => {
    fc.assert(
      fc.property(graphs, (c) => {
        const w = rows(c);
        const s = symmetrize(c);
        expect(rows(s)).toEqual(w.map((row, i) => row.map((_, j) => (w[i][j] + w[j][i]) / 2)));
        expect(s.directed).toBe(false);
        expect(symmetrize(s)).toEqual(s);
      }),
    );
  });

  it("lets opposite weights cancel", () => {
    const opposite = of([
      [0, -1],
      [1, 0],
    ]);
    expect(symmetrize(opposite).weights.values).toHaveLength(0);
  });
});
