/**
 * @file A million plastic steps of 200 units with their raster: CPU seconds, and how much memory they take.
 */

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { summarize } from "../measure.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { SUBJECT } from "./networks.ts";

/** One line of million-steps.ts. */
interface LongRun {
  cpu: number;
  wall: number;
  growth: number;
  rasterBytes: number;
  rate: number;
  synapses: number;
  fewest: number;
}

/** The targets are 20 CPU seconds and 200 MB. */
export function showLongRun(report: Report, { quick }: BenchOptions): void {
  const steps = quick ? 100_000 : 1_000_000;
  const repeats = quick ? 1 : 3;
  const runs = Array.from({ length: repeats }, () => longRun(steps));
  const title = `delpapa2017, N = 200, ${steps} steps with all rules, noise and raster`;
  const line = (name: string, of: (run: LongRun) => number, unit: string) => {
    const { min: value, median } = summarize(runs.map(of));
    report.row({ subject: SUBJECT, case: `${title}${name}`, value, median, unit, runs: repeats });
  };
  line("", (r) => r.cpu, "s");
  line(" (wall)", (r) => r.wall, "s");
  line(": growth of the resident memory to its peak", (r) => r.growth / 1e6, "MB");
  const { rasterBytes, rate, synapses, fewest } = runs[0];
  report.note(
    `${steps} steps: the raster takes ${formatNumber(rasterBytes / 1e6)} MB; rate ${formatNumber(rate)}, fewest E→E synapses ${fewest}, ${synapses} at the end`,
  );
}

// Implementation

function longRun(steps: number): LongRun {
  const script = join(import.meta.dirname, "million-steps.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, `${steps}`], { encoding: "utf8" });
  if (status !== 0) throw new Error(`million-steps failed: ${stderr}`);
  return JSON.parse(stdout);
}
