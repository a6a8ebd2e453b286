/**
 * @file States to start a search for fixed points from: those that a network passes through, a little displaced.
 */

import { CajalError, type Rng } from "../../../core/index.ts";
import type { TrialActivity } from "./run-trials.ts";
import type { NetworkState } from "./state-variables.ts";

/** How {@link sampleStates} draws. */
export interface SampleOptions {
  count: number;
  rng: Rng;
  /** Standard deviation of normal noise on every component, in units of the state, default 0. */
  jitter?: number;
  /** First step and the one after the last, default all. */
  from?: number;
  to?: number;
}

/**
 * Draw states evenly from the trajectories of trials, with replacement.
 *
 * @param activity - Of all variables of the state, as `runTrials` records them.
 * @param state - As `networkState` has it.
 * @returns Shape `(start, component)`, as `findFixedPoints` takes it.
 * @throws CajalError `missing-variable`, `no-samples`.
 */
export function sampleStates(
  activity: Readonly<Record<string, TrialActivity>>,
  { variables, size }: NetworkState,
  options: SampleOptions,
): Float64Array {
  const { count, rng, jitter = 0, from = 0, to = Number.POSITIVE_INFINITY } = options;
  const missing = variables.find((v) => !(v.name in activity));
  if (missing) {
    throw new CajalError(`there is no activity of "${missing.name}"`, {
      code: "missing-variable",
      where: "sampleStates",
      hint: `Record ${variables.map((v) => `"${v.name}"`).join(", ")} in runTrials.`,
    });
  }
  const { rows, steps, values, units } = activity[variables[0].name];
  const samples: number[] = [];
  for (let k = 0; k < rows * steps; k++) {
    const t = k % steps;
    if (t >= from && t < to && Number.isFinite(values[k * units])) samples.push(k);
  }
  if (samples.length === 0) {
    throw new CajalError(`no trial has a step from ${from} to ${to}`, {
      code: "no-samples",
      where: "sampleStates",
    });
  }
  const out = new Float64Array(count * size);
  for (let s = 0; s < count; s++) {
    const k = samples[rng.integer(samples.length)];
    for (const { name, offset, units: own } of variables) {
      for (let i = 0; i < own; i++) {
        const noise = jitter > 0 ? jitter * rng.normal() : 0;
        out[s * size + offset + i] = activity[name].values[k * own + i] + noise;
      }
    }
  }
  return out;
}
