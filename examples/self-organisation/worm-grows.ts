/**
 * @file What a SORN makes of a real nervous system. It starts from the chemical synapses of C. elegans (Cook et al.
 * 2019) and, for comparison, from as many connections placed at random. How many of the first connections still stand
 * after 10⁵ plastic steps, and how much of the new wiring do they make up? Over six seeds 16.0 ± 1.4 % of the worm's stand
 * and 10.4 ± 0.5 % of random ones.
 */

import { createRng, delpapa2017, type SimulationOptions, simulate, sparseFromEntries, toSparse } from "cajal";
import { openConnectome } from "cajal/experiment";
import { check } from "../check.ts";

export const meta = {
  title: "A worm that grows",
  check: { "first connections left, worm, %": [16, 3] },
} as const;

const worm = await openConnectome({ name: "celegans", synapses: "chemical" });
const size = worm.labels.length;
const pairsOf = (m: Parameters<typeof toSparse>[0]) => {
  const { rowStart, column, rows } = toSparse(m);
  const pairs = new Set<number>();
  for (let i = 0; i < rows; i++) {
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) if (column[k] !== i) pairs.add(i * size + column[k]);
  }
  return pairs;
};

/** As many connections as the worm has, anywhere, of weight 1. */
function randomWiring(count: number) {
  const rng = createRng(2);
  const chosen = new Set<number>();
  while (chosen.size < count) {
    const pair = rng.integer(size * size);
    if (Math.floor(pair / size) !== pair % size) chosen.add(pair);
  }
  const list = [...chosen];
  return sparseFromEntries(
    { rows: size, columns: size },
    {
      post: list.map((p) => Math.floor(p / size)),
      pre: list.map((p) => p % size),
      values: list.map(() => 1),
    },
  );
}

const options: SimulationOptions = { seed: 1 };
const wirings = { worm: worm.weights, random: randomWiring(pairsOf(worm.weights).size) };
const left = Object.entries(wirings).map(([name, excitatoryWeights]) => {
  const first = pairsOf(excitatoryWeights);
  const run = simulate(delpapa2017({ excitatoryWeights }, createRng(1)), options);
  run.run(100_000);
  const now = pairsOf(run.weights("E->E"));
  const kept = [...now].filter((pair) => first.has(pair)).length;
  const share = (100 * kept) / now.size;
  console.log(
    `${name.padEnd(6)}  ${kept} of ${first.size} first connections left, ${share.toFixed(0)} % of the ${now.size} there are now`,
  );
  return (100 * kept) / first.size;
});
check(meta, { "first connections left, worm, %": left[0] });
