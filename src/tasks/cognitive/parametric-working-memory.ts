/**
 * @file Parametric working memory: was the first of two vibrations, separated by a delay, the faster one? After Romo,
 * Brody, Hernández & Lemus (1999), Nature 399:470, and Barak, Tsodyks & Romo (2010), J. Neurosci. 30:9424, as set up by
 * Song, Yang & Wang (2016), PLoS Comput. Biol. 12:e1004792, their figure 7.
 */

import { defineTask } from "./define-task.ts";
import { inputNoise } from "./input-noise.ts";
import type { ConditionValue, Task } from "./trial.ts";
import type { TrialDraft } from "./trial-draft.ts";
import { type DecisionOptions, TWO_CHOICES, tunedInput, wantChoice, wantNothing } from "./two-choice.ts";

/** Pairs of frequencies [Hz], the higher one first, of Romo's monkeys; by name as a condition. */
export const ROMO_PAIRS = ["18/10", "22/14", "26/18", "30/22", "34/26"] as const;

/** Lowest and highest frequency of {@link ROMO_PAIRS} [Hz]. */
export const ROMO_RANGE = [10, 34] as const;

/** Inputs tuned to high and to low frequencies. */
export const FREQUENCY_CHANNELS = ["frequency +", "frequency −"] as const;

/**
 * Parametric working memory. A frequency f shows 0.4 + 0.8 (f − 10)/24 on the positively and 0.4 + 0.8 (34 − f)/24 on the
 * negatively tuned input. Fixation 100 ms (testing: 500), f1 500, delay evenly from 2500 to 3500 (testing: 3000), f2 500,
 * decision 300; catch trials 1/11 of 2500 ms. Song, Yang & Wang stop when the worst condition reaches 85 % correct.
 *
 * Conditions: `pair` ("18/10" … "34/26", the higher first), `order` (">": f1 is the higher, choice 1; "<": choice 2);
 * `f1` and `f2` [Hz] follow from them. Evidence: f1 − f2 [Hz].
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function parametricWorkingMemory(options: DecisionOptions = {}): Task {
  const { dt = 20, phase = "training" } = options;
  const testing = phase === "testing";
  return defineTask({
    name: "parametric working memory",
    dt,
    inputs: FREQUENCY_CHANNELS,
    outputs: TWO_CHOICES,
    factors: { pair: { values: ROMO_PAIRS }, order: { values: [">", "<"] } },
    periods: [
      { name: "fixation", duration: testing ? 500 : 100 },
      { name: "f1", duration: 500 },
      { name: "delay", duration: testing ? 3000 : { kind: "uniform", min: 2500, max: 3500 } },
      { name: "f2", duration: 500 },
      { name: "decision", duration: 300 },
    ],
    timing: options.timing,
    catchPeriods: [{ name: "fixation", duration: 2500 }],
    catchFraction: options.catchFraction ?? 1 / 11,
    noise: inputNoise("parametric working memory", options.noise),
    readout: { kind: "choice", period: "decision", at: "end", alternatives: [0, 1] },
    evidence: { name: "frequency difference", unit: "Hz" },
    fill(draft, { pair, order }) {
      const { f1, f2 } = splitPair(pair, order);
      showFrequency(draft, "f1", f1);
      showFrequency(draft, "f2", f2);
      const choice = order === ">" ? 0 : 1;
      wantChoice(draft, choice);
      return { choice, evidence: f1 - f2, conditions: { f1, f2 } };
    },
    fillCatch: wantNothing,
  });
}

/** First and second frequency [Hz] of a pair in an order. */
export function splitPair(pair: ConditionValue, order: ConditionValue): { f1: number; f2: number } {
  const [higher, lower] = String(pair).split("/").map(Number);
  return order === ">" ? { f1: higher, f2: lower } : { f1: lower, f2: higher };
}

/** Show a frequency [Hz] on both tuned inputs. */
export function showFrequency(draft: TrialDraft, period: string, f: number): void {
  const [low, high] = ROMO_RANGE;
  draft.show(period, 0, tunedInput(f, low, high));
  draft.show(period, 1, tunedInput(f, high, low));
}
