/**
 * @file Zheng, Dimitrakakis & Triesch, "Network self-organization explains the statistics and dynamics of synaptic
 * connection strengths in cortex", PLoS Comput Biol 9 (2013) e1002848; values as in the group's code.
 */

import type { Rng } from "../../core/index.ts";
import type { Network } from "../network.ts";
import { delpapa2017 } from "./delpapa2017.ts";
import type { SornOptions } from "./options.ts";

/**
 * The network with long-tailed weights and power-law-like lifetimes of new synapses: all five rules, slow inhibition,
 * one birth in ten steps whatever the size. Weights are long-tailed when inhibitory synapses may vanish, too:
 * `change: { inhibitorySynapses: { prune: 0 } }`.
 */
export function zheng2013(options: SornOptions, rng: Rng): Network {
  const { change = {} } = options;
  return delpapa2017({ ...options, change: { inhibition: "slow", births: 0.1, ...change } }, rng);
}
