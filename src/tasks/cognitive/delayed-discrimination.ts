/**
 * @file Delayed discrimination as in PsychRNN (Ehrlich, Stone, Brandfonbrener, Atanasov & Murray 2021, eNeuro 8,
 * ENEURO.0427-20.2020; its task `DelayedDiscrimination`), after Romo, Brody, Hernández & Lemus (1999), Nature 399:470.
 */

import { defineTask } from "./define-task.ts";
import { inputNoise } from "./input-noise.ts";
import { FREQUENCY_CHANNELS, ROMO_PAIRS, showFrequency, splitPair } from "./parametric-working-memory.ts";
import { PSYCHRNN_NOISE, type PsychRnnOptions } from "./random-dot-motion.ts";
import type { Task } from "./trial.ts";
import { SONG_LEVELS, TWO_CHOICES } from "./two-choice.ts";

/**
 * Delayed discrimination: parametric working memory with every duration drawn. Foreperiod evenly from 0 to T/8, first
 * stimulus, delay and second stimulus each 0 to T/4, decision 0 to T/8, then nothing to T; only the decision counts. The
 * choice is the output with the larger mean in the decision.
 *
 * Conditions, inputs and evidence as in `parametricWorkingMemory`. Departures: durations are cut to whole steps, at least
 * one; noise as in `randomDotMotion`.
 *
 * @throws CajalError `bad-option`, `bad-duration`, `unknown-period`.
 */
export function delayedDiscrimination(options: PsychRnnOptions = {}): Task {
  const { dt = 10, length = 2000, timing, noise } = options;
  const upTo = (max: number) => ({ kind: "uniform", min: 0, max }) as const;
  return defineTask({
    name: "delayed discrimination",
    dt,
    inputs: FREQUENCY_CHANNELS,
    outputs: TWO_CHOICES,
    factors: { pair: { values: ROMO_PAIRS }, order: { values: [">", "<"] } },
    periods: [
      { name: "foreperiod", duration: upTo(length / 8) },
      { name: "stimulus 1", duration: upTo(length / 4) },
      { name: "delay", duration: upTo(length / 4) },
      { name: "stimulus 2", duration: upTo(length / 4) },
      { name: "decision", duration: upTo(length / 8) },
      { name: "rest", until: length },
    ],
    timing,
    noise: inputNoise("delayed discrimination", noise, PSYCHRNN_NOISE),
    readout: { kind: "choice", period: "decision", at: "mean", alternatives: [0, 1] },
    evidence: { name: "frequency difference", unit: "Hz" },
    fill(draft, { pair, order }) {
      const { f1, f2 } = splitPair(pair, order);
      showFrequency(draft, "stimulus 1", f1);
      showFrequency(draft, "stimulus 2", f2);
      const choice = order === ">" ? 0 : 1;
      draft.want("decision", choice, SONG_LEVELS.high);
      draft.want("decision", 1 - choice, SONG_LEVELS.low);
      draft.count("decision");
      return { choice, evidence: f1 - f2, conditions: { f1, f2 } };
    },
  });
}
