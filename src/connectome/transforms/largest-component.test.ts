import { describe, expect, it } from "vitest";
import { largestComponent } from "./largest-component.ts";
import { of, rows } from "./small-graphs.fixture.ts";

describe("largestComponent", () => {
  // 3 → 1, 0 ⇄ 2, 2 → 4 → 4
  const c = of(
    [
      [0, 0, 2, 0, 0],
      [0, 0, 0, 1, 0],
      [3, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
      [0, 0, 4, 0, 5],
    ],
    {
      types: ["a", "b", "c", "d", "e"],
      positions: Array.from({ length: 15 }, (_, k) => k),
      attributes: { x: ["0", "1", "2", "3", "4"] },
    },
  );

  it("keeps nodes in order, with everything known of them", () => {
    const weak = largestComponent(c);
    expect(weak.labels).toEqual(["0", "2", "4"]);
    expect(rows(weak)).toEqual([
      [0, 2, 0],
      [3, 0, 0],
      [0, 4, 5],
    ]);
    expect(weak.types).toEqual(["a", "c", "e"]);
    expect(weak.attributes).toEqual({ x: ["0", "2", "4"] });
    expect([...(weak.positions ?? [])]).toEqual([0, 1, 2, 6, 7, 8, 12, 13, 14]);
    const strong = largestComponent(c, { connection: "strong" });
    expect(strong.labels).toEqual(["0", "2"]);
    // The graph was directed and stays so, although what is left could be undirected.
    expect(
      largestComponent(
        of([
          [0, 1, 0],
          [1, 0, 0],
          [1, 0, 0],
        ]),
        { connection: "strong" },
      ).directed,
    ).toBe(true);
  });
});
