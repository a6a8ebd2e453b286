/**
 * @file Training: an update beside nn4n and torch.nn.RNN at equal losses, and with products by a BLAS; an
 * epoch beside bio_rnn_mem's loop; how time and memory grow. GFLOP/s count the three recurrent products.
 */

import { loadavg } from "node:os";
import { findNative } from "../src/experiment/index.ts";
import type { BenchOptions, Report } from "./report.ts";
import { besideBlas } from "./training/beside-blas.ts";
import { type Backends, besideNn4n, besideRnn } from "./training/beside-torch.ts";
import { besideEpoch } from "./training/epoch.ts";
import { showGrowth } from "./training/growth.ts";
import { corePeak } from "./training/peak.ts";
import { besideTwoThreads } from "./training/threads.ts";

/** All of it; the load of the machine is noted, since it lengthens every time. */
export async function run(report: Report, options: BenchOptions): Promise<void> {
  const before = loadavg()[0];
  const found = findNative();
  const native = "loader" in found ? found.loader : undefined;
  if (!("loader" in found)) report.note(`native code: skipped, ${found.reason}`);
  const { torches } = options.peers;
  const how = "bench/peers/.venv/bin/pip install -r bench/peers/requirements-training.txt";
  if (torches.length === 0) report.note(`torch: skipped, it is not installed (${how})`);
  for (const { name, versions } of torches) {
    if (versions.nn4n === null) report.note(`nn4n on ${name}: skipped, it is not installed (${how})`);
  }
  const peak = native && corePeak(native);
  if (peak) report.note(`one core does ${Math.round(peak)} GFLOP/s at most in f32`);
  const backends: Backends = { wasm: "wasm", native, peak };
  await besideNn4n(report, options, backends);
  await besideRnn(report, options, backends);
  await besideBlas(report, options, backends);
  await besideEpoch(report, options, backends);
  await besideTwoThreads(report, options, backends);
  await showGrowth(report, options, backends);
  report.note(
    `load of the machine (1 minute): ${before.toFixed(1)} before, ${loadavg()[0].toFixed(1)} after`,
  );
}
