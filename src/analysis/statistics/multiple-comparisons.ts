/**
 * @file Adjusted p values for a family of tests. Compare an adjusted p with the level you chose, as if it were alone.
 */

import { CajalError } from "../../core/index.ts";

/**
 * Step-down adjustment of Holm (1979), Scand. J. Stat. 6, 65–70: the chance of *any* false alarm stays below the
 * level, whatever the dependence between tests.
 *
 * @param pValues - Shape `(test)`, each 0–1.
 * @returns Shape `(test)`, in the order given.
 * @throws CajalError `bad-probability`.
 */
export function holm(pValues: ArrayLike<number>): Float64Array {
  const order = ascending(pValues, "holm");
  const adjusted = new Float64Array(pValues.length);
  let last = 0;
  order.forEach((at, rank) => {
    last = Math.max(last, Math.min(1, (order.length - rank) * pValues[at]));
    adjusted[at] = last;
  });
  return adjusted;
}

/**
 * Step-up adjustment of Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57, 289–300: the expected *share* of false
 * alarms among all alarms stays below the level, for independent or positively dependent tests.
 *
 * @param pValues - Shape `(test)`, each 0–1.
 * @returns Shape `(test)`, in the order given.
 * @throws CajalError `bad-probability`.
 */
export function benjaminiHochberg(pValues: ArrayLike<number>): Float64Array {
  const order = ascending(pValues, "benjaminiHochberg");
  const adjusted = new Float64Array(pValues.length);
  let last = 1;
  for (let rank = order.length - 1; rank >= 0; rank--) {
    last = Math.min(last, (order.length / (rank + 1)) * pValues[order[rank]]);
    adjusted[order[rank]] = last;
  }
  return adjusted;
}

// Implementation

function ascending(pValues: ArrayLike<number>, where: string): number[] {
  const order = Array.from({ length: pValues.length }, (_, i) => i);
  for (const i of order) {
    if (!(pValues[i] >= 0 && pValues[i] <= 1)) {
      throw new CajalError(`p value ${i} is ${pValues[i]}, must lie in 0 … 1`, {
        code: "bad-probability",
        where,
      });
    }
  }
  return order.sort((i, j) => pValues[i] - pValues[j] || i - j);
}
