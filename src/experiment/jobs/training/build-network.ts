/**
 * @file The network that an experiment file describes, ready to be trained: units, areas, signs, masks, and the weights
 * that training starts from.
 */

import type { Connectome } from "../../../connectome/index.ts";
import { CajalError, type Rng, spectralRadius } from "../../../core/index.ts";
import {
  areaMask,
  createAreaLayout,
  inputMask,
  layoutSigns,
  type RateNetwork,
  readoutMask,
  type WiringOptions,
  withParameters,
} from "../../../learning/index.ts";
import type { Task } from "../../../tasks/index.ts";
import type { LayoutChoice } from "../../spec/trained-network-schema.ts";
import type { TrainingExperiment } from "../../spec/training-schema.ts";
import { buildWiring, type Wiring } from "./build-wiring.ts";
import { makerOf } from "./make-network.ts";
import { denseValues, inStorageOf, nodeSigns, startingWeights } from "./starting-weights.ts";

/** A network that can be trained, with what tables and pictures want to know of it. */
export interface BuiltNetwork {
  rate: RateNetwork;
  units: number;
  /** Area of each unit, shape `(unit)`, and their names. */
  areas: { index: Float64Array; names: string[] };
  /** Spectral radius of the recurrent weights before training. */
  spectralRadius: number;
}

/** Units where nothing says how many. */
const DEFAULT_UNITS = 100;

/**
 * Build the network of one cell of an experiment.
 *
 * @param connectome - After its transforms; undefined where the experiment has none.
 * @param rng - Of the repeat.
 * @throws CajalError `unit-count`, `mixed-signs`, and those of areas, masks, constraints, initial weights and wiring.
 */
export function buildTrainedNetwork(
  experiment: Pick<TrainingExperiment, "network" | "wiring" | "task">,
  { task, connectome, rng }: { task: Task; connectome: Connectome | undefined; rng: Rng },
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
  const options: WiringOptions = {
    ...{ inputs: task.inputs.length, outputs: task.outputs.length, units, rng: own },
    ...{ enforce, autapses, density, initial },
    ...(network.areas && !wiring && layoutOptions(network.areas, { task, rng: own.stream("areas") })),
  };
  const dale = daleOf(experiment, { wiring, areas, rng: own.stream("signs") });
  if (dale) options.dale = dale;
  if (wiring) options.masks = wiringMasks(wiring, options);
  const make = makerOf(experiment, task);
  const rate = wiring ? wired(make, options, { wiring, choice }) : make(options);
  const built = network.fixed > 0 ? withFixed(make, options, { rate, share: network.fixed }) : rate;
  return { rate: built, units, areas, spectralRadius: spectralRadius(recurrent(built)) };
}

/** The recurrent weights of a network before training, in the order of their storage. */
export function recurrent({ network }: RateNetwork) {
  return network.projections.find(({ name }) => name === "rec")!.weights;
}

// Implementation

type Areas = BuiltNetwork["areas"];
/** Makes the network of a model on some wiring. */
type Maker = (options: WiringOptions) => RateNetwork;

/** Areas of a connectome that was expanded, or types of nodes, or one for all. */
function areasOf({ attributes, types, labels }: Connectome): Areas {
  const of = attributes?.area ?? types ?? labels.map(() => "rec");
  const names = [...new Set(of)];
  return { index: Float64Array.from(of, (name) => names.indexOf(name)), names };
}

function layoutOf({ list }: LayoutChoice) {
  return createAreaLayout(list);
}

function layoutAreas(choice: LayoutChoice): Areas {
  const { areas } = layoutOf(choice);
  return {
    index: Float64Array.from(areas.flatMap(({ units }, k) => new Array<number>(units).fill(k))),
    names: areas.map(({ name }) => name),
  };
}

/** Masks of a network in areas; groups of channels without a number take what the others leave. */
function layoutOptions(
  choice: LayoutChoice,
  { task, rng }: { task: Task; rng: Rng },
): Pick<WiringOptions, "masks"> {
  const layout = layoutOf(choice);
  const { within, between, pairs, draw, inputs, outputs } = choice;
  const rec = areaMask(layout, { within, between, pairs, draw, autapses: true, rng });
  return {
    masks: {
      rec,
      ...(inputs && { in: inputMask(layout, counted(inputs, task.inputs, "inputs")) }),
      ...(outputs && { out: readoutMask(layout, counted(outputs, task.outputs, "outputs")) }),
    },
  };
}

