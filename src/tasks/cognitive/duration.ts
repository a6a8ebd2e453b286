/**
 * @file How long a period of a trial lasts: always the same, or drawn anew for each trial.
 */

import { CajalError, exp, log, type Rng } from "../../core/index.ts";

/**
 * Duration of a period [ms]: a fixed number, one of several, evenly from a range, or an exponential one cut to a range
 * (a flat hazard inside it, so that its end cannot be foreseen). Durations are cut to whole steps when a trial is laid.
 */
export type Duration =
  | number
  | { kind: "choice"; values: readonly number[] }
  | { kind: "uniform"; min: number; max: number }
  | { kind: "truncated-exponential"; mean: number; min: number; max: number };

/** Refuse a duration that cannot be drawn. @throws CajalError `bad-duration`. */
export function checkDuration(where: string, name: string, duration: Duration): void {
  const fail = (what: string, hint: string) => {
    throw new CajalError(`${name}: ${what}`, { code: "bad-duration", where, hint });
  };
  const bad = (ms: number) => !(ms >= 0 && Number.isFinite(ms));
  if (typeof duration === "number") {
    if (bad(duration)) fail(`a duration is ≥ 0 ms, got ${duration}`, "");
  } else if (duration.kind === "choice") {
    const odd = duration.values.find(bad);
    if (duration.values.length === 0) fail("no duration to choose from", "Give at least one value.");
    if (odd !== undefined) fail(`a duration is ≥ 0 ms, got ${odd}`, "");
  } else {
    const { min, max } = duration;
    if (bad(min) || bad(max) || max < min) {
      fail(`a range of durations is 0 ≤ min ≤ max, got ${min} to ${max} ms`, "");
    }
    if (duration.kind === "truncated-exponential" && !(duration.mean > 0)) {
      fail(`the mean must be above 0 ms, got ${duration.mean}`, "");
    }
  }
}

/**
 * A duration [ms], not yet cut to steps.
 *
 * @param rng - One draw, none for a fixed duration.
 */
export function drawDuration(duration: Duration, rng: Rng): number {
  if (typeof duration === "number") return duration;
  if (duration.kind === "choice") return duration.values[rng.integer(duration.values.length)];
  const { min, max } = duration;
  if (duration.kind === "uniform") return min + (max - min) * rng.uniform();
  // Inverse of the distribution cut to the range: one draw, where rejection would take any number of them.
  const { mean } = duration;
  const mass = 1 - exp(-(max - min) / mean);
  return Math.min(max, min - mean * log(1 - mass * rng.uniform()));
}

/** The longest duration that can be drawn [ms]. */
export function longestDuration(duration: Duration): number {
  if (typeof duration === "number") return duration;
  return duration.kind === "choice" ? Math.max(...duration.values) : duration.max;
}
