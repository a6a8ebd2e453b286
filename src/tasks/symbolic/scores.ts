/**
 * @file Scores of predicted symbols. A prediction made at step t, after its symbol was seen, is about step t + 1.
 */

import { CajalError } from "../../core/index.ts";
import type { SymbolSequence } from "./symbol-sequence.ts";

/** Predicted class of the step after each step, shape `(time)`; that of the last step is not scored. */
export type Predictions = ArrayLike<number>;

/**
 * What is to be predicted at each step: the value of the next one.
 *
 * @param values - `symbols`, `word` or `position` of a sequence, shape `(time)`.
 * @returns Shape `(time)`; −1, not scored, before a blank and at the last step.
 */
export function nextTargets(values: Int32Array): Int32Array {
  const next = new Int32Array(values.length).fill(-1);
  next.set(values.subarray(1));
  return next;
}

/**
 * Share of right predictions among the steps that have a target.
 *
 * @param target - Class wanted at each step, shape `(time)`; negative ones are not scored.
 * @throws CajalError `shape` when lengths differ, `nothing-to-score` without targets.
 */
export function targetAccuracy(target: ArrayLike<number>, predicted: Predictions): number {
  return share("targetAccuracy", target, predicted);
}

/** Share of symbols predicted right one step before; blanks are not scored. */
export function nextSymbolAccuracy(
  sequence: Pick<SymbolSequence, "symbols">,
  predicted: Predictions,
): number {
  return share("nextSymbolAccuracy", nextTargets(sequence.symbols), predicted);
}

/**
 * Share of words whose last symbol was predicted right: of the counting task the symbol after the repeats, which only
 * a network that counts gets right. Chance for one who repeats is 0.
 */
export function lastSymbolAccuracy(
  sequence: Pick<SymbolSequence, "symbols" | "word" | "position" | "words">,
  predicted: Predictions,
): number {
  const { symbols, word, position, words } = sequence;
  if (words.length === 0) {
    throw new CajalError("the sequence has no list of words", {
      code: "nothing-to-score",
      where: "lastSymbolAccuracy",
      hint: "Sentences of a grammar have no fixed last symbol; score their next symbols.",
    });
  }
  // A word may end with blanks ("AXXX_"): its last symbol is the last that is shown.
  const last = words.map((w) => w.findLastIndex((s) => s >= 0));
  const target = symbols.map((s, t) => (word[t] >= 0 && position[t] === last[word[t]] ? s : -1));
  return share("lastSymbolAccuracy", nextTargets(target), predicted);
}

/** Share of steps whose index inside the word was predicted right one step before: n + 2 classes in the counting task. */
export function positionAccuracy(sequence: Pick<SymbolSequence, "position">, predicted: Predictions): number {
  return share("positionAccuracy", nextTargets(sequence.position), predicted);
}

/**
 * An accuracy as a part of the best possible one; may exceed 1 by luck on short sequences.
 *
 * @param bound - E.g. `countingBound(n)`, 0 < bound ≤ 1.
 * @throws CajalError `bad-option`.
 */
export function normalisedAccuracy(accuracy: number, bound: number): number {
  if (bound > 0 && bound <= 1) return accuracy / bound;
  throw new CajalError(`bound must be above 0 and at most 1, got ${bound}`, {
    code: "bad-option",
    where: "normalisedAccuracy",
  });
}

/**
 * The trivial predictor of the counting task, which cannot count: the middle letter after a first letter, the same
 * letter after a middle one, the first word after a last one. {@link repeatScore} is what it reaches.
 *
 * @returns Predicted symbol of the next step, shape `(time)`.
 */
export function repeatPrediction(
  sequence: Pick<SymbolSequence, "symbols" | "word" | "position" | "words">,
): Int32Array {
  const { symbols, word, position, words } = sequence;
  return symbols.map((s, t) => {
    const shown = words[word[t]];
    if (shown === undefined || position[t] === shown.length - 1) return words[0][0];
    return position[t] === 0 ? shown[1] : s;
  });
}

// Implementation

function share(where: string, target: ArrayLike<number>, predicted: Predictions): number {
  if (predicted.length !== target.length) {
    throw new CajalError(`${predicted.length} predictions for ${target.length} steps`, {
      code: "shape",
      where,
      hint: "Give one prediction for each step, that of the last step is not scored.",
    });
  }
  let scored = 0;
  let right = 0;
  for (let t = 0; t < target.length; t++) {
    if (target[t] < 0) continue;
    scored++;
    if (predicted[t] === target[t]) right++;
  }
  if (scored > 0) return right / scored;
  throw new CajalError("no step has a target to score", {
    code: "nothing-to-score",
    where,
    hint: "Give a longer sequence.",
  });
}
