/** @file The threads of torch: which settings of its pools there are, which is best for two, and rows of wall time. */

import { interleave, type Timing } from "../measure.ts";
import type { RunningTorch } from "../peers.ts";
import type { Report } from "../report.ts";
import { besideAll, SUBJECT } from "./beside-torch.ts";

/** Threads that torch takes for its own operations and those that its BLAS takes for products. */
interface Setting {
  name: string;
  own: number;
  products: number;
}

/** What is done with one thread and with two. */
export interface ThreadContest {
  title: string;
  torches: readonly RunningTorch[];
  /** Name of the peer on a torch. */
  peerName(torch: RunningTorch): string;
  /** Wall seconds of ours, with one thread and with two. */
  ours: readonly [() => number, () => number];
  /** Wall seconds of a torch that has its threads. */
  theirs(torch: RunningTorch): Promise<number>;
  repeats: number;
}

/** Rows of one thread and of two, in turn. @returns The gains of a second thread, for a note. */
export async function compareThreads(report: Report, contest: ThreadContest): Promise<string> {
  const { title, torches, ours, repeats } = contest;
  const settings: Setting[][] = [];
  for (const torch of torches) settings.push([ONE, await fastestOfTwo(torch, contest)]);
  const theirs = torches.flatMap((torch, k) =>
    settings[k].map((setting) => () => secondsWith(torch, setting, contest)),
  );
  const times = await interleave([...ours, ...theirs].map(alone), repeats);
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
        torches.map((torch, t) => ({
          name: `${contest.peerName(torch)}, ${settings[t][k].name}`,
          time: times[2 + 2 * t + k],
        })),
      ),
    });
  }
  const gain = (k: number) => (times[k].min / times[k + 1].min).toFixed(2);
  const theirGains = torches.map(({ name }, t) => `, ${name} ${gain(2 + 2 * t)}`).join("");
  return `${title}: a second thread makes it ${gain(0)} times as fast${theirGains}`;
}

// Implementation

const ONE: Setting = { name: "one thread", own: 1, products: 1 };
/** MKL takes torch's threads. */
const TORCH: Setting = { name: "two threads", own: 2, products: 1 };
/** OpenBLAS has its own; with two of each, four threads want two cores, which may be slower than one. */
const POOLS: readonly Setting[] = [
  { ...TORCH, name: "two torch threads" },
  { name: "two BLAS threads", own: 1, products: 2 },
  { name: "two threads of each", own: 2, products: 2 },
];

/** The setting of two threads that is best for it. */
async function fastestOfTwo(torch: RunningTorch, contest: ThreadContest): Promise<Setting> {
  const settings = torch.blas.startsWith("OpenBLAS") ? POOLS : [TORCH];
  if (settings.length === 1) return settings[0];
  const times: Timing[] = await interleave(
    settings.map((setting) => alone(() => secondsWith(torch, setting, contest))),
    4,
  );
  return settings.reduce((best, setting, k) =>
    times[k].min < times[settings.indexOf(best)].min ? setting : best,
  );
}

async function secondsWith(torch: RunningTorch, { own, products }: Setting, { theirs }: ThreadContest) {
  await torch.peer.ask({ kind: "threads", own, products });
  return theirs(torch);
}

/** Idle threads of OpenBLAS keep a core busy for a while: wait for that, then warm up again. */
function alone(contender: () => number | Promise<number>): () => Promise<number> {
  return async () => {
    await new Promise((resolve) => setTimeout(resolve, 60));
    await contender();
    return contender();
  };
}
