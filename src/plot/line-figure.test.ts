import { describe, expect, it } from "vitest";
import { lineFigure } from "./line-figure.ts";
import { parseSvg, points } from "./parse-svg.fixture.ts";

const wave = (n: number, f = 0.05) => Array.from({ length: n }, (_, i) => Math.sin(f * i));

describe("lineFigure", () => {
  it("stacks panels with titles, axes, named lines and shaded stretches", async () => {
    const figure = parseSvg(
      await lineFigure({
        panels: [
          {
            title: "Units",
            yLabel: "r",
            series: [{ y: wave(300), label: "unit 1" }, { y: wave(300, 0.03) }],
            spans: [{ from: 20, to: 60, label: "input" }],
          },
          {
            yLabel: "Δr",
            xLabel: "Time (ms)",
            series: [{ y: wave(300, 0.01), color: "#123456", dash: "4 2" }],
          },
        ],
      }),
    );
    expect(figure.lines).toHaveLength(3);
    expect(figure.lines[2].stroke).toBe("#123456");
    expect(figure.count("[stroke-dasharray]")).toBe(1);
    expect(figure.count('g[aria-label="rect"] rect')).toBe(1);
    for (const t of ["Units", "r", "Δr", "Time (ms)", "unit 1", "input"]) expect(figure.texts).toContain(t);
  });

  it("gives all panels one horizontal axis: the same time at the same place", async () => {
    const figure = parseSvg(
      await lineFigure({
        panels: [
          { yLabel: "a", series: [{ x: [0, 50, 100], y: [0, 9000, 0] }] },
          { yLabel: "b", series: [{ x: [50, 75, 100], y: [0, 1, 0] }] },
        ],
      }),
    );
    const [first, second] = figure.lines.map((l) => points(l.d));
    expect(second[0][0]).toBeCloseTo(first[1][0], 1);
    expect(second[2][0]).toBeCloseTo(first[2][0], 1);
  });

  it("stays small for long series", async () => {
    const long = { y: Float32Array.from(wave(200_000, 0.0007)) };
    expect((await lineFigure({ panels: [{ series: [long] }] })).length).toBeLessThan(20_000);
  });

  it("keeps lines inside a fixed axis, gaps as gaps, and empty panels empty", async () => {
    const svg = await lineFigure({
      panels: [
        { yDomain: [-1, 1], series: [{ y: [0, 50, 0, Number.NaN, 0, -50] }] },
        { title: "nothing", series: [] },
        { title: "one point", series: [{ y: [3], label: "p" }] },
      ],
    });
    const figure = parseSvg(svg);
    const at = points(figure.lines[0].d);
    const [, height] = figure.size;
    for (const [, y] of at) expect(y > 0 && y < height / 3).toBe(true);
    expect(figure.lines[0].d.match(/M/g)).toHaveLength(2);
    expect(figure.texts).toContain("nothing");
  });

  it("gives the same bytes twice", async () => {
    const draw = () => lineFigure({ panels: [{ series: [{ y: wave(500), label: "a" }] }] });
    expect(await draw()).toBe(await draw());
  });

  it("refuses no panels and x that does not match y, naming the series", async () => {
    await expect(lineFigure({ panels: [] })).rejects.toThrow("lineFigure: there is no panel to draw");
    await expect(lineFigure({ panels: [{ series: [{ x: [1], y: [1, 2], label: "v" }] }] })).rejects.toThrow(
      'lineFigure: panels[0].series[0] "v": x has 1 values, y has 2. Give as many x as y.',
    );
  });
});
