/**
 * @file Curves of single networks out of the grid: averaged over repeats, the best over settings, the peak.
 */

import { mean, summarizeSample } from "../../analysis/index.ts";
import type { MetricGrid } from "./metric-grid.ts";

/** A network's best cell. */
export interface Peak {
  value: number;
  point: number;
  setting: number;
}

/** Which cells count: all, or those of one point or one setting. */
export interface Restriction {
  point?: number;
  setting?: number;
}

/**
 * A network's values averaged over repeats; over those that finished, where some did not.
 *
 * @param cube - Shape `(network, repeat, setting, point)`.
 * @returns Shape `(setting, point)`.
 */
export function averageCells(
  grid: MetricGrid,
  cube: Float64Array,
  network: number,
  repeats: readonly number[] = grid.repeats.map((_, i) => i),
): Float64Array {
  const cells = grid.settings.length * grid.points.length;
  const sum = new Float64Array(cells);
  const count = new Float64Array(cells);
  for (const repeat of repeats) {
    const start = (network * grid.repeats.length + repeat) * cells;
    for (let c = 0; c < cells; c++) {
      const v = cube[start + c];
      if (!Number.isFinite(v)) continue;
      sum[c] += v;
      count[c]++;
    }
  }
  return sum.map((s, c) => s / count[c]);
}

/** The best of a network's averaged cells; undefined if none is finite. */
export function peakOf(
  grid: MetricGrid,
  cells: Float64Array,
  better: "higher" | "lower",
  { point, setting }: Restriction = {},
): Peak | undefined {
  const points = grid.points.length;
  let best = -1;
  // A plain loop: the bootstrap comes here a hundred thousand times.
  for (let c = 0; c < cells.length; c++) {
    const value = cells[c];
    if (!Number.isFinite(value)) continue;
    if (point !== undefined && c % points !== point) continue;
    if (setting !== undefined && Math.floor(c / points) !== setting) continue;
    if (best < 0 || (better === "higher" ? value > cells[best] : value < cells[best])) best = c;
  }
  if (best < 0) return undefined;
  return { value: cells[best], point: best % points, setting: Math.floor(best / points) };
}

/** A network's curve over the points, at each the best over settings. @returns Shape `(point)`, NaN where none finished. */
export function bestCurve(grid: MetricGrid, cells: Float64Array, better: "higher" | "lower"): number[] {
  return grid.points.map((_, point) => peakOf(grid, cells, better, { point })?.value ?? Number.NaN);
}

/** Quantiles over networks at each place of their curves; NaN where no network has a value. */
export function bandOf(label: string, curves: readonly (readonly number[])[]) {
  const at = (curves[0] ?? []).map((_, i) =>
    summarizeSample(curves.map((c) => c[i]).filter((v) => Number.isFinite(v))),
  );
  return {
    label,
    q05: at.map((s) => s.q05),
    q25: at.map((s) => s.q25),
    median: at.map((s) => s.median),
    q75: at.map((s) => s.q75),
    q95: at.map((s) => s.q95),
  };
}

/** Mean curve and, from two repeats on, mean ± standard deviation over repeats. */
export function curveOverRepeats(label: string, curves: readonly (readonly number[])[]) {
  const at = (curves[0] ?? []).map((_, i) =>
    summarizeSample(curves.map((c) => c[i]).filter((v) => Number.isFinite(v))),
  );
  const values = at.map((s) => (s.count ? s.mean : Number.NaN));
  if (curves.length < 2) return { label, values };
  return {
    label,
    values,
    low: at.map((s) => s.mean - s.standardDeviation),
    high: at.map((s) => s.mean + s.standardDeviation),
  };
}

/**
 * r²(k), or another metric by delay, of one network at one cell, for each repeat.
 *
 * @returns Shape `(repeat, delay)`.
 */
export function delayCurves(
  grid: MetricGrid,
  metric: string,
  network: number,
  { point, setting }: { point: number; setting: number },
): number[][] {
  const cell = setting * grid.points.length + point;
  const cells = grid.settings.length * grid.points.length;
  const cubes = grid.delays(metric).map((delay) => grid.cube(metric, delay));
  return grid.repeats.map((_, repeat) =>
    cubes.map((cube) => cube?.[(network * grid.repeats.length + repeat) * cells + cell] ?? Number.NaN),
  );
}

/** Mean over repeats at each place, of what is finite. @returns Shape `(delay)`. */
export function meanOverRepeats(curves: readonly (readonly number[])[]): number[] {
  return (curves[0] ?? []).map((_, i) => {
    const finite = curves.map((c) => c[i]).filter((v) => Number.isFinite(v));
    return finite.length ? mean(finite) : Number.NaN;
  });
}
