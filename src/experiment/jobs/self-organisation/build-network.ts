/**
 * @file The network of an experiment with its input: from the words of the file to the model.
 */

import type { Connectome } from "../../../connectome/index.ts";
import type { Rng } from "../../../core/index.ts";
import {
  delpapa2017,
  drawTargetRates,
  hartmann2015,
  lazar2009,
  type Network,
  type SornOptions,
  sorn073,
  zheng2013,
} from "../../../model/index.ts";
import type { SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";
import { withRules } from "./own-rules.ts";
import { inputPools } from "./symbol-source.ts";

const PRESETS: Record<
  SelfOrganisationExperiment["network"]["preset"],
  (options: SornOptions, rng: Rng) => Network
> = { lazar2009, zheng2013, hartmann2015, delpapa2017, "sorn-0.7.3": sorn073 };

/** Excitatory units of an experiment. */
export function unitsOf({ network }: SelfOrganisationExperiment, connectome: Connectome | undefined): number {
  return network.units ?? connectome?.labels.length ?? 200;
}

/**
 * The network as it starts, its pools of input drawn, with rules of the experiment's own in place of the preset's.
 *
 * @param connectome - What the E→E synapses start from, if the experiment names one.
 * @throws CajalError of the presets and of the input, e.g. `bad-rate`, `pools-do-not-fit`, `bad-words`.
 */
export function buildNetwork(
  experiment: SelfOrganisationExperiment,
  connectome: Connectome | undefined,
  rng: Rng,
): Network {
  const { network, input } = experiment;
  const units = unitsOf(experiment, connectome);
  const inputWeights = input && inputPools(input, units, rng.stream("pools"));
  const built = PRESETS[network.preset](
    {
      units,
      ...(connectome && { excitatoryWeights: connectome.weights }),
      ...(inputWeights && { inputWeights }),
      change: network.change,
    },
    rng.stream("network"),
  );
  const { rules, targetRates } = network;
  const aimed = targetRates ? withTargetRates(built, targetRates, rng.stream("target rates")) : built;
  return rules ? withRules(aimed, rules) : aimed;
}

/** Rate that each excitatory unit aims at: one number for all, or shape `(unit)`. */
export function targetRateOf({ populations }: Network): Float64Array {
  const rate = populations.find(({ name }) => name === "E")?.parameters?.targetRate ?? 0.1;
  return typeof rate === "number" ? Float64Array.of(rate) : Float64Array.from(rate);
}

// Implementation

/** Give each excitatory unit a rate of its own around the mean of what they aim at. */
function withTargetRates(
  network: Network,
  spread: NonNullable<SelfOrganisationExperiment["network"]["targetRates"]>,
  rng: Rng,
): Network {
  const rates = targetRateOf(network);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return {
    ...network,
    populations: network.populations.map((p) =>
      p.name === "E"
        ? {
            ...p,
            parameters: { ...p.parameters, targetRate: drawTargetRates(p.size, { mean, ...spread }, rng) },
          }
        : p,
    ),
  };
}
