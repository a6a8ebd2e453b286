/**
 * @file A trial while it is made: periods are known, inputs, targets and mask are filled period by period.
 */

import { CajalError, type Rng, suggest } from "../../core/index.ts";
import { NormalSource } from "./normal-source.ts";
import { findPeriod } from "./periods.ts";
import type { Period } from "./trial.ts";

/** Name or index of a channel. */
export type Channel = string | number;

/** Arrays of a trial under construction, all 0 (labels −1) at first. */
export class TrialDraft {
  readonly periods: readonly Period[];
  readonly steps: number;
  readonly dt: number;
  /** Shape `(time, channel)`. */
  readonly inputs: Float64Array;
  /** Shape `(time, output)`. */
  readonly targets: Float64Array;
  /** Shape `(time, output)`. */
  readonly mask: Float64Array;
  /** Shape `(time)`. */
  readonly labels: Int32Array;
  readonly #inputNames: readonly string[];
  readonly #outputNames: readonly string[];

  constructor(
    periods: readonly Period[],
    { inputs, outputs, dt }: { inputs: readonly string[]; outputs: readonly string[]; dt: number },
  ) {
    this.periods = periods;
    this.dt = dt;
    this.steps = Math.max(0, ...periods.map((p) => p.to));
    // One piece of memory: batches of training make and drop hundreds of trials.
    const [shown, wanted] = [this.steps * inputs.length, this.steps * outputs.length];
    const memory = new ArrayBuffer(8 * (shown + 2 * wanted) + 4 * this.steps);
    this.inputs = new Float64Array(memory, 0, shown);
    this.targets = new Float64Array(memory, 8 * shown, wanted);
    this.mask = new Float64Array(memory, 8 * (shown + wanted), wanted);
    this.labels = new Int32Array(memory, 8 * (shown + 2 * wanted), this.steps).fill(-1);
    this.#inputNames = inputs;
    this.#outputNames = outputs;
  }

  /** The period called `name`. @throws CajalError `unknown-period`. */
  period(name: string): Period {
    return findPeriod(this.periods, name);
  }

  /** Add `value` to a channel throughout a period. @throws CajalError `unknown-period`, `unknown-channel`. */
  show(period: string, channel: Channel, value: number): void {
    const { from, to } = this.period(period);
    this.showAt(from, to, channel, value);
  }

  /** Add `value` to a channel from step `from` to before step `to`. @throws CajalError `unknown-channel`. */
  showAt(from: number, to: number, channel: Channel, value: number): void {
    const width = this.#inputNames.length;
    const c = indexOf("input", channel, this.#inputNames);
    for (let t = from; t < to; t++) this.inputs[t * width + c] += value;
  }

  /** Add normal noise of a standard deviation to some channels (default all) throughout a period, step by step. */
  shake(
    period: string,
    deviation: number,
    { rng, channels }: { rng: Rng; channels?: readonly Channel[] },
  ): void {
    if (deviation === 0) return;
    const { from, to } = this.period(period);
    const width = this.#inputNames.length;
    const list = (channels ?? this.#inputNames).map((c) => indexOf("input", c, this.#inputNames));
    const source = new NormalSource(rng);
    for (let t = from; t < to; t++) {
      for (const c of list) this.inputs[t * width + c] += deviation * source.next();
    }
  }

  /** Want `value` of an output throughout a period. The mask is not touched. */
  want(period: string, output: Channel, value: number): void {
    const { from, to } = this.period(period);
    const width = this.#outputNames.length;
    const o = indexOf("output", output, this.#outputNames);
    for (let t = from; t < to; t++) this.targets[t * width + o] = value;
  }

  /** Let all outputs count throughout a period. @param weight - ≥ 0, default 1. */
  count(period: string, weight = 1): void {
    const { from, to } = this.period(period);
    const width = this.#outputNames.length;
    this.mask.fill(weight, from * width, to * width);
  }

  /** Want a class throughout a period: its label, the one-hot target, and the mask. @param weight - ≥ 0, default 1. */
  label(period: string, output: Channel, weight = 1): void {
    const { from, to } = this.period(period);
    const width = this.#outputNames.length;
    const o = indexOf("output", output, this.#outputNames);
    this.labels.fill(o, from, to);
    this.targets.fill(0, from * width, to * width);
    this.want(period, o, 1);
    this.count(period, weight);
  }
}

// Implementation

function indexOf(what: string, channel: Channel, names: readonly string[]): number {
  const index = typeof channel === "number" ? channel : names.indexOf(channel);
  if (index in names) return index;
  throw new CajalError(`there is no ${what} "${channel}"`, {
    code: "unknown-channel",
    where: "trial",
    hint: suggest(String(channel), names),
  });
}
