import { describe, expect, it } from "vitest";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { weightChange } from "./weight-change.ts";

const data = { weight: [0.04, 0.1, 0.21], change: [0.0047, 0.008, 0.0119], error: [0.0002, 0.0006, 0.001] };

describe("weightChange", () => {
  it("draws a dot and an error bar for each bin, synapses behind, the fit and its slope", async () => {
    const samples = {
      x: Array.from({ length: 9000 }, (_, i) => i / 45_000),
      y: new Float64Array(9000).fill(0.01),
    };
    const figure = readFigure(
      await weightChange(
        { ...data, samples, fit: { slope: 0.042, intercept: 0.003, standardError: 0.0013 } },
        { steps: 3000 },
      ),
    );
    expect(figure.paths("means").map(pieces)).toEqual([3, 3]);
    expect(pieces(figure.paths("errors")[0])).toBe(3);
    expect(pieces(figure.paths("synapses")[0])).toBe(3000);
    expect(figure.texts).toEqual(
      expect.arrayContaining(["slope 0.0420 ± 0.0013", "Mean |Δw| over 3000 steps", "Weight w"]),
    );
  });
  it("takes logarithmic axes, on which an error bar that reaches below 0 ends at the axis", async () => {
    const figure = readFigure(
      await weightChange({ ...data, error: [0.01, 0.0006, 0.001] }, { log: true, title: HOSTILE }),
    );
    expect(pieces(figure.paths("errors")[0])).toBe(3);
    expect(figure.texts).toContain("0.1");
  });
  it("refuses nothing, lists that do not match and a fit that failed", async () => {
    await expect(weightChange({ weight: [], change: [] })).rejects.toThrow(
      "weightChange: there is no bin to draw",
    );
    await expect(weightChange({ ...data, error: [1] })).rejects.toThrow(
      "weightChange: error has 1 values, weight has 3",
    );
    await expect(weightChange({ ...data, fit: { slope: Number.NaN, intercept: 0 } })).rejects.toThrow(
      "weightChange: the fit is 0 + NaN w. Leave it out where there is none.",
    );
  });
});
