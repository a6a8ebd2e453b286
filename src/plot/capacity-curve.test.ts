import { parseHTML } from "linkedom";
import { afterEach, describe, expect, it, vi } from "vitest";
import { capacityCurve, looksLogarithmic, scoreDomain } from "./capacity-curve.ts";
import { parseSvg, points } from "./parse-svg.fixture.ts";
import { COLOUR } from "./style.ts";

const labels = { xLabel: "Spectral radius", yLabel: "Memory capacity (steps)" };
const x = [0.2, 0.4, 0.6, 0.8, 1, 1.2];
const values = [2, 4, 7, 12, 9, 1];
const shifted = (by: number) => values.map((v) => Math.max(0, v + by));
const band = {
  label: "20 rewired copies",
  q05: shifted(-3),
  q25: shifted(-2.5),
  median: shifted(-2),
  q75: shifted(-1.5),
  q95: shifted(-1),
};
const empirical = { label: "C. elegans", values };

describe("capacityCurve", () => {
  it("draws one strong line over two bands and a median, and names them", async () => {
    const figure = parseSvg(await capacityCurve({ x, empirical, nulls: [band] }, labels));
    expect(figure.count('g[aria-label="area"] path')).toBe(2);
    expect(figure.lines.map((l) => l.stroke)).toEqual([COLOUR.null, COLOUR.empirical]);
    expect(points(figure.lines[1].d)).toHaveLength(6);
    for (const name of ["C. elegans", "20 rewired copies", "Spectral radius", "Memory capacity (steps)"]) {
      expect(figure.texts).toContain(name);
    }
  });

  it("marks each line's best point with its value and place", async () => {
    const figure = parseSvg(await capacityCurve({ x, empirical, nulls: [band] }, labels));
    expect(figure.texts).toContain("12.0 at 0.8");
    expect(figure.texts).toContain("10.0 at 0.8");
    const [line] = figure.lines.slice(1);
    const peak = points(line.d)[3];
    const dots = figure
      .all("circle")
      .map((c) => [Number(c.getAttribute("cx")), Number(c.getAttribute("cy"))]);
    expect(dots).toContainEqual(peak);
  });

  it("marks the lowest point where less is better", async () => {
    const figure = parseSvg(await capacityCurve({ x, empirical, nulls: [] }, { ...labels, better: "lower" }));
    expect(figure.texts).toContain("1.00 at 1.2");
  });

  it("puts values where a linear scale puts them: equal steps in x, 0 at the foot", async () => {
    const figure = parseSvg(
      await capacityCurve({ x, empirical: { label: "a", values: [0, 1, 2, 3, 4, 5] }, nulls: [] }, labels),
    );
    const at = points(figure.lines[0].d);
    const foot = Number(figure.all('g[aria-label="rule"] line')[0].getAttribute("y1"));
    expect(at[0][1]).toBeCloseTo(foot, 1);
    for (let i = 2; i < at.length; i++) {
      expect(at[i][0] - at[i - 1][0]).toBeCloseTo(at[1][0] - at[0][0], 1);
      expect(at[i][1] - at[i - 1][1]).toBeCloseTo(at[1][1] - at[0][1], 1);
    }
  });

  it("keeps every label and tick inside the figure, at every width", async () => {
    for (const width of ["single", "double", 6] as const) {
      const svg = await capacityCurve({ x, empirical, nulls: [band] }, { ...labels, width, height: 6 });
      const figure = parseSvg(svg);
      const [w, h] = figure.size;
      for (const t of figure.all("text")) {
        const px = Number(t.getAttribute("x") ?? 0);
        const py = Number(t.getAttribute("y")?.replace(/em$/, "") ?? 0);
        expect(px >= 0 && px <= w && py <= h).toBe(true);
      }
    }
  });

  it("leaves a gap where a value is missing and says so where all are", async () => {
    const gap = { label: "a", values: [1, 2, Number.NaN, 4, 5, 6] };
    const figure = parseSvg(await capacityCurve({ x, empirical: gap, nulls: [] }, labels));
    expect(figure.lines[0].d.match(/M/g)).toHaveLength(2);
    const none = { label: "a", values: x.map(() => Number.NaN) };
    expect(parseSvg(await capacityCurve({ x, empirical: none, nulls: [] }, labels)).texts).toContain(
      "no finite value to draw",
    );
  });

  it("shades the spread over repeats", async () => {
    const repeats = { ...empirical, low: shifted(-0.5), high: shifted(0.5) };
    const figure = parseSvg(await capacityCurve({ x, empirical: repeats, nulls: [] }, labels));
    expect(figure.count('g[aria-label="area"] path')).toBe(1);
  });

  it("draws bars instead of lines for names and for a single value", async () => {
    const names = { x: ["tanh", "relu"], empirical: { label: "a", values: [3, 4] }, nulls: [] };
    const figure = parseSvg(await capacityCurve(names, labels));
    expect(figure.lines).toHaveLength(0);
    expect(figure.texts).toContain("tanh");
    const single = { x: [0.9], empirical: { label: "a", values: [3] }, nulls: [] };
    expect(parseSvg(await capacityCurve(single, labels)).texts).toContain("0.9");
  });

  it("takes a logarithmic axis for values laid out by ratio", async () => {
    const decades = {
      x: [1e-4, 1e-3, 1e-2, 0.1, 1],
      empirical: { label: "a", values: [1, 2, 3, 2, 1] },
      nulls: [],
    };
    const at = points(parseSvg(await capacityCurve(decades, labels)).lines[0].d);
    expect(at[1][0] - at[0][0]).toBeCloseTo(at[4][0] - at[3][0], 1);
  });

  it("shows hostile names as they are, without harm", async () => {
    const hostile = '<script>alert("x")</script>&';
    const svg = await capacityCurve(
      { x, empirical: { label: hostile, values }, nulls: [{ ...band, label: hostile }] },
      { xLabel: hostile, yLabel: hostile },
    );
    expect(parseSvg(svg).texts.filter((t) => t === hostile)).toHaveLength(4);
  });

  it("gives the same bytes twice", async () => {
    const draw = () => capacityCurve({ x, empirical, nulls: [band] }, labels);
    expect(await draw()).toBe(await draw());
  });

  it("refuses nothing, lengths that differ, and widths that are no widths", async () => {
    await expect(capacityCurve({ x: [], empirical, nulls: [] }, labels)).rejects.toThrow(
      "capacityCurve: there is no value to draw",
    );
    await expect(capacityCurve({ x: [1, 2], empirical, nulls: [] }, labels)).rejects.toThrow(
      'capacityCurve: "values" of C. elegans has 6 values for 2 points. Give one value for each point of the axis',
    );
    await expect(capacityCurve({ x, empirical, nulls: [] }, { ...labels, width: 800 })).rejects.toThrow(
      'figure: width must be "single", "double" or 4 … 60 cm, got 800. Widths are in centimetres.',
    );
  });
});

