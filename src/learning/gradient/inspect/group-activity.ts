/**
 * @file Activity of trials averaged over periods and over trials of one condition, as selectivity, task variance and
 * trajectories take it.
 */

import type { Activity } from "../../../analysis/index.ts";
import { CajalError } from "../../../core/index.ts";
import { type Conditions, findPeriod, type TrialFacts } from "../../../tasks/index.ts";

/**
 * Mean of each unit over a period of each trial.
 *
 * @param activity - A row for each trial.
 * @returns Shape `(trial, unit)`; NaN in trials without the period.
 * @throws CajalError `shape`, or `unknown-period` if no trial has it.
 */
export function periodMeans(activity: Activity, trials: readonly TrialFacts[], period: string): Float64Array {
  checkTrials("periodMeans", activity, trials);
  const { steps, units, values } = activity;
  const out = new Float64Array(trials.length * units).fill(Number.NaN);
  checkPeriod(trials, period);
  trials.forEach(({ periods }, b) => {
    const found = periods.find((p) => p.name === period);
    if (!found || found.to <= found.from) return;
    for (let i = 0; i < units; i++) {
      let sum = 0;
      for (let t = found.from; t < found.to; t++) sum += values[(b * steps + t) * units + i];
      out[b * units + i] = sum / (found.to - found.from);
    }
  });
  return out;
}

/** How {@link conditionMeans} averages. */
export interface ConditionMeansOptions {
  /** Conditions to tell apart, default all. */
  names?: readonly string[];
  /** Trials to take, e.g. `(_, k) => choices[k] === trials[k].choice`; default all but catch trials. */
  only?: (trial: TrialFacts, index: number) => boolean;
  /** Let step 0 be the start of a period in every trial; trials without it are left out. */
  align?: string;
}

/** Activity of the mean trial of each condition. */
export interface ConditionActivity extends Activity {
  /** Shape `(condition, step, unit)`; NaN at steps that no trial has. */
  values: Float64Array;
  /** What the trials of each row have in common, in order of appearance. */
  conditions: Conditions[];
  /** Trials of each row, shape `(condition)`. */
  counts: Int32Array;
}

/**
 * Mean over the trials of each combination of conditions; at each step, over those that last so long.
 *
 * @param activity - A row for each trial.
 * @throws CajalError `shape`, `unknown-period`, or `no-trials` if none is left.
 */
export function conditionMeans(
  activity: Activity,
  trials: readonly TrialFacts[],
  options: ConditionMeansOptions = {},
): ConditionActivity {
  const { names, only = (t: TrialFacts) => !t.catchTrial, align } = options;
  checkTrials("conditionMeans", activity, trials);
  if (align !== undefined) checkPeriod(trials, align);
  const groups = new Map<string, { conditions: Conditions; members: number[] }>();
  trials.forEach((trial, b) => {
    const { conditions, periods } = trial;
    if (!only(trial, b) || (align !== undefined && !periods.some((p) => p.name === align))) return;
    const kept = (names ?? Object.keys(conditions)).map((name) => [name, conditions[name]] as const);
    const key = JSON.stringify(kept);
    const group = groups.get(key) ?? { conditions: Object.fromEntries(kept), members: [] };
    group.members.push(b);
    groups.set(key, group);
  });
  if (groups.size === 0) {
    throw new CajalError("no trial is left to average", {
      code: "no-trials",
      where: "conditionMeans",
      hint: "Draw other trials, or let `only` take more of them.",
    });
  }
  const found = [...groups.values()];
  const starts = trials.map((t) => t.periods.find((p) => p.name === align)?.from ?? 0);
  return {
    rows: found.length,
    steps: activity.steps,
    units: activity.units,
    values: meansOf(
      activity,
      found.map((g) => g.members),
      starts,
    ),
    conditions: found.map((g) => g.conditions),
    counts: Int32Array.from(found, (g) => g.members.length),
  };
}

// Implementation

function checkTrials(where: string, { rows }: Activity, trials: readonly TrialFacts[]): void {
  if (rows === trials.length) return;
  throw new CajalError(`activity of ${rows} trials, facts of ${trials.length}`, {
    code: "shape",
    where,
    hint: "Give those of one batch.",
  });
}

function checkPeriod(trials: readonly TrialFacts[], period: string): void {
  if (!trials.some((t) => t.periods.some((p) => p.name === period))) findPeriod(trials[0].periods, period);
}

function meansOf(
  { steps, units, values }: Activity,
  groups: readonly (readonly number[])[],
  starts: readonly number[],
): Float64Array {
  const out = new Float64Array(groups.length * steps * units);
  groups.forEach((members, g) => {
    for (let t = 0; t < steps; t++) {
      const at = (g * steps + t) * units;
      // A trial has all of its units at a step, or none.
      const present = members.filter(
        (b) => t + starts[b] < steps && !Number.isNaN(values[(b * steps + t + starts[b]) * units]),
      );
      for (const b of present) {
        const from = (b * steps + t + starts[b]) * units;
        for (let i = 0; i < units; i++) out[at + i] += values[from + i];
      }
      for (let i = 0; i < units; i++) out[at + i] /= present.length;
    }
  });
  return out;
}
