/**
 * @file Input, recurrent units and readout as one network: what rate, Elman and spiking networks have in common.
 */

import {
  input,
  type Network,
  type Neuron,
  network,
  neuron,
  population,
  projection,
} from "../../../model/index.ts";
import { checkPath } from "../constraints/check-path.ts";
import { checkPopulation } from "../constraints/check-population.ts";
import { RATE_ACTIVATIONS, type RateActivation } from "./rate-network-options.ts";
import type { RateWeights } from "./rate-weights.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import type { WiringOptions } from "./wiring-options.ts";

/** The three weight matrices. */
export type RateParts = Readonly<Record<"in" | "rec" | "out", RateWeights>>;

/** What differs between kinds of networks. */
export interface Assembly {
  /** Reads `sum(in)` and `sum(rec)`. */
  unit: Neuron;
  /** Values of its parameters: one number, stored for each unit, or shape `(unit)`. */
  parameters: Readonly<Record<string, number | ArrayLike<number>>>;
  /** Reads `sum(rec)`. */
  reader: Neuron;
  outputBias: ArrayLike<number>;
  /** One value for all units, for those parameters that differ from the unit's own. */
  shared?: Readonly<Record<string, number>>;
  /** Variable that is read out in the same step, and the one that units send each other; default `r`. */
  read?: string;
  send?: string;
  /** Names of the sums of the unit, default `in` and `rec`. */
  sums?: Readonly<Record<"in" | "rec", string>>;
}

/**
 * Refuses units that nothing reaches, or that break Dale's law; warns of outputs that no input reaches.
 *
 * @throws CajalError as `checkPopulation`.
 */
export function checkParts(
  { units, outputs }: Pick<WiringOptions, "units" | "outputs">,
  parts: RateParts,
): void {
  checkPopulation({
    name: "rec",
    units,
    incoming: [parts.in.constraint, parts.rec.constraint],
    outgoing: [parts.rec.constraint, parts.out.constraint],
  });
  checkPopulation({ name: "out", units: outputs, incoming: [parts.out.constraint] });
  checkPath({ in: parts.in.constraint, rec: parts.rec.constraint, out: parts.out.constraint });
}

/** Input `u`, populations `rec` and `out`, projections `in`, `rec` and `out`. */
export function assembleNetwork(
  { inputs, units, outputs }: Pick<WiringOptions, "inputs" | "units" | "outputs">,
  parts: RateParts,
  { unit, parameters, shared, reader, outputBias, read = "r", send = "r", sums }: Assembly,
): Network {
  const each = (value: number | ArrayLike<number>) =>
    typeof value === "number" ? new Float64Array(units).fill(value) : value;
  const ofUnits = Object.entries(parameters).map(([name, value]) => [name, each(value)] as const);
  return network({
    populations: [
      population("rec", {
        size: units,
        neuron: unit,
        parameters: { ...shared, ...Object.fromEntries(ofUnits) },
      }),
      population("out", { size: outputs, neuron: reader, parameters: { bias: outputBias } }),
    ],
    inputs: [input("u", inputs)],
    projections: [
      projection("u", "rec", { name: "in", target: sums?.in ?? "in", weights: parts.in.matrix }),
      projection("rec", "rec", {
        name: "rec",
        target: sums?.rec ?? "rec",
        weights: parts.rec.matrix,
        variable: send,
      }),
      projection("rec", "out", {
        name: "out",
        target: "rec",
        weights: parts.out.matrix,
        sameStep: true,
        variable: read,
      }),
    ],
  });
}

/** z = g(W r + b). */
export function readerNeuron(activation: RateActivation): Neuron {
  return neuron({
    name: `readout (${activation})`,
    parameters: { bias: 0 },
    equations: `z = ${RATE_ACTIVATIONS[activation]("(sum(rec) + bias)")}`,
  });
}

/** What is trained, by the names of parts, with the constraints of weights. */
export function trainedParts(
  wanted: readonly string[],
  names: Readonly<Record<string, string>>,
  parts: RateParts,
): Required<Pick<TrainableNetwork, "trainable" | "constraints">> {
  const isWeights = (part: string): part is keyof RateParts => part in parts;
  // Weights that are wholly fixed have nothing to train.
  const able = wanted.filter((p) => !isWeights(p) || parts[p].stored.plastic.includes(1));
  return {
    trainable: able.map((p) => names[p]),
    constraints: Object.fromEntries(
      able.flatMap((p) => (isWeights(p) ? [[names[p], parts[p].stored] as const] : [])),
    ),
  };
}
