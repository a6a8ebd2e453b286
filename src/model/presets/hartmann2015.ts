/**
 * @file Hartmann, Lazar, Nessler & Triesch, "Where's the noise? Key features of spontaneous activity and neural
 * variability arise through learning in a deterministic network", PLoS Comput Biol 11 (2015) e1004640; values as in
 * the group's code.
 */

import type { Rng } from "../../core/index.ts";
import type { Network } from "../network.ts";
import {
  checkSizes,
  denseIncomingWeights,
  incomingWeights,
  randomActivity,
  scaledIncoming,
  spacedThresholds,
  wireRandom,
} from "./draw.ts";
import { checkInput, inhibitoryUnits, type SornOptions, unitsOf } from "./options.ts";
import { sornNetwork } from "./sorn-network.ts";

/**
 * The deterministic network whose spontaneous activity comes to resemble what its input evoked: weights relax towards
 * normalised incoming and outgoing sums at rate 0.1, synapses are not pruned, each unit has its own target rate in 0.1
 * ± 0.01, thresholds start evenly spaced. Ten units per symbol at gain 0.5 are the usual input.
 *
 * @param options.inhibitoryThreshold - Largest starting threshold of inhibitory units, default 0.35; the inference
 *   task uses 1.
 * @throws CajalError `bad-size`, `shape`.
 */
export function hartmann2015(options: SornOptions & { inhibitoryThreshold?: number }, rng: Rng): Network {
  const units = unitsOf("hartmann2015", options);
  const { inputWeights, inhibitoryThreshold = 0.35, change = {} } = options;
  const inhibitory = inhibitoryUnits(units);
  checkSizes("hartmann2015", { units });
  checkInput("hartmann2015", options, units);
  const wiring = wireRandom({ rows: units, columns: units }, 0.1, { recurrent: true, rng: rng.stream("EE") });
  const targets = rng.stream("target rate");
  return sornNetwork({
    weights: {
      EE: options.excitatoryWeights
        ? scaledIncoming(options.excitatoryWeights, rng.stream("EE weights"))
        : incomingWeights(wiring, { recurrent: true, rng: rng.stream("EE weights") }),
      EI: denseIncomingWeights(units, inhibitory, rng.stream("EI weights")),
      IE: denseIncomingWeights(inhibitory, units, rng.stream("IE weights")),
    },
    thresholds: {
      E: spacedThresholds(units, 0.5, rng.stream("T_E")),
      I: spacedThresholds(inhibitory, inhibitoryThreshold, rng.stream("T_I")),
    },
    initial: { x: randomActivity(units, 0.1, rng.stream("x")) },
    comparison: ">=",
    noise: 0,
    inhibition: "fast",
    rates: { stdp: 0.001, ip: 0.001, istdp: 0 },
    targetRate: Float64Array.from({ length: units }, () => 0.09 + 0.02 * targets.uniform()),
    inhibitorySynapses: { floor: 0.001 },
    normalisation: { over: "both", rate: 0.1 },
    ...(inputWeights ? { inputWeights } : {}),
    ...change,
  });
}
