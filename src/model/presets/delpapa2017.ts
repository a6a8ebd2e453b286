/**
 * @file Del Papa, Priesemann & Triesch, "Criticality meets learning: Criticality signatures in a self-organizing
 * recurrent neural network", PLoS ONE 12 (2017) e0178683; values as in the group's code.
 */

import type { Rng } from "../../core/index.ts";
import type { Network } from "../network.ts";
import {
  checkSizes,
  denseIncomingWeights,
  incomingWeights,
  randomActivity,
  randomThresholds,
  scaledIncoming,
  wireRandom,
} from "./draw.ts";
import { checkInput, inhibitoryUnits, type SornOptions, unitsOf } from "./options.ts";
import { sornNetwork } from "./sorn-network.ts";

/**
 * The network whose activity shows power-law avalanches: all five rules, Gaussian noise of variance 0.05, fast
 * inhibition. E→E connections go through a decay, a growth and a stable phase within 2·10⁶ steps.
 *
 * @throws CajalError `bad-size`, `bad-rate`, `shape`.
 */
export function delpapa2017(options: SornOptions, rng: Rng): Network {
  const units = unitsOf("delpapa2017", options);
  const { inputWeights, change = {} } = options;
  const inhibitory = inhibitoryUnits(units);
  checkSizes("delpapa2017", { units });
  checkInput("delpapa2017", options, units);
  return sornNetwork({
    weights: {
      EE: options.excitatoryWeights
        ? scaledIncoming(options.excitatoryWeights, rng.stream("EE weights"))
        : incomingWeights(
            wireRandom({ rows: units, columns: units }, 0.1, { recurrent: true, rng: rng.stream("EE") }),
            {
              recurrent: true,
              rng: rng.stream("EE weights"),
            },
          ),
      EI: incomingWeights(
        wireRandom({ rows: units, columns: inhibitory }, 0.2, { recurrent: false, rng: rng.stream("EI") }),
        { recurrent: false, rng: rng.stream("EI weights") },
      ),
      IE: denseIncomingWeights(inhibitory, units, rng.stream("IE weights")),
    },
    thresholds: {
      E: randomThresholds(units, 1, rng.stream("T_E")),
      I: randomThresholds(inhibitory, 0.5, rng.stream("T_I")),
    },
    initial: {
      x: randomActivity(units, 0.1, rng.stream("x")),
      y: randomActivity(inhibitory, 0.1, rng.stream("y")),
    },
    comparison: ">=",
    noise: Math.sqrt(0.05),
    inhibition: "fast",
    rates: { stdp: 0.004, ip: 0.01, istdp: 0.001 },
    targetRate: 0.1,
    prune: 1e-10,
    inhibitorySynapses: { floor: 0.001 },
    births: (0.1 * units * (units - 1)) / (200 * 199),
    ...(inputWeights ? { inputWeights } : {}),
    ...change,
  });
}
