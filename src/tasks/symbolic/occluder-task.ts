/**
 * @file The occluder task: a bar moves left or right and passes behind an occluder, where every position looks alike.
 * After Lazar, Pipa and Triesch (2009), Frontiers in Computational Neuroscience 3.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { checkWhole } from "./checks.ts";
import type { SourceOptions, SymbolSequence } from "./symbol-sequence.ts";
import { wordSequence } from "./word-sequence.ts";

/** Name of the one symbol shown while the bar is hidden. */
export const OCCLUDER = "occluder";

/**
 * A bar that crosses `positions` places from left to right (word 0) or right to left (word 1), each with probability
 * ½. The `hidden` places in the middle show one symbol, the occluder; where they cannot be centred they lie half a
 * place to the left. After the occluder a network must know for how long and from where the bar went in.
 *
 * @param options.positions - Places of the bar, ≥ 3.
 * @param options.hidden - Places behind the occluder, 1 … positions − 2.
 * @returns Symbols: one for each visible place, named by its number from 1, and `occluder`.
 * @throws CajalError `bad-option` or `after-mismatch`.
 * @example occluderTask({ positions: 8, hidden: 4, steps: 5000 }, rng)
 */
export function occluderTask(
  options: SourceOptions & { positions: number; hidden: number },
  rng: Rng,
): SymbolSequence {
  const { positions, hidden, steps, after } = options;
  const where = "occluderTask";
  checkWhole(where, "positions", positions, 3);
  checkWhole(where, "hidden", hidden);
  if (hidden > positions - 2) {
    throw new CajalError(`an occluder over ${hidden} of ${positions} positions leaves an end unseen`, {
      code: "bad-option",
      where,
      hint: `Set hidden to ${positions - 2} or less.`,
    });
  }
  const first = Math.floor((positions - hidden) / 2);
  const isHidden = (p: number) => p >= first && p < first + hidden;
  const right = Array.from({ length: positions }, (_, p) => (isHidden(p) ? OCCLUDER : String(p + 1)));
  const alphabet = [...right.filter((name) => name !== OCCLUDER), OCCLUDER];
  return wordSequence({ words: [right, right.toReversed()], alphabet, steps, after }, rng);
}
