/**
 * @file The usual reservoir: one population wired by a matrix, one input that reaches chosen units.
 */

import { CajalError, dense, type Matrix, type Rng } from "../../core/index.ts";
import {
  input,
  leakyEchoState,
  type Network,
  type Neuron,
  network,
  population,
  projection,
} from "../../model/index.ts";

/** How input weights are drawn: uniform in −1 … 1, all 1, or standard normal. */
export type InputWeights = "uniform" | "ones" | "normal";

/** What the reservoir is made of. */
export interface ReservoirNetworkOptions {
  /** Default: the leaky echo-state neuron with tanh. It reads `sum(rec)` and `sum(in)`. */
  neuron?: Neuron;
  /** Variable that couples the units, default `r`. */
  variable?: string;
  /** Units that receive the input, default all. */
  inputNodes?: ArrayLike<number>;
  /** Default `uniform`. */
  inputWeights?: InputWeights;
  /** Draws the input weights, in the order of the nodes. */
  rng: Rng;
}

/**
 * A network of the population `reservoir` and the input `input`, of width 1: what `evaluateReservoir` takes by default.
 *
 * @param weights - Recurrent weights, shape `(post, pre)`, square.
 * @throws CajalError `shape`, `bad-unit`, and those of `network`.
 * @example const net = reservoirNetwork(normalizeSpectralRadius(worm).weights, { rng: createRng(1) });
 */
export function reservoirNetwork(weights: Matrix, options: ReservoirNetworkOptions): Network {
  const { neuron = leakyEchoState(), variable = "r", inputWeights = "uniform", rng } = options;
  const size = weights.rows;
  const wIn = dense(size, 1);
  const draw = { uniform: () => 2 * rng.uniform() - 1, ones: () => 1, normal: () => rng.normal() }[
    inputWeights
  ];
  for (const unit of Array.from(options.inputNodes ?? { length: size }, (u, k) =>
    options.inputNodes ? u : k,
  )) {
    if (!Number.isInteger(unit) || unit < 0 || unit >= size) {
      throw new CajalError(`input node ${unit} is not one of 0 … ${size - 1}`, {
        code: "bad-unit",
        where: "reservoirNetwork",
      });
    }
    wIn.values[unit] = draw();
  }
  return network({
    populations: [population("reservoir", { size, neuron })],
    inputs: [input("input", 1)],
    projections: [
      projection("input", "reservoir", { target: "in", weights: wIn }),
      projection("reservoir", "reservoir", { target: "rec", weights, variable }),
    ],
  });
}
