/**
 * @file Multisensory integration: is the rate of flashes, of clicks, or of both together, above a boundary? After
 * Raposo, Kaufman & Churchland (2014), Nature Neurosci. 17:1784, as set up by Song, Yang & Wang (2016), PLoS Comput.
 * Biol. 12:e1004792, their figure 6.
 */

import { defineTask } from "./define-task.ts";
import { inputNoise } from "./input-noise.ts";
import type { Task } from "./trial.ts";
import { type DecisionOptions, TWO_CHOICES, tunedInput, wantChoice, wantNothing } from "./two-choice.ts";

/** Options of {@link multisensoryIntegration}. */
export interface MultisensoryOptions extends DecisionOptions {
  /** Rates of events [1/s], default 9 to 16. */
  rates?: readonly number[];
  /** Rates above it are choice 1 [1/s], default 12.5. */
  boundary?: number;
}

/**
 * Multisensory integration. In the stimulus the channels of the modality, or of both, show 0.4 + 0.8 f on the positively
 * and 0.4 + 0.8 (1 − f) on the negatively tuned one, f from 0 at the lowest to 1 at the highest rate; the start cue is 1
 * in stimulus and decision. Fixation 100 ms (testing: 500), stimulus 1000, decision 300; catch trials 5/25 of 2500 ms.
 *
 * Conditions: `modality` ("visual", "auditory", "both"), `rate` [1/s]. Evidence: rate − boundary [1/s].
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function multisensoryIntegration(options: MultisensoryOptions = {}): Task {
  const { dt = 20, phase = "training", rates = [9, 10, 11, 12, 13, 14, 15, 16], boundary = 12.5 } = options;
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  return defineTask({
    name: "multisensory integration",
    dt,
    inputs: ["visual +", "visual −", "auditory +", "auditory −", "start cue"],
    outputs: TWO_CHOICES,
    factors: {
      modality: { values: ["visual", "auditory", "both"] },
      rate: { values: rates, open: true },
    },
    periods: [
      { name: "fixation", duration: phase === "testing" ? 500 : 100 },
      { name: "stimulus", duration: 1000 },
      { name: "decision", duration: 300 },
    ],
    timing: options.timing,
    catchPeriods: [{ name: "fixation", duration: 2500 }],
    catchFraction: options.catchFraction ?? 5 / 25,
    noise: inputNoise("multisensory integration", options.noise),
    readout: { kind: "choice", period: "decision", at: "end", alternatives: [0, 1] },
    evidence: { name: "rate above the boundary", unit: "1/s" },
    fill(draft, { modality, rate }) {
      for (const sense of ["visual", "auditory"]) {
        if (modality !== sense && modality !== "both") continue;
        draft.show("stimulus", `${sense} +`, tunedInput(Number(rate), low, high));
        draft.show("stimulus", `${sense} −`, tunedInput(Number(rate), high, low));
      }
      draft.showAt(draft.period("stimulus").from, draft.steps, "start cue", 1);
      const choice = Number(rate) > boundary ? 0 : 1;
      wantChoice(draft, choice);
      return { choice, evidence: Number(rate) - boundary };
    },
    fillCatch: wantNothing,
  });
}
