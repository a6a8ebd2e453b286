/**
 * @file Units with equations of their own, as an experiment file writes them.
 */

import { type EquationNetworkOptions, equationParts } from "../../../learning/index.ts";
import { leakyEchoState, type Neuron, neuron } from "../../../model/index.ts";
import { MODEL_PARTS, type TrainedNetworkChoice } from "../../spec/trained-network-schema.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import { perUnit, type Units } from "./per-unit.ts";

/** What messages call the equations. */
export const OWN_UNIT = "network.equations";

/** The neuron of a network of equations: the text of the file, or a neuron of the library. */
export function ownNeuron({ equations, neuron: named, parameters = {} }: TrainedNetworkChoice): Neuron {
  if (named) return leakyEchoState({ activation: named.activation, leakRate: named.leakRate });
  // Values that differ from unit to unit belong to the population.
  const values = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === "number" ? value : 0,
  ]);
  return neuron({ name: OWN_UNIT, parameters: Object.fromEntries(values), equations: equations ?? "" });
}

/** Parts of a network that can be trained, by their names in `differentiate`. */
export function partsOf(network: TrainedNetworkChoice): Readonly<Record<string, string>> {
  if (network.model !== "equations") return MODEL_PARTS[network.model];
  return equationParts(Object.keys(ownNeuron(network).parameters));
}

/** Options of a network of equations, but for its wiring. @throws CajalError those of `perUnit`. */
export function ownUnitOptions(
  { network, gradient }: Pick<TrainingExperiment, "network"> & Partial<Pick<TrainingExperiment, "gradient">>,
  units: Units,
): Omit<EquationNetworkOptions, "inputs" | "units" | "outputs" | "rng"> {
  const { parameters = {}, read, send, shared, bounds, leaky, train, outputActivation } = network;
  const values = Object.entries(parameters).map(([name, value]) => [
    name,
    perUnit(value, `network.parameters.${name}`, units),
  ]);
  const surrogate = gradient?.surrogate;
  return {
    neuron: ownNeuron(network),
    parameters: Object.fromEntries(values),
    ...{ read, send, shared, bounds, leaky, train, outputActivation, surrogate },
  };
}
