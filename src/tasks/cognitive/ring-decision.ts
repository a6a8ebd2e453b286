/**
 * @file Perceptual decisions in the form of NeuroGym 2.2.0: `PerceptualDecisionMaking` (Britten, Shadlen, Newsome &
 * Movshon 1992, J. Neurosci. 12:4745), on which excitatory-inhibitory networks are often trained with cross-entropy, and
 * `MultiSensoryIntegration`.
 */

import { defineTask } from "./define-task.ts";
import {
  type FixationTaskOptions,
  fixationOptions,
  fixationOutputs,
  labelAnswer,
  preferredAngle,
  ringEvidence,
  ringNames,
  shakeStimulus,
  showOnRing,
} from "./fixation-task.ts";
import type { Task } from "./trial.ts";

/** Options of decisions on a ring. */
export interface RingOptions extends FixationTaskOptions {
  /** Units of each ring and number of choices K ≥ 2, default 2. */
  units?: number;
  /** Coherences c [%]. */
  coherences?: readonly number[];
}

/**
 * Perceptual decision on a ring. The fixation cue is 1 in fixation only; the stimulus is ½ + cos(θ_k − θ) c/200 with
 * noise. Fixation 100 ms, stimulus 2000, delay 0, decision 100. The label is the direction in the decision, else fixate.
 *
 * Conditions: `direction` (1 … K), `coherence` [%], default 0, 6.4, 12.8, 25.6, 51.2. Evidence for K = 2: ± coherence.
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function ringDecision(options: RingOptions = {}): Task {
  const { units = 2, coherences = [0, 6.4, 12.8, 25.6, 51.2] } = options;
  const name = "decision on a ring";
  const { sigma, fixationWeight, ...common } = fixationOptions(name, options);
  const ring = ringNames("motion", units);
  return defineTask({
    ...common,
    name,
    inputs: ["fixation", ...ring],
    outputs: fixationOutputs(units),
    factors: { direction: { values: oneTo(units) }, coherence: { values: coherences, open: true } },
    periods: [
      { name: "fixation", duration: 100 },
      { name: "stimulus", duration: 2000 },
      { name: "delay", duration: 0 },
      { name: "decision", duration: 100 },
    ],
    loss: "cross-entropy",
    readout: { kind: "choice", period: "decision", at: "end", alternatives: oneTo(units) },
    evidence: { name: "coherence", unit: "%" },
    fill(draft, conditions, rng) {
      const [direction, coherence] = [Number(conditions.direction), Number(conditions.coherence)];
      draft.show("fixation", "fixation", 1);
      showOnRing(draft, "stimulus", {
        ring,
        theta: preferredAngle(direction - 1, units),
        gain: coherence / 200,
      });
      shakeStimulus(draft, "stimulus", { sigma, channels: ring, rng });
      labelAnswer(draft, direction, { period: "decision", fixationWeight });
      return { choice: direction, evidence: ringEvidence(direction, units, coherence) };
    },
  });
}

/**
 * Multisensory decision on two rings: the coherence is split at random between two modalities that point the same way.
 * The fixation cue is 1 until the decision, noise is on all inputs. Fixation 300 ms, stimulus 750, decision 100.
 *
 * Conditions: `direction` (1 … K), `coherence` [%], default 5, 15, 50, `share` of the first modality, from 0 to 1.
 * Evidence for K = 2: ± coherence.
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function ringMultisensory(options: RingOptions = {}): Task {
  const { units = 2, coherences = [5, 15, 50] } = options;
  const name = "multisensory decision on rings";
  const { sigma, fixationWeight, ...common } = fixationOptions(name, options);
  const rings = [ringNames("first", units), ringNames("second", units)];
  return defineTask({
    ...common,
    name,
    inputs: ["fixation", ...rings.flat()],
    outputs: fixationOutputs(units),
    factors: {
      direction: { values: oneTo(units) },
      coherence: { values: coherences, open: true },
      share: { low: 0, high: 1 },
    },
    periods: [
      { name: "fixation", duration: 300 },
      { name: "stimulus", duration: 750 },
      { name: "decision", duration: 100 },
    ],
    loss: "cross-entropy",
    readout: { kind: "choice", period: "decision", at: "end", alternatives: oneTo(units) },
    evidence: { name: "coherence", unit: "%" },
    fill(draft, conditions, rng) {
      const [direction, coherence] = [Number(conditions.direction), Number(conditions.coherence)];
      const share = Number(conditions.share);
      draft.showAt(0, draft.period("decision").from, "fixation", 1);
      const theta = preferredAngle(direction - 1, units);
      showOnRing(draft, "stimulus", { ring: rings[0], theta, gain: (coherence * share) / 200 });
      showOnRing(draft, "stimulus", { ring: rings[1], theta, gain: (coherence * (1 - share)) / 200 });
      shakeStimulus(draft, "stimulus", { sigma, rng });
      labelAnswer(draft, direction, { period: "decision", fixationWeight });
      return { choice: direction, evidence: ringEvidence(direction, units, coherence) };
    },
  });
}

/** 1 … n. */
export function oneTo(n: number): number[] {
  return Array.from({ length: n }, (_, k) => k + 1);
}
