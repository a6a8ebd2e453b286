/**
 * @file Threads: updates with one and with two, ours and PyTorch's, in wall time, so a busy machine shows. Ours with two
 * trains two shards of each batch over shared memory; torch shares each of its operations among its threads.
 */

import { differentiateShards } from "../../src/engine/index.ts";
import { threadTeam } from "../../src/experiment/threads/thread-team.ts";
import { interleave, maxDifference, wallSeconds } from "../measure.ts";
import type { RunningTorch } from "../peers.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { type Backends, besideAll, SUBJECT } from "./beside-torch.ts";
import { elmanModel, Learner, leakyModel, type Model, randomData, type Size } from "./learner.ts";

/** nn.RNN at some sizes beside torch, and a leaky network alone. */
export async function besideTwoThreads(
  report: Report,
  { quick, peers }: BenchOptions,
  backends: Backends,
): Promise<void> {
  const torches = peers.startTorches("training");
  const repeats = quick ? 3 : 12;
  for (const units of quick ? [256] : [128, 256, 512]) {
    const size: Size = { units, inputs: 2, outputs: 1, batch: 128, steps: 100 };
    await compareThreads(report, {
      ...{ size, torches, backends, repeats, model: elmanModel(size) },
      title: `nn.RNN, T = 100, N = ${units}, B = 128`,
    });
  }
  const size: Size = { units: 256, inputs: 3, outputs: 2, batch: 128, steps: 100 };
  await compareThreads(report, {
    ...{ size, torches: [], backends, repeats, model: leakyModel(size, { dale: true }) },
    title: "CTRNN, T = 100, N = 256, B = 128",
  });
  for (const { peer } of torches) peer.stop();
}

// Implementation

/** Threads that torch takes for its own operations and those that its BLAS takes for products. */
interface Setting {
  name: string;
  own: number;
  products: number;
}

const ONE: Setting = { name: "one thread", own: 1, products: 1 };
/** MKL takes torch's threads. */
const TORCH: Setting = { name: "two threads", own: 2, products: 1 };
/** OpenBLAS has its own; with two of each, four threads want two cores, which may be slower than one. */
const POOLS: readonly Setting[] = [
  { ...TORCH, name: "two torch threads" },
  { name: "two BLAS threads", own: 1, products: 2 },
  { name: "two threads of each", own: 2, products: 2 },
];

interface Contest {
  title: string;
  size: Size;
  model: Model;
  torches: readonly RunningTorch[];
  backends: Backends;
  repeats: number;
}

async function compareThreads(report: Report, contest: Contest): Promise<void> {
  const { title, size, model, torches, backends, repeats } = contest;
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
  const settings: Setting[][] = [];
  for (const torch of torches) {
    await setUp(torch, contest);
    settings.push([ONE, await fastestOfTwo(torch)]);
  }
  const theirs = torches.flatMap((torch, k) =>
    settings[k].map((setting) => () => torchSeconds(torch, setting)),
  );
  const times = await interleave([...ours, ...theirs].map(alone), repeats);
  for (const { gradient } of learners) gradient.dispose();
  for (const [k, count] of ["one thread", "two threads"].entries()) {
    const { min, median } = times[k];
    report.row({
      subject: SUBJECT,
      case: `${title}, wall, ${count}`,
      value: 1e3 * min,
      median: 1e3 * median,
      unit: "ms",
      runs: repeats,
      ...besideAll(
        torches.map(({ name }, t) => ({
          name: `${name}, ${settings[t][k].name}`,
          time: times[2 + 2 * t + k],
        })),
      ),
    });
  }
  const gain = (k: number) => formatNumber(times[k].min / times[k + 1].min);
  const theirGains = torches.map(({ name }, t) => `, ${name} ${gain(2 + 2 * t)}`).join("");
  const apart = maxDifference(learners[0].theta["weights:rec"], learners[1].theta["weights:rec"]);
  report.note(
    `${title}: a second thread makes it ${gain(0)} times as fast${theirGains}; weights of one and two shards differ by ${formatNumber(apart)} at most`,
  );
}

async function setUp({ peer }: RunningTorch, { size, model }: Contest): Promise<void> {
  const data = randomData(size);
  for (const [name, { values }] of Object.entries(model.weights)) peer.share(name, values);
  peer.share("x", data.inputs);
  peer.share("y", data.targets);
  const { units, inputs, outputs, batch, steps } = size;
  await peer.ask({ kind: "setup", model: "rnn", units, inputs, outputs, batch, steps, rate: 1e-3 });
}

/** The setting of two threads that is best for it. */
async function fastestOfTwo(torch: RunningTorch): Promise<Setting> {
  const settings = torch.blas.startsWith("OpenBLAS") ? POOLS : [TORCH];
  if (settings.length === 1) return settings[0];
  const times = await interleave(
    settings.map((setting) => alone(() => torchSeconds(torch, setting))),
    4,
  );
  return settings.reduce((best, setting, k) =>
    times[k].min < times[settings.indexOf(best)].min ? setting : best,
  );
}

/** Wall seconds of an update of torch. */
async function torchSeconds({ peer }: RunningTorch, { own, products }: Setting): Promise<number> {
  await peer.ask({ kind: "threads", own, products });
  return (await peer.ask<{ wall: number }>({ kind: "run", count: 1 })).wall;
}

/** Idle threads of OpenBLAS keep a core busy for a while: wait for that, then warm up again. */
function alone(contender: () => number | Promise<number>): () => Promise<number> {
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await contender();
    return contender();
  };
}
