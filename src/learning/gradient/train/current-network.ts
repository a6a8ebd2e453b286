/**
 * @file The continuous-time network with nn4n's conventions:
 *
 * v_t = (1 − α) v_{t−1} + α (W_rec r_{t−1} + b_rec + W_in u_t + b_in + s_pre ξ_t), r_t = f(v_t) + s_post ζ_t,
 * z_t = g(W_out r_t + b_out), r before the first step f(v).
 *
 * Departures: signs and masks hold after every step and in every export; a trained α stays within (0, 1]; noise is
 * there from the start. What `s_pre` makes of a unit depends on dt; `rateNetwork` has noise that does not.
 */

import type { KeysOf } from "../../../core/index.ts";
import { neuron } from "../../../model/index.ts";
import type { InitialDistribution } from "../initialise/distribution.ts";
import { drawWeights } from "../initialise/distribution.ts";
import type { InitialWeights } from "../initialise/initial-weights.ts";
import { checkNumber } from "../parameters.ts";
import { assembleNetwork, checkParts, readerNeuron, trainedParts } from "./assemble-network.ts";
import type { RateNetwork } from "./rate-network.ts";
import {
  checkActivations,
  checkPartNames,
  RATE_ACTIVATIONS,
  type RateActivation,
} from "./rate-network-options.ts";
import { unitSigns, type WiringDefaults, weightsOf } from "./rate-weights.ts";
import { checkPerUnit, checkStart, checkWiring, type WiringOptions } from "./wiring-options.ts";

/** Parts that can be trained; `alpha` are the leaks, `start` is v before the first step. */
export type CurrentPart = "in" | "rec" | "out" | "bias" | "recurrentBias" | "outputBias" | "alpha" | "start";

/** Options of {@link currentNetwork}. Autapses are allowed, signs are projected onto, unless said otherwise. */
export interface CurrentNetworkOptions extends WiringOptions {
  /** α = dt / τ, 0 < α ≤ 1, one or shape `(unit)`; default 0.1. */
  alpha?: number | ArrayLike<number>;
  /** f, default relu. */
  activation?: RateActivation;
  /** g, default linear. */
  outputActivation?: RateActivation;
  /** s_pre ≥ 0, standard deviation of noise within the α bracket; default 0. */
  preNoise?: number;
  /** s_post ≥ 0, standard deviation of noise on r, which the network feeds back; default 0. */
  postNoise?: number;
  /** How biases start, default `zero`; uniform and normal with the scale of the weights. */
  biases?: "zero" | "uniform" | "normal";
  /** v before the first step, default 0. */
  start?: number;
  /** Least and largest α when it is trained, default 0.001 and 1; false: none, as nn4n has it. */
  alphaBounds?: readonly [number, number] | false;
  /** Default all weights and biases. */
  train?: readonly CurrentPart[];
}

/** Names of the parts as `differentiate` takes them. */
export const CURRENT_PARTS: Readonly<Record<CurrentPart, string>> = {
  in: "weights:in",
  rec: "weights:rec",
  out: "weights:out",
  bias: "rec.bias",
  recurrentBias: "rec.recurrentBias",
  outputBias: "out.bias",
  alpha: "rec.alpha",
  start: "rec.start",
};

const CURRENT_KEYS: KeysOf<Omit<CurrentNetworkOptions, keyof WiringOptions>> = {
  alpha: true,
  activation: true,
  outputActivation: true,
  preNoise: true,
  postNoise: true,
  biases: true,
  start: true,
  alphaBounds: true,
  train: true,
};

/** nn4n's: uniform by the fan-in of the full matrix; with signs, those of the wrong sign 0, then balanced as a whole. */
const DEFAULTS: WiringDefaults = {
  enforce: "project",
  autapses: true,
  initial: ({ signs }) => {
    const spec: InitialWeights = { distribution: { kind: "uniform-fan-in" }, fans: "full" };
    return { spec: signs ? { ...spec, signs: "clamp", balance: "matrix" } : spec };
  },
};

