/**
 * @file An epoch as bio_rnn_mem makes it: a sequence of values to be repeated after a cue, the marmoset's mask, 400 trials
 * in batches of 128 (the last of 16) to train on and 100 to validate with, Adam. Its own templates run 220 units, four
 * neurons an area, with 3, 5 and 10 values. The other side is its loop, written from the description of what it does:
 * trials searched for by id, masks looked for in each batch, gradients recorded while validating.
 */

import { createRng } from "../../src/core/index.ts";
import { cpuSeconds, interleave, wallSeconds } from "../measure.ts";
import type { RunningTorch } from "../peers.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { type Backends, besideAll, SUBJECT } from "./beside-torch.ts";
import { elmanModel, Learner, type LearnerOptions, shareOf, type TrainingData } from "./learner.ts";
import { type Mask, marmosetMask } from "./marmoset.ts";
import { compareThreads } from "./thread-settings.ts";
import { IN_TWO } from "./threads.ts";

const [TRAIN, VALID, BATCH] = [400, 100, 128];
const RATE = 1e-4;
/** Neurons of an area in its templates. */
const TEMPLATE = 4;
/** Epochs whose losses are compared. */
const COMPARED = 3;
/** Epochs before the first turn, of the 500 that a training takes: one alone would find caches and compilers cold. */
const WARM = 20;
/** Seconds that a turn of ours takes, so that what the others leave in the caches is soon gone; they make as many epochs. */
const TURN = 0.25;

/** Epochs with one, four and eight neurons an area; with four, its templates' number, also with two threads. */
export async function besideEpoch(
  report: Report,
  { quick, peers }: BenchOptions,
  backends: Backends,
): Promise<void> {
  const sizes = quick
    ? [{ neurons: 1, length: 3 }]
    : [
        { neurons: 1, length: 10 },
        { neurons: 4, length: 3 },
        { neurons: 4, length: 5 },
        { neurons: 4, length: 10 },
        { neurons: 8, length: 10 },
      ];
  const backend = backends.native ?? backends.wasm;
  const torches = peers.startTorches("training");
  const repeats = quick ? 3 : 10;
  for (const { neurons, length } of sizes) {
    const wiring = marmosetMask(neurons);
    const ours = new Epochs(length, wiring, { backend });
    const { title } = ours;
    const losses = Array.from({ length: COMPARED }, () => ours.epoch()).flat();
    const warm = quick ? 0 : WARM;
    ours.run(warm);
    const turn = quick ? 1 : Math.max(3, Math.round(TURN / cpuSeconds(() => void ours.epoch())));
    const differences: number[] = [];
    for (const torch of torches) {
      const theirs = await ours.hand(torch);
      differences.push(...losses.map((loss, k) => Math.abs(loss / theirs[k] - 1)));
      if (warm > 0) await epochsOf(torch, warm);
    }
    const [own, ...theirs] = await interleave(
      [
        () => cpuSeconds(() => ours.run(turn)) / turn,
        ...torches.map((torch) => async () => (await epochsOf(torch, turn)).seconds),
      ],
      repeats,
    );
    report.row({
      subject: SUBJECT,
      case: title,
      value: 1e3 * own.min,
      median: 1e3 * own.median,
      unit: "ms",
      runs: repeats,
      ...besideAll(torches.map((torch, k) => ({ name: peerName(torch), time: theirs[k] }))),
    });
    const place =
      wiring.origin === "marmoset"
        ? "mask of the marmoset's areas"
        : "random mask, for there is no connectome";
    const apart = `losses of ${COMPARED} epochs differ by ${formatNumber(Math.max(...differences))} of themselves at most`;
    report.note(
      `${title}: ${place}, density ${formatNumber(shareOf(wiring.mask))}${torches.length > 0 ? `; ${apart}` : ""}`,
    );
    if (neurons === TEMPLATE || quick) {
      const two = new Epochs(length, wiring, { backend, ...IN_TWO });
      two.run(warm);
      const wall = (epochs: Epochs) => () => wallSeconds(() => epochs.run(turn)) / turn;
      const gains = await compareThreads(report, {
        ...{ title, torches, peerName, repeats: quick ? 1 : 6 },
        ours: [wall(ours), wall(two)],
        theirs: async (torch) => (await epochsOf(torch, turn)).wall,
      });
      report.note(gains);
      for (const torch of torches) await torch.peer.ask({ kind: "threads", own: 1, products: 1 });
      two.dispose();
    }
    ours.dispose();
  }
  for (const { peer } of torches) peer.stop();
}

// Implementation

const peerName = ({ name }: RunningTorch) => `its loop in ${name}`;

