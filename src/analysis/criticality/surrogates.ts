/**
 * @file Activity without the dynamics in question, to be put through the same analysis: what it also shows, the
 * analysis does not prove.
 */

import { CajalError, exp, log, type Rng, suggest } from "../../core/index.ts";
import { checkActivity, checkUnits } from "./avalanches.ts";
import { discreteSampler } from "./discrete-sampler.ts";

/** `binomial`: independent units and steps; `ar1`: one linear time scale; `shuffled`: same values, order destroyed. */
export type SurrogateKind = "binomial" | "ar1" | "shuffled";

/** All kinds of surrogate. */
export const SURROGATES: readonly SurrogateKind[] = ["binomial", "ar1", "shuffled"];

/** Mean, standard deviation (divisor n − 1) [units] and lag-1 correlation of activity. */
export interface ActivityMoments {
  mean: number;
  standardDeviation: number;
  /** NaN for constant activity. */
  lag1: number;
}

/**
 * One surrogate of a record, of the same length.
 *
 * - `binomial`: a(t) ~ Binomial(N, mean/N), independent over t; keeps the mean.
 * - `ar1`: a(t+1) = μ + φ (a(t) − μ) + √(1 − φ²) σ ξ with mean μ, standard deviation σ and lag-1 correlation φ of the
 *   record, ξ normal; then rounded and clipped to 0 … N, which moves the three a little: compare `activityMoments`.
 * - `shuffled`: the steps in random order; keeps every value.
 *
 * @param activity - Active units at each step, whole numbers 0 … units, shape `(time)`.
 * @param options.units - N.
 * @returns Shape `(time)`.
 * @throws CajalError `unknown-surrogate`, `bad-activity`, `bad-units`.
 * @example surrogateActivity("ar1", activity, { units: 200, rng: createRng(7).stream("ar1") })
 */
export function surrogateActivity(
  kind: SurrogateKind,
  activity: ArrayLike<number>,
  { units, rng }: { units: number; rng: Rng },
): Int32Array {
  checkUnits(units, "surrogateActivity");
  checkActivity(activity, "surrogateActivity", units);
  if (kind === "shuffled") return shuffledSteps(activity, rng);
  const moments = activityMoments(activity);
  if (kind === "binomial") return binomialSteps(activity.length, moments.mean, units, rng);
  if (kind === "ar1") return autoregressiveSteps(activity.length, moments, units, rng);
  throw new CajalError(`unknown surrogate "${kind}"`, {
    code: "unknown-surrogate",
    where: "surrogateActivity",
    hint: suggest(kind, SURROGATES),
  });
}

/** Moments of one record. @param activity - Shape `(time)`. */
export function activityMoments(activity: ArrayLike<number>): ActivityMoments {
  const n = activity.length;
  let sum = 0;
  for (let t = 0; t < n; t++) sum += activity[t];
  const mean = sum / n;
  let squares = 0;
  let products = 0;
  for (let t = 0; t < n; t++) {
    const d = activity[t] - mean;
    squares += d * d;
    if (t > 0) products += d * (activity[t - 1] - mean);
  }
  return { mean, standardDeviation: Math.sqrt(squares / (n - 1)), lag1: products / squares };
}

/** One law for every surrogate, in words. */
export const SURROGATE_DESCRIPTIONS: Readonly<Record<SurrogateKind, string>> = {
  binomial: "independent units and steps with the same mean (binomial)",
  ar1: "a linear random process with the same mean, standard deviation and lag-1 correlation (AR(1))",
  shuffled: "the same steps in random order (time-shuffled)",
};

// Implementation

function shuffledSteps(activity: ArrayLike<number>, rng: Rng): Int32Array {
  const out = Int32Array.from(activity);
  for (let i = out.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    const kept = out[i];
    out[i] = out[j];
    out[j] = kept;
  }
  return out;
}

function binomialSteps(steps: number, mean: number, units: number, rng: Rng): Int32Array {
  const out = new Int32Array(steps);
  const p = mean / units;
  if (p <= 0 || p >= 1) return out.fill(p >= 1 ? units : 0);
  const logs = new Float64Array(units + 1);
  const odds = log(p / (1 - p));
  for (let k = 1; k <= units; k++) logs[k] = logs[k - 1] + log((units - k + 1) / k) + odds;
  const top = logs.reduce((a, b) => Math.max(a, b));
  const draw = discreteSampler(
    logs.map((l) => exp(l - top)),
    rng,
  );
  for (let t = 0; t < steps; t++) out[t] = draw();
  return out;
}

function autoregressiveSteps(
  steps: number,
  { mean, standardDeviation, lag1 }: ActivityMoments,
  units: number,
  rng: Rng,
): Int32Array {
  const out = new Int32Array(steps);
  const sd = Number.isFinite(standardDeviation) ? standardDeviation : 0;
  const phi = Number.isNaN(lag1) ? 0 : lag1;
  const kick = Math.sqrt(Math.max(0, 1 - phi * phi)) * sd;
  let x = sd * rng.normal();
  for (let t = 0; t < steps; t++) {
    out[t] = Math.max(0, Math.min(units, Math.floor(mean + x + 0.5)));
    x = phi * x + kick * rng.normal();
  }
  return out;
}
