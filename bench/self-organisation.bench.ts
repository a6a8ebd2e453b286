/**
 * @file Networks that organise themselves: a step beside the Python package `sorn`, how its time grows, a million steps
 * with their raster, the share of each rule, and many seeds in parallel.
 */

import { loadavg } from "node:os";
import type { BenchOptions, Report } from "./report.ts";
import { besideSorn } from "./self-organisation/beside-sorn.ts";
import { showGrowth } from "./self-organisation/growth.ts";
import { showLongRun } from "./self-organisation/long-run.ts";
import { showParts } from "./self-organisation/parts.ts";
import { showSeeds } from "./self-organisation/seeds.ts";

/** All of it; the load of the machine is noted, since it lengthens every time. */
export async function run(report: Report, options: BenchOptions): Promise<void> {
  const before = loadavg()[0];
  await besideSorn(report, options);
  await showGrowth(report, options);
  showLongRun(report, options);
  await showParts(report, options);
  await showSeeds(report, options);
  report.note(
    `load of the machine (1 minute): ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after`,
  );
}
