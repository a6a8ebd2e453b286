/**
 * @file Perceptual decision between two directions of motion: evidence for each arrives on its own channel and the
 * network reports the stronger one. After Song, Yang & Wang (2016), "Training excitatory-inhibitory recurrent neural
 * networks for cognitive tasks", PLoS Comput. Biol. 12:e1004792, their figures 2 and 3; experiments by Roitman & Shadlen
 * (2002), J. Neurosci. 22:9475, and Kiani, Hanks & Shadlen (2008), J. Neurosci. 28:3017.
 */

import { CajalError } from "../../core/index.ts";
import { defineTask } from "./define-task.ts";
import type { Duration } from "./duration.ts";
import { inputNoise } from "./input-noise.ts";
import type { PlannedPeriod } from "./periods.ts";
import type { Task } from "./trial.ts";
import {
  type DecisionOptions,
  evidenceInput,
  SONG_LEVELS,
  TWO_CHOICES,
  wantChoice,
  wantNothing,
} from "./two-choice.ts";

/** Options of {@link perceptualDecision}. */
export interface PerceptualDecisionOptions extends DecisionOptions {
  /** Whose end the stimulus follows: the clock (`fixed`, `variable`), or the network (`reaction-time`). Default `fixed`. */
  version?: "fixed" | "variable" | "reaction-time";
  /** Coherences [%], ≥ 0; default 3.2, 6.4, 12.8, 25.6, 51.2. */
  coherences?: readonly number[];
}

/**
 * Perceptual decision-making. Inputs in the stimulus: (1 ± c/100)/2 for the right and the other direction.
 *
 * | version | fixation (testing) | stimulus | decision | catch trials |
 * |---|---|---|---|---|
 * | `fixed` | 100 (300) | 800 | 300 | 1/11 |
 * | `variable` | 100 (500) | exponential, mean 330, 80–1500 | 300 | 1/11 |
 * | `reaction-time` | 100 (300) | 800 (1500) | from 300 after stimulus onset to its end | 5/11 |
 *
 * All in ms. `variable` and `reaction-time` have a third input, 1 from stimulus onset to the end of the trial. In
 * `reaction-time` the wanted high level is 1.2, and the choice is the first output above 1.
 *
 * Conditions: `coherence` [%], `direction` (1: choice 1, −1: choice 2). Evidence: direction · coherence [%].
 * Departure: the exponential duration is drawn from the density cut to 80–1500 ms by inversion, not by rejection; the
 * distribution is the same.
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 * @example batchTrials(perceptualDecision({ version: "variable" }), 20, rng)
 */
export function perceptualDecision(options: PerceptualDecisionOptions = {}): Task {
  const {
    version = "fixed",
    dt = 20,
    phase = "training",
    coherences = [3.2, 6.4, 12.8, 25.6, 51.2],
  } = options;
  checkOptions(version, coherences);
  const cued = version !== "fixed";
  const reacting = version === "reaction-time";
  const levels = reacting ? { ...SONG_LEVELS, high: 1.2 } : SONG_LEVELS;
  return defineTask({
    name: "perceptual decision",
    dt,
    inputs: cued ? ["motion 1", "motion 2", "start cue"] : ["motion 1", "motion 2"],
    outputs: TWO_CHOICES,
    factors: { coherence: { values: coherences, open: true }, direction: { values: [1, -1] } },
    periods: periodsOf(version, phase),
    timing: options.timing,
    catchPeriods: [{ name: "fixation", duration: 2000 }],
    catchFraction: options.catchFraction ?? (reacting ? 5 : 1) / 11,
    noise: inputNoise("perceptual decision", options.noise),
    readout: { kind: "choice", period: "decision", at: "end", alternatives: [0, 1] },
    evidence: { name: "coherence", unit: "%" },
    reaction: reacting ? { period: "stimulus", threshold: 1 } : undefined,
    fill(draft, conditions) {
      const coherence = Number(conditions.coherence);
      const choice = conditions.direction === 1 ? 0 : 1;
      draft.show("stimulus", choice, evidenceInput(coherence));
      draft.show("stimulus", 1 - choice, evidenceInput(-coherence));
      if (cued) draft.showAt(draft.period("stimulus").from, draft.steps, "start cue", 1);
      wantChoice(draft, choice, levels);
      return { choice, evidence: Number(conditions.direction) * coherence };
    },
    fillCatch: wantNothing,
  });
}

// Implementation

type Version = NonNullable<PerceptualDecisionOptions["version"]>;

function periodsOf(version: Version, phase: "training" | "testing"): PlannedPeriod[] {
  const testing = phase === "testing";
  const fixation = testing ? (version === "variable" ? 500 : 300) : 100;
  const durations: Record<Version, Duration> = {
    fixed: 800,
    variable: { kind: "truncated-exponential", mean: 330, min: 80, max: 1500 },
    "reaction-time": testing ? 1500 : 800,
  };
  return [
    { name: "fixation", duration: fixation },
    { name: "stimulus", duration: durations[version] },
    version === "reaction-time"
      ? { name: "decision", within: "stimulus", offset: 300 }
      : { name: "decision", duration: 300 },
  ];
}

function checkOptions(version: string, coherences: readonly number[]): void {
  const where = "perceptualDecision";
  const odd = coherences.find((c) => !(c >= 0 && Number.isFinite(c)));
  if (odd !== undefined) {
    const hint = "The sign of the evidence is the condition `direction`.";
    throw new CajalError(`coherences must be ≥ 0 %, got ${odd}`, { code: "bad-option", where, hint });
  }
  if (!["fixed", "variable", "reaction-time"].includes(version)) {
    const hint = "Known here: fixed, variable, reaction-time.";
    throw new CajalError(`there is no version "${version}"`, { code: "bad-option", where, hint });
  }
}
