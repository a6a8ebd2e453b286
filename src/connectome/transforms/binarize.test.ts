import { describe, expect, it } from "vitest";
import { binarize } from "./binarize.ts";
import { of, rows } from "./small-graphs.fixture.ts";

describe("binarize", () => {
  it("keeps signs", () => {
    const c = of([
      [4, -2],
      [0.5, 0],
    ]);
    const expected = [
      [1, -1],
      [1, 0],
    ];
    expect(rows(binarize(c))).toEqual(expected);
  });
});
