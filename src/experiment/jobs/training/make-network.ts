/**
 * @file The model that an experiment names, on whatever wiring.
 */

import {
  currentNetwork,
  elmanNetwork,
  type RateNetwork,
  rateNetwork,
  spikingNetwork,
  type WiringOptions,
} from "../../../learning/index.ts";
import type { Task } from "../../../tasks/index.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import { countsItems } from "./build-task.ts";

/** What makes the network of an experiment on some wiring. */
export function makerOf(
  { network, task: choice }: Pick<TrainingExperiment, "network" | "task">,
  task: Task,
): (wiring: WiringOptions) => RateNetwork {
  const { activation, outputActivation, start, noise, alpha, preNoise, postNoise, biases } = network;
  const { gain, tauSynapse, refractory, adaptation, tauAdaptation, drive } = network;
  // Each maker checks that its parts are among those of the model.
  const train = network.train && { train: network.train as never };
  const rates = { activation, outputActivation, start, ...train };
  switch (network.model) {
    case "rate": {
      const discrete = countsItems(choice);
      const tau = tauOf(network, discrete ? task.dt : 100);
      return (wiring) => rateNetwork({ ...wiring, ...rates, noise, tau, discrete, ...given({ gain }) });
    }
    case "elman":
      return (wiring) =>
        elmanNetwork({
          ...wiring,
          ...rates,
          ...(typeof biases === "number" && { biases: biases as 0 | 1 | 2 }),
        });
    case "current":
      return (wiring) =>
        currentNetwork({
          ...{ ...wiring, ...rates },
          ...given({ alpha, preNoise, postNoise }),
          ...(typeof biases === "string" && { biases }),
        });
    case "spiking": {
      const times = given({ tauSynapse, refractory, adaptation, tauAdaptation, bias: drive });
      return (wiring) => spikingNetwork({ ...wiring, ...train, ...times, tau: tauOf(network, 20) });
    }
  }
}

// Implementation

/** Time constant of all units, or of each where areas have their own. */
function tauOf({ tau, areas }: TrainingExperiment["network"], fallback: number): number | Float64Array {
  const usual = tau ?? fallback;
  if (!areas?.list.some((area) => area.tau !== undefined)) return usual;
  return Float64Array.from(
    areas.list.flatMap((area) => new Array<number>(area.units).fill(area.tau ?? usual)),
  );
}

/** The entries that are not undefined. */
function given<T extends object>(entries: T): Partial<T> {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as Partial<T>;
}
