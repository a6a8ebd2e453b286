/** @file How the time of an update grows with N, B, T and density, and what a step of T takes of memory. */

import { cpuSeconds, summarize } from "../measure.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import type { Backends } from "./beside-torch.ts";
import { elmanModel, Learner, leakyModel, randomData, recurrentWork, type Size } from "./learner.ts";

const MIDDLE: Size = { units: 256, inputs: 3, outputs: 2, batch: 64, steps: 100 };

/** Notes, one for each of the four, and one on memory. */
export async function showGrowth(report: Report, options: BenchOptions, backends: Backends): Promise<void> {
  const backend = backends.native ?? backends.wasm;
  const time = (size: Size, density = 1) => {
    const learner = new Learner(leakyModel(size, { density }), { size, rate: 1e-3, backend });
    const data = randomData(size);
    for (let k = 0; k < 3; k++) learner.step(data);
    const runs = options.quick ? 2 : 5;
    const { min } = summarize(Array.from({ length: runs }, () => cpuSeconds(() => void learner.step(data))));
    return `${formatNumber(1e3 * min)} ms (${formatNumber(recurrentWork(size, density) / min / 1e9)} GFLOP/s)`;
  };
  const line = (name: string, values: readonly number[], of: (value: number) => string) =>
    report.note(`${name}: ${values.map((value) => `${value}: ${of(value)}`).join(", ")}`);
  const { batch, steps } = MIDDLE;
  report.note(`growth around N = ${MIDDLE.units}, B = ${batch}, T = ${steps}:`);
  const most = options.quick ? 2 : undefined;
  line("N", [64, 128, 256, 512, 1024].slice(0, most), (units) => time({ ...MIDDLE, units }));
  line("B", [1, 16, 64, 256].slice(0, most), (b) => time({ ...MIDDLE, batch: b }));
  line("T", [25, 100, 400].slice(0, most), (t) => time({ ...MIDDLE, steps: t }));
  line("density at N = 512", [0.5, 0.2, 0.1, 0.05].slice(0, most), (density) =>
    time({ ...MIDDLE, units: 512 }, density),
  );
  await showMemory(report, options, backends);
}

// Implementation

async function showMemory(report: Report, { peers }: BenchOptions, backends: Backends): Promise<void> {
  const size: Size = { units: 256, inputs: 2, outputs: 1, batch: 64, steps: 100 };
  const [short, long] = [100, 500];
  const bytes = (steps: number) =>
    new Learner(elmanModel(size), { size: { ...size, steps }, rate: 1e-3, backend: backends.wasm }).gradient
      .memory.bytes;
  const perStep = (from: number, to: number) => (to - from) / (long - short) / 1024;
  const ours = perStep(bytes(short), bytes(long));
  const state = (size.units * size.batch * 4) / 1024;
  const found = new Map<string, number[]>();
  for (const steps of [short, long]) {
    // Processes of their own: what one run leaves behind is not the next one's.
    for (const { name, peer } of peers.startTorches("training")) {
      const model = elmanModel(size);
      const data = randomData({ ...size, steps });
      for (const [weights, { values }] of Object.entries(model.weights)) peer.share(weights, values);
      peer.share("x", data.inputs);
      peer.share("y", data.targets);
      const { units, inputs, outputs, batch } = size;
      await peer.ask({ kind: "setup", model: "rnn", units, inputs, outputs, batch, steps, rate: 1e-3 });
      const { bytes: peak } = await peer.ask<{ bytes: number }>({ kind: "peak" });
      found.set(name, [...(found.get(name) ?? []), peak]);
      peer.stop();
    }
  }
  const theirs = [...found].map(([name, [a, b]]) => `, nn.RNN of ${name} ${formatNumber(perStep(a, b))} KiB`);
  report.note(
    `memory for each step of T, N = 256, B = 64 (a state is ${formatNumber(state)} KiB): ${formatNumber(ours)} KiB${theirs.join("")}`,
  );
}
