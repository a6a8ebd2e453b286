/**
 * @file Random-dot motion as in PsychRNN (Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021, eNeuro 8,
 * ENEURO.0427-20.2020; its tasks `rdm` and `PerceptualDiscrimination`), after Britten, Shadlen, Newsome & Movshon
 * (1992), J. Neurosci. 12:4745.
 */

import { defineTask } from "./define-task.ts";
import { type InputNoise, inputNoise, SONG_NOISE } from "./input-noise.ts";
import type { Timing } from "./periods.ts";
import type { Task } from "./trial.ts";
import { SONG_LEVELS, TWO_CHOICES } from "./two-choice.ts";

/** Noise of PsychRNN's tasks: no baseline, no rectification. */
export const PSYCHRNN_NOISE: InputNoise = { ...SONG_NOISE, baseline: 0, rectify: false };

/** Options of the tasks of PsychRNN. */
export interface PsychRnnOptions {
  /** Step [ms], default 10. */
  dt?: number;
  /** Length of every trial T [ms], default 2000; durations are given in parts of it. */
  length?: number;
  /** Durations [ms] of periods by name. */
  timing?: Timing;
  noise?: Partial<InputNoise>;
}

/**
 * Random-dot motion. Both inputs are 1 during the stimulus, the right one 1 + coherence. The stimulus begins at a time
 * drawn evenly from 0 to T/2 and lasts T/8 to 3T/8; from its end to T the outputs count, wanted at 0 for 20 ms, then at 1
 * and 0.2. The choice is the output with the larger mean over that time.
 *
 * Conditions: `coherence` (0.1, 0.3, 0.5, 0.7, or another number), `direction` (1: choice 1, −1: choice 2). Evidence:
 * direction · coherence. Departures: times are cut to whole steps; noise is that of Song, Yang & Wang (2016), σ = 0.01,
 * τ = 100 ms, equal to PsychRNN's at its step of 10 ms, whose own formula lets noise vanish with the step.
 *
 * @param options.coherences - Default 0.1, 0.3, 0.5, 0.7.
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function randomDotMotion(options: PsychRnnOptions & { coherences?: readonly number[] } = {}): Task {
  const { dt = 10, length = 2000, timing, noise, coherences = [0.1, 0.3, 0.5, 0.7] } = options;
  return defineTask({
    name: "random-dot motion",
    dt,
    inputs: ["motion 1", "motion 2"],
    outputs: TWO_CHOICES,
    factors: { coherence: { values: coherences, open: true }, direction: { values: [1, -1] } },
    periods: [
      { name: "fixation", duration: { kind: "uniform", min: 0, max: length / 2 } },
      { name: "stimulus", duration: { kind: "uniform", min: length / 8, max: (3 * length) / 8 } },
      { name: "decision", until: length },
      { name: "response", within: "decision", offset: 20 },
    ],
    timing,
    noise: inputNoise("random-dot motion", noise, PSYCHRNN_NOISE),
    readout: { kind: "choice", period: "decision", at: "mean", alternatives: [0, 1] },
    evidence: { name: "coherence" },
    fill(draft, { coherence, direction }) {
      const choice = direction === 1 ? 0 : 1;
      draft.show("stimulus", choice, 1 + Number(coherence));
      draft.show("stimulus", 1 - choice, 1);
      draft.want("response", choice, SONG_LEVELS.high);
      draft.want("response", 1 - choice, SONG_LEVELS.low);
      draft.count("decision");
      return { choice, evidence: Number(direction) * Number(coherence) };
    },
  });
}
