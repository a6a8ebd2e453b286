/**
 * @file Checks of options and the weighted draw that the sources of symbols share.
 */

import { CajalError, type Rng } from "../../core/index.ts";

/** A whole number of at least `least`. @throws CajalError `bad-option`. */
export function checkWhole(where: string, name: string, value: number, least = 1): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new CajalError(`${name} must be a whole number ≥ ${least}, got ${value}`, {
    code: "bad-option",
    where,
  });
}

/** A number from `low` to `high`, both allowed. @throws CajalError `bad-option`. */
export function checkBetween(
  where: string,
  name: string,
  value: number,
  [low, high]: [number, number],
): void {
  if (value >= low && value <= high) return;
  throw new CajalError(`${name} must be from ${low} to ${high}, got ${value}`, { code: "bad-option", where });
}

/** One probability for each of `count` things, ≥ 0, summing to 1. @throws CajalError `bad-probabilities`. */
export function checkProbabilities(where: string, p: ArrayLike<number>, count: number): void {
  const fail = (what: string, hint: string) => {
    throw new CajalError(what, { code: "bad-probabilities", where, hint });
  };
  if (p.length !== count) fail(`${p.length} probabilities for ${count} choices`, "Give one for each.");
  let sum = 0;
  for (let i = 0; i < p.length; i++) {
    if (!(p[i] >= 0)) fail(`probability ${i} is ${p[i]}`, "Probabilities are from 0 to 1.");
    sum += p[i];
  }
  if (!(Math.abs(sum - 1) < 1e-9)) fail(`probabilities sum to ${sum}`, "Make them sum to 1.");
}

/** Index drawn with probabilities `p`; spends one uniform. */
export function drawIndex(p: ArrayLike<number>, rng: Rng): number {
  const u = rng.uniform();
  let sum = 0;
  let last = 0;
  for (let i = 0; i < p.length; i++) {
    if (p[i] === 0) continue;
    sum += p[i];
    last = i;
    if (u < sum) return i;
  }
  // Rounding may leave the sum a hair below 1; never fall on a choice of probability 0.
  return last;
}