/** CPU and wall seconds of an epoch, and losses of all. */
const epochsOf = ({ peer }: RunningTorch, count: number) =>
  peer.ask<{ seconds: number; wall: number; losses: number[] }>({ kind: "memory_run", count });

/** Ours. Its batches are the same in every epoch, so they are put together once. */
class Epochs {
  readonly title: string;
  readonly #size: { units: number; steps: number };
  readonly #learner: Learner;
  readonly #model: ReturnType<typeof elmanModel>;
  readonly #trials: Record<"train" | "valid", Sequences>;
  readonly #batches: { data: TrainingData; gradient: Learner["gradient"] }[];
  readonly #valid: { data: TrainingData; gradient: Learner["gradient"] };

  constructor(length: number, { mask }: Mask, options: Pick<LearnerOptions, "backend" | "compile">) {
    const units = Math.round(Math.sqrt(mask.length));
    const steps = 2 * length + 1;
    const size = { units, inputs: 2, outputs: 1, batch: BATCH, steps };
    this.title = `epoch of bio_rnn_mem, N = ${units}, T = ${steps}`;
    this.#size = { units, steps };
    this.#model = elmanModel(size, { mask });
    this.#learner = new Learner(this.#model, { size, rate: RATE, ...options });
    this.#trials = { train: sequences(TRAIN, length, "train"), valid: sequences(VALID, length, "valid") };
    const follow = (batch: number) => this.#learner.follow({ ...size, batch }, options.backend);
    const last = follow(TRAIN % BATCH);
    this.#batches = Array.from({ length: Math.ceil(TRAIN / BATCH) }, (_, k) => {
      const count = Math.min(BATCH, TRAIN - k * BATCH);
      const data = batchOf(this.#trials.train, k * BATCH, count);
      return { data, gradient: count === BATCH ? this.#learner.gradient : last };
    });
    this.#valid = { data: batchOf(this.#trials.valid, 0, VALID), gradient: follow(VALID) };
  }

  /** Losses of training and validation. */
  epoch(): [number, number] {
    let sum = 0;
    for (const { data, gradient } of this.#batches) sum += this.#learner.step(data, gradient);
    const { data, gradient } = this.#valid;
    return [sum / this.#batches.length, this.#learner.evaluate(data, gradient).loss];
  }

  run(count: number): void {
    for (let k = 0; k < count; k++) this.epoch();
  }

  /** Give a torch the weights and the trials. @returns The losses of its first epochs. */
  async hand(torch: RunningTorch): Promise<number[]> {
    const { peer } = torch;
    for (const [name, { values }] of Object.entries(this.#model.weights)) peer.share(name, values);
    for (const [name, { x, y }] of Object.entries(this.#trials)) {
      peer.share(`${name}-x`, x);
      peer.share(`${name}-y`, y);
    }
    await peer.ask({
      kind: "memory_setup",
      ...this.#size,
      train: TRAIN,
      valid: VALID,
      batch: BATCH,
      rate: RATE,
    });
    return (await epochsOf(torch, COMPARED)).losses;
  }

  dispose(): void {
    const gradients = new Set([...this.#batches, this.#valid].map(({ gradient }) => gradient));
    for (const gradient of gradients) gradient.dispose();
  }
}

/** Trials one after another: inputs `(trial, time, input)`, targets `(trial, time)`. */
interface Sequences {
  steps: number;
  x: Float64Array;
  y: Float64Array;
}

/** Values, a cue, and the values again; a target of 0 does not count. */
function sequences(count: number, length: number, name: string): Sequences {
  const steps = 2 * length + 1;
  const rng = createRng(length).stream(name);
  const x = new Float64Array(count * steps * 2);
  const y = new Float64Array(count * steps);
  for (let k = 0; k < count; k++) {
    x[(k * steps + length) * 2] = 1;
    for (let t = 0; t < length; t++) {
      const value = rng.uniform();
      x[(k * steps + t) * 2 + 1] = value;
      y[k * steps + length + 1 + t] = value;
    }
  }
  return { steps, x, y };
}

/** Some trials side by side. */
function batchOf({ steps, x, y }: Sequences, from: number, count: number): TrainingData {
  const inputs = new Float64Array(steps * 2 * count);
  const targets = new Float64Array(steps * count);
  for (let t = 0; t < steps; t++) {
    for (let b = 0; b < count; b++) {
      const at = (from + b) * steps + t;
      inputs[2 * t * count + b] = x[2 * at];
      inputs[(2 * t + 1) * count + b] = x[2 * at + 1];
      targets[t * count + b] = y[at];
    }
  }
  const mask = targets.map((target) => (target === 0 ? 0 : 1));
  return { inputs, targets, mask, shape: { time: steps, units: 1, batch: count } };
}
