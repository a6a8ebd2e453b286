/**
 * @file The counting task: words "a bⁿ c" and "d eⁿ f" in random alternation; to predict c or f a network must count.
 * After Lazar, Pipa and Triesch (2009), "SORN: a self-organizing recurrent neural network", Frontiers in Computational
 * Neuroscience 3.
 */

import type { Rng } from "../../core/index.ts";
import { checkWhole } from "./checks.ts";
import type { SourceOptions, SymbolSequence } from "./symbol-sequence.ts";
import { wordSequence } from "./word-sequence.ts";

/**
 * Words "a b…b c" and "d e…e f" with n repeats, each next word drawn with probability ½. Nobody can predict more than
 * {@link countingBound} of it, and repeating the middle letter already scores {@link repeatScore} of that: look at
 * `lastSymbolAccuracy` and `positionAccuracy` too.
 *
 * @param options.n - Repeats of the middle letter, ≥ 1; Lazar used 4 … 28.
 * @throws CajalError `bad-option` or `after-mismatch`.
 * @example countingTask({ n: 8, steps: 5000 }, createRng(1).stream("input"))
 */
export function countingTask(options: SourceOptions & { n: number }, rng: Rng): SymbolSequence {
  const { n, steps, after } = options;
  checkWhole("countingTask", "n", n);
  const words = [`a${"b".repeat(n)}c`, `d${"e".repeat(n)}f`];
  return wordSequence({ words, steps, after }, rng);
}
