/**
 * @file Symbols at random times: input without any structure to learn.
 */

import { CajalError, expm1, type Rng } from "../../core/index.ts";
import { checkProbabilities, checkWhole, drawIndex } from "./checks.ts";
import { SEQUENCE_START, type SourceOptions, type SymbolSequence, startOf } from "./symbol-sequence.ts";

/**
 * Events of a Poisson process sampled once a step: a step shows a symbol with probability 1 − exp(−rate), drawn
 * independently of all others, and is blank otherwise. Each symbol is a word of its own.
 *
 * @param options.rate - Mean number of events in a step, ≥ 0; events that fall into one step show one symbol.
 * @param options.letters - Size of the alphabet, default 10; symbols are called `s0`, `s1` and so on.
 * @param options.probabilities - Of each symbol, sum 1, default equal.
 * @param rng - One draw a step, one more for each symbol shown.
 * @throws CajalError `bad-option`, `bad-probabilities` or `after-mismatch`.
 */
export function poissonSymbols(
  options: SourceOptions & { rate: number; letters?: number; probabilities?: ArrayLike<number> },
  rng: Rng,
): SymbolSequence {
  const { rate, letters = 10, steps, after } = options;
  const where = "poissonSymbols";
  checkWhole(where, "steps", steps);
  checkWhole(where, "letters", letters);
  if (!(rate >= 0) || !Number.isFinite(rate)) {
    throw new CajalError(`rate must be a number ≥ 0, got ${rate}`, { code: "bad-option", where });
  }
  const { probabilities = new Float64Array(letters).fill(1 / letters) } = options;
  checkProbabilities(where, probabilities, letters);
  const alphabet = Array.from({ length: letters }, (_, s) => `s${s}`);
  // Nothing outlasts a step, so continuing needs only the check that it is the same source.
  const words = alphabet.map((_, s) => [s]);
  startOf(where, { alphabet, words }, after);
  const shows = -expm1(-rate);
  const symbols = new Int32Array(steps).fill(-1);
  for (let t = 0; t < steps; t++) if (rng.uniform() < shows) symbols[t] = drawIndex(probabilities, rng);
  return {
    kind: "symbols",
    alphabet,
    symbols,
    word: symbols.slice(),
    position: symbols.map((s) => (s < 0 ? -1 : 0)),
    words,
    end: SEQUENCE_START,
  };
}
