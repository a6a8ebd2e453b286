/** @file What a second thread gives PyTorch, beside ours with one: wall time, so a busy machine shows. */

import { interleave, wallSeconds } from "../measure.ts";
import type { BenchOptions, Report } from "../report.ts";
import { type Backends, SUBJECT } from "./beside-torch.ts";
import { elmanModel, Learner, randomData, type Size } from "./learner.ts";

/** nn.RNN with two threads at some sizes. */
export async function besideTwoThreads(
  report: Report,
  { quick, peers }: BenchOptions,
  backends: Backends,
): Promise<void> {
  const peer = peers.start("training", ["numpy", "torch"]);
  if (peer === undefined) return;
  await peer.ask({ kind: "threads", count: 2 });
  for (const units of quick ? [256] : [128, 256, 512]) {
    const size: Size = { units, inputs: 2, outputs: 1, batch: 128, steps: 100 };
    const model = elmanModel(size);
    const data = randomData(size);
    const learner = new Learner(model, { size, rate: 1e-3, backend: backends.native ?? "wasm" });
    for (const [name, { values }] of Object.entries(model.weights)) peer.share(name, values);
    peer.share("x", data.inputs);
    peer.share("y", data.targets);
    const { inputs, outputs, batch, steps } = size;
    await peer.ask({ kind: "setup", model: "rnn", units, inputs, outputs, batch, steps, rate: 1e-3 });
    for (let k = 0; k < 2; k++) {
      learner.step(data);
      await peer.ask({ kind: "run", count: 1 });
    }
    const repeats = quick ? 3 : 8;
    const [ours, theirs] = await interleave(
      [
        () => wallSeconds(() => void learner.step(data)),
        async () => (await peer.ask<{ wall: number }>({ kind: "run", count: 1 })).wall,
      ],
      repeats,
    );
    report.row({
      subject: SUBJECT,
      case: `nn.RNN, T = 100, N = ${units}, B = 128, wall, one thread of ours`,
      value: 1e3 * ours.min,
      median: 1e3 * ours.median,
      unit: "ms",
      runs: repeats,
      peer: 1e3 * theirs.min,
      peerName: "torch, two threads",
    });
  }
  peer.stop();
}
