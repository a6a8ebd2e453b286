/**
 * @file Elman's network, as torch's `nn.RNN` with a linear layer behind it:
 *
 * h_t = f(W_in x_t + b_in + W_rec h_{t−1} + b_rec), h before the first step 0, y_t = g(W_out h_t + b_out).
 */

import type { KeysOf } from "../../../core/index.ts";
import { neuron } from "../../../model/index.ts";
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
import { checkWiring, type WiringOptions } from "./wiring-options.ts";

/** Parts of an Elman network that can be trained; `start` is h before the first step. */
export type ElmanPart = "in" | "rec" | "out" | "bias" | "recurrentBias" | "outputBias" | "start";

/** Options of {@link elmanNetwork}. Autapses are allowed, signs are projected onto, unless said otherwise. */
export interface ElmanNetworkOptions extends WiringOptions {
  /** f, default tanh. */
  activation?: RateActivation;
  /** g, default linear. */
  outputActivation?: RateActivation;
  /** Two biases of the units as torch has them (they act as their sum), one, or none; default 2. */
  biases?: 0 | 1 | 2;
  /** h before the first step, default 0. */
  start?: number;
  /** Default all weights and biases, `start` not. */
  train?: readonly ElmanPart[];
}

/** Names of the parts as `differentiate` takes them. */
export const ELMAN_PARTS: Readonly<Record<ElmanPart, string>> = {
  in: "weights:in",
  rec: "weights:rec",
  out: "weights:out",
  bias: "rec.bias",
  recurrentBias: "rec.recurrentBias",
  outputBias: "out.bias",
  start: "rec.start",
};

const ELMAN_KEYS: KeysOf<Omit<ElmanNetworkOptions, keyof WiringOptions>> = {
  activation: true,
  outputActivation: true,
  biases: true,
  start: true,
  train: true,
};

/** torch's: everything uniform up to 1 / √units. */
function torchDefaults(units: number): WiringDefaults {
  const high = 1 / Math.sqrt(units);
  return {
    enforce: "project",
    autapses: true,
    initial: () => ({ spec: { distribution: { kind: "uniform", low: -high, high } } }),
  };
}

/**
 * An Elman network: input `u`, populations `rec` (x, r) and `out` (z), projections `in`, `rec`, `out`. Weights and
 * biases start as torch's do, uniform up to 1 / √units.
 *
 * @throws CajalError `unknown-option`, `bad-range`, `unknown-activation`, `bad-option`, and those of `createConstraint`,
 * `checkPopulation` and `initialWeights`.
 * @example elmanNetwork({ inputs: 2, units: 128, outputs: 3, rng: createRng(1).stream("network") })
 */
export function elmanNetwork(options: ElmanNetworkOptions): RateNetwork {
  const { units, outputs, activation = "tanh", outputActivation = "linear", biases = 2, start = 0 } = options;
  const where = "elmanNetwork";
  checkWiring(options, ELMAN_KEYS, where);
  checkActivations([activation, outputActivation], where);
  checkNumber(start, "start", { where, least: -Number.MAX_VALUE });
  const all = ["in", "rec", "out", "bias", "recurrentBias", "outputBias"] as ElmanPart[];
  const absent = (part: string) =>
    (part === "recurrentBias" && biases < 2) || (/^(bias|outputBias)$/.test(part) && biases < 1);
  const { train = all.filter((part) => !absent(part)) } = options;
  checkPartNames(
    train,
    Object.fromEntries(Object.entries(ELMAN_PARTS).filter(([part]) => !absent(part))),
    where,
  );
  const signs = unitSigns(options);
  const parts = weightsOf(options, signs, torchDefaults(units));
  checkParts(options, parts);
  const draw = (name: string, count: number) => {
    const rng = options.rng.stream(name);
    const high = 1 / Math.sqrt(units);
    return Float64Array.from({ length: count }, () => (absent(name) ? 0 : high * (2 * rng.uniform() - 1)));
  };
  const second = biases === 2 ? " + recurrentBias" : "";
  const unit = neuron({
    name: `Elman (${activation})`,
    parameters: { bias: 0, start: 0, ...(biases === 2 && { recurrentBias: 0 }) },
    equations: `
      x = sum(in) + bias + sum(rec)${second}
      r = ${RATE_ACTIVATIONS[activation]("x")} : init=start`,
  });
  return {
    network: assembleNetwork(options, parts, {
      unit,
      parameters: {
        bias: draw("bias", units),
        start,
        ...(biases === 2 && { recurrentBias: draw("recurrentBias", units) }),
      },
      reader: readerNeuron(outputActivation),
      outputBias: draw("outputBias", outputs),
    }),
    input: "u",
    output: "out.z",
    ...trainedParts(train, ELMAN_PARTS, parts),
    leaky: { weights: "weights:rec", state: "rec.x", activation },
    sources: { z: "out.z", r: "rec.r", x: "rec.x" },
    signs,
  };
}
