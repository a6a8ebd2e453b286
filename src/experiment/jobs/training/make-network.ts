/**
 * @file The model that an experiment names, on whatever wiring.
 */

import { CajalError } from "../../../core/index.ts";
import {
  currentNetwork,
  elmanNetwork,
  equationNetwork,
  type RateNetwork,
  rateNetwork,
  spikingNetwork,
  unitSigns,
  type WiringOptions,
} from "../../../learning/index.ts";
import type { Task } from "../../../tasks/index.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import type { UnitAreas } from "./area-options.ts";
import { countsItems } from "./build-task.ts";
import { ownUnitOptions } from "./own-units.ts";
import { perUnit, type Units } from "./per-unit.ts";

/** What a network is made from. */
type Source = Pick<TrainingExperiment, "network" | "task"> & Partial<Pick<TrainingExperiment, "gradient">>;

/** What makes the network of an experiment on some wiring. */
export function makerOf(
  experiment: Source,
  { task, areas }: { task: Task; areas: UnitAreas },
): (wiring: WiringOptions) => RateNetwork {
  return (wiring) => make(experiment, wiring, { task, units: { areas, signs: unitSigns(wiring) } });
}

// Implementation

function make(
  experiment: Source,
  wiring: WiringOptions,
  { task, units }: { task: Task; units: Units },
): RateNetwork {
  const { network, task: choice } = experiment;
  const { activation, outputActivation, start, noise, preNoise, postNoise, biases } = network;
  // Each maker checks that its parts are among those of the model.
  const train = network.train && { train: network.train as never };
  const rates = { activation, outputActivation, start, ...train };
  switch (network.model) {
    case "rate": {
      const discrete = countsItems(choice);
      const tau = tauOf(network, discrete ? task.dt : 100, units);
      return rateNetwork({
        ...wiring,
        ...rates,
        noise,
        tau,
        discrete,
        ...valuesOf(network, ["gain"], units),
      });
    }
    case "elman":
      return elmanNetwork({
        ...wiring,
        ...rates,
        ...(typeof biases === "number" && { biases: biases as 0 | 1 | 2 }),
      });
    case "current":
      return currentNetwork({
        ...{ ...wiring, ...rates },
        ...given({ alpha: alphaOf(network, task.dt, units), preNoise, postNoise }),
        ...(typeof biases === "string" && { biases }),
      });
    case "spiking": {
      const { drive: bias, ...values } = valuesOf(network, SPIKING_VALUES, units);
      return spikingNetwork({
        ...wiring,
        ...train,
        ...values,
        ...given({ bias }),
        tau: tauOf(network, 20, units),
      });
    }
    case "equations":
      return equationNetwork({ ...wiring, ...given(ownUnitOptions(experiment, units)) });
  }
}

type Network = TrainingExperiment["network"];

const timesOfAreas = ({ areas }: Network): boolean =>
  areas?.list.some(({ tau }) => tau !== undefined) ?? false;

const SPIKING_VALUES = ["tauSynapse", "refractory", "adaptation", "tauAdaptation", "drive"] as const;

/** Those of some values that the file gives, one number or one a unit. */
function valuesOf<K extends "gain" | (typeof SPIKING_VALUES)[number]>(
  network: Network,
  names: readonly K[],
  units: Units,
): Partial<Record<K, number | Float64Array>> {
  const values = names.flatMap((name) => {
    const value = network[name];
    return value === undefined ? [] : [[name, perUnit(value, `network.${name}`, units)] as const];
  });
  return Object.fromEntries(values) as Partial<Record<K, number | Float64Array>>;
}

/** Time constant of all units, or of each where they, their kinds or their areas have their own. */
function tauOf(network: Network, fallback: number, units: Units): number | Float64Array {
  const { tau = fallback, areas } = network;
  const usual = perUnit(tau, "network.tau", units);
  if (!timesOfAreas(network)) return usual;
  return Float64Array.from(
    units.areas.index,
    (area, unit) => areas?.list[area].tau ?? (typeof usual === "number" ? usual : usual[unit]),
  );
}

/** α of each unit, or what makes it: dt / τ. @throws CajalError `bad-range` for a τ below the step. */
function alphaOf(network: Network, dt: number, units: Units): number | Float64Array | undefined {
  const { alpha, tau } = network;
  if (alpha !== undefined) return perUnit(alpha, "network.alpha", units);
  if (tau === undefined && !timesOfAreas(network)) return undefined;
  const times = tauOf(network, dt / USUAL_ALPHA, units);
  const shortest = typeof times === "number" ? times : Math.min(...times);
  if (shortest < dt) {
    throw new CajalError(
      `a tau of ${shortest} ms is below the step of ${dt} ms, α = dt / τ would be above 1`,
      {
        code: "bad-range",
        where: "network.tau",
        hint: "Enlarge it, or lower the dt of the task.",
      },
    );
  }
  return typeof times === "number" ? dt / times : times.map((one) => dt / one);
}

/** nn4n's, for areas without a time constant of their own. */
const USUAL_ALPHA = 0.1;

/** The entries that are not undefined. */
function given<T extends object>(entries: T): T {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as T;
}
