/**
 * @file Numbers of a training over its repeats, and which network is shown.
 */

import { formatExact } from "../../../plot/index.ts";
import type { FactorValue } from "../../spec/factors.ts";
import { factorWords } from "../names.ts";
import { repeatMean } from "../repeat-mean.ts";
import type { TrainingRun, TrainingSetting } from "./training-input.ts";

/** Repeats that did not break down. */
export function finishedRuns(runs: readonly TrainingRun[]): TrainingRun[] {
  return runs.filter(({ metrics }) => Object.keys(metrics).length > 0);
}

/** The metric settings are ranked by: answers to fresh trials where there are any, else the lowest loss. */
export function rankedBy(settings: readonly TrainingSetting[]): {
  metric: "testFractionCorrect" | "minimumLoss";
  better: "higher" | "lower";
} {
  const has = settings.some(({ runs }) => repeatMean(runs, "testFractionCorrect").count > 0);
  return has
    ? { metric: "testFractionCorrect", better: "higher" }
    : { metric: "minimumLoss", better: "lower" };
}

/** Settings with a result, the best first, by their mean over repeats; of equal ones that with the lower loss. */
export function ranking(settings: readonly TrainingSetting[]): number[] {
  const { metric, better } = rankedBy(settings);
  const means = settings.map(({ runs }) => repeatMean(runs, metric).mean);
  const losses = settings.map(({ runs }) => repeatMean(runs, "minimumLoss").mean);
  const sign = better === "higher" ? -1 : 1;
  return means
    .map((_, k) => k)
    .filter((k) => Number.isFinite(means[k]))
    .sort((a, b) => sign * (means[a] - means[b]) || losses[a] - losses[b] || a - b);
}

/**
 * The network that stands for a run: of the best setting the repeat in the middle, of two in the middle the worse one.
 * Undefined when nothing finished.
 */
export function typicalRun(
  settings: readonly TrainingSetting[],
): { setting: number; run: TrainingRun } | undefined {
  const [setting] = ranking(settings);
  if (setting === undefined) return undefined;
  const { metric, better } = rankedBy(settings);
  const sign = better === "higher" ? 1 : -1;
  const runs = settings[setting].runs
    .filter(({ metrics }) => Number.isFinite(metrics[metric]))
    .sort((a, b) => sign * (a.metrics[metric] - b.metrics[metric]) || a.repeat - b.repeat);
  return { setting, run: runs[Math.floor((runs.length - 1) / 2)] };
}

/** `learning rate 0.01, activation relu`; empty where nothing was swept. */
export function settingWords(factors: Readonly<Record<string, FactorValue>>): string {
  return Object.entries(factors)
    .map(([path, value]) => `${pathWords(path)} ${formatExact(value)}`)
    .join(", ");
}

/** A path inside a sentence; `optimiser.kind` is the optimiser, not a kind. */
export function pathWords(path: string): string {
  return factorWords(meaningful(path));
}

/** The part of a path that says what it is: `kind` and `name` only say of what. */
export function meaningful(path: string): string {
  return path.replace(/\.(kind|name|distribution)$/, "");
}
