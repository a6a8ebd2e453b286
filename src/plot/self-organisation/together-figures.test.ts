import { describe, expect, it } from "vitest";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { activityHistogram } from "./activity-histogram.ts";
import { correlationGraph } from "./correlation-graph.ts";
import { divergenceFigure } from "./divergence-figure.ts";

describe("activityHistogram", () => {
  it("draws a bar for each number of active units that occurs, the law beside it and the threshold", async () => {
    const figure = readFigure(
      await activityHistogram(
        { activity: [0, 1, 1, 3, 3, 3], independent: [0.2, 0.5, 0.2, 0.1], theta: 2 },
        { title: HOSTILE },
      ),
    );
    expect(pieces(figure.paths("histogram")[0])).toBe(3);
    expect(figure.paths("independent")).toHaveLength(1);
    expect(figure.paths("threshold")).toHaveLength(1);
    expect(figure.texts).toEqual(expect.arrayContaining(["Active units", "threshold 2", "mean 1.8, sd 1.2"]));
  });

  it("refuses a run without a step", async () => {
    await expect(activityHistogram({ activity: [] })).rejects.toThrow("there is no step to draw");
  });
});

describe("correlationGraph", () => {
  const values = [1, 0, 0, 0, 0.5, 1, 0, 0, -0.4, 0.1, 1, 0, 0.3, 0, 0.2, 1];

  it("joins the pairs at or above the threshold, by their sign", async () => {
    const figure = readFigure(await correlationGraph({ correlations: { rows: 4, values }, threshold: 0.3 }));
    expect(figure.paths("positive").map(pieces)).toEqual([2]);
    expect(figure.paths("negative").map(pieces)).toEqual([1]);
    expect(figure.paths("units").map(pieces)).toEqual([0, 4]);
    expect(figure.description).toContain("3 of 6 pairs");
  });

  it("refuses a threshold of 0 and a matrix that is not square", async () => {
    await expect(correlationGraph({ correlations: { rows: 4, values }, threshold: 0 })).rejects.toThrow(
      "correlationGraph: the threshold is 0. Give a correlation above 0.",
    );
    await expect(correlationGraph({ correlations: { rows: 3, values }, threshold: 1 })).rejects.toThrow(
      "correlationGraph: 16 correlations for 3 units. Give shape (unit, unit).",
    );
  });
});

describe("divergenceFigure", () => {
  it("draws a curve of each network in both panels, and what runs that share nothing would give", async () => {
    const curve = { distance: [1, 2, 4], alive: [1, 0.5, 0.5] };
    const figure = readFigure(await divergenceFigure({ curves: [curve, curve], unrelated: 30 }));
    expect(figure.paths("distance")).toHaveLength(2);
    expect(figure.paths("alive")).toHaveLength(2);
    expect(figure.paths("unrelated")).toHaveLength(1);
    expect(figure.texts).toContain("Units that differ");
  });

  it("refuses nothing, and panels that do not match", async () => {
    await expect(divergenceFigure({ curves: [] })).rejects.toThrow("there is no curve to draw");
    await expect(divergenceFigure({ curves: [{ distance: [1, 2], alive: [1] }] })).rejects.toThrow(
      "divergenceFigure: alive has 1 values, distance has 2",
    );
  });
});
