/**
 * @file Figures of the guide, made from what the studies measure.
 */

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Avalanches,
  avalanches,
  type CriticalityReport,
  poolAvalanches,
  surrogateActivity,
} from "../src/analysis/index.ts";
import { createRng } from "../src/core/index.ts";
import {
  type AvalanchePanel,
  avalancheFigure,
  connectionFraction,
  exponentSpread,
  rasterFigure,
  taskScores,
} from "../src/plot/index.ts";

/** Where a study leaves its figures; nothing is drawn without it. */
export type Draw = (name: string, svg: string) => void;

/** Write figures into a folder. */
export function drawInto(folder: string): Draw {
  return (name, svg) => writeFileSync(join(folder, `${name}.svg`), svg);
}

/** Connection fraction of all seeds over log time. */
export async function drawPhases(draw: Draw, steps: number[], seeds: number[][]): Promise<void> {
  const title = "Connections of a self-organising network, eight seeds";
  draw("sorn-phases", await connectionFraction({ steps, seeds }, { title }));
}

/** Some hundred steps of one network in its stable phase. */
export async function drawRaster(
  draw: Draw,
  raster: { units: number; steps: number; bits: Uint8Array },
): Promise<void> {
  const spikes = { kind: "bits", rows: raster.bits } as const;
  const title = "Spikes and activity in the stable phase";
  draw("sorn-raster", await rasterFigure({ ...raster, spikes }, { theta: 10, title }));
}

/** Sizes and durations beside the surrogates, and the exponents of every seed. */
export async function drawAvalanches(
  draw: Draw,
  activity: Uint32Array[],
  report: CriticalityReport,
): Promise<void> {
  const { theta, units, windows } = report;
  const found = (records: ArrayLike<number>[]) => poolAvalanches(records.map((a) => avalanches(a, theta)));
  const data = found(activity);
  const nulls = (["binomial", "ar1"] as const).map((kind) => ({
    label: kind === "ar1" ? "AR(1)" : "independent units",
    found: found(activity.map((a, k) => surrogateActivity(kind, a, { units, rng: createRng(k) }))),
  }));
  const panel = (name: "size" | "duration"): AvalanchePanel => ({
    pooled: { values: data[name] },
    seeds: activity.map((a) => ({ values: (avalanches(a, theta) satisfies Avalanches)[name] })),
    fit: {
      slope: -report.data.pooled[name].exponent.value,
      from: windows[name][0],
      to: windows[name][1],
    },
    surrogates: nulls.map((n) => ({ label: n.label, sample: { values: n.found[name] } })),
  });
  draw("sorn-avalanches", await avalancheFigure({ size: panel("size"), duration: panel("duration") }));
  const measured = (of: (m: CriticalityReport["data"]["pooled"]) => number) => ({
    seeds: report.data.seeds.map(of),
    pooled: { value: of(report.data.pooled) },
    surrogates: report.surrogates
      .filter((s) => s.kind === "ar1")
      .map((s) => {
        const values = s.measures.seeds.map(of);
        return { label: "AR(1)", low: Math.min(...values), high: Math.max(...values) };
      }),
  });
  const rows = [
    { label: "α (duration)", ...measured((m) => m.duration.exponent.value) },
    { label: "τ (size)", ...measured((m) => m.size.exponent.value) },
    { label: "γ (size at duration)", ...measured((m) => m.scaling.gamma.value) },
  ];
  draw(
    "sorn-exponents",
    await exponentSpread({ rows }, { title: "Exponents of eight seeds of one network" }),
  );
}

/** Position decoding against word length. */
export async function drawCounting(
  draw: Draw,
  n: number[],
  conditions: Record<string, number[][]>,
): Promise<void> {
  const curves = Object.entries(conditions).map(([label, scores]) => ({
    label,
    values: scores.map((s) => s.reduce((a, b) => a + b, 0) / s.length),
    low: scores.map((s) => Math.min(...s)),
    high: scores.map((s) => Math.max(...s)),
  }));
  const options = { title: "Where in the word? Mean and range over seeds", yLabel: "Position decoded" };
  draw("sorn-counting", await taskScores({ n, curves }, options));
}
