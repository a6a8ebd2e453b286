import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scaleWeights } from "./scale-weights.ts";
import { graphs, of, pattern, rows } from "./small-graphs.fixture.ts";

describe("scaleWeights", () => {
  it("keeps ratios and signs, and absent edges absent", () => {
    expect(
      rows(
        scaleWeights(
          of([
            [0, 4],
            [-2, 1],
          ]),
        ),
      ),
    ).toEqual([
      [0, 1],
      [-0.5, 0.25],
    ]);
    expect(
      rows(
        scaleWeights(
          of([
            [0, 4],
            [-2, 1],
          ]),
          { max: 8 },
        ),
      ),
    ).toEqual([
      [0, 8],
      [-4, 2],
    ]);
  });

  it("stretches magnitudes between min and max", () => {
    expect(
      rows(
        scaleWeights(
          of([
            [0, 5],
            [-3, 1],
          ]),
          { min: 0.5, max: 2.5 },
        ),
      ),
    ).toEqual([
      [0, 2.5],
      [-1.5, 0.5],
    ]);
    expect(
      rows(
        scaleWeights(
          of([
            [0, 5],
            [-5, 0],
          ]),
          { min: 0.5 },
        ),
      ),
    ).toEqual([
      [0, 1],
      [-1, 0],
    ]);
  });

  it("never makes, loses or turns an edge", () => {
    fc.assert(
      fc.property(
        graphs,
        fc.constantFrom({}, { min: 0.1 }, { min: 2, max: 2 }, { max: 1e-3 }),
        (c, options) => {
          const scaled = scaleWeights(c, options);
          expect(pattern(scaled)).toEqual(pattern(c));
          expect([...scaled.weights.values].map(Math.sign)).toEqual([...c.weights.values].map(Math.sign));
          const { min = 0, max = 1 } = options as { min?: number; max?: number };
          const sizes = [...scaled.weights.values].map(Math.abs);
          expect(Math.abs(Math.max(...sizes) / max - 1)).toBeLessThan(1e-15);
          expect(Math.min(...sizes)).toBeGreaterThanOrEqual(min);
          expect(scaled.directed).toBe(c.directed);
        },
      ),
    );
  });

  it.each([
    { min: -1 },
    { min: 2, max: 1 },
    { max: 0 },
    { max: Number.NaN },
    { max: Number.POSITIVE_INFINITY },
  ])("refuses %j", (options) => {
    expect(() => scaleWeights(of([[1]]), options)).toThrow(expect.objectContaining({ code: "bad-range" }));
  });

  it("says what is wrong", () => {
    expect(() => scaleWeights(of([[1]]), { min: 2, max: 1 })).toThrow(
      "scaleWeights: magnitudes cannot be scaled to 2 … 1. Give 0 ≤ min ≤ max and max > 0; signs are kept.",
    );
  });

  it("leaves a graph without edges alone", () => {
    expect(
      rows(
        scaleWeights(
          of([
            [0, 0],
            [0, 0],
          ]),
        ),
      ),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});
