/**
 * @file What was found in one sentence, what a reader should not conclude, and which code computed it.
 */

import { formatCount, formatFixed } from "../../../plot/index.ts";
import type { TrainingBackend } from "../../results/training-record.ts";
import { meanWords, repeatMean } from "../repeat-mean.ts";
import type { TrainingInput, TrainingRun, TrainingSetting } from "./training-input.ts";
import { rankedBy, ranking, settingWords, typicalRun } from "./training-numbers.ts";

/** The answer in one sentence. */
export function trainingAnswer({ settings, experiment }: TrainingInput): string {
  const order = ranking(settings);
  if (order.length === 0) {
    return "No network finished its training, so there is nothing to report; see the failures below.";
  }
  const best = settings[order[0]];
  const task = taskWords(best.experiment.task.name);
  if (settings.length === 1) {
    const n = best.runs.length;
    const who = n === 1 ? "One network" : `${n} networks`;
    return `${who} trained on ${task}: ${outcomeWords(best)}.`;
  }
  const worst = settings[order[order.length - 1]];
  const where = (setting: TrainingSetting) => settingWords(setting.factors);
  const { metric } = rankedBy(settings);
  const mean = (setting: TrainingSetting) => repeatMean(setting.runs, metric).mean;
  const rest =
    order.length === 1
      ? "; the others gave no result"
      : mean(best) === mean(worst)
        ? `; no setting does worse${metric === "testFractionCorrect" ? " in fresh trials" : ""}`
        : `; worst is ${where(worst)}, ${shortOutcome(worst)}`;
  const varied = Object.keys(experiment.sweep).length;
  return `Of ${settings.length} settings of ${varied === 1 ? "one factor" : `${varied} factors`} trained on ${task}, ${where(best)} does best: ${outcomeWords(best)}${rest}.`;
}

/** What a reader should not conclude, one sentence each; the most important first. */
export function trainingCautions(input: TrainingInput): string[] {
  const { settings, failures, warnings, experiment } = input;
  const order = ranking(settings);
  const best = order.length > 0 ? settings[order[0]] : undefined;
  const out: string[] = [];
  const n = Math.max(0, ...settings.map(({ runs }) => runs.length));
  if (best && n === 1) {
    out.push(
      "One repeat: nothing here says how much another network, with other initial weights and trials, would differ. Raise `repeat`.",
    );
  } else if (best) {
    out.push(
      `The sampling unit is the network: ± is the standard deviation over ${n} repeats${n < 5 ? ", too few to know it well" : ""}. Trials of one network are no independent samples.`,
    );
  }
  if (order.length > 1) {
    out.push(
      "The best setting was chosen by the numbers shown for it, so they flatter it; with many settings and few repeats, train it again with another seed before leaning on them.",
    );
  }
  if (best && stillFalling(best)) {
    out.push(
      `The loss was still falling when training ended after ${formatCount(best.experiment.updates)} updates: give more \`updates\` before comparing what was reached.`,
    );
  }
  const reached = repeatMean(best?.runs ?? [], "updatesToTarget");
  const short = best?.runs.filter(({ facts }) => facts && facts.status !== "reached").length ?? 0;
  if (reached.count > 0 && short > 0) {
    out.push(
      `${short} of ${best?.runs.length} repeats never reached the target; the updates to it are those of the others.`,
    );
  }
  out.push(...stageCautions(best));
  const mixed = backendsOf(input);
  if (mixed.size > 1) {
    out.push(
      "Jobs ran on different paths (see “How it was computed”): their last digits differ, and small differences grow over a training. Compare means over repeats, not single networks.",
    );
  }
  const broken = settings
    .flatMap(({ runs }) => runs)
    .filter(({ facts }) => facts?.status === "diverged").length;
  if (broken > 0) {
    out.push(
      `${formatCount(broken)} ${broken === 1 ? "training" : "trainings"} broke down and ${broken === 1 ? "is" : "are"} left out of every mean; see “What failed”.`,
    );
  } else if (failures.length > 0) {
    out.push(
      `${formatCount(failures.length)} ${failures.length === 1 ? "failure is" : "failures are"} listed under “What failed”.`,
    );
  }
  if (warnings.length > 0) {
    out.push(
      `${formatCount(warnings.length)} ${warnings.length === 1 ? "warning is" : "warnings are"} listed under “What to doubt”.`,
    );
  }
  if (experiment.validation === false) {
    out.push("There were no validations: the loss is that of the batches that were trained on.");
  }
  return out;
}

/** Which code ran, and what that means for the numbers. */
export function backendWords(input: TrainingInput): string {
  const counts = backendsOf(input);
  const paths = [...counts].map(([backend, jobs]) =>
    counts.size === 1 ? BACKENDS[backend] : `${BACKENDS[backend]} (${formatCount(jobs)} jobs)`,
  );
  if (paths.length === 0) return "No job left a record of the code that ran.";
  const what = `Forward and backward runs were computed by ${paths.join(" and ")}, in ${precisionWords(input)}.`;
  const bits = counts.has("native")
    ? "Native code sums in an order of its own that depends on the compiler and processor: weights agree with those of WebAssembly in their first digits only, and a training repeated there ends a little elsewhere."
    : "The same file and seed give the same bits on every machine with this path; native code, where it is used, sums in another order, so that bits differ between paths.";
  return `${what} ${bits}`;
}

