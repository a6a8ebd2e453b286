/**
 * @file Chronological split of a run into a part to fit on and a later part to score on. Never shuffled: neighbouring
 * steps of a reservoir share their past, so shuffled test rows would leak into the fit.
 */

import { CajalError } from "../../core/index.ts";

/** Half-open range of steps `[start, end)`. */
export interface StepRange {
  start: number;
  end: number;
}

/**
 * First part for training, last part for testing: of the steps after the washout the first ⌊trainFraction · rest⌋
 * train, what follows after the gap tests.
 *
 * @param steps - Length of the run.
 * @param options.trainFraction - Fraction of the steps after the washout that trains, 0 < f < 1, default 0.7.
 * @param options.washout - Steps dropped at the start of training, while the initial state fades, default 0.
 * @param options.gap - Steps dropped between the parts, default 0; a gap as long as the memory of the task keeps the
 *   test from seeing inputs that were trained on. The state runs on, so the test part needs no washout of its own.
 * @throws CajalError `bad-option`, or `empty-split` when a part is left without steps.
 * @example splitSteps(4000, { washout: 200 }) // { train: { start: 200, end: 2860 }, test: { start: 2860, end: 4000 } }
 */
export function splitSteps(
  steps: number,
  options: { trainFraction?: number; washout?: number; gap?: number } = {},
): { train: StepRange; test: StepRange } {
  const { trainFraction = 0.7, washout = 0, gap = 0 } = options;
  checkWhole("steps", steps);
  checkWhole("washout", washout);
  checkWhole("gap", gap);
  if (!(trainFraction > 0 && trainFraction < 1)) {
    const hint = "For example 0.7.";
    fail(`trainFraction must lie between 0 and 1, got ${trainFraction}`, "bad-option", hint);
  }
  const train = trainingSteps(steps - washout, trainFraction);
  if (train < 1) {
    const hint = "Lower washout, raise trainFraction, or run longer.";
    fail(`washout (${washout}) leaves no training steps of ${steps}`, "empty-split", hint);
  }
  const cut = washout + train;
  if (cut + gap >= steps) {
    const hint = "Lower gap or trainFraction, or run longer.";
    fail(`gap (${gap}) leaves none of the ${steps - cut} test steps`, "empty-split", hint);
  }
  return { train: { start: washout, end: cut }, test: { start: cut + gap, end: steps } };
}

/** ⌊fraction · steps⌋, a hair above so that 0.7 of 10 is 7 whatever the rounding of 0.7. */
export function trainingSteps(steps: number, trainFraction: number): number {
  return Math.max(0, Math.floor(trainFraction * steps * (1 + 4 * Number.EPSILON)));
}

// Implementation

function checkWhole(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 0) return;
  fail(`${name} must be a whole number of steps ≥ 0, got ${value}`, "bad-option", undefined);
}

function fail(what: string, code: string, hint: string | undefined): never {
  throw new CajalError(what, { code, where: "splitSteps", hint });
}
