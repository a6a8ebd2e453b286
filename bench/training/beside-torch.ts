/**
 * @file Updates beside PyTorch: nn4n's network as its quick start trains it, and torch.nn.RNN at many sizes, from the
 * same weights on the same batch. Before anything is timed both make some updates, and their losses are compared.
 */

import type { GradientOptions } from "../../src/engine/index.ts";
import { cpuSeconds, interleave, type Timing } from "../measure.ts";
import type { Peer, RunningTorch } from "../peers.ts";
import { type BenchOptions, formatNumber, type Report, type RowInput } from "../report.ts";
import {
  elmanModel,
  Learner,
  leakyModel,
  type Model,
  randomData,
  recurrentWork,
  type Size,
} from "./learner.ts";

/** Name of the subject. */
export const SUBJECT = "training";

/** Updates whose losses are compared: fewer of those that take long. */
const compared = (size: Size) => (recurrentWork(size) > 5e9 ? 5 : 20);
const RATE = 1e-3;

/** Where training may run. */
export interface Backends {
  wasm: "wasm";
  /** Undefined without a compiler. */
  native: GradientOptions["backend"] | undefined;
  /** Operations a second that one core can do, GFLOP/s; undefined without a compiler. */
  peak: number | undefined;
}

/**
 * nn4n with Dale's law and masks, three synapses of ten: with weights as the library keeps them, by entries, and, to see
 * what that gains, with all products dense.
 */
export async function besideNn4n(report: Report, options: BenchOptions, backends: Backends): Promise<void> {
  const peers = options.peers.startTorches("training", ["nn4n"]);
  for (const units of options.quick ? [100] : [100, 256, 512]) {
    const size: Size = { units, inputs: 3, outputs: 2, batch: 64, steps: 100 };
    const model = leakyModel(size, { dale: true });
    const whole = leakyModel(size, { dale: true, dense: true });
    const title = `CTRNN, N = ${units}, B = 64, T = 100`;
    const contest = { size, model, whole, peers, backends, kind: "nn4n", title };
    const found = await compare(report, contest, { seconds: options.quick ? 0.5 : 4 });
    if (units === 512 && found.length > 0) await sparseBesideDense(report, { size, backends, dense: found });
  }
  for (const { peer } of peers) peer.stop();
}

/** torch.nn.RNN forward, backward and Adam. */
export async function besideRnn(report: Report, options: BenchOptions, backends: Backends): Promise<void> {
  const peers = options.peers.startTorches("training");
  const { native } = backends;
  for (const steps of options.quick ? [20] : [20, 100]) {
    for (const units of options.quick ? [64, 256] : [64, 128, 256, 512, 1024]) {
      for (const batch of options.quick ? [32] : [1, 32, 128]) {
        const size: Size = { units, inputs: 2, outputs: 1, batch, steps };
        const title = `nn.RNN, T = ${steps}, N = ${units}, B = ${batch}`;
        const model = elmanModel(size);
        const only = native === undefined ? backends : { ...backends, wasm: undefined };
        const contest = { size, model, peers, backends: only, kind: "rnn", title };
        await compare(report, contest, { seconds: options.quick ? 0.3 : 1 });
      }
    }
  }
  for (const { peer } of peers) peer.stop();
}

/** Times of a peer. */
export interface PeerTime {
  name: string;
  time: Timing;
}

/** Numbers of peers for a row, the fastest first; in ms. */
export function besideAll(times: readonly PeerTime[]): Pick<RowInput, "peer" | "peerName" | "others"> {
  if (times.length === 0) return {};
  const sorted = [...times].sort((a, b) => a.time.min - b.time.min);
  const [first, ...others] = sorted.map(({ name, time }) => ({ peer: 1e3 * time.min, peerName: name }));
  return { ...first, others };
}

/** Give the peer weights and data. @returns The losses of its first updates. */
export async function setUpPeer(
  peer: Peer,
  {
    size,
    model,
    data,
    kind,
  }: Pick<Contest, "size" | "model" | "kind"> & { data: ReturnType<typeof randomData> },
): Promise<number[]> {
  for (const [name, { values }] of Object.entries(model.weights)) peer.share(name, values);
  peer.share("x", data.inputs);
  peer.share("y", data.targets);
  if (model.signs) {
    for (const [k, name] of (["rec", "out"] as const).entries()) {
      const signs = Float64Array.from(model.signs[name]);
      peer.share(`ei_masks${k + 1}`, signs);
      peer.share(`sparsity_masks${k + 1}`, signs.map(Math.abs));
    }
  }
  const { units, inputs, outputs, batch, steps } = size;
  const masked = model.signs !== undefined;
  await peer.ask({ kind: "setup", model: kind, units, inputs, outputs, batch, steps, rate: RATE, masked });
  return (await peer.ask<{ losses: number[] }>({ kind: "losses", count: compared(size) })).losses;
}

