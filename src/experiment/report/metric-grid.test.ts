import { describe, expect, it } from "vitest";
import { readMetrics } from "./metric-grid.ts";
import { averageCells, bandOf, bestCurve, delayCurves, peakOf } from "./network-curves.ts";
import { LEAK, nullCapacity, RADIUS, realCapacity, reportInput } from "./report-input.fixture.ts";

describe("readMetrics", () => {
  it("lays rows out by network, repeat, setting and point, whatever their order", () => {
    const input = reportInput({ repeats: 2, leaks: [0.5, 1], nulls: { rewired: 2 } });
    const shuffled = { ...input, rows: [...input.rows].sort((a, b) => a.value - b.value) };
    const grid = readMetrics(shuffled);
    expect(grid.factor).toBe(RADIUS);
    expect(grid.points).toEqual([0.5, 0.7, 0.9, 1.1]);
    expect(grid.networks[0]).toEqual({ kind: "empirical", index: null });
    expect(new Set(grid.settings.map((s) => s.values[LEAK]))).toEqual(new Set([0.5, 1]));
    const cube = grid.cube("memoryCapacity");
    const setting = grid.settings.findIndex((s) => s.values[LEAK] === 0.5);
    const network = grid.networks.findIndex((n) => n.index === 1);
    // Network, repeat 1, setting leak 0.5, point 0.9.
    expect(cube?.[((network * 2 + 1) * 2 + setting) * 4 + 2]).toBe((nullCapacity(0.9, 1) + 1) * 0.5);
  });

  it("takes the spectral radius for its axis, another swept factor where there is none, nothing where nothing varies", () => {
    const input = reportInput({ leaks: [0.5, 1] });
    expect(readMetrics({ ...input, otherFactors: [LEAK, RADIUS] }).factor).toBe(RADIUS);
    expect(readMetrics({ ...input, sweptFactor: LEAK }).factor).toBe(LEAK);
    expect(readMetrics({ ...input, sweptFactor: "no.such" }).factor).toBe(RADIUS);
    const fixed = reportInput({ radii: [0.9], leaks: [0.5, 1] });
    expect(readMetrics(fixed).factor).toBe(LEAK);
    expect(readMetrics({ ...reportInput({ radii: [0.9] }), otherFactors: [] }).factor).toBeUndefined();
  });

  it("marks what is missing as NaN and reads a run without rows", () => {
    const grid = readMetrics(reportInput({ diverged: (f) => f[RADIUS] === 1.1 && f.null === 3 }));
    const cube = grid.cube("memoryCapacity") ?? new Float64Array();
    expect([...cube].filter(Number.isNaN)).toHaveLength(1);
    const empty = readMetrics({ ...reportInput(), rows: [] });
    expect(empty.networks).toEqual([]);
    expect(empty.cube("memoryCapacity")).toBeUndefined();
  });

  it("takes the first network for the real one where none is called empirical", () => {
    const input = reportInput({ nulls: { rewired: 1 } });
    const renamed = input.rows.map((r) => ({
      ...r,
      factors: { ...r.factors, network: r.factors.network === "empirical" ? "mouse" : r.factors.network },
    }));
    expect(readMetrics({ ...input, rows: renamed }).networks[0].kind).toBe("mouse");
  });
});

describe("curves of a network", () => {
  const grid = readMetrics(reportInput({ repeats: 2, leaks: [0.5, 1], nulls: { rewired: 3 } }));
  const cube = grid.cube("memoryCapacity") ?? new Float64Array();

  it("average repeats, take the best setting, find the peak", () => {
    const cells = averageCells(grid, cube, 0);
    expect(bestCurve(grid, cells, "higher")).toEqual([0.5, 0.7, 0.9, 1.1].map((r) => realCapacity(r) + 0.5));
    expect(peakOf(grid, cells, "higher")).toEqual({ value: 10.5, point: 2, setting: 1 });
    expect(peakOf(grid, cells, "lower")).toMatchObject({
      value: (realCapacity(0.5) + 0.5) / 2,
      point: 0,
      setting: 0,
    });
    expect(peakOf(grid, cells, "higher", { point: 0 })?.value).toBe(realCapacity(0.5) + 0.5);
    expect(peakOf(grid, cells, "higher", { setting: 0 })?.value).toBe(5.25);
    expect(peakOf(grid, averageCells(grid, cube, 0, [1]), "higher")?.value).toBe(11);
  });

  it("average what finished, and are NaN where nothing did", () => {
    const some = readMetrics(
      reportInput({
        repeats: 2,
        diverged: (f) => f[RADIUS] === 1.1 || (f[RADIUS] === 0.9 && f.repeat === 0),
      }),
    );
    const values = [...averageCells(some, some.cube("memoryCapacity") ?? new Float64Array(), 0)];
    expect(values).toEqual([realCapacity(0.5) + 0.5, realCapacity(0.7) + 0.5, 11]);
  });

  it("give r² by delay for each repeat", () => {
    const [first, second] = delayCurves(grid, "r2", 0, { point: 2, setting: 1 });
    expect(first.indexOf(0)).toBe(10);
    expect(second.indexOf(0)).toBe(11);
  });

  it("give bands that skip missing values", () => {
    const band = bandOf("x", [
      [1, Number.NaN],
      [3, Number.NaN],
    ]);
    expect(band.median).toEqual([2, Number.NaN]);
  });
});
