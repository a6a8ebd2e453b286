import { describe, expect, it } from "vitest";
import { forgettingCurve } from "./forgetting-curve.ts";
import { parseSvg, points } from "./parse-svg.fixture.ts";
import { COLOUR } from "./style.ts";

const delays = Array.from({ length: 20 }, (_, k) => k + 1);
const curve = (half: number) => delays.map((k) => 1 / (1 + (k / half) ** 4));
const empirical = { label: "C. elegans", values: curve(9) };
const nulls = [
  { label: "20 rewired", q05: curve(6), q25: curve(6.5), median: curve(7), q75: curve(7.5), q95: curve(8) },
];
const family = {
  label: "Spectral radius",
  best: 0.9,
  curves: [0.3, 0.6, 0.9, 1.2].map((value) => ({ value, values: curve(value * 9) })),
};

describe("forgettingCurve", () => {
  it("draws the real network over the band of its nulls on an axis from 0 to 1", async () => {
    const figure = parseSvg(await forgettingCurve({ delays, empirical, nulls }));
    expect(figure.count('g[aria-label="area"] path')).toBe(2);
    expect(figure.lines.map((l) => l.stroke)).toEqual([COLOUR.null, COLOUR.empirical]);
    expect(points(figure.lines[1].d)).toHaveLength(20);
    for (const name of [
      "C. elegans",
      "20 rewired",
      "0.0",
      "1.0",
      "Delay k (steps)",
      "Input recalled, r²(k)",
    ]) {
      expect(figure.texts).toContain(name);
    }
  });

  it("adds a lettered panel with a line for each value, the best strong", async () => {
    const figure = parseSvg(await forgettingCurve({ delays, empirical, nulls, family }));
    expect(figure.lines).toHaveLength(6);
    // Drawn last, so that no other line covers it.
    expect(figure.lines[5].stroke).toBe(COLOUR.empirical);
    for (const name of ["a", "b", "Spectral radius", "0.3", "0.9 (best)", "1.2"]) {
      expect(figure.texts).toContain(name);
    }
    expect(new Set(figure.lines.slice(2).map((l) => l.stroke)).size).toBe(4);
  });

  it("puts panels beside each other on two columns and below each other on one", async () => {
    const wide = parseSvg(
      await forgettingCurve({ delays, empirical, nulls, family }, { width: "double", height: 6 }),
    );
    const narrow = parseSvg(
      await forgettingCurve({ delays, empirical, nulls, family }, { width: "single", height: 6 }),
    );
    expect(narrow.size[1]).toBeCloseTo(2 * wide.size[1], 1);
  });

  it("survives one delay, missing values and hostile names; same bytes twice", async () => {
    const one = { delays: [1], empirical: { label: "<b>&", values: [Number.NaN] }, nulls: [] };
    expect(parseSvg(await forgettingCurve(one)).texts).toContain("<b>&");
    expect(await forgettingCurve(one)).toBe(await forgettingCurve(one));
  });

  it("refuses no delays and lengths that differ", async () => {
    await expect(forgettingCurve({ delays: [], empirical, nulls })).rejects.toThrow(
      "forgettingCurve: there is no delay to draw",
    );
    const bad = { ...family, curves: [{ value: 0.5, values: [1] }] };
    await expect(forgettingCurve({ delays, empirical, nulls, family: bad })).rejects.toThrow(
      'forgettingCurve: "values" of 0.5 has 1 values for 20 points',
    );
  });
});