describe("the page's document", () => {
  afterEach(() => vi.unstubAllGlobals());
  it("is used where there is one, with the same bytes", async () => {
    const draw = () => capacityCurve({ x, empirical, nulls: [band] }, labels);
    const without = await draw();
    const { document } = parseHTML(
      "<html><head><style>svg { color: red }</style></head><body></body></html>",
    );
    const made = vi.spyOn(document, "createElementNS");
    vi.stubGlobal("document", document);
    expect(await draw()).toBe(without);
    expect(made).toHaveBeenCalled();
  });
});

describe("scoreDomain and looksLogarithmic", () => {
  it("starts scores at 0, leaves room above, follows negative values", () => {
    expect(scoreDomain([2, 10])).toEqual([0, 10.9]);
    expect(scoreDomain([-1, 1])[0]).toBeLessThan(-1);
    expect(scoreDomain([0, 0])[1]).toBeGreaterThan(0);
  });
  it("tells geometric from arithmetic grids", () => {
    expect(looksLogarithmic([0.001, 0.01, 0.1, 1])).toBe(true);
    expect(looksLogarithmic([0, 0.01, 0.1, 1])).toBe(false);
    expect(looksLogarithmic([0.01, 0.5, 1, 1.5])).toBe(false);
    expect(looksLogarithmic([0.5, 1, 2])).toBe(false);
  });
});
