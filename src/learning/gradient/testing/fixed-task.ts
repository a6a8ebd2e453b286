/** @file A task that shows the trials of a file, in their order, for comparison with other tools. */

import type { Conditions, Task, Trial } from "../../../tasks/index.ts";

/** Arrays of a batch, shape `(time, channel, batch)` as the engine has them. */
export interface FixedTrials {
  dt: number;
  time: number;
  batch: number;
  inputs: Float64Array;
  targets: Float64Array;
  /** Default all 1. */
  mask?: Float64Array;
}

/** Give `conditions` as the conditions of a curriculum that begins with update 0. */
export function fixedTask({ dt, time, batch, inputs, targets, mask }: FixedTrials): {
  task: Task;
  conditions: Conditions[];
} {
  const pick = (values: Float64Array, b: number) => values.filter((_, k) => k % batch === b);
  const names = (values: Float64Array) =>
    Array.from({ length: values.length / (time * batch) }, (_, k) => `channel ${k}`);
  const shared = { inputNames: names(inputs), outputNames: names(targets), dt, task: "fixed" };
  const trials = Array.from(
    { length: batch },
    (_, b): Trial => ({
      kind: "trial",
      ...shared,
      steps: time,
      periods: [{ name: "all", from: 0, to: time, start: 0, end: time * dt }],
      conditions: { index: b },
      choice: -1,
      evidence: Number.NaN,
      catchTrial: false,
      inputs: pick(inputs, b),
      targets: pick(targets, b),
      mask: pick(mask ?? new Float64Array(targets.length).fill(1), b),
      labels: new Int32Array(time).fill(-1),
    }),
  );
  return {
    task: {
      kind: "task",
      name: "fixed",
      dt,
      inputs: shared.inputNames,
      outputs: shared.outputNames,
      factors: { index: { values: trials.map((_, b) => b) } },
      catchFraction: 0,
      maxSteps: time,
      loss: "squared-error",
      readout: { kind: "trace" },
      continuous: false,
      trial: (_rng, conditions = {}) => trials[Number(conditions.index ?? 0)],
    },
    conditions: trials.map((_, index) => ({ index })),
  };
}
