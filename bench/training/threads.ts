/**
 * @file Threads: updates with one and with two, ours and PyTorch's, in wall time, so a busy machine shows. Ours with two
 * trains two shards of each batch over shared memory; torch shares each of its operations among its threads.
 */

import { differentiateShards } from "../../src/engine/index.ts";
import { threadTeam } from "../../src/experiment/threads/thread-team.ts";
import { interleave, maxDifference, type Timing, wallSeconds } from "../measure.ts";
import type { Peer } from "../peers.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { type Backends, SUBJECT } from "./beside-torch.ts";
import { elmanModel, Learner, leakyModel, type Model, randomData, type Size } from "./learner.ts";

/** nn.RNN at some sizes beside torch, and a leaky network alone. */
export async function besideTwoThreads(
  report: Report,
  { quick, peers }: BenchOptions,
  backends: Backends,
): Promise<void> {
  const peer = peers.start("training", ["numpy", "torch"]);
  const repeats = quick ? 3 : 12;
  for (const units of quick ? [256] : [128, 256, 512]) {
    const size: Size = { units, inputs: 2, outputs: 1, batch: 128, steps: 100 };
    await compareThreads(report, {
      ...{ size, peer, backends, repeats, model: elmanModel(size) },
      title: `nn.RNN, T = 100, N = ${units}, B = 128`,
    });
  }
  const size: Size = { units: 256, inputs: 3, outputs: 2, batch: 128, steps: 100 };
  await compareThreads(report, {
    ...{ size, peer: undefined, backends, repeats, model: leakyModel(size, { dale: true }) },
    title: "CTRNN, T = 100, N = 256, B = 128",
  });
  peer?.stop();
}

// Implementation

interface Contest {
  title: string;
  size: Size;
  model: Model;
  peer: Peer | undefined;
  backends: Backends;
  repeats: number;
}

async function compareThreads(report: Report, contest: Contest): Promise<void> {
  const { title, size, model, peer, backends, repeats } = contest;
  const options = { size, rate: 1e-3, backend: backends.native ?? "wasm" };
  const data = randomData(size);
  const learners = [
    new Learner(model, options),
    new Learner(model, {
      ...options,
      compile: (network, own) => differentiateShards(network, own, { shards: 2, team: threadTeam(2) }),
    }),
  ];
  const ours = learners.map((learner) => () => wallSeconds(() => void learner.step(data)));
  const theirs = peer ? [1, 2].map((threads) => () => torchSeconds(peer, threads)) : [];
  if (peer) await setUp(peer, contest);
  const all = [...ours, ...theirs];
  for (const contender of [...all, ...all]) await contender();
  const times = await interleave(all, repeats);
  for (const { gradient } of learners) gradient.dispose();
  [1, 2].forEach((threads, k) => {
    const other: Timing | undefined = times[2 + k];
    const count = threads === 1 ? "one thread" : "two threads";
    report.row({
      subject: SUBJECT,
      case: `${title}, wall, ${count}`,
      value: 1e3 * times[k].min,
      median: 1e3 * times[k].median,
      unit: "ms",
      runs: repeats,
      ...(other && { peer: 1e3 * other.min, peerName: `torch, ${count}` }),
    });
  });
  const gain = (one: Timing, two: Timing) => formatNumber(one.min / two.min);
  const theirGain = peer ? `, torch ${gain(times[2], times[3])}` : "";
  const apart = maxDifference(learners[0].theta["weights:rec"], learners[1].theta["weights:rec"]);
  report.note(
    `${title}: a second thread makes it ${gain(times[0], times[1])} times as fast${theirGain}; weights of one and two shards differ by ${formatNumber(apart)} at most`,
  );
}

async function setUp(peer: Peer, { size, model }: Contest): Promise<void> {
  const data = randomData(size);
  for (const [name, { values }] of Object.entries(model.weights)) peer.share(name, values);
  peer.share("x", data.inputs);
  peer.share("y", data.targets);
  const { units, inputs, outputs, batch, steps } = size;
  await peer.ask({ kind: "setup", model: "rnn", units, inputs, outputs, batch, steps, rate: 1e-3 });
}

/** Wall seconds of an update of torch. */
async function torchSeconds(peer: Peer, threads: number): Promise<number> {
  await peer.ask({ kind: "threads", count: threads });
  return (await peer.ask<{ wall: number }>({ kind: "run", count: 1 })).wall;
}
