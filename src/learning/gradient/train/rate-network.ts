/**
 * @file The continuous-time rate network of Song, Yang & Wang (2016) and nn4n, as equations like any other model:
 *
 * τ dx/dt = −x + W_rec r + W_in u + b + √(2τ) σ ξ(t), r = f(x), z = g(W_out r + b_out),
 *
 * by Euler's method x_t = (1 − α) x_{t−1} + α (W_rec r_{t−1} + W_in u_t + b) + √(2α) σ N(0, 1), α = dt / τ, with signs,
 * masks and fixed weights as constraints. doi 10.1371/journal.pcbi.1004792, Eqs. 1–9.
 */

import { neuron } from "../../../model/index.ts";
import {
  assembleNetwork,
  checkParts,
  type RateParts,
  readerNeuron,
  trainedParts,
} from "./assemble-network.ts";
import {
  checkRateOptions,
  PART_NAMES,
  RATE_ACTIVATIONS,
  type RateNetworkOptions,
  TAU_BOUNDS,
} from "./rate-network-options.ts";
import { unitSigns, weightsOf } from "./rate-weights.ts";
import type { TrainableNetwork } from "./trainable-network.ts";

/** A trainable rate network, with the sign of each unit (0 without Dale's law), shape `(unit)`. */
export interface RateNetwork extends TrainableNetwork {
  signs: Int8Array;
}

/**
 * A continuous-time rate network: input `u`, populations `rec` (x, r) and `out` (z), projections `in`, `rec`, `out`.
 * A recurrent matrix with less than half of its synapses (a small one, of a quarter) is kept sparse.
 *
 * @throws CajalError `unknown-option`, `bad-range`, `unknown-activation`, `bad-option`, and those of `createConstraint`,
 * `checkPopulation` and `initialWeights`.
 * @example rateNetwork({ inputs: 2, units: 100, outputs: 2, dale: 0.8, noise: 0.15, rng: createRng(1).stream("network") })
 */
export function rateNetwork(options: RateNetworkOptions): RateNetwork {
  const { outputs, activation = "relu", outputActivation = "linear" } = options;
  const { tau = 100, noise = 0, start = 0.1, gain, discrete = false, train = [] } = options;
  checkRateOptions(options);
  const signs = unitSigns(options);
  const parts = weightsOf(options, signs);
  checkParts(options, parts);
  const f = RATE_ACTIVATIONS[activation];
  // Without a gain there is no factor to compute.
  const gains = gain !== undefined || train.includes("gain");
  const scaled = (x: string) => f(gains ? `(gain * ${x})` : x);
  const noisy = noise > 0 ? " + noise * sqrt(2 * tau / dt) * Normal(0, 1)" : "";
  const unit = neuron({
    name: `rate (${activation})`,
    parameters: { tau: 100, bias: 0, start: 0, ...(noise > 0 && { noise }), ...(gains && { gain: 1 }) },
    equations: `
      tau * dx/dt = sum(rec) + sum(in) + bias - x${noisy} : init=start${discrete ? ", explicit" : ""}
      r = ${scaled("x")} : init=${scaled("start")}`,
  });
  return {
    network: assembleNetwork(options, parts, {
      unit,
      parameters: { tau, bias: 0, start, ...(gains && { gain: gain ?? 1 }) },
      reader: readerNeuron(outputActivation),
      outputBias: new Float64Array(outputs),
    }),
    input: "u",
    output: "out.z",
    ...trained(options, parts),
    leaky: {
      weights: "weights:rec",
      state: "rec.x",
      tau: "rec.tau",
      activation,
      ...(gains && { gain: "rec.gain" }),
    },
    sources: { z: "out.z", r: "rec.r", x: "rec.x" },
    signs,
  };
}

// Implementation

function trained(
  { train = ["in", "rec", "out", "bias", "outputBias", "start"] }: RateNetworkOptions,
  parts: RateParts,
): Pick<TrainableNetwork, "trainable" | "constraints" | "bounds"> {
  const bounds = train.includes("tau") ? { [PART_NAMES.tau]: TAU_BOUNDS } : {};
  return { ...trainedParts(train, PART_NAMES, parts), bounds };
}
