/**
 * @file Comparison of two values across a delay in the form of NeuroGym 2.2.0, `DelayComparison` (Barak, Tsodyks & Romo
 * 2010, J. Neurosci. 30:9424); the same experiment as `parametricWorkingMemory`, with one stimulus input.
 */

import { defineTask } from "./define-task.ts";
import {
  type FixationTaskOptions,
  fixationOptions,
  fixationOutputs,
  labelAnswer,
  shakeStimulus,
} from "./fixation-task.ts";
import { ROMO_PAIRS, ROMO_RANGE, splitPair } from "./parametric-working-memory.ts";
import type { Task } from "./trial.ts";

/**
 * Delay comparison. A value v shows (1 + (v − 10)/24)/2 on the stimulus input; the fixation cue is 1 until the decision;
 * noise is on both inputs during stimuli. Fixation 500 ms, stimulus 500, delay 1000, stimulus 500, decision 100.
 *
 * Conditions: `pair` ("18/10" … "34/26", the larger first), `order` (">": choice 1); `f1` and `f2` follow. Evidence:
 * f1 − f2.
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function delayComparison(options: FixationTaskOptions = {}): Task {
  const name = "delay comparison";
  const { sigma, fixationWeight, ...common } = fixationOptions(name, options);
  const [low, high] = ROMO_RANGE;
  return defineTask({
    ...common,
    name,
    inputs: ["fixation", "stimulus"],
    outputs: fixationOutputs(2),
    factors: { pair: { values: ROMO_PAIRS }, order: { values: [">", "<"] } },
    periods: [
      { name: "fixation", duration: 500 },
      { name: "stimulus 1", duration: 500 },
      { name: "delay", duration: 1000 },
      { name: "stimulus 2", duration: 500 },
      { name: "decision", duration: 100 },
    ],
    loss: "cross-entropy",
    readout: { kind: "choice", period: "decision", at: "end", alternatives: [1, 2] },
    evidence: { name: "frequency difference", unit: "Hz" },
    fill(draft, { pair, order }, rng) {
      const { f1, f2 } = splitPair(pair, order);
      draft.showAt(0, draft.period("decision").from, "fixation", 1);
      [f1, f2].forEach((f, k) => {
        draft.show(`stimulus ${k + 1}`, "stimulus", (1 + (f - low) / (high - low)) / 2);
        shakeStimulus(draft, `stimulus ${k + 1}`, { sigma, rng });
      });
      const choice = order === ">" ? 1 : 2;
      labelAnswer(draft, choice, { period: "decision", fixationWeight });
      return { choice, evidence: f1 - f2, conditions: { f1, f2 } };
    },
  });
}