/** What the network in the pictures is. */
export function shownWords({ settings, shown }: TrainingInput): string | undefined {
  if (!shown) return undefined;
  const typical = typicalRun(settings);
  const isTypical = typical && typical.setting === shown.setting && typical.run.repeat === shown.repeat;
  const { factors, runs } = settings[shown.setting];
  const where = settings.length > 1 ? ` at ${settingWords(factors)}` : "";
  const which =
    runs.length === 1
      ? "the only repeat"
      : `repeat ${shown.repeat + 1} of ${runs.length}${isTypical ? (runs.length === 2 ? ", the worse one" : ", the one in the middle") : ""}`;
  return `Pictures of one network show ${which}${where}${settings.length > 1 && isTypical ? ", the best setting" : ""}, with the parameters that were tested.`;
}

/** `perceptual decision`. */
export function taskWords(name: string): string {
  return name === "n-back" ? "n-back memory" : name.replaceAll("-", " ");
}

// Implementation

/** Repeats that were still in an early stage of the curriculum when training ended. */
function stageCautions(best: TrainingSetting | undefined): string[] {
  const last = (best?.experiment.curriculum.length ?? 0) - 1;
  const trained = best?.runs.filter(({ facts }) => facts?.stages) ?? [];
  const left = trained.filter(({ facts }) => facts?.stages?.at(-1)?.stage !== last).length;
  if (last < 1 || left === 0) return [];
  return [
    `${left} of ${trained.length} ${trained.length === 1 ? "repeat" : "repeats"} never came to the last stage of the curriculum: trials of its conditions were not trained on.`,
  ];
}

const BACKENDS: Record<TrainingBackend, string> = {
  wasm: "WebAssembly",
  native: "native code",
  interpret: "the interpreter",
};

function outcomeWords({ runs }: TrainingSetting): string {
  const of = (metric: string) => repeatMean(runs, metric);
  const test = of("testFractionCorrect");
  const error = of("testError");
  const reached = of("updatesToTarget");
  const parts = [
    Number.isFinite(test.mean) &&
      `${meanWords(test, "percent")}${rangeWords(runs)} of fresh trials are answered right`,
    !Number.isFinite(test.mean) &&
      Number.isFinite(error.mean) &&
      `the mean squared error in fresh trials is ${meanWords(error)}`,
    Number.isFinite(of("minimumLoss").mean) &&
      `the lowest loss is ${meanWords(of("minimumLoss"))} at update ${meanWords(of("updateOfMinimum"), "count")}`,
    reached.count > 0 &&
      `the target was reached ${runs.length > 1 ? `by ${reached.count} of ${runs.length} ` : ""}after ${meanWords(reached, "count")} updates`,
  ];
  return parts.filter((part): part is string => typeof part === "string").join("; ") || "see the table";
}

/** From the worst repeat to the best: a mean hides those that learned nothing. */
function rangeWords(runs: readonly TrainingRun[]): string {
  const values = runs.map(({ metrics }) => metrics.testFractionCorrect).filter(Number.isFinite);
  if (values.length < 2 || values.every((v) => v === values[0])) return "";
  const [low, high] = [Math.min(...values), Math.max(...values)].map((v) => formatFixed(100 * v, 1));
  return ` (from ${low} to ${high} %)`;
}

function shortOutcome({ runs }: TrainingSetting): string {
  const test = repeatMean(runs, "testFractionCorrect");
  if (Number.isFinite(test.mean)) return `${meanWords(test, "percent")} right`;
  return `lowest loss ${meanWords(repeatMean(runs, "minimumLoss"))}`;
}

/** Whether most repeats used all their updates and were best in the last twentieth of them. */
function stillFalling({ runs, experiment }: TrainingSetting): boolean {
  const late = runs.filter(
    ({ metrics, facts }) =>
      facts?.status === "done" &&
      metrics.updateOfMinimum >= 0.95 * Math.min(experiment.updates, metrics.updates),
  );
  return late.length > runs.length / 2;
}

function backendsOf({ settings }: TrainingInput): Map<TrainingBackend, number> {
  const counts = new Map<TrainingBackend, number>();
  for (const { runs } of settings) {
    for (const { facts } of runs) if (facts) counts.set(facts.backend, (counts.get(facts.backend) ?? 0) + 1);
  }
  return counts;
}

function precisionWords({ experiment }: TrainingInput): string {
  const digits = { f32: 24, f64: 53 }[experiment.precision];
  const name = { f32: "single", f64: "double" }[experiment.precision];
  return `${name} precision (${formatFixed(digits, 0)} bits), parameters in double precision`;
}
