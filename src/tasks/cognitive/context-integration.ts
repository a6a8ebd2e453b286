/**
 * @file Context-dependent integration: motion and colour are shown at once and a cue says which of them to judge. After
 * Mante, Sussillo, Shenoy & Newsome (2013), Nature 503:78, as set up by Song, Yang & Wang (2016), PLoS Comput. Biol.
 * 12:e1004792, their figures 4 and 5.
 */

import { defineTask } from "./define-task.ts";
import { inputNoise } from "./input-noise.ts";
import type { Task } from "./trial.ts";
import type { TrialDraft } from "./trial-draft.ts";
import { type DecisionOptions, evidenceInput, TWO_CHOICES, wantChoice, wantNothing } from "./two-choice.ts";

/** Options of {@link contextIntegration}. */
export interface ContextIntegrationOptions extends DecisionOptions {
  /** Strengths of evidence [%] of either modality, default 5, 15, 50. */
  coherences?: readonly number[];
}

/**
 * Context-dependent integration. In the stimulus the cue of the context is 1, and each modality shows (1 ± c/100)/2 for
 * its own direction and the other one. Fixation 100 ms (testing: 400), stimulus 800, decision 300; catch trials 1/73 of
 * 2000 ms.
 *
 * Conditions: `context` ("motion" or "colour"), `motion` and `colour` [%], `motionDirection` and `colourDirection`
 * (1: choice 1, −1: choice 2); 72 combinations. Evidence: that of the modality asked for, signed [%].
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function contextIntegration(options: ContextIntegrationOptions = {}): Task {
  const { dt = 20, phase = "training", coherences = [5, 15, 50] } = options;
  const directions = { values: [1, -1] };
  const strengths = { values: coherences, open: true };
  return defineTask({
    name: "context-dependent integration",
    dt,
    inputs: ["motion context", "colour context", "motion 1", "motion 2", "colour 1", "colour 2"],
    outputs: TWO_CHOICES,
    factors: {
      context: { values: ["motion", "colour"] },
      motion: strengths,
      colour: strengths,
      motionDirection: directions,
      colourDirection: directions,
    },
    periods: [
      { name: "fixation", duration: phase === "testing" ? 400 : 100 },
      { name: "stimulus", duration: 800 },
      { name: "decision", duration: 300 },
    ],
    timing: options.timing,
    catchPeriods: [{ name: "fixation", duration: 2000 }],
    catchFraction: options.catchFraction ?? 1 / 73,
    noise: inputNoise("context-dependent integration", options.noise),
    readout: { kind: "choice", period: "decision", at: "end", alternatives: [0, 1] },
    evidence: { name: "coherence", unit: "%" },
    fill(draft, { context, motion, colour, motionDirection, colourDirection }) {
      draft.show("stimulus", `${context} context`, 1);
      const evidence = {
        motion: showModality(draft, "motion", Number(motion) * Number(motionDirection)),
        colour: showModality(draft, "colour", Number(colour) * Number(colourDirection)),
      };
      const direction = context === "motion" ? motionDirection : colourDirection;
      const choice = direction === 1 ? 0 : 1;
      wantChoice(draft, choice);
      return { choice, evidence: evidence[context as "motion" | "colour"] };
    },
    fillCatch: wantNothing,
  });
}

// Implementation

function showModality(draft: TrialDraft, name: string, evidence: number): number {
  draft.show("stimulus", `${name} 1`, evidenceInput(evidence));
  draft.show("stimulus", `${name} 2`, evidenceInput(-evidence));
  return evidence;
}
