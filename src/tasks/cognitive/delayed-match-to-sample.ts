/**
 * @file Delayed match to sample: is the second stimulus the first again? After Miller, Erickson & Desimone (1996),
 * J. Neurosci. 16:5154, in the form of NeuroGym 2.2.0, `DelayMatchSample`.
 */

import { defineTask } from "./define-task.ts";
import {
  type FixationTaskOptions,
  fixationOptions,
  labelAnswer,
  preferredAngle,
  ringNames,
  shakeStimulus,
  showOnRing,
} from "./fixation-task.ts";
import { oneTo } from "./ring-decision.ts";
import type { Task } from "./trial.ts";

/**
 * Delayed match to sample. Sample and test show ½ + ½ cos(θ_k − θ) on a ring with noise; a test that does not match
 * points the other way. The fixation cue is 1 until the decision. Fixation 300 ms, sample 500, delay 1000, test 500,
 * decision 900. Outputs: fixate, match, non-match.
 *
 * Conditions: `match`, `sample` (1 … K, the unit whose angle is shown). No evidence.
 *
 * @param options.units - Units of the ring K ≥ 2, default 2.
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function delayedMatchToSample(options: FixationTaskOptions & { units?: number } = {}): Task {
  const { units = 2 } = options;
  const name = "delayed match to sample";
  const { sigma, fixationWeight, ...common } = fixationOptions(name, options);
  const ring = ringNames("stimulus", units);
  return defineTask({
    ...common,
    name,
    inputs: ["fixation", ...ring],
    outputs: ["fixate", "match", "non-match"],
    factors: { match: { values: [true, false] }, sample: { values: oneTo(units) } },
    periods: [
      { name: "fixation", duration: 300 },
      { name: "sample", duration: 500 },
      { name: "delay", duration: 1000 },
      { name: "test", duration: 500 },
      { name: "decision", duration: 900 },
    ],
    loss: "cross-entropy",
    readout: { kind: "choice", period: "decision", at: "end", alternatives: [1, 2] },
    fill(draft, { match, sample }, rng) {
      const theta = preferredAngle(Number(sample) - 1, units);
      const shown = { sample: theta, test: match ? theta : theta + Math.PI };
      draft.showAt(0, draft.period("decision").from, "fixation", 1);
      for (const period of ["sample", "test"] as const) {
        showOnRing(draft, period, { ring, theta: shown[period], gain: 0.5 });
        shakeStimulus(draft, period, { sigma, channels: ring, rng });
      }
      const choice = match ? 1 : 2;
      labelAnswer(draft, choice, { period: "decision", fixationWeight });
      return { choice };
    },
  });
}
