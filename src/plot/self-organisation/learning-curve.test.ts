import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { learningCurve, runningMean } from "./learning-curve.ts";

const ramp = (n: number, slope: number) => Array.from({ length: n }, (_, i) => slope * i + ((i * 7) % 5));

describe("learningCurve", () => {
  it("draws seeds, their mean, controls, specks of the runs alone, and where the task is solved", async () => {
    const figure = readFigure(
      await learningCurve({
        runs: [
          { label: "SORN", seeds: [ramp(400, 1), ramp(500, 0.9)] },
          { label: "control", seeds: [ramp(400, 0.1)], isControl: true },
        ],
        threshold: { value: 195, label: "solved" },
      }),
    );
    expect(figure.paths("SORN: seeds")).toHaveLength(2);
    expect(figure.paths("SORN")).toHaveLength(1);
    expect(figure.paths("control")).toHaveLength(1);
    expect(figure.paths("episodes").map(pieces)).toEqual([400, 500]);
    // Two dots, with a rim each.
    expect(figure.paths("solved").map(pieces)).toEqual([2, 2]);
    expect(figure.texts).toEqual(expect.arrayContaining(["SORN", "control", "solved", "Episode"]));
  });
  it("says at which episode a single run solves the task", async () => {
    const flat = Array.from({ length: 300 }, (_, i) => (i < 150 ? 0 : 10));
    const figure = readFigure(
      await learningCurve({ runs: [{ label: "a", seeds: [flat] }], threshold: { value: 10 } }),
    );
    expect(figure.texts).toContain("episode 250");
  });
  it("stays small for very long runs", async () => {
    const svg = await learningCurve({ runs: [{ label: HOSTILE, seeds: [ramp(100_000, 0.01)] }] });
    expect(svg.length).toBeLessThan(120_000);
    expect(readFigure(svg).texts).toContain(HOSTILE);
  });
  it("refuses nothing, runs shorter than the window, and no window", async () => {
    await expect(learningCurve({ runs: [] })).rejects.toThrow("learningCurve: there is no run to draw");
    await expect(learningCurve({ runs: [{ label: "a", seeds: [] }] })).rejects.toThrow(
      'learningCurve: "a": there is no seed to draw',
    );
    await expect(learningCurve({ runs: [{ label: "a", seeds: [[1, 2]] }] })).rejects.toThrow(
      'learningCurve: "a": 2 episodes hold no running mean of 100. Give more episodes or a smaller window.',
    );
    await expect(learningCurve({ runs: [{ label: "a", seeds: [[1]] }] }, { window: 0 })).rejects.toThrow(
      "window is 0",
    );
  });
});

describe("runningMean", () => {
  it("is the mean of each window, computed anew", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -50, max: 500 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (v, w) => {
          const mean = runningMean(v, w);
          expect(mean).toHaveLength(Math.max(0, v.length - w + 1));
          mean.forEach((m, i) => {
            expect(m).toBeCloseTo(v.slice(i, i + w).reduce((a, b) => a + b, 0) / w, 9);
          });
        },
      ),
    );
  });
});