// Implementation

interface Contest {
  size: Size;
  model: Model;
  peers: readonly RunningTorch[];
  backends: Omit<Backends, "wasm"> & { wasm: "wasm" | undefined };
  kind: string;
  title: string;
  /** The model with all products dense, for native code. */
  whole?: Model;
}

/** @returns The peers' times. */
async function compare(
  report: Report,
  { size, model, whole, peers, backends, kind, title }: Contest,
  { seconds }: { seconds: number },
): Promise<PeerTime[]> {
  const data = randomData(size);
  const { native, wasm } = backends;
  const ways = [
    { model, backend: native, what: title },
    ...(whole ? [{ model: whole, backend: native, what: `${title}, dense` }] : []),
    { model, backend: wasm, what: `${title}, WebAssembly` },
  ].filter(({ backend }) => backend !== undefined);
  const learners = ways.map((way) => new Learner(way.model, { size, rate: RATE, backend: way.backend }));
  const losses = learners.map((learner) => Array.from({ length: compared(size) }, () => learner.step(data)));
  const slowest = cpuSeconds(() => learners[learners.length - 1].step(data));
  const repeats = Math.max(3, Math.min(20, Math.round(seconds / slowest / 3)));
  const contenders: (() => number | Promise<number>)[] = learners.map((learner) => () => {
    const count = Math.max(1, Math.round(0.02 / slowest));
    return (
      cpuSeconds(() => {
        for (let k = 0; k < count; k++) learner.step(data);
      }) / count
    );
  });
  const differences: number[] = [];
  for (const { peer } of peers) {
    const theirs = await setUpPeer(peer, { size, model, data, kind });
    differences.push(apart(losses[0], theirs));
    contenders.push(async () => {
      const count = Math.max(1, Math.round(0.05 / slowest / 4));
      return (await peer.ask<{ seconds: number }>({ kind: "run", count })).seconds;
    });
  }
  const times = await interleave(contenders, repeats);
  const library = kind === "nn4n" ? "nn4n on " : "";
  const others = peers.map(({ name }, k) => ({ name: `${library}${name}`, time: times[ways.length + k] }));
  ways.forEach(({ what }, k) => {
    const { min, median } = times[k];
    report.row({
      subject: SUBJECT,
      case: what,
      value: 1e3 * min,
      median: 1e3 * median,
      unit: "ms",
      runs: repeats,
      ...besideAll(others),
    });
  });
  const rate = ({ min }: Timing, density = 1) => Math.round(recurrentWork(size, density) / min / 1e9);
  const ours = ways.map((way, k) => {
    const found = rate(times[k], way.model.share);
    const share = backends.peak ? ` (${Math.round((100 * found) / backends.peak)} % of the core)` : "";
    return `${way.what}: ${found} GFLOP/s${share}`;
  });
  const rates = others.map(({ name, time }) => `, ${name} ${rate(time)}`).join("");
  const difference = `, losses of ${compared(size)} updates differ by ${formatNumber(Math.max(...differences))} of themselves at most`;
  report.note(`${ours.join("; ")}${rates}${peers.length > 0 ? difference : ""}`);
  return others;
}

/** A tenth of the synapses, beside the step that takes them all. */
async function sparseBesideDense(
  report: Report,
  { size, backends, dense }: { size: Size; backends: Backends; dense: readonly PeerTime[] },
): Promise<void> {
  const model = leakyModel(size, { density: 0.1 });
  const data = randomData(size);
  for (const path of ["native", "wasm"] as const) {
    if (backends[path] === undefined) continue;
    const learner = new Learner(model, { size, rate: RATE, backend: backends[path] });
    for (let k = 0; k < 3; k++) learner.step(data);
    const [time] = await interleave([() => cpuSeconds(() => void learner.step(data))], 10);
    report.row({
      subject: SUBJECT,
      case: `CTRNN, N = ${size.units}, a tenth of the synapses${path === "wasm" ? ", WebAssembly" : ""}`,
      value: 1e3 * time.min,
      median: 1e3 * time.median,
      unit: "ms",
      runs: 10,
      ...besideAll(dense.map(({ name, time }) => ({ name: `${name}, all of them`, time }))),
    });
  }
}

function apart(ours: readonly number[], theirs: readonly number[]): number {
  return Math.max(...ours.map((loss, k) => Math.abs(loss - theirs[k]) / theirs[k]));
}
