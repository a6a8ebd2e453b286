/**
 * @file Learning rates that change: constant, step, exponential, cosine and on a plateau, each with a warm-up before.
 * Time is counted in whatever the caller advances by, epochs or steps. Formulas of torch.optim.lr_scheduler.
 */

import { CajalError, cos, pow, suggest } from "../../../core/index.ts";
import { checkNumber } from "../parameters.ts";

/** A schedule as an experiment file holds it. */
export type ScheduleSpec = {
  /** First the rate rises on a line from `from` (default 0.1) times its value to all of it in `length`. */
  warmUp?: { length: number; from?: number };
} & (
  | { kind: "constant" }
  /** Times `factor` (default 0.1) every `every`. */
  | { kind: "step"; every: number; factor?: number }
  /** Times `factor` each time. */
  | { kind: "exponential"; factor: number }
  /** Down a half cosine to `least` (a share of the rate, default 0) in `length`; it stays there. */
  | { kind: "cosine"; length: number; least?: number }
  | ({ kind: "plateau" } & PlateauOptions)
);

/** Times `factor` when the loss has not fallen for more than `patience`. */
export interface PlateauOptions {
  /** Default 0.1. */
  factor?: number;
  /** Default 10. */
  patience?: number;
  /** A loss counts as lower when below (1 − threshold) times the best, or, if absolute, best − threshold; 1e-4. */
  threshold?: number;
  absolute?: boolean;
  /** How long nothing is counted after a cut, default 0. */
  cooldown?: number;
  /** Smallest share of the rate, default 0. */
  least?: number;
}

/** Kinds of schedules, for schemas and messages. */
export const SCHEDULE_KINDS = ["constant", "step", "exponential", "cosine", "plateau"] as const;

/** All a schedule remembers; plain data that survives JSON. */
export interface ScheduleState {
  /** How often it was advanced. */
  time: number;
  /** Share of the rate left by cuts on a plateau. */
  cut: number;
  /** Lowest loss so far; null before the first. */
  best: number | null;
  /** How long the loss has not fallen. */
  waited: number;
  /** How long nothing is counted yet. */
  cooling: number;
}

/** State at time 0. @throws CajalError `unknown-schedule`, `bad-range`. */
export function createSchedule(spec: ScheduleSpec): ScheduleState {
  checkSchedule(spec);
  return { time: 0, cut: 1, best: null, waited: 0, cooling: 0 };
}

/** What to multiply the learning rate with now, 0 … 1 (or more for an exponential factor above 1). */
export function rateFactor(spec: ScheduleSpec, { time, cut }: ScheduleState): number {
  const { length: warm = 0, from = 0.1 } = spec.warmUp ?? {};
  if (time < warm) return from + (1 - from) * (time / warm);
  const t = time - warm;
  switch (spec.kind) {
    case "constant":
      return 1;
    case "step":
      return pow(spec.factor ?? 0.1, Math.floor(t / spec.every));
    case "exponential":
      return pow(spec.factor, t);
    case "cosine": {
      const { length, least = 0 } = spec;
      return least + (1 - least) * 0.5 * (1 + cos((Math.PI * Math.min(t, length)) / length));
    }
    case "plateau":
      return cut;
  }
}

/**
 * The state one time later.
 *
 * @param loss - What the plateau watches; others ignore it. A loss of NaN counts as not fallen.
 * @throws CajalError `plateau-without-loss`.
 */
export function advanceSchedule(spec: ScheduleSpec, state: ScheduleState, loss?: number): ScheduleState {
  const next = { ...state, time: state.time + 1 };
  if (spec.kind !== "plateau") return next;
  if (loss === undefined) {
    throw new CajalError("a plateau can only be seen in a loss, and none was given", {
      code: "plateau-without-loss",
      where: "advanceSchedule",
      hint: "Pass the validation loss as third argument.",
    });
  }
  return state.time < (spec.warmUp?.length ?? 0) ? next : watch(spec, next, loss);
}

// Implementation

function watch(options: PlateauOptions, state: ScheduleState, loss: number): ScheduleState {
  const {
    factor = 0.1,
    patience = 10,
    threshold = 1e-4,
    absolute = false,
    cooldown = 0,
    least = 0,
  } = options;
  const { best } = state;
  const lower = best === null || loss < (absolute ? best - threshold : best * (1 - threshold));
  if (lower && !Number.isNaN(loss)) {
    state.best = loss;
    state.waited = 0;
  } else state.waited++;
  if (state.cooling > 0) {
    state.cooling--;
    state.waited = 0;
  }
  if (state.waited > patience) {
    state.cut = Math.max(least, state.cut * factor);
    state.cooling = cooldown;
    state.waited = 0;
  }
  return state;
}

function checkSchedule(spec: ScheduleSpec): void {
  if (!SCHEDULE_KINDS.includes(spec.kind)) {
    throw new CajalError(`unknown schedule "${spec.kind}"`, {
      code: "unknown-schedule",
      where: "schedule",
      hint: suggest(String(spec.kind), SCHEDULE_KINDS),
    });
  }
  const where = `schedule "${spec.kind}"`;
  if (spec.warmUp) {
    checkNumber(spec.warmUp.length, "warmUp.length", { where, least: 0 });
    checkNumber(spec.warmUp.from ?? 0.1, "warmUp.from", { where, least: 0, most: 1 });
  }
  if (spec.kind === "step") {
    checkNumber(spec.every, "every", { where, above: 0 });
    checkNumber(spec.factor ?? 0.1, "factor", { where, least: 0 });
  } else if (spec.kind === "exponential") checkNumber(spec.factor, "factor", { where, above: 0 });
  else if (spec.kind === "cosine") {
    checkNumber(spec.length, "length", { where, above: 0 });
    checkNumber(spec.least ?? 0, "least", { where, least: 0, most: 1 });
  } else if (spec.kind === "plateau") {
    checkNumber(spec.factor ?? 0.1, "factor", { where, least: 0, below: 1 });
    checkNumber(spec.patience ?? 10, "patience", { where, least: 0 });
    checkNumber(spec.threshold ?? 1e-4, "threshold", { where, least: 0 });
    checkNumber(spec.cooldown ?? 0, "cooldown", { where, least: 0 });
    checkNumber(spec.least ?? 0, "least", { where, least: 0, most: 1 });
  }
}
