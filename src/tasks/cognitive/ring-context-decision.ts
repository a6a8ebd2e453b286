/**
 * @file Context-dependent decision in the form of NeuroGym 2.2.0, `ContextDecisionMaking` (Mante, Sussillo, Shenoy &
 * Newsome 2013, Nature 503:78).
 */

import { defineTask } from "./define-task.ts";
import {
  fixationOptions,
  fixationOutputs,
  labelAnswer,
  preferredAngle,
  ringEvidence,
  ringNames,
  shakeStimulus,
  showOnRing,
} from "./fixation-task.ts";
import { oneTo, type RingOptions } from "./ring-decision.ts";
import type { ConditionValue, Task } from "./trial.ts";
import type { TrialDraft } from "./trial-draft.ts";

/**
 * Context-dependent decision on two rings. The modality of the context shows `direction`, the other one `distractor`,
 * each with its own coherence, ½ + cos(θ_k − θ) c/200. Fixation 300 ms (cue 1 there only), stimulus 750, delay
 * exponential with mean 600 cut to 300–3000, decision 100. The context is shown on two inputs throughout the trial.
 *
 * Conditions: `direction` and `distractor` (1 … K), `context` ("first", "second"), `coherence1` and `coherence2` [%],
 * default 5, 15, 50. Evidence for K = 2: ± coherence of the modality asked for.
 *
 * @param options.context - Hold the context and show none, as NeuroGym does by default; default is to show a drawn one.
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function ringContextDecision(options: RingOptions & { context?: "first" | "second" } = {}): Task {
  const { units = 2, coherences = [5, 15, 50], context: held } = options;
  const name = "context-dependent decision on rings";
  const { sigma, fixationWeight, ...common } = fixationOptions(name, options);
  const rings = [ringNames("first", units), ringNames("second", units)];
  const strengths = { values: coherences, open: true };
  return defineTask({
    ...common,
    name,
    inputs: ["fixation", ...rings.flat(), ...(held ? [] : ["first context", "second context"])],
    outputs: fixationOutputs(units),
    factors: {
      direction: { values: oneTo(units) },
      distractor: { values: oneTo(units) },
      context: { values: held ? [held] : ["first", "second"] },
      coherence1: strengths,
      coherence2: strengths,
    },
    periods: [
      { name: "fixation", duration: 300 },
      { name: "stimulus", duration: 750 },
      { name: "delay", duration: { kind: "truncated-exponential", mean: 600, min: 300, max: 3000 } },
      { name: "decision", duration: 100 },
    ],
    loss: "cross-entropy",
    readout: { kind: "choice", period: "decision", at: "end", alternatives: oneTo(units) },
    evidence: { name: "coherence", unit: "%" },
    fill(draft, conditions, rng) {
      const direction = Number(conditions.direction);
      draft.show("fixation", "fixation", 1);
      if (!held) draft.showAt(0, draft.steps, `${conditions.context} context`, 1);
      const strength = showModalities(draft, rings, conditions);
      shakeStimulus(draft, "stimulus", { sigma, channels: rings.flat(), rng });
      labelAnswer(draft, direction, { period: "decision", fixationWeight });
      return { choice: direction, evidence: ringEvidence(direction, units, strength) };
    },
  });
}

// Implementation

/** Show both rings; the coherence of the one asked for is returned. */
function showModalities(
  draft: TrialDraft,
  rings: readonly (readonly string[])[],
  conditions: Readonly<Record<string, ConditionValue>>,
): number {
  const asked = conditions.context === "first" ? 0 : 1;
  const coherences = [Number(conditions.coherence1), Number(conditions.coherence2)];
  rings.forEach((ring, m) => {
    const shown = Number(m === asked ? conditions.direction : conditions.distractor);
    showOnRing(draft, "stimulus", {
      ring,
      theta: preferredAngle(shown - 1, ring.length),
      gain: coherences[m] / 200,
    });
  });
  return coherences[asked];
}
