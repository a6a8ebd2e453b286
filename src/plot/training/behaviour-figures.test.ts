import { describe, expect, it } from "vitest";
import { HOSTILE, pieces, readFigure } from "../read-figure.fixture.ts";
import { pixelWidth } from "../style.ts";
import { chronometricFigure, psychometricFigure } from "./choice-curves.ts";
import { evidenceColours } from "./evidence-colours.ts";
import { selectivityHistogram } from "./selectivity-histogram.ts";
import { settingGrid } from "./setting-grid.ts";
import { statePlane } from "./state-plane.ts";
import { wilsonInterval } from "./wilson-interval.ts";

describe("wilsonInterval", () => {
  it("agrees with worked values", () => {
    // Newcombe (1998), Stat. Med. 17, 857–872, table I, method 3: 81/263, 15/148, 0/20, 1/29.
    for (const [k, n, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ]) {
      const interval = wilsonInterval(k / n, n);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
    expect(wilsonInterval(0.5, 0).low).toBeNaN();
  });
});

describe("psychometricFigure", () => {
  const evidence = [-10, 0, 10];
  it("draws points with error bars and the fit, or lines where there is none", async () => {
    const figure = readFigure(
      await psychometricFigure({
        series: [
          {
            label: "a",
            evidence,
            fraction: [0.1, 0.5, 0.9],
            count: [50, 50, 50],
            curve: { x: [-10, 10], y: [0.1, 0.9] },
          },
          { label: "b", evidence, fraction: [0.4, 0.5, 0.6] },
          { label: HOSTILE, evidence, fraction: [0.4, 0.5, 0.6] },
        ],
      }),
    );
    expect(figure.paths("a").map(pieces)).toEqual([3, 3]);
    expect(figure.paths("a: intervals").map(pieces)).toEqual([3]);
    expect(figure.paths("a: fit")).toHaveLength(1);
    expect(figure.paths("b: line")).toHaveLength(1);
    expect(figure.paths("b: intervals")).toHaveLength(0);
    expect(figure.paths("chance")).toHaveLength(2);
    expect(figure.texts).toContain(HOSTILE);
    expect(figure.description).toContain("a from 10 % at -10 to 90 % at 10");
  });
  it("refuses unequal lists", async () => {
    await expect(psychometricFigure({ series: [] })).rejects.toThrow(
      "psychometricFigure: there is no curve to draw",
    );
    await expect(psychometricFigure({ series: [{ label: "a", evidence, fraction: [1] }] })).rejects.toThrow(
      'psychometricFigure: "a": fraction has 1 values, evidence has 3',
    );
  });
});

describe("chronometricFigure", () => {
  it("draws times with error bars, wrong answers quieter", async () => {
    const evidence = [0, 5, 10];
    const figure = readFigure(
      await chronometricFigure({
        series: [
          { label: "right", evidence, time: [600, 500, 400], low: [590, 490, 390], high: [610, 510, 410] },
          { label: "wrong", evidence: [0], time: [650], isQuiet: true },
        ],
      }),
    );
    expect(figure.paths("right: intervals").map(pieces)).toEqual([3]);
    expect(figure.paths("wrong").map(pieces)).toEqual([1, 1]);
    expect(figure.texts).toContain("Reaction time (ms)");
    await expect(
      chronometricFigure({ series: [{ label: "r", evidence, time: [Number.NaN, Number.NaN, Number.NaN] }] }),
    ).rejects.toThrow("no finite reaction time to draw");
  });
});

describe("evidenceColours", () => {
  it("has one hue for each sign, deeper with rank, and grey for none", () => {
    const { of, entries } = evidenceColours([
      { label: "+2", evidence: 2 },
      { label: "+8", evidence: 8 },
      { label: "−8", evidence: -8 },
      { label: "0", evidence: 0 },
      { label: "free" },
    ]);
    expect(new Set(of).size).toBe(5);
    expect(of[3]).toBe("#7f7f7f");
    expect(entries("coherence").map((e) => e.label)).toEqual(["coherence", "+8", "+2", "0", "free", "−8"]);
    expect(entries("coherence")[0].swatch.kind).toBe("none");
    const eight = Array.from({ length: 8 }, (_, k) => ({ label: `sequence ${k}` }));
    expect(new Set(evidenceColours(eight).of).size).toBe(8);
    expect(entries().map((e) => e.label)).toEqual(["+8", "+2", "0", "free", "−8"]);
  });
});

describe("statePlane", () => {
  const paths = [-1, 1].map((evidence) => ({
    label: `e ${evidence}`,
    evidence,
    x: [0, 1, 2, 3],
    y: [0, 0, evidence, 2 * evidence],
  }));
  it("draws paths with start, end and periods, and fixed points by stability", async () => {
    const figure = readFigure(
      await statePlane({
        paths,
        periods: [
          { name: "wait", step: 0 },
          { name: HOSTILE, step: 2 },
          { name: "late", step: 9 },
        ],
        points: [
          { x: 0, y: 0, unstable: 0 },
          { x: 1, y: 0, unstable: 1 },
          { x: 2, y: 0, unstable: 3 },
          { x: 2, y: 1, unstable: 0, slow: true },
        ],
      }),
    );
    expect(figure.paths("e 1")).toHaveLength(1);
    expect(figure.all('g[aria-label="e 1"] circle')).toHaveLength(2);
    const end = figure.all('g[aria-label="e 1"] rect');
    expect(end).toHaveLength(1);
    // The key shows the end of a path as it is drawn.
    const key = figure.all("rect").filter((r) => r.getAttribute("width") === end[0].getAttribute("width"));
    expect(key).toHaveLength(3);
    for (const name of ["stable", "saddle, 1 unstable direction", "unstable, 2+ directions", "slow point"]) {
      expect(figure.paths(name).map(pieces)).toEqual([1, 1]);
      expect(figure.texts).toContain(`${name} (1)`);
    }
    expect(figure.texts).toContain("PC 1");
  });
  it("has one unit of length on both axes", async () => {
    const path = { label: "a", x: [0, 1, 1], y: [0, 0, 1] };
    const [d] = readFigure(await statePlane({ paths: [path] })).paths("a");
    const [a, b, c] = [...d.matchAll(/[ML]([\d.]+),([\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(b[0] - a[0]).toBeCloseTo(b[1] - c[1], 1);
  });
  it("ends a path at the first step without a state, and refuses nothing at all", async () => {
    const cut = { label: "a", x: [0, 1, Number.NaN], y: [0, 1, Number.NaN] };
    const [d] = readFigure(await statePlane({ paths: [cut] })).paths("a");
    expect(d.match(/[ML]/g)).toHaveLength(2);
    await expect(statePlane({ paths: [] })).rejects.toThrow(
      "statePlane: there is no path and no point to draw",
    );
  });
});

describe("selectivityHistogram", () => {
  it("counts units, those beyond chance dark", async () => {
    const figure = readFigure(
      await selectivityHistogram({
        panels: [
          { title: "choice", values: [-1, 0, 1, Number.NaN], significant: [1, 0, 1, 0] },
          { title: "motion", values: [0.5] },
        ],
      }),
    );
    expect(figure.paths("all units").map(pieces)).toEqual([3, 1]);
    expect(figure.paths("beyond chance").map(pieces)).toEqual([2]);
    expect(figure.description).toContain("choice, 4 units, 2 beyond chance");
    await expect(selectivityHistogram({ panels: [] })).rejects.toThrow("there is no panel to draw");
  });
  it("keeps the outermost bars clear of the ends of the axis", async () => {
    const figure = readFigure(await selectivityHistogram({ panels: [{ title: "a", values: [-5, 0, 5] }] }));
    const across = (d: string) => [...d.matchAll(/[MH]([\d.]+)/g)].map((m) => Number(m[1]));
    const bar = across(figure.paths("all units")[0]);
    const zero = across(figure.paths("zero")[0])[0];
    // The right end of the axes is 14 px from that of the figure, 0 lies in the middle.
    const half = pixelWidth("double") - 14 - zero;
    expect((zero - Math.min(...bar)) / half).toBeCloseTo(25 / 26, 2);
  });
});

describe("settingGrid", () => {
  const data = {
    rows: { name: "Learning rate", values: [0.1, 0.01] },
    columns: { name: HOSTILE, values: ["relu", "tanh"] },
    cells: [0.5, Number.NaN, 0.002, 0.3],
  };
  it("writes each number into its cell and frames the best", async () => {
    const figure = readFigure(await settingGrid(data, { label: "Lowest loss" }));
    expect(figure.all('g[aria-label="cell"]')).toHaveLength(4);
    for (const words of ["0.500", "–", "0.00200", "0.300", "Learning rate", HOSTILE, "tanh", "0.1"])
      expect(figure.texts).toContain(words);
    const frame = figure.all('g[aria-label="best"] rect')[0];
    const cell = figure.all('g[aria-label="cell"] rect')[2];
    const left = (rect: Element) => Number(rect.getAttribute("x"));
    expect(left(frame)).toBeCloseTo(left(cell) + 1.5, 1);
    expect(figure.description).toContain("best 0.00200 at 0.01, relu");
    const highest = await settingGrid(data, { better: "higher" });
    expect(readFigure(highest).description).toContain("best 0.500 at 0.1, relu");
  });
  it("refuses cells that do not fill the grid", async () => {
    await expect(settingGrid({ ...data, cells: [1] })).rejects.toThrow(
      "settingGrid: 1 cells do not fill 2 × 2",
    );
    await expect(settingGrid({ ...data, notes: ["a"] })).rejects.toThrow("1 notes do not fill 2 × 2");
    const none = data.cells.map(() => Number.NaN);
    await expect(settingGrid({ ...data, cells: none })).rejects.toThrow("no finite number to draw");
  });
});
