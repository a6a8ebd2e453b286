/**
 * @file For the tests of plastic runs: a small noisy SORN in which synapses are born and die quickly.
 */

import { createRng } from "../../core/index.ts";
import { delpapa2017, type Network, type SornParts } from "../../model/index.ts";

/** All five rules, at rates that show within a hundred steps. */
export function livelySorn(units = 20, change: Partial<SornParts> = {}, seed = 1): Network {
  return delpapa2017(
    {
      units,
      change: {
        rates: { stdp: 0.05, ip: 0.01, istdp: 0.01 },
        inhibitorySynapses: { prune: 0 },
        births: 0.6,
        birthWeight: 0.02,
        ...change,
      },
    },
    createRng(seed),
  );
}
