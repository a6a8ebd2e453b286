/**
 * @file What tasks in the form of NeuroGym share (Molano-Mazón, Barbosa, Pastor-Ciurana, Fradera, Zhang, Forest, del Pozo
 * Lerida, Ji-An, Cueva, de la Rocha, Narain & Yang 2022, PsyArXiv aqc9n): a fixation cue, stimuli on a ring of units, and
 * at every step one class: fixate, or one of the choices.
 */

import { CajalError, cos, type Rng } from "../../core/index.ts";
import type { Timing } from "./periods.ts";
import type { Channel, TrialDraft } from "./trial-draft.ts";

/** Options of tasks in the form of NeuroGym. */
export interface FixationTaskOptions {
  /** Step [ms], default 100. */
  dt?: number;
  /** Durations [ms] of periods by name. */
  timing?: Timing;
  /** Noise of stimuli: its standard deviation in one step is σ / √dt, dt in ms. Default 1. */
  sigma?: number;
  /** How much a step at which fixation is wanted counts beside one of the answer, ≥ 0, default 1. */
  fixationWeight?: number;
}

/** The options with defaults. @throws CajalError `bad-option`. */
export function fixationOptions(
  where: string,
  { dt = 100, timing, sigma = 1, fixationWeight = 1 }: FixationTaskOptions,
) {
  const fail = (what: string) => {
    throw new CajalError(what, { code: "bad-option", where });
  };
  if (!(sigma >= 0)) fail(`sigma must be ≥ 0, got ${sigma}`);
  if (!(fixationWeight >= 0)) fail(`fixationWeight must be ≥ 0, got ${fixationWeight}`);
  return { dt, timing, fixationWeight, sigma };
}

/** Names of the outputs of a task with `choices` choices: fixate, then the choices. */
export function fixationOutputs(choices: number): string[] {
  return ["fixate", ...Array.from({ length: choices }, (_, k) => `choice ${k + 1}`)];
}

/**
 * Labels of a whole trial: fixate, but `choice` in the period of the answer.
 *
 * @param choice - Index of the output, ≥ 1.
 */
export function labelAnswer(
  draft: TrialDraft,
  choice: number,
  { period, fixationWeight }: { period: string; fixationWeight: number },
): void {
  for (const { name } of draft.periods) draft.label(name, "fixate", fixationWeight);
  draft.label(period, choice);
}

/** Noise σ / √dt on channels (default all) in a period. */
export function shakeStimulus(
  draft: TrialDraft,
  period: string,
  { sigma, channels, rng }: { sigma: number; channels?: readonly Channel[]; rng: Rng },
): void {
  draft.shake(period, sigma / Math.sqrt(draft.dt), { rng, channels });
}

/** Names of the units of a ring: `motion 1` … */
export function ringNames(name: string, units: number): string[] {
  if (!(Number.isSafeInteger(units) && units >= 2)) {
    throw new CajalError(`a ring has at least two units, got ${units}`, { code: "bad-option", where: name });
  }
  return Array.from({ length: units }, (_, k) => `${name} ${k + 1}`);
}

/**
 * Show an angle on a ring of units with preferred angles θ_k = 2πk/K: offset + gain · cos(θ_k − θ).
 *
 * @param ring - Names of the K units.
 * @param theta - θ [rad].
 */
export function showOnRing(
  draft: TrialDraft,
  period: string,
  {
    ring,
    theta,
    gain,
    offset = 0.5,
  }: { ring: readonly string[]; theta: number; gain: number; offset?: number },
): void {
  ring.forEach((unit, k) => {
    draft.show(period, unit, offset + gain * cos(preferredAngle(k, ring.length) - theta));
  });
}

/** θ_k = 2πk/K [rad]. */
export function preferredAngle(k: number, units: number): number {
  return (2 * Math.PI * k) / units;
}

/** Signed evidence of one of two directions on a ring; NaN with more of them. */
export function ringEvidence(direction: number, units: number, strength: number): number {
  if (units > 2) return Number.NaN;
  return direction === 1 ? strength : -strength;
}
