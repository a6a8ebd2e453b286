/**
 * @file Where trials begin that follow each other without a reset: trial k of a batch in the state in which trial k of
 * the batch before ended. So a batch is as many streams, side by side, as it has trials.
 */

import { compileNeuron } from "../../../compiler/index.ts";
import type { ForwardResult } from "../../../engine/index.ts";
import type { Network } from "../../../model/index.ts";
import type { TrialBatch } from "../../../tasks/index.ts";

/** States by `"population.variable"`, shape `(unit, trial)`. */
export type TrialStates = Record<string, Float64Array>;

/** The states that the next batch begins in. */
export class CarriedStates {
  /** Every variable there is: what units send and have in store, as much as what equations integrate. */
  readonly record: readonly string[];
  #states: TrialStates | undefined;

  constructor({ populations }: Network) {
    this.record = populations.flatMap(({ name, neuron }) =>
      compileNeuron(neuron).variables.map((v) => `${name}.${v.name}`),
    );
  }

  /** Undefined before the first batch: the network's own start. Never written to. */
  get states(): TrialStates | undefined {
    return this.#states;
  }

  /** Go on from saved ones. */
  replace(states: TrialStates | undefined): void {
    this.#states = states;
  }

  /** Take the states at the end of each trial of a batch: its own end, what runs on beyond it is padding. */
  take(records: ForwardResult["records"], { count, steps, trials }: TrialBatch): void {
    const earlier = this.#states;
    const ends = (name: string) => {
      const values = records[name];
      const size = values.length / steps;
      return Float64Array.from({ length: size }, (_, k) => {
        const end = trials[k % count].steps - 1;
        // A trial of no steps ends where it began.
        return end < 0 && earlier ? earlier[name][k] : values[Math.max(0, end) * size + k];
      });
    };
    this.#states = Object.fromEntries(this.record.map((name) => [name, ends(name)]));
  }
}
