/**
 * @file The step of the echo-state notebook (tau 30 ms, g 1.5, uniform noise, tanh, dense normal weights) for one
 * network at a time: bound by how fast weights come from the cache that holds them, so beside the time stand the bytes
 * of weights a second, and what a plain copy of as many bytes reaches on the same machine.
 *
 * No peer: ANNarchy compiles C++ and is not installed by one command. Its authors' and our own runs of it are on other
 * machines and in other words.
 */

import { simulate } from "../src/engine/index.ts";
import { bareRun } from "./kernels.ts";
import { consume, cpuSeconds, interleave, measure } from "./measure.ts";
import { type BenchOptions, formatNumber, type Report } from "./report.ts";
import { notebookNetwork } from "./workloads.ts";

const SUBJECT = "dense-step";
const PRECISIONS = ["f64", "f32"] as const;
const BYTES = { f64: 8, f32: 4 };

/** Steps of three sizes in both precisions. */
export async function run(report: Report, { quick }: BenchOptions): Promise<void> {
  for (const nodes of quick ? [100, 400] : [100, 400, 1600]) {
    const net = notebookNetwork(nodes);
    // About a fifth of a second each.
    const steps = Math.ceil((quick ? 2e8 : 1e9) / (nodes * nodes + 60 * nodes)) >> 1;
    const repeats = quick ? 3 : 10;
    const loops = PRECISIONS.map((precision) => {
      const simulation = simulate(net, { precision, seed: 1 });
      const values = simulation.memoryOf("reservoir.r").values;
      simulation.set("input.r", 1);
      simulation.run(200);
      return () =>
        cpuSeconds(() => {
          simulation.run(steps);
          consume(values);
        }) / steps;
    });
    const copies = PRECISIONS.map((precision) => copyRate(nodes * nodes * BYTES[precision]));
    const timings = await interleave([...loops, ...copies], repeats);
    PRECISIONS.forEach((precision, k) => {
      const bytes = nodes * nodes * BYTES[precision];
      const size = `N = ${nodes}, ${precision}`;
      const { min, median } = timings[k];
      report.row({
        subject: SUBJECT,
        case: `${size}, step`,
        value: min * 1e6,
        median: median * 1e6,
        unit: "µs/step",
        runs: repeats,
      });
      const product = measure(productOf(net, precision), { repeats });
      report.row({
        subject: SUBJECT,
        case: `${size}, weights streamed in the product`,
        value: bytes / product.min / 1e9,
        median: bytes / product.median / 1e9,
        unit: "GB/s",
        runs: repeats,
      });
      const copy = timings[k + 2];
      report.row({
        subject: SUBJECT,
        case: `${size}, for comparison: plain copy of ${formatNumber(bytes / 1e6)} MB`,
        value: bytes / copy.min / 1e9,
        median: bytes / copy.median / 1e9,
        unit: "GB/s",
        runs: repeats,
      });
    });
    parts(report, nodes, repeats);
  }
  report.note("The copy counts the bytes copied once (they are read and written).");
}

// Implementation

function productOf(net: ReturnType<typeof notebookNetwork>, precision: "f64" | "f32"): () => void {
  const bare = bareRun(net, { precision });
  return () => bare.project(1);
}

/** What else a step is made of, at one size. */
function parts(report: Report, nodes: number, repeats: number): void {
  if (nodes !== 400) return;
  const net = notebookNetwork(nodes);
  for (const precision of PRECISIONS) {
    const bare = bareRun(net, { precision });
    const line = (name: string, work: () => void) => {
      const { min, median } = measure(work, { repeats });
      report.row({
        subject: SUBJECT,
        case: `N = ${nodes}, ${precision}, ${name}`,
        value: min * 1e6,
        median: median * 1e6,
        unit: "µs/step",
        runs: repeats,
      });
    };
    line("recurrent product", () => bare.project(1));
    line("noise", bare.draw);
    line("equations (tanh)", bare.update);
  }
}

/** Seconds of one copy of so many bytes. */
function copyRate(bytes: number): () => number {
  const from = new Float64Array(bytes / 8).fill(1);
  const to = new Float64Array(bytes / 8);
  const calls = Math.max(4, Math.ceil(4e8 / bytes));
  return () =>
    cpuSeconds(() => {
      for (let k = 0; k < calls; k++) to.set(from);
      consume(to);
    }) / calls;
}
