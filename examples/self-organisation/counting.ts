/**
 * @file A network that learns to count. Two words, a bⁿ c and d eⁿ f, follow each other in random order; a linear readout
 * says where in the word the network is. Without plasticity it loses count, with intrinsic plasticity alone even sooner.
 */

import { countingExperiment } from "cajal";
import { check } from "../check.ts";

export const meta = { title: "Counting to eight", check: { "position, SORN": [1, 0.01] } } as const;

const { conditions, repeating } = countingExperiment({ n: 8, seed: 1 });
for (const [name, { scores }] of Object.entries(conditions)) {
  const { position, lastSymbol, nextSymbolNormalised } = scores["E.x"];
  const show = (x?: number) => (x ?? Number.NaN).toFixed(2);
  console.log(
    `${name.padEnd(8)} position ${show(position)}  last symbol ${show(lastSymbol)}  next symbol ${show(nextSymbolNormalised)}`,
  );
}
console.log(
  `repeating the letter scores ${repeating.nextSymbolNormalised.toFixed(2)} of the next symbol, and counts nothing`,
);
check(meta, { "position, SORN": conditions.sorn.scores["E.x"].position ?? 0 });
