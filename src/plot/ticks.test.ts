import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { linearTicks, logTicks } from "./ticks.ts";

describe("linearTicks", () => {
  it("chooses round steps and writes as many decimals as they need", () => {
    expect(linearTicks(0, 1)).toEqual({
      values: [0, 0.2, 0.4, 0.6, 0.8, 1],
      labels: ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"],
    });
    expect(linearTicks(0, 16.3, 8).labels).toEqual(["0", "2", "4", "6", "8", "10", "12", "14", "16"]);
    expect(linearTicks(-0.3, 0.3, 3).labels).toEqual(["−0.2", "0.0", "0.2"]);
    expect(linearTicks(0, 3e6, 3).labels).toEqual(["0", "1×10⁶", "2×10⁶", "3×10⁶"]);
  });
  it("writes very large and very small ticks with one power of ten for the whole axis", () => {
    expect(linearTicks(7.5e-5, 1.6e-4).labels).toEqual([
      "0.8×10⁻⁴",
      "1.0×10⁻⁴",
      "1.2×10⁻⁴",
      "1.4×10⁻⁴",
      "1.6×10⁻⁴",
    ]);
    expect(linearTicks(-2e-6, 2e-6, 4).labels).toEqual(["−2×10⁻⁶", "−1×10⁻⁶", "0", "1×10⁻⁶", "2×10⁻⁶"]);
    expect(linearTicks(1e6, 1.04e6, 4).labels).toEqual([
      "1.00×10⁶",
      "1.01×10⁶",
      "1.02×10⁶",
      "1.03×10⁶",
      "1.04×10⁶",
    ]);
  });
  it("stays inside the axis, ascends evenly and is never far from the wanted number", () => {
    const end = fc.double({ min: -1e5, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(end, fc.double({ min: 1e-4, max: 1e5, noNaN: true }), (low, span) => {
        const { values } = linearTicks(low, low + span, 5);
        const slack = 1e-6 * span;
        expect(values.length).toBeGreaterThanOrEqual(2);
        expect(values.length).toBeLessThanOrEqual(11);
        for (const v of values) expect(v >= low - slack && v <= low + span + slack).toBe(true);
        const steps = values.slice(1).map((v, i) => v - values[i]);
        expect(Math.max(...steps) - Math.min(...steps)).toBeLessThanOrEqual(1e-6 * span);
      }),
    );
  });
  it("gives one tick to an axis without length", () => {
    expect(linearTicks(2, 2).values).toEqual([2]);
  });
});

describe("logTicks", () => {
  it("takes powers of ten, with 2 and 5 times them over short ranges", () => {
    expect(logTicks(1e-5, 10).labels).toEqual(["10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹"]);
    expect(logTicks(1e-3, 10).labels).toEqual(["0.001", "0.01", "0.1", "1", "10"]);
    expect(logTicks(8e-5, 7e-4).labels).toEqual(["10⁻⁴", "2×10⁻⁴", "5×10⁻⁴"]);
    expect(logTicks(1, 1e4).labels).toEqual(["10⁰", "10¹", "10²", "10³", "10⁴"]);
    expect(logTicks(1, 60).values).toEqual([1, 2, 5, 10, 20, 50]);
    expect(logTicks(1, 1000).values).toEqual([1, 10, 100, 1000]);
  });
  it("thins long ranges to seven labels", () => {
    expect(logTicks(1e-20, 1e20).values.length).toBeLessThanOrEqual(7);
  });
});
