/**
 * @file Periods of a trial laid one after another in whole steps.
 */

import { CajalError, type Rng, suggest } from "../../core/index.ts";
import { checkDuration, type Duration, drawDuration, longestDuration } from "./duration.ts";
import type { Period } from "./trial.ts";

/** A period before its duration is drawn. */
export type PlannedPeriod = { name: string } & (
  | { duration: Duration }
  /** Lasts to a fixed time after the start of the trial [ms]. */
  | { until: number }
  /** Lies inside an earlier period: from `offset` [ms] after its start to its end. */
  | { within: string; offset: number }
);

/** Durations [ms] that replace those of a task, by name of the period. */
export type Timing = Readonly<Record<string, Duration>>;

/**
 * The plan with durations replaced and checked.
 *
 * @throws CajalError `unknown-period`, `bad-duration`.
 */
export function planPeriods(
  where: string,
  plan: readonly PlannedPeriod[],
  { dt, timing = {} }: { dt: number; timing?: Timing },
): PlannedPeriod[] {
  const names = plan.filter((p) => "duration" in p).map((p) => p.name);
  const odd = Object.keys(timing).find((name) => !names.includes(name));
  if (odd !== undefined) {
    throw new CajalError(`timing: there is no period "${odd}" with a duration`, {
      code: "unknown-period",
      where,
      hint: suggest(odd, names),
    });
  }
  return plan.map((period) => {
    if (!("duration" in period)) return period;
    const duration = timing[period.name] ?? period.duration;
    checkDuration(where, period.name, duration);
    if (typeof duration === "number" && duration > 0 && wholeSteps(duration, dt) === 0) {
      throw new CajalError(`${period.name}: ${duration} ms are less than one step of ${dt} ms`, {
        code: "bad-duration",
        where,
        hint: "Lengthen the period, lower dt, or give 0 to leave it out.",
      });
    }
    return { ...period, duration };
  });
}

/**
 * Periods of one trial. A duration is cut down to whole steps; a drawn one lasts at least one step unless it is 0.
 *
 * @param rng - One draw for each duration that is drawn, in order.
 */
export function layPeriods(plan: readonly PlannedPeriod[], dt: number, rng: Rng): Period[] {
  const periods: Period[] = [];
  let at = 0;
  for (const planned of plan) {
    let from = at;
    if ("within" in planned) {
      const outer = findPeriod(periods, planned.within);
      from = Math.min(outer.to, outer.from + wholeSteps(planned.offset, dt));
    } else if ("until" in planned) {
      at = Math.max(at, wholeSteps(planned.until, dt));
    } else {
      const ms = drawDuration(planned.duration, rng);
      at += ms > 0 ? Math.max(1, wholeSteps(ms, dt)) : 0;
    }
    const to = "within" in planned ? findPeriod(periods, planned.within).to : at;
    periods.push({ name: planned.name, from, to, start: from * dt, end: to * dt });
  }
  return periods;
}

/** Steps of the longest trial of a plan. */
export function longestTrial(plan: readonly PlannedPeriod[], dt: number): number {
  let at = 0;
  for (const planned of plan) {
    if ("until" in planned) at = Math.max(at, wholeSteps(planned.until, dt));
    else if ("duration" in planned) {
      const ms = longestDuration(planned.duration);
      at += ms > 0 ? Math.max(1, wholeSteps(ms, dt)) : 0;
    }
  }
  return at;
}

/** The period called `name`. @throws CajalError `unknown-period`. */
export function findPeriod(periods: readonly Period[], name: string): Period {
  const found = periods.find((p) => p.name === name);
  if (found) return found;
  throw new CajalError(`the trial has no period "${name}"`, {
    code: "unknown-period",
    where: "trial",
    hint: suggest(
      name,
      periods.map((p) => p.name),
    ),
  });
}

/** Whole steps in a duration; 300 ms hold three steps of 100 ms, and 0.3 three of 0.1 in spite of rounding. */
export function wholeSteps(ms: number, dt: number): number {
  return Math.floor(ms / dt + 1e-9);
}