/**
 * A continuous-time network as nn4n has it: input `u`, populations `rec` (v, r) and `out` (z), projections `in`,
 * `rec`, `out`.
 *
 * @throws CajalError `unknown-option`, `bad-range`, `unknown-activation`, `bad-option`, and those of `createConstraint`,
 * `checkPopulation` and `initialWeights`.
 * @example currentNetwork({ inputs: 3, units: 100, outputs: 2, alpha: 0.2, dale: 0.8, preNoise: 0.1, rng })
 */
export function currentNetwork(options: CurrentNetworkOptions): RateNetwork {
  const { inputs, units, outputs, activation = "relu", outputActivation = "linear", alpha = 0.1 } = options;
  const { preNoise = 0, postNoise = 0, biases = "zero", start = 0, alphaBounds = [1e-3, 1] } = options;
  const { train = ["in", "rec", "out", "bias", "recurrentBias", "outputBias"] } = options;
  checkOptions({ ...options, alphaBounds }, train);
  const signs = unitSigns(options);
  const parts = weightsOf(options, signs, DEFAULTS);
  checkParts(options, parts);
  const bias = (name: string, count: number, fanIn: number) => {
    if (biases === "zero") return new Float64Array(count);
    const kind: InitialDistribution["kind"] = biases === "normal" ? "normal-fan-in" : "uniform-fan-in";
    const fans = { fanIn, fanOut: count };
    return drawWeights({ kind }, { post: count, pre: 1, rng: options.rng.stream(name), fans });
  };
  const f = RATE_ACTIVATIONS[activation];
  const unit = neuron({
    name: `current (${activation})`,
    parameters: {
      alpha: 0.1,
      bias: 0,
      recurrentBias: 0,
      start: 0,
      ...(preNoise > 0 && { preNoise }),
      ...(postNoise > 0 && { postNoise }),
    },
    equations: `
      v = (1 - alpha) * v + alpha * (sum(rec) + recurrentBias + sum(in) + bias${noise("preNoise", preNoise)}) : init=start
      r = ${f("v")}${noise("postNoise", postNoise)} : init=${f("start")}`,
  });
  return {
    network: assembleNetwork(options, parts, {
      unit,
      parameters: {
        alpha,
        bias: bias("bias", units, inputs),
        recurrentBias: bias("recurrentBias", units, units),
        start,
      },
      reader: readerNeuron(outputActivation),
      outputBias: bias("outputBias", outputs, units),
    }),
    input: "u",
    output: "out.z",
    ...trainedParts(train, CURRENT_PARTS, parts),
    bounds: train.includes("alpha") && alphaBounds ? { [CURRENT_PARTS.alpha]: alphaBounds } : {},
    leaky: { weights: "weights:rec", state: "rec.v", alpha: "rec.alpha", activation },
    sources: { z: "out.z", r: "rec.r", v: "rec.v" },
    signs,
  };
}

// Implementation

function noise(name: string, size: number): string {
  return size > 0 ? ` + ${name} * Normal(0, 1)` : "";
}

function checkOptions(options: CurrentNetworkOptions, train: readonly CurrentPart[]): void {
  const { units, alpha = 0.1, preNoise = 0, postNoise = 0, start = 0, alphaBounds } = options;
  const where = "currentNetwork";
  checkWiring(options, CURRENT_KEYS, where);
  checkPerUnit(alpha, "alpha", { units, where });
  for (const one of typeof alpha === "number" ? [alpha] : Array.from(alpha))
    checkNumber(one, "alpha", { where, above: 0, most: 1 });
  checkNumber(preNoise, "preNoise", { where, least: 0 });
  checkNumber(postNoise, "postNoise", { where, least: 0 });
  checkNumber(start, "start", { where, least: -Number.MAX_VALUE });
  if (alphaBounds) {
    checkNumber(alphaBounds[0], "alphaBounds[0]", { where, above: 0, most: 1 });
    checkNumber(alphaBounds[1], "alphaBounds[1]", { where, least: alphaBounds[0], most: 1 });
    if (train.includes("alpha")) checkStart(alpha, "alpha", { bounds: alphaBounds, where });
  }
  checkActivations([options.activation ?? "relu", options.outputActivation ?? "linear"], where);
  checkPartNames(train, CURRENT_PARTS, where);
}
