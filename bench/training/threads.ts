/**
 * @file Threads: updates with one and with two, ours and those of PyTorch and nn4n, in wall time, so a busy machine
 * shows. Ours with two trains two shards of each batch over shared memory; torch shares each of its operations among
 * its threads.
 */

import { differentiateShards } from "../../src/engine/index.ts";
import { threadTeam } from "../../src/experiment/threads/thread-team.ts";
import { maxDifference, wallSeconds } from "../measure.ts";
import type { RunningTorch } from "../peers.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { type Backends, setUpPeer } from "./beside-torch.ts";
import {
  elmanModel,
  Learner,
  type LearnerOptions,
  leakyModel,
  type Model,
  randomData,
  type Size,
} from "./learner.ts";
import { compareThreads } from "./thread-settings.ts";

/** Updates after which weights of one and two shards are compared. */
const COMPARED = 10;
/** Seconds that a turn of ours takes with one thread; the others make as many updates. */
const TURN = 0.1;
/** Trials that a vector register holds: fewer take as long as these. */
const ONE_VECTOR = 16;

/** How a batch is divided between two threads. */
export const IN_TWO: Required<Pick<LearnerOptions, "compile">> = {
  compile: (network, options) => {
    const shards = (options.instances ?? 1) > ONE_VECTOR ? 2 : 1;
    return differentiateShards(network, options, { shards, team: threadTeam(2) });
  },
};

/** nn4n's network and nn.RNN at some sizes. */
export async function besideTwoThreads(
  report: Report,
  options: BenchOptions,
  backends: Backends,
): Promise<void> {
  const { quick, peers } = options;
  const repeats = quick ? 3 : 8;
  const leaky = peers.startTorches("training", ["nn4n"]);
  for (const units of quick ? [256] : [100, 256, 512]) {
    const size: Size = { units, inputs: 3, outputs: 2, batch: 64, steps: 100 };
    const model = leakyModel(size, { dale: true });
    const title = `CTRNN, N = ${units}, B = 64, T = 100`;
    await trainInTwo(report, { size, model, torches: leaky, backends, repeats, kind: "nn4n", title });
  }
  for (const { peer } of leaky) peer.stop();
  const torches = peers.startTorches("training");
  for (const units of quick ? [256] : [128, 256, 512]) {
    const size: Size = { units, inputs: 2, outputs: 1, batch: 128, steps: 100 };
    const title = `nn.RNN, T = 100, N = ${units}, B = 128`;
    await trainInTwo(report, {
      size,
      model: elmanModel(size),
      torches,
      backends,
      repeats,
      kind: "rnn",
      title,
    });
  }
  for (const { peer } of torches) peer.stop();
}

// Implementation

interface Contest {
  title: string;
  kind: "nn4n" | "rnn";
  size: Size;
  model: Model;
  torches: readonly RunningTorch[];
  backends: Backends;
  repeats: number;
}

async function trainInTwo(
  report: Report,
  { title, kind, size, model, torches, backends, repeats }: Contest,
): Promise<void> {
  const options = { size, rate: 1e-3, backend: backends.native ?? "wasm" };
  const data = randomData(size);
  const one = new Learner(model, options);
  const two = new Learner(model, { ...options, ...IN_TWO });
  for (const { peer } of torches) await setUpPeer(peer, { size, model, data, kind });
  for (let k = 0; k < COMPARED; k++) for (const learner of [one, two]) learner.step(data);
  const apart = maxDifference(one.theta["weights:rec"], two.theta["weights:rec"]);
  // Many updates a turn, as in training: alone, each would find threads asleep.
  const count = Math.max(3, Math.round(TURN / wallSeconds(() => void one.step(data))));
  const updates = (learner: Learner) => () =>
    wallSeconds(() => {
      for (let k = 0; k < count; k++) learner.step(data);
    }) / count;
  const gains = await compareThreads(report, {
    title,
    torches,
    peerName: ({ name }) => (kind === "nn4n" ? `nn4n on ${name}` : name),
    ours: [updates(one), updates(two)],
    theirs: async ({ peer }) => (await peer.ask<{ wall: number }>({ kind: "run", count })).wall,
    repeats,
  });
  for (const { gradient } of [one, two]) gradient.dispose();
  report.note(
    `${gains}; weights of one and two shards differ by ${formatNumber(apart)} at most after ${COMPARED} updates`,
  );
}
