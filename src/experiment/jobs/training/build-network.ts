/**
 * @file The network that an experiment file describes, ready to be trained: units, areas, signs, masks, and the weights
 * that training starts from.
 */

import type { Connectome } from "../../../connectome/index.ts";
import { CajalError, type Rng, spectralRadius } from "../../../core/index.ts";
import { type RateNetwork, type WiringOptions, withParameters } from "../../../learning/index.ts";
import type { Task } from "../../../tasks/index.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import { areaOptions, areasOf, layoutAreas, type UnitAreas } from "./area-options.ts";
import { buildWiring, type Wiring } from "./build-wiring.ts";
import { withFixed } from "./fixed-weights.ts";
import { withGivenParameters } from "./given-parameters.ts";
import { type GivenWeights, withGivenWeights } from "./given-weights.ts";
import { makerOf } from "./make-network.ts";
import { startingWeights } from "./starting-weights.ts";
import { daleOf } from "./unit-signs.ts";

/** A network that can be trained, with what tables and pictures want to know of it. */
export interface BuiltNetwork {
  rate: RateNetwork;
  units: number;
  /** Area of each unit, shape `(unit)`, and their names. */
  areas: UnitAreas;
}

/** Units where nothing says how many. */
const DEFAULT_UNITS = 100;

/**
 * Build the network of one cell of an experiment.
 *
 * @param connectome - After its transforms; undefined where the experiment has none.
 * @param given - Weights read from the files of `network.weights`.
 * @param rng - Of the repeat.
 * @param sketch - Only to see whether it can be made: large matrices get weights of the kind that would be drawn.
 * @throws CajalError `unit-count`, `mixed-signs`, and those of areas, masks, constraints, initial weights and wiring.
 */
export function buildTrainedNetwork(
  experiment: Pick<TrainingExperiment, "network" | "wiring" | "task"> &
    Partial<Pick<TrainingExperiment, "gradient">>,
  {
    task,
    connectome,
    given,
    rng,
    sketch = false,
  }: {
    task: Task;
    connectome: Connectome | undefined;
    given?: GivenWeights;
    rng: Rng;
    sketch?: boolean;
  },
): BuiltNetwork {
  const { network, wiring: choice } = experiment;
  const own = rng.stream("network");
  const wiring = connectome && buildWiring(connectome, choice, rng);
  const areas = wiring
    ? areasOf(wiring.connectome)
    : network.areas
      ? layoutAreas(network.areas)
      : { index: new Float64Array(network.units ?? DEFAULT_UNITS), names: ["rec"] };
  const units = areas.index.length;
  if (network.units !== undefined && network.units !== units) {
    throw new CajalError(`network.units is ${network.units}, the wiring has ${units} units`, {
      code: "unit-count",
      where: "network.units",
      hint: "Leave units out: the connectome, or the areas, say how many there are.",
    });
  }
  const { enforce, autapses, density, initial } = network;
  const wished: WiringOptions = {
    ...{ inputs: task.inputs.length, outputs: task.outputs.length, units, rng: own },
    ...{ enforce, autapses, density, initial },
    // On a connectome radii are measured, and sketched weights have none of their own.
    sketch: sketch && !wiring,
    ...(network.areas && !wiring && areaOptions(network, { task, rng: own })),
  };
  wished.dale ??= daleOf(network.dale, {
    empirical: wiring?.empirical,
    given,
    areas: network.areas || wiring ? areas : undefined,
    rng: own.stream("signs"),
  });
  if (wiring) wished.masks = wiringMasks(wiring, wished);
  const options = network.weights ? withGivenWeights(wished, network.weights, { given, sketch }) : wished;
  const make = makerOf(experiment, { task, areas });
  const rate = wiring ? wired(make, options, { wiring, choice }) : make(options);
  const held = withFixed(network, { rate, areas, wiring, make, options });
  const built = given?.trained ? withGivenParameters(held, given.trained) : held;
  return { rate: built, units, areas };
}

/** The recurrent weights of a network before training, in the order of their storage. */
export function recurrent({ network }: RateNetwork) {
  return network.projections.find(({ name }) => name === "rec")!.weights;
}

// Implementation

/** Makes the network of a model on some wiring. */
type Maker = (options: WiringOptions) => RateNetwork;

function wiringMasks(
  { connectome, inputs: heard, outputs: read }: Wiring,
  { units, inputs, outputs }: WiringOptions,
): WiringOptions["masks"] {
  return {
    rec: maskOf(connectome),
    ...(heard && { in: rowsMask(heard, units, inputs) }),
    ...(read && { out: columnsMask(read, outputs, units) }),
  };
}

/** The network on a connectome: its synapses as a mask, and weights as the experiment wants them at the start. */
function wired(
  make: Maker,
  options: WiringOptions,
  { wiring, choice }: { wiring: Wiring; choice: TrainingExperiment["wiring"] },
): RateNetwork {
  const rate = make(options);
  const same = wiring.connectome === wiring.empirical;
  const drawnRadius = () => {
    if (same) return spectralRadius(recurrent(rate));
    const masks = { ...options.masks, rec: maskOf(wiring.empirical) };
    return spectralRadius(recurrent(make({ ...options, masks })));
  };
  if (
    choice.use === "mask" &&
    (choice.spectralRadius === "free" || (same && choice.spectralRadius === "drawn"))
  )
    return rate;
  const weights = startingWeights(rate, wiring.connectome, {
    use: choice.use,
    signs: options.dale === undefined ? undefined : rate.signs,
    ...(choice.spectralRadius !== "free" && {
      spectralRadius: choice.spectralRadius === "drawn" ? drawnRadius() : choice.spectralRadius,
    }),
  });
  return { ...rate, network: withParameters(rate.network, { "weights:rec": weights }) };
}

function maskOf({ weights: { rows, columns, rowStart, column } }: Connectome): Uint8Array {
  const mask = new Uint8Array(rows * columns);
  for (let i = 0; i < rows; i++)
    for (let e = rowStart[i]; e < rowStart[i + 1]; e++) mask[i * columns + column[e]] = 1;
  return mask;
}

function rowsMask(nodes: Int32Array, rows: number, columns: number): Uint8Array {
  const mask = new Uint8Array(rows * columns);
  for (const i of nodes) mask.fill(1, i * columns, (i + 1) * columns);
  return mask;
}

function columnsMask(nodes: Int32Array, rows: number, columns: number): Uint8Array {
  const mask = new Uint8Array(rows * columns);
  for (const j of nodes) for (let i = 0; i < rows; i++) mask[i * columns + j] = 1;
  return mask;
}
