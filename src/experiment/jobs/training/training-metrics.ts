/**
 * @file The numbers of one training job that go into the table of a run.
 */

import { spectralRadius } from "../../../core/index.ts";
import type { TrainingRecord } from "../../results/training-record.ts";
import type { TestResult } from "./test-trials.ts";

/**
 * Numbers by name; those that do not exist are left out.
 *
 * - `loss`, `fractionCorrect`: of the last validation, or of the last batch where there are no validations;
 * - `minimumLoss`, `updateOfMinimum`, `bestFractionCorrect`: over validations (or batches);
 * - `updates`; `updatesToTarget` of training that reached its target;
 * - `spectralRadiusInitial`, `spectralRadiusLast` of the recurrent weights;
 * - `testFractionCorrect`, `testError`, the masked squared error: of fresh trials with the best parameters.
 */
export function trainingMetrics(
  { facts, history, validation, weights }: TrainingRecord,
  test: Pick<TestResult, "fractionCorrect" | "error"> | undefined,
): Record<string, number> {
  const batches = Float64Array.from(history.loss, (_, k) => k + 1);
  const seen = validation.loss.length > 0 ? validation : { ...history, updates: batches };
  const least = seen.loss.reduce((best, loss, k) => (loss < seen.loss[best] ? k : best), 0);
  const radius = (moment: "initial" | "last") => weights[moment].rec && spectralRadius(weights[moment].rec);
  const all: Record<string, number | undefined> = {
    loss: seen.loss.at(-1),
    minimumLoss: seen.loss[least],
    updateOfMinimum: seen.updates[least],
    fractionCorrect: seen.fractionCorrect.at(-1),
    bestFractionCorrect: seen.fractionCorrect
      .filter((f) => !Number.isNaN(f))
      .reduce((best, f) => Math.max(best, f), Number.NEGATIVE_INFINITY),
    updates: facts.updates,
    updatesToTarget: facts.status === "reached" ? facts.updates : undefined,
    spectralRadiusInitial: radius("initial"),
    spectralRadiusLast: radius("last"),
    testFractionCorrect: test?.fractionCorrect,
    testError: test?.error,
  };
  const known = Object.entries(all).filter(([, value]) => value !== undefined && Number.isFinite(value));
  return Object.fromEntries(known) as Record<string, number>;
}
