/**
 * @file White noise in the inputs of a task, scaled so that its effect on a unit does not depend on the step.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { NormalSource } from "./normal-source.ts";

/** Baseline and noise that every input has at every step, as in Song, Yang & Wang (2016). */
export interface InputNoise {
  /** σ_in ≥ 0: standard deviation of the noise after a unit of time constant τ has filtered it, in small steps. */
  sigma: number;
  /** Time constant τ [ms] of the units that receive the input, > 0. */
  tau: number;
  /** u_0, added to every input. */
  baseline: number;
  /** Cut inputs at 0, as rates are. */
  rectify: boolean;
}

/** Defaults of Song, Yang & Wang (2016). */
export const SONG_NOISE: InputNoise = { sigma: 0.01, tau: 100, baseline: 0.2, rectify: true };

/**
 * Standard deviation of the noise of one step, σ_in √(2 τ / dt): with α = dt/τ it is (1/α) √(2 α σ_in²), Song,
 * Yang & Wang (2016), doi 10.1371/journal.pcbi.1004792.
 *
 * @param dt - Step [ms].
 */
export function stepDeviation({ sigma, tau }: { sigma: number; tau: number }, dt: number): number {
  return sigma * Math.sqrt((2 * tau) / dt);
}

/**
 * u ← [u + u_0 + σ_in √(2 τ / dt) ξ]₊ in place.
 *
 * @param inputs - Shape `(time, channel)`.
 * @param rng - Gives the 64-bit key of the noise; nothing where σ_in is 0.
 */
export function addInputNoise(
  inputs: Float64Array,
  noise: InputNoise,
  { dt, rng }: { dt: number; rng: Rng },
): void {
  const deviation = stepDeviation(noise, dt);
  const source = deviation > 0 ? new NormalSource(rng) : undefined;
  for (let k = 0; k < inputs.length; k++) {
    const u = inputs[k] + noise.baseline + (source ? deviation * source.next() : 0);
    inputs[k] = noise.rectify && u < 0 ? 0 : u;
  }
}

/** The defaults with what a user changed. @throws CajalError `bad-option`. */
export function inputNoise(
  where: string,
  given: Partial<InputNoise> = {},
  defaults = SONG_NOISE,
): InputNoise {
  const noise = { ...defaults, ...given };
  const fail = (what: string) => {
    throw new CajalError(what, { code: "bad-option", where });
  };
  if (!(noise.sigma >= 0)) fail(`noise.sigma must be ≥ 0, got ${noise.sigma}`);
  if (!(noise.tau > 0)) fail(`noise.tau must be above 0 ms, got ${noise.tau}`);
  if (!Number.isFinite(noise.baseline)) fail(`noise.baseline must be a number, got ${noise.baseline}`);
  return noise;
}
