import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spread } from "./label-layout.ts";

describe("spread", () => {
  it("leaves labels with room where they want to be", () => {
    expect(spread([20, 60], [10, 10], [0, 100])).toEqual([20, 60]);
  });
  it("parts two labels that want one place evenly", () => {
    expect(spread([50, 50], [10, 10], [0, 100])).toEqual([45, 55]);
  });
  it("keeps labels inside the range", () => {
    expect(spread([98, 99], [10, 10], [0, 100])).toEqual([85, 95]);
  });
  it("never overlaps, keeps the order, stays inside, while there is room", () => {
    const labels = fc.array(
      fc.record({ y: fc.double({ min: -20, max: 220, noNaN: true }), h: fc.integer({ min: 5, max: 20 }) }),
      { minLength: 1, maxLength: 10 },
    );
    fc.assert(
      fc.property(labels, (list) => {
        const heights = list.map((l) => l.h);
        const centres = spread(
          list.map((l) => l.y),
          heights,
          [0, 200],
        );
        const order = list.map((_, i) => i).sort((a, b) => list[a].y - list[b].y || a - b);
        for (let k = 0; k < order.length; k++) {
          const i = order[k];
          expect(centres[i] - heights[i] / 2).toBeGreaterThanOrEqual(-1e-6);
          expect(centres[i] + heights[i] / 2).toBeLessThanOrEqual(200 + 1e-6);
          if (k === 0) continue;
          const before = order[k - 1];
          expect(centres[i] - heights[i] / 2).toBeGreaterThanOrEqual(
            centres[before] + heights[before] / 2 - 1e-6,
          );
        }
      }),
    );
  });
});
