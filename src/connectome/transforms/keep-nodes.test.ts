import { describe, expect, it } from "vitest";
import { keepNodes } from "./keep-nodes.ts";
import { of, rows } from "./small-graphs.fixture.ts";

describe("keepNodes", () => {
  it("keeps a selection, not an empty one", () => {
    expect(
      rows(
        keepNodes(
          of([
            [1, 2, 3],
            [4, 5, 6],
            [7, 8, 9],
          ]),
          { indices: [2, 0] },
        ),
      ),
    ).toEqual([
      [1, 3],
      [7, 9],
    ]);
    expect(() => keepNodes(of([[1]]), { indices: [] })).toThrow(
      "keepNodes: the selection holds no node. Keep at least one node.",
    );
  });
});