function counted(
  groups: NonNullable<LayoutChoice["inputs"]>,
  names: readonly string[],
  key: "inputs" | "outputs",
) {
  const open = groups.filter(({ channels }) => channels === undefined).length;
  const given = groups.reduce((sum, { channels = 0 }) => sum + channels, 0);
  const left = names.length - given;
  const fits = open === 0 ? left === 0 : left >= open && left % open === 0;
  if (!fits) {
    const what = `network.areas.${key} are ${given}${open > 0 ? ` and ${open} groups without a number` : ""}, the task has ${names.length}`;
    throw new CajalError(what, {
      code: "task-shape",
      where: `network.areas.${key}`,
      hint: `The ${key} of the task are ${names.join(", ")}. Give each group its number of channels.`,
    });
  }
  return groups.map((group) => ({ ...group, channels: group.channels ?? left / open }));
}

/** Dale's law: the signs of areas, those of a connectome, or a share of units, drawn within each area of a connectome. */
function daleOf(
  { network }: Pick<TrainingExperiment, "network">,
  { wiring, areas, rng }: { wiring: Wiring | undefined; areas: Areas; rng: Rng },
): WiringOptions["dale"] {
  const { dale, areas: layout } = network;
  if (layout && !wiring) {
    const signs = layoutSigns(layoutOf(layout));
    if (signs.includes(1) || signs.includes(-1)) return signs;
  }
  if (dale === undefined) return undefined;
  if (dale === "connectome") {
    if (wiring) return nodeSigns(wiring.empirical);
    throw new CajalError("there is no connectome to take signs from", {
      code: "no-connectome",
      where: "network.dale",
      hint: "Give the share of excitatory units, e.g. dale: 0.8, or a connectome.",
    });
  }
  if (!wiring && !layout) return dale;
  const signs = new Int8Array(areas.index.length);
  for (let area = 0; area < areas.names.length; area++) {
    const members = [...areas.index.keys()].filter((i) => areas.index[i] === area);
    const excitatory = Math.round(dale * members.length);
    for (let k = 0; k < members.length; k++) {
      const other = k + rng.integer(members.length - k);
      [members[k], members[other]] = [members[other], members[k]];
      signs[members[k]] = k < excitatory ? 1 : -1;
    }
  }
  return signs;
}

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

/** The same network with a share of its synapses, drawn at random, held at their weights. */
function withFixed(
  make: Maker,
  options: WiringOptions,
  { rate, share }: { rate: RateNetwork; share: number },
): RateNetwork {
  const weights = denseValues(recurrent(rate));
  const mask = denseValues({ ...recurrent(rate), values: plasticSynapses(rate) });
  const places = [...mask.keys()].filter((k) => mask[k] !== 0 && weights[k] !== 0);
  const rng = options.rng.stream("fixed");
  const fixed = new Float64Array(mask.length);
  const count = Math.round(share * places.length);
  for (let k = 0; k < count; k++) {
    const other = k + rng.integer(places.length - k);
    [places[k], places[other]] = [places[other], places[k]];
    fixed[places[k]] = weights[places[k]];
  }
  const held = make({
    ...options,
    density: 1,
    masks: { ...options.masks, rec: mask },
    fixed: { rec: fixed },
    // Any weights that need no spectrum: those of the network before take their place.
    initial: { ...options.initial, rec: { distribution: { kind: "constant", value: 1 } } },
  });
  const values = inStorageOf(recurrent(held), weights);
  return { ...held, network: withParameters(held.network, { "weights:rec": values }) };
}

function plasticSynapses({ constraints = {} }: RateNetwork): Float64Array {
  const rec = constraints["weights:rec"];
  if (rec) return Float64Array.from(rec.plastic);
  throw new CajalError("the recurrent weights are not trained: all of them are fixed", {
    code: "no-effect",
    where: "network.fixed",
    hint: "Leave it out, or put rec into network.train.",
  });
}
