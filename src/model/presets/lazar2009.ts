/**
 * @file Lazar, Pipa & Triesch, "SORN: a self-organizing recurrent neural network", Front Comput Neurosci 3 (2009) 23;
 * values as in the group's counting task.
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
  wireIncoming,
} from "./draw.ts";
import { checkInput, inhibitoryUnits, type SornOptions, unitsOf } from "./options.ts";
import { sornNetwork } from "./sorn-network.ts";

/**
 * The first SORN: STDP, intrinsic plasticity and normalisation, no noise, dense inhibition of the same step. Ten units
 * per symbol at gain 1 are the usual input.
 *
 * @param options.inDegree - Incoming E→E synapses per unit, default 10.
 * @throws CajalError `bad-size`, `bad-rate`, `shape`.
 */
export function lazar2009(options: SornOptions & { inDegree?: number }, rng: Rng): Network {
  const units = unitsOf("lazar2009", options);
  const { inputWeights, inDegree = 10, change = {} } = options;
  const inhibitory = inhibitoryUnits(units);
  checkSizes("lazar2009", { units, inDegree });
  checkInput("lazar2009", options, units);
  const wiring = wireIncoming({ rows: units, columns: units }, () => inDegree, {
    recurrent: true,
    rng: rng.stream("EE"),
  });
  return sornNetwork({
    weights: {
      EE: options.excitatoryWeights
        ? scaledIncoming(options.excitatoryWeights, rng.stream("EE weights"))
        : incomingWeights(wiring, { recurrent: true, rng: rng.stream("EE weights") }),
      EI: denseIncomingWeights(units, inhibitory, rng.stream("EI weights")),
      IE: denseIncomingWeights(inhibitory, units, rng.stream("IE weights")),
    },
    thresholds: {
      E: randomThresholds(units, 0.5, rng.stream("T_E")),
      I: randomThresholds(inhibitory, 0.5, rng.stream("T_I")),
    },
    initial: { x: randomActivity(units, 0.1, rng.stream("x")) },
    comparison: ">=",
    noise: 0,
    inhibition: "fast",
    rates: { stdp: 0.001, ip: 0.001, istdp: 0 },
    targetRate: 0.1,
    prune: 1e-10,
    inhibitorySynapses: { floor: 0.001 },
    ...(inputWeights ? { inputWeights } : {}),
    ...change,
  });
}
