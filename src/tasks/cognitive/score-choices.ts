/**
 * @file How good choices are: the fraction correct, overall and by condition, and the data of psychometric and
 * chronometric curves. All take the facts of trials, so batches can be put one after another.
 */

import { CajalError } from "../../core/index.ts";
import type { Reactions } from "./read-choices.ts";
import type { Conditions, TrialFacts } from "./trial.ts";

/**
 * Fraction of trials with a right answer, 0 … 1. Trials without one (catch trials) are left out; no choice is wrong.
 *
 * @param choices - Shape `(trial)`, see `readChoices`.
 * @throws CajalError `shape`, or `no-trials` if no trial has a right answer.
 */
export function choiceAccuracy(choices: ArrayLike<number>, trials: readonly TrialFacts[]): number {
  const { count, correct } = tally(choices, trials);
  if (count === 0) {
    throw new CajalError("no trial has a right answer", {
      code: "no-trials",
      where: "choiceAccuracy",
      hint: "Catch trials have none; draw trials with `catch: false`.",
    });
  }
  return correct / count;
}

/** Trials of one condition. */
export interface ConditionScore {
  conditions: Conditions;
  count: number;
  correct: number;
  /** correct / count. */
  fraction: number;
}

/**
 * Fraction correct of each combination of conditions that occurs, in order of appearance. The smallest of them is the
 * criterion of Song, Yang & Wang (2016) for parametric working memory.
 *
 * @param names - Conditions to tell apart, default all.
 * @throws CajalError `shape`.
 */
export function scoreConditions(
  choices: ArrayLike<number>,
  trials: readonly TrialFacts[],
  names?: readonly string[],
): ConditionScore[] {
  checkLength("scoreConditions", choices, trials);
  const groups = new Map<string, ConditionScore>();
  trials.forEach(({ choice, conditions }, k) => {
    if (choice < 0) return;
    const kept = (names ?? Object.keys(conditions)).map((name) => [name, conditions[name]] as const);
    const key = JSON.stringify(kept);
    const score = groups.get(key) ?? {
      conditions: Object.fromEntries(kept),
      count: 0,
      correct: 0,
      fraction: 0,
    };
    score.count++;
    if (choices[k] === choice) score.correct++;
    score.fraction = score.correct / score.count;
    groups.set(key, score);
  });
  return [...groups.values()];
}

/** One point of a psychometric curve. */
export interface PsychometricPoint {
  /** Signed evidence, in the unit of the task. */
  evidence: number;
  /** Trials with a choice among the alternatives. */
  count: number;
  /** Of them, those with the first alternative. */
  chosen: number;
  /** chosen / count. */
  fraction: number;
}

/** How {@link psychometricPoints} counts. */
export interface PsychometricCounting {
  /**
   * Outputs that are alternatives, as the task's `readout` has them; trials in which another one won, e.g. "fixate", are
   * left out. Default all outputs.
   */
  alternatives?: readonly number[];
  /** Index of the output that is the first alternative, default the first of `alternatives`, or 0. */
  first?: number;
  /** The evidence of a trial, default its `evidence`; e.g. that of the modality to be ignored. */
  by?: (trial: TrialFacts) => number;
}

/**
 * How often the first alternative was chosen at each signed evidence, from the weakest to the strongest. Trials
 * without evidence, and those in which no alternative was chosen, are left out.
 *
 * @param options.alternatives - Needed where outputs are no alternatives, as "fixate" in NeuroGym's tasks.
 * @throws CajalError `shape`.
 * @example psychometricPoints(choices, batch.trials, { alternatives: [1, 2] })
 */
export function psychometricPoints(
  choices: ArrayLike<number>,
  trials: readonly TrialFacts[],
  { alternatives, first = alternatives?.[0] ?? 0, by = (t) => t.evidence }: PsychometricCounting = {},
): PsychometricPoint[] {
  checkLength("psychometricPoints", choices, trials);
  const groups = new Map<number, PsychometricPoint>();
  trials.forEach((trial, k) => {
    const evidence = by(trial) + 0; // −0 and 0 are one point
    const chose = alternatives ? alternatives.includes(choices[k]) : choices[k] >= 0;
    if (trial.catchTrial || Number.isNaN(evidence) || !chose) return;
    const point = groups.get(evidence) ?? { evidence, count: 0, chosen: 0, fraction: 0 };
    point.count++;
    if (choices[k] === first) point.chosen++;
    point.fraction = point.chosen / point.count;
    groups.set(evidence, point);
  });
  return [...groups.values()].sort((a, b) => a.evidence - b.evidence);
}

/** One point of a chronometric curve. */
export interface ChronometricPoint {
  /** |evidence|, in the unit of the task. */
  strength: number;
  /** Trials answered rightly, wrongly, and not at all. */
  correct: number;
  wrong: number;
  missed: number;
  /** Mean reaction time of right and of wrong answers [ms]; NaN where there are none. */
  meanCorrect: number;
  meanWrong: number;
}

/** Mean reaction times at each strength of evidence, from the weakest to the strongest. @throws CajalError `shape`. */
export function chronometricPoints(reactions: Reactions, trials: readonly TrialFacts[]): ChronometricPoint[] {
  checkLength("chronometricPoints", reactions.choices, trials);
  const groups = new Map<number, ChronometricPoint & { sumCorrect: number; sumWrong: number }>();
  trials.forEach(({ choice, evidence, catchTrial }, k) => {
    const strength = Math.abs(evidence);
    if (catchTrial || Number.isNaN(strength)) return;
    const empty = { strength, correct: 0, wrong: 0, missed: 0, sumCorrect: 0, sumWrong: 0 };
    const point = groups.get(strength) ?? { ...empty, meanCorrect: Number.NaN, meanWrong: Number.NaN };
    if (reactions.choices[k] < 0) point.missed++;
    else if (reactions.choices[k] === choice) {
      point.sumCorrect += reactions.times[k];
      point.meanCorrect = point.sumCorrect / ++point.correct;
    } else {
      point.sumWrong += reactions.times[k];
      point.meanWrong = point.sumWrong / ++point.wrong;
    }
    groups.set(strength, point);
  });
  const points = [...groups.values()].sort((a, b) => a.strength - b.strength);
  return points.map(({ sumCorrect: _, sumWrong: __, ...point }) => point);
}

// Implementation

function tally(
  choices: ArrayLike<number>,
  trials: readonly TrialFacts[],
): { count: number; correct: number } {
  checkLength("choiceAccuracy", choices, trials);
  let count = 0;
  let correct = 0;
  trials.forEach(({ choice }, k) => {
    if (choice < 0) return;
    count++;
    if (choices[k] === choice) correct++;
  });
  return { count, correct };
}

function checkLength(where: string, choices: ArrayLike<number>, trials: readonly TrialFacts[]): void {
  if (choices.length === trials.length) return;
  throw new CajalError(`${choices.length} choices for ${trials.length} trials`, {
    code: "shape",
    where,
    hint: "Give one choice for each trial.",
  });
}
