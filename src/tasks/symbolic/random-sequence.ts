/**
 * @file One random sequence of letters, repeated: how long a pattern a network can hold.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { checkWhole } from "./checks.ts";
import type { SourceOptions, SymbolSequence } from "./symbol-sequence.ts";
import { layWords } from "./words.ts";

/**
 * A sequence of `length` letters, each drawn evenly, shown over and over. The sequence is the only word of the result
 * (`words[0]`), so `position` says where in it a step lies.
 *
 * @param options.length - Letters of the sequence, ≥ 1.
 * @param options.letters - Size of the alphabet, ≥ 1, default 10; symbols are called `s0`, `s1` and so on.
 * @param options.word - The sequence itself, indices into the alphabet, instead of a drawn one; with `after` the one
 *   shown there is kept.
 * @param rng - Draws the sequence, and nothing more.
 * @throws CajalError `bad-option`, `bad-symbol` or `after-mismatch`.
 */
export function randomSequence(
  options: SourceOptions & { length: number; letters?: number; word?: ArrayLike<number> },
  rng: Rng,
): SymbolSequence {
  const { length, letters = 10, steps, after } = options;
  const where = "randomSequence";
  checkWhole(where, "length", length);
  checkWhole(where, "letters", letters);
  const alphabet = Array.from({ length: letters }, (_, s) => `s${s}`);
  // Of another alphabet `after` is refused below, with a message of its own.
  const kept = after?.alphabet.join() === alphabet.join() ? after.words[0] : undefined;
  const given = options.word ?? kept;
  const word = given
    ? checkWord(Array.from(given), length, letters)
    : Array.from({ length }, () => rng.integer(letters));
  const draw = () => ({ item: 0, blanks: 0 });
  const { items: _, ...sequence } = layWords({ alphabet, words: [word] }, { steps, after, where, draw });
  return sequence;
}

// Implementation

function checkWord(word: number[], length: number, letters: number): number[] {
  const odd = word.findIndex((s) => !Number.isInteger(s) || s < 0 || s >= letters);
  const what =
    word.length !== length
      ? `the word has ${word.length} letters, length is ${length}`
      : odd >= 0
        ? `letter ${odd} of the word is ${word[odd]}, the alphabet has ${letters} letters`
        : undefined;
  if (what) throw new CajalError(what, { code: "bad-symbol", where: "randomSequence" });
  return word;
}
