/**
 * @file An epoch as bio_rnn_mem makes it: a sequence of values to be repeated after a cue, the marmoset's mask, 400 trials
 * in batches of 128 (the last of 16) to train on and 100 to validate with, Adam. Its own templates run 220 units, four
 * neurons an area, with 3, 5 and 10 values. The other side is its loop, written from the description of what it does:
 * trials searched for by id, masks looked for in each batch, gradients recorded while validating.
 */

import { createRng } from "../../src/core/index.ts";
import { cpuSeconds, interleave } from "../measure.ts";
import { type BenchOptions, formatNumber, type Report } from "../report.ts";
import { type Backends, besideAll, SUBJECT } from "./beside-torch.ts";
import { elmanModel, Learner, shareOf, type TrainingData } from "./learner.ts";
import { AREAS, marmosetMask } from "./marmoset.ts";

const [TRAIN, VALID, BATCH] = [400, 100, 128];
const RATE = 1e-4;
/** Epochs whose losses are compared. */
const COMPARED = 3;
/** Epochs before the first turn, of the 500 that a training takes: one alone would find caches and compilers cold. */
const WARM = 20;
/** Seconds that a turn of ours takes, so that what the others leave in the caches is soon gone; they make as many epochs. */
const TURN = 0.25;

/** Epochs with one, four and eight neurons an area, short and long sequences. */
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
        { neurons: 4, length: 10 },
        { neurons: 8, length: 10 },
      ];
  const backend = backends.native ?? backends.wasm;
  const torches = peers.startTorches("training");
  for (const { neurons, length } of sizes) {
    const steps = 2 * length + 1;
    const units = AREAS * neurons;
    const { mask, origin } = marmosetMask(neurons);
    const size = { units, inputs: 2, outputs: 1, batch: BATCH, steps };
    const model = elmanModel(size, { mask });
    const learner = new Learner(model, { size, rate: RATE, backend });
    const last = learner.follow({ ...size, batch: TRAIN % BATCH }, backend);
    const valid = learner.follow({ ...size, batch: VALID }, backend);
    const trials = sequences(TRAIN, length, "train");
    const unseen = sequences(VALID, length, "valid");
    const epoch = (): [number, number] => {
      let sum = 0;
      let batches = 0;
      for (let from = 0; from < TRAIN; from += BATCH, batches++) {
        const count = Math.min(BATCH, TRAIN - from);
        sum += learner.step(batchOf(trials, from, count), count === BATCH ? learner.gradient : last);
      }
      return [sum / batches, learner.evaluate(batchOf(unseen, 0, VALID), valid).loss];
    };
    const losses = Array.from({ length: COMPARED }, epoch).flat();
    const epochs = (count: number) => {
      for (let k = 0; k < count; k++) epoch();
    };
    if (!quick) epochs(WARM);
    const turn = quick ? 1 : Math.max(3, Math.round(TURN / cpuSeconds(() => void epoch())));
    const contenders: (() => number | Promise<number>)[] = [() => cpuSeconds(() => epochs(turn)) / turn];
    const differences: number[] = [];
    for (const { peer } of torches) {
      for (const [name, { values }] of Object.entries(model.weights)) peer.share(name, values);
      for (const [name, { x, y }] of Object.entries({ train: trials, valid: unseen })) {
        peer.share(`${name}-x`, x);
        peer.share(`${name}-y`, y);
      }
      const setting = { units, steps, train: TRAIN, valid: VALID, batch: BATCH, rate: RATE };
      await peer.ask({ kind: "memory_setup", ...setting });
      const theirs = await peer.ask<{ losses: number[] }>({ kind: "memory_run", count: COMPARED });
      differences.push(...losses.map((loss, k) => Math.abs(loss / theirs.losses[k] - 1)));
      if (!quick) await peer.ask({ kind: "memory_run", count: WARM });
      const ask = () => peer.ask<{ seconds: number }>({ kind: "memory_run", count: turn });
      contenders.push(async () => (await ask()).seconds);
    }
    const repeats = quick ? 3 : 10;
    const [ours, ...theirs] = await interleave(contenders, repeats);
    const title = `epoch of bio_rnn_mem, N = ${units}, T = ${steps}`;
    report.row({
      subject: SUBJECT,
      case: title,
      value: 1e3 * ours.min,
      median: 1e3 * ours.median,
      unit: "ms",
      runs: repeats,
      ...besideAll(torches.map(({ name }, k) => ({ name: `its loop in ${name}`, time: theirs[k] }))),
    });
    const wiring = `${origin === "marmoset" ? "mask of the marmoset's areas" : "random mask, for there is no connectome"}, density ${formatNumber(shareOf(mask))}`;
    const apart = `losses of ${COMPARED} epochs differ by ${formatNumber(Math.max(...differences))} of themselves at most`;
    report.note(`${title}: ${wiring}${torches.length > 0 ? `; ${apart}` : ""}`);
  }
  for (const { peer } of torches) peer.stop();
}

// Implementation

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
