/**
 * @file Fifty seeds in parallel workers, a pool of threads like that of the experiment runner: wall time over the number
 * of workers, and the same results.
 */

import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { maxDifference, summarize, type Timing } from "../measure.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { SUBJECT } from "./networks.ts";

/** Of every size of pool, in turn. */
const REPEATS = 3;

/** Pools of one worker, two, and so on up to the cores there are. */
export async function showSeeds(report: Report, { quick }: BenchOptions): Promise<void> {
  const seeds = quick ? 10 : 50;
  const steps = quick ? 5000 : 20_000;
  const cores = availableParallelism();
  const workers = [1, 2, 4, 8, 16].filter((count) => count === 1 || count <= cores);
  const runs = workers.map((): Awaited<ReturnType<typeof runPool>>[] => []);
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    for (const [k, count] of workers.entries()) runs[k].push(await runPool({ workers: count, seeds, steps }));
  }
  const walls = runs.map((of) => summarize(of.map((r) => r.wall)));
  workers.forEach((count, k) => {
    const name = count === 1 ? "1 worker" : `${count} workers`;
    const title = `delpapa2017, N = 200, ${seeds} seeds of ${steps} steps, ${name}`;
    const peer = k > 0 ? { peer: walls[0].min, peerName: "1 worker" } : {};
    const line = (clock: string, { min: value, median }: Timing, beside = {}) => {
      const row = { value, median, unit: "s", runs: REPEATS, ...beside };
      report.row({ subject: SUBJECT, case: `${title}${clock}`, ...row });
    };
    line(" (wall)", walls[k], peer);
    line("", summarize(runs[k].map((r) => r.cpu)));
  });
  const worst = Math.max(...runs.flat().map(({ spikes }) => maxDifference(spikes, runs[0][0].spikes)));
  report.note(
    `${seeds} seeds: ${cores} cores; largest difference of a seed's spikes between pools: ${formatNumber(worst)}`,
  );
}

// Implementation

async function runPool({ workers, seeds, steps }: { workers: number; seeds: number; steps: number }) {
  const pool = new Piscina<{ seed: number; steps: number }, number>({
    filename: new URL("./seed-job.js", import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
  });
  const all = (count: number, length: number) =>
    Promise.all(Array.from({ length: count }, (_, seed) => pool.run({ seed, steps: length })));
  // Threads start and load their modules before the clock does.
  await all(4 * workers, 100);
  const before = process.cpuUsage();
  const start = performance.now();
  const spikes = await all(seeds, steps);
  const wall = (performance.now() - start) / 1e3;
  const { user, system } = process.cpuUsage(before);
  await pool.destroy();
  return { wall, cpu: (user + system) / 1e6, spikes };
}
