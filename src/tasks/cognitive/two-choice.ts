/**
 * @file What the decision tasks of Song, Yang & Wang (2016) share: two outputs that stay low during fixation, of which
 * the right one goes high in the decision period, and catch trials that keep both low throughout.
 */

import type { InputNoise } from "./input-noise.ts";
import type { Timing } from "./periods.ts";
import type { TrialDraft } from "./trial-draft.ts";

/** Outputs of a decision between two alternatives. */
export const TWO_CHOICES = ["choice 1", "choice 2"] as const;

/** The target of an output that is not, and of the one that is, to be chosen. */
export interface Levels {
  low: number;
  high: number;
}

/** 0.2 and 1, Song, Yang & Wang (2016). */
export const SONG_LEVELS: Levels = { low: 0.2, high: 1 };

/** Options of the decision tasks of Song, Yang & Wang (2016). */
export interface DecisionOptions {
  /** Step [ms], default 20 (τ/5). */
  dt?: number;
  /** Fixation lasts 100 ms in training, longer in testing, so that the network has settled. */
  phase?: "training" | "testing";
  /** Durations [ms] of periods by name. */
  timing?: Timing;
  /** Share of catch trials; default as in the paper, one condition among the others. */
  catchFraction?: number;
  /** Noise and baseline of the inputs; `{ sigma: 0, baseline: 0 }` shows the bare signals. */
  noise?: Partial<InputNoise>;
}

/**
 * Targets and mask of a two-choice trial: both low in fixation, the right one high in the decision; other periods are free.
 *
 * @param choice - 0 or 1.
 */
export function wantChoice(draft: TrialDraft, choice: number, { low, high } = SONG_LEVELS): void {
  for (const output of [0, 1]) {
    draft.want("fixation", output, low);
    draft.want("decision", output, output === choice ? high : low);
  }
  draft.count("fixation");
  draft.count("decision");
}

/** Targets and mask of a catch trial, which is one long fixation: both low and counted throughout. */
export function wantNothing(draft: TrialDraft, { low } = SONG_LEVELS): void {
  for (const output of [0, 1]) draft.want("fixation", output, low);
  draft.count("fixation");
}

/** Firing-rate-like input of evidence [%], (1 + c/100)/2: 0.5 without, 1 at 100 %. */
export function evidenceInput(percent: number): number {
  return (1 + percent / 100) / 2;
}

/** Value of a stimulus on a channel that is tuned to it, 0.4 at `from` and 1.2 at `to`; swap the two for the opposite tuning. */
export function tunedInput(value: number, from: number, to: number): number {
  return 0.4 + (0.8 * (value - from)) / (to - from);
}
