import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { delpapa2017 } from "./delpapa2017.ts";
import { drawTargetRates } from "./target-rates.ts";

const moments = (values: Float64Array) => {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  const third = values.reduce((sum, v) => sum + (v - mean) ** 3, 0) / values.length;
  return { mean, sd: Math.sqrt(variance), skewness: third / variance ** 1.5 };
};

describe("drawTargetRates", () => {
  it.each(["normal", "lognormal"] as const)("has the mean and spread that are asked for, %s", (law) => {
    const n = 20_000;
    const rates = drawTargetRates(n, { mean: 0.1, sd: 0.02, law }, createRng(4));
    const { mean, sd, skewness } = moments(rates);
    expect(Math.abs(mean - 0.1)).toBeLessThan((5 * 0.02) / Math.sqrt(n));
    expect(Math.abs(sd - 0.02)).toBeLessThan(0.001);
    // Of a log-normal law (v + 3) v with v = sd / mean.
    expect(Math.abs(skewness - (law === "normal" ? 0 : 3.008 * 0.2))).toBeLessThan(0.15);
  });

  it("is the same number for all without spread, and between 0 and 1 with much", () => {
    expect([...drawTargetRates(3, { mean: 0.1, sd: 0 }, createRng(1))]).toEqual([0.1, 0.1, 0.1]);
    const wide = drawTargetRates(2000, { mean: 0.1, sd: 0.5 }, createRng(1));
    expect(wide.every((rate) => rate > 0 && rate < 1)).toBe(true);
  });

  it("is what the units of a preset aim at", () => {
    const targetRate = drawTargetRates(50, { mean: 0.1, sd: 0.03 }, createRng(1));
    const net = delpapa2017({ units: 50, change: { targetRate } }, createRng(2));
    expect(net.populations[0].parameters?.targetRate).toEqual(targetRate);
  });

  it.each([
    [{ mean: 1, sd: 0.1 }, "the target rate must lie between 0 and 1, got 1"],
    [{ mean: 0.1, sd: -0.1 }, "the standard deviation of target rates must be from 0 to 0.5, got -0.1"],
    [{ mean: 0.1, sd: 2 }, "the standard deviation of target rates must be from 0 to 0.5, got 2"],
  ])("refuses %j", (spread, what) => {
    expect(() => drawTargetRates(10, spread, createRng(1))).toThrow(what);
  });
});
