/**
 * @file Fifty seeds in parallel workers, a pool of threads like that of the experiment runner: wall time over the number
 * of workers, and the same results.
 */

import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { maxDifference } from "../measure.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { SUBJECT } from "./networks.ts";

/** One pool size after another. */
export async function showSeeds(report: Report, { quick }: BenchOptions): Promise<void> {
  const seeds = quick ? 10 : 50;
  const steps = quick ? 5000 : 20_000;
  const cores = availableParallelism();
  const workers = [1, 2, 4, 8, 16].filter((count) => count === 1 || count <= cores);
  const found: Awaited<ReturnType<typeof runPool>>[] = [];
  for (const count of workers) found.push(await runPool({ workers: count, seeds, steps }));
  found.forEach(({ wall, cpu }, k) => {
    const name = workers[k] === 1 ? "1 worker" : `${workers[k]} workers`;
    const title = `delpapa2017, N = 200, ${seeds} seeds of ${steps} steps, ${name}`;
    const peer = k > 0 ? { peer: found[0].wall, peerName: "1 worker" } : {};
    report.row({ subject: SUBJECT, case: `${title} (wall)`, value: wall, unit: "s", runs: 1, ...peer });
    report.row({ subject: SUBJECT, case: title, value: cpu, unit: "s", runs: 1 });
  });
  const worst = Math.max(...found.map(({ spikes }) => maxDifference(spikes, found[0].spikes)));
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
