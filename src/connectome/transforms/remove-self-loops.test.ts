import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { removeSelfLoops } from "./remove-self-loops.ts";
import { graphs, rows } from "./small-graphs.fixture.ts";

describe("removeSelfLoops", () => {
  it("clears the diagonal and nothing else", () => {
    fc.assert(
      fc.property(graphs, (c) => {
        const expected = rows(c).map((row, i) => row.map((w, j) => (i === j ? 0 : w)));
        expect(rows(removeSelfLoops(c))).toEqual(expected);
      }),
    );
  });
});
