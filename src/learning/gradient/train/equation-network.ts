/**
 * @file A network to train whose units obey equations of one's own, or those of any neuron of the library: what is
 * simulated is what is differentiated, so no model needs a derivative of its own.
 */

import {
  assembleNetwork,
  checkParts,
  type RateParts,
  readerNeuron,
  trainedParts,
} from "./assemble-network.ts";
import {
  checkEquationOptions,
  EQUATION_PARTS,
  type EquationNetworkOptions,
  equationBounds,
  equationParts,
} from "./equation-network-options.ts";
import type { RateNetwork } from "./rate-network.ts";
import { unitSigns, weightsOf } from "./rate-weights.ts";

/**
 * A network of own equations: input `u`, populations `rec` (the neuron's variables) and `out` (z), projections `in`,
 * `rec`, `out`. Trained parameters start at their values in every unit and then go their own ways.
 *
 * @throws CajalError those of `compileNeuron`, with line and caret; `unread-target`, `unknown-variable`,
 * `unknown-parameter`, `bad-option`, `bad-range`, `unknown-activation`; `no-gradient` where what is to be trained can
 * never change; those of `createConstraint`, `checkPopulation` and `initialWeights`.
 * @example
 * equationNetwork({
 *   neuron: neuron({
 *     parameters: { tau: 50, tauA: 500, b: 0.5 },
 *     equations: `
 *       tau * dx/dt = sum(in) + sum(rec) - b * a - x
 *       tauA * da/dt = r - a
 *       r = pos(x)`,
 *   }),
 *   ...{ inputs: 2, units: 100, outputs: 2, dale: 0.8, rng },
 *   train: ["in", "rec", "out", "outputBias", "tauA"],
 *   bounds: { tauA: [50, 5000] },
 * })
 */
export function equationNetwork(options: EquationNetworkOptions): RateNetwork {
  const { neuron, outputs, read = "r", send = read, sums, outputActivation = "linear" } = options;
  const { train = Object.keys(EQUATION_PARTS), leaky, surrogate } = options;
  const model = checkEquationOptions(options);
  const signs = unitSigns(options);
  const parts = weightsOf(options, signs);
  checkParts(options, parts);
  const own = model.variables.filter((v) => v.locality === "unit").map((v) => [v.name, `rec.${v.name}`]);
  return {
    network: assembleNetwork(options, parts, {
      ...{ unit: neuron, ...valuesOf(options), read, send, sums },
      reader: readerNeuron(outputActivation),
      outputBias: new Float64Array(outputs),
    }),
    input: "u",
    output: "out.z",
    ...trainedOf(options, train, parts),
    ...(surrogate && { surrogate }),
    ...(leaky && { leaky: { ...ofUnits(leaky), weights: EQUATION_PARTS.rec } }),
    // What is read out goes by r too: terms of a loss and pictures ask for rates by this name.
    sources: { z: "out.z", r: `rec.${read}`, ...Object.fromEntries(own) },
    signs,
  };
}

// Implementation

/** Values of parameters: one a unit where they are trained so or given so, else one for all. */
function valuesOf({ neuron, parameters = {}, train = [], shared = [] }: EquationNetworkOptions) {
  const each: Record<string, number | ArrayLike<number>> = {};
  const all: Record<string, number> = {};
  for (const name of Object.keys(neuron.parameters)) {
    const value = parameters[name] ?? neuron.parameters[name];
    const single = shared.includes(name) || !train.includes(name);
    if (typeof value === "number" && single) all[name] = value;
    else each[name] = value;
  }
  return { parameters: each, shared: all };
}

function trainedOf(options: EquationNetworkOptions, train: readonly string[], parts: RateParts) {
  const names = equationParts(Object.keys(options.neuron.parameters));
  const bounds = Object.entries(equationBounds(options)).map(([name, range]) => [names[name], range]);
  return { ...trainedParts(train, names, parts), bounds: Object.fromEntries(bounds) };
}

/** Names of a neuron's variable and parameters as those of its population. */
function ofUnits({ state, tau, alpha, gain, activation }: NonNullable<EquationNetworkOptions["leaky"]>) {
  const of = (name: string) => `rec.${name}`;
  return {
    ...{ state: of(state), activation },
    ...(tau !== undefined && { tau: of(tau) }),
    ...(alpha !== undefined && { alpha: of(alpha) }),
    ...(gain !== undefined && { gain: of(gain) }),
  };
}
