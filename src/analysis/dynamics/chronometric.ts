/**
 * @file The chronometric curve: how long decisions take at each strength of evidence, right and wrong ones.
 */

import { CajalError } from "../../core/index.ts";
import { mean, standardError } from "../statistics/index.ts";

/** Reaction times of some trials. */
export interface ReactionTimes {
  count: number;
  /** [ms]; NaN without trials. */
  mean: number;
  /** Standard error of the mean [ms]; NaN below two trials. */
  error: number;
}

/** One strength of evidence. */
export interface ReactionPoint {
  /** |evidence|, in the unit of the task. */
  strength: number;
  correct: ReactionTimes;
  wrong: ReactionTimes;
  /** Trials without a reaction. */
  missed: number;
}

/** Trials as columns, shape `(trial)` each. */
export interface ReactionTrials {
  /** Signed; trials of NaN are left out. */
  evidence: ArrayLike<number>;
  /** [ms]; NaN if there was none. */
  reaction: ArrayLike<number>;
  /** 1 right, 0 wrong. */
  correct: ArrayLike<number>;
}

/** Mean reaction time ± standard error, from the weakest evidence to the strongest. @throws CajalError `shape`. */
export function chronometricCurve({ evidence, reaction, correct }: ReactionTrials): ReactionPoint[] {
  if (evidence.length !== reaction.length || evidence.length !== correct.length) {
    throw new CajalError(
      `${evidence.length} values of evidence, ${reaction.length} reactions, ${correct.length} outcomes`,
      { code: "shape", where: "chronometricCurve", hint: "Give one of each for every trial." },
    );
  }
  const groups = new Map<number, { right: number[]; wrong: number[]; missed: number }>();
  for (let k = 0; k < evidence.length; k++) {
    const strength = Math.abs(evidence[k]);
    if (Number.isNaN(strength)) continue;
    const group = groups.get(strength) ?? { right: [], wrong: [], missed: 0 };
    groups.set(strength, group);
    if (Number.isNaN(reaction[k])) group.missed++;
    else if (correct[k] === 1) group.right.push(reaction[k]);
    else group.wrong.push(reaction[k]);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([strength, { right, wrong, missed }]) => {
      return { strength, correct: timesOf(right), wrong: timesOf(wrong), missed };
    });
}

// Implementation

function timesOf(times: readonly number[]): ReactionTimes {
  return { count: times.length, mean: mean(times), error: standardError(times) };
}
