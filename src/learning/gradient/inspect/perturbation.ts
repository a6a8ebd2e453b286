/**
 * @file Perturbations of activity during a trial: kicks, clamps and silencing of units, in a period or between two steps.
 */

import { CajalError } from "../../../core/index.ts";
import type { Simulation } from "../../../engine/index.ts";
import { findPeriod, type TrialBatch, type TrialFacts } from "../../../tasks/index.ts";

/** What is done to a variable at the end of each step of a stretch. The next step, and what it sends on, see it. */
export interface Perturbation {
  /** `"population.variable"`; to silence units, multiply what they send, e.g. `rec.r`, by 0. */
  variable: string;
  /** Default all. */
  units?: ArrayLike<number>;
  /** Name of a period, or the first step and the one after the last. Trials without the period stay as they are. */
  during: string | { from: number; to: number };
  kind: "add" | "multiply" | "set";
  /** One number, or one for each of the units, e.g. a direction in the space of activity. */
  value: number | ArrayLike<number>;
}

/**
 * What to call after each step of a run over the batch.
 *
 * @throws CajalError `shape`, `bad-unit`, and `unknown-period` if no trial has the period.
 */
export function perturbing(
  run: Simulation,
  batch: TrialBatch,
  perturbations: readonly Perturbation[],
): (step: number) => void {
  const planned = perturbations.map((p) => {
    const size = run.get(p.variable).length / batch.count;
    const units = Array.from(p.units ?? { length: size }, (u, k) => (p.units ? u : k));
    check(p, units, size);
    return { ...p, units, stretches: stretchesOf(p, batch.trials) };
  });
  return (step) => {
    for (const { variable, units, kind, value, stretches } of planned) {
      if (!stretches.some(({ from, to }) => step >= from && step < to)) continue;
      const values = run.get(variable);
      stretches.forEach(({ from, to }, b) => {
        if (step < from || step >= to) return;
        units.forEach((unit, k) => {
          const by = typeof value === "number" ? value : value[k];
          const at = unit * batch.count + b;
          values[at] = kind === "set" ? by : kind === "add" ? values[at] + by : values[at] * by;
        });
      });
      run.set(variable, values);
    }
  };
}

// Implementation

function check({ variable, value }: Perturbation, units: readonly number[], size: number): void {
  const where = `perturbation of ${variable}`;
  const bad = units.find((u) => !(Number.isInteger(u) && u >= 0 && u < size));
  if (bad !== undefined) {
    throw new CajalError(`unit ${bad} is not one of 0 … ${size - 1}`, { code: "bad-unit", where });
  }
  if (typeof value === "number" || value.length === units.length) return;
  throw new CajalError(`${value.length} values for ${units.length} units`, {
    code: "shape",
    where,
    hint: "Give one number, or one for each of the units.",
  });
}

/** Steps of each trial in which it acts. */
function stretchesOf(
  { during }: Perturbation,
  trials: readonly TrialFacts[],
): { from: number; to: number }[] {
  if (typeof during !== "string") return trials.map(() => during);
  const has = ({ periods }: TrialFacts) => periods.some((p) => p.name === during);
  // The message of the first trial names what periods there are.
  if (!trials.some(has)) findPeriod(trials[0].periods, during);
  return trials.map((t) => (has(t) ? findPeriod(t.periods, during) : { from: 0, to: 0 }));
}
