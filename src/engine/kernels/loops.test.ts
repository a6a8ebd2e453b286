import { describe, expect, it } from "vitest";
import { tileWidths } from "./loops.ts";

describe("tileWidths", () => {
  it.each([
    [6, 8, [{ width: 6, count: 1 }]],
    [16, 8, [{ width: 8, count: 2 }]],
    [18, 8, [{ width: 6, count: 3 }]],
    [
      11,
      4,
      [
        { width: 4, count: 2 },
        { width: 3, count: 1 },
      ],
    ],
  ])("cuts %d vectors into tiles of at most %d", (vectors, widest, tiles) => {
    expect(tileWidths(vectors, widest)).toEqual(tiles);
  });
});
