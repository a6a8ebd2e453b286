/**
 * @file Words drawn with given probabilities, with blanks between them: the trials of Hartmann et al. (2015), "Where's
 * the noise? Key features of spontaneous activity and neural variability arise through learning in a deterministic
 * network", PLoS Computational Biology 11.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { checkProbabilities, checkWhole, drawIndex } from "./checks.ts";
import type { SourceOptions, SymbolSequence } from "./symbol-sequence.ts";
import { layWords, parseWords, type Word } from "./words.ts";

/** Blank steps after a word: a fixed number, or one drawn evenly from `min` to `max`, both allowed. */
export type Blanks = number | { min: number; max: number };

/**
 * Words one after another, each drawn independently.
 *
 * @param options.words - Texts of one-letter symbols or lists of names; `_` is a blank inside a word (`A_CD`).
 * @param options.probabilities - Of each word, sum 1, default equal.
 * @param options.blanks - Blank steps after each word, default 0. Hartmann's trials: `{ min: 2 L, max: 3 L }`, L the
 *   mean length of a word.
 * @param options.alphabet - Symbols in order, default those of the words as they appear; give that of the training
 *   sequence when showing probes.
 * @param rng - One draw for each word, one more where the number of blanks is drawn.
 * @throws CajalError `bad-words`, `unknown-symbol`, `bad-probabilities`, `bad-option` or `after-mismatch`.
 * @example wordSequence({ words: ["ABCD", "EFGH"], probabilities: [2 / 3, 1 / 3], blanks: { min: 8, max: 12 }, steps: 5000 }, rng)
 */
export function wordSequence(
  options: SourceOptions & {
    words: readonly Word[];
    probabilities?: ArrayLike<number>;
    blanks?: Blanks;
    alphabet?: readonly string[];
  },
  rng: Rng,
): SymbolSequence {
  const { words, steps, after, blanks = 0, alphabet } = options;
  const where = "wordSequence";
  const list = parseWords(where, words, alphabet);
  const { probabilities = equal(words.length) } = options;
  checkProbabilities(where, probabilities, words.length);
  const pause = blankDrawer(where, blanks, rng);
  const draw = () => ({ item: drawIndex(probabilities, rng), blanks: pause() });
  const { items: _, ...sequence } = layWords(list, { steps, after, where, draw });
  return sequence;
}

/** A function that draws the number of blanks after a word. @throws CajalError `bad-option`. */
export function blankDrawer(where: string, blanks: Blanks, rng: Rng): () => number {
  if (typeof blanks === "number") {
    checkWhole(where, "blanks", blanks, 0);
    return () => blanks;
  }
  const { min, max } = blanks;
  checkWhole(where, "blanks.min", min, 0);
  checkWhole(where, "blanks.max", max, 0);
  if (max < min) {
    throw new CajalError(`blanks.max (${max}) is below blanks.min (${min})`, { code: "bad-option", where });
  }
  return () => min + rng.integer(max - min + 1);
}

// Implementation

function equal(count: number): Float64Array {
  return new Float64Array(count).fill(1 / count);
}
