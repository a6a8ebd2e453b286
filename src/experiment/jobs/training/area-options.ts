/**
 * @file Areas of a network that is trained: those that an experiment lists, or those of a connectome.
 */

import type { Connectome } from "../../../connectome/index.ts";
import { CajalError, type Rng } from "../../../core/index.ts";
import { areaWiring, createAreaLayout, type WiringOptions } from "../../../learning/index.ts";
import type { Task } from "../../../tasks/index.ts";
import type { LayoutChoice, TrainedNetworkChoice } from "../../spec/trained-network-schema.ts";

/** Area of each unit, shape `(unit)`, and the names of areas. */
export interface UnitAreas {
  index: Float64Array;
  names: string[];
}

/** Areas of a connectome that was expanded, or types of nodes, or one for all. */
export function areasOf({ attributes, types, labels }: Connectome): UnitAreas {
  const of = attributes?.area ?? types ?? labels.map(() => "rec");
  const names = [...new Set(of)];
  return { index: Float64Array.from(of, (name) => names.indexOf(name)), names };
}

/** Areas as listed. @throws CajalError as `createAreaLayout`. */
export function layoutAreas({ list }: LayoutChoice): UnitAreas {
  const { areas } = createAreaLayout(list);
  return {
    index: Float64Array.from(areas.flatMap(({ units }, k) => new Array<number>(units).fill(k))),
    names: areas.map(({ name }) => name),
  };
}

/**
 * Masks and signs of listed areas; groups of channels without a number take what the others leave.
 *
 * @throws CajalError as `areaWiring`, and `task-shape`.
 */
export function areaOptions(
  { areas, autapses }: Pick<TrainedNetworkChoice, "areas" | "autapses">,
  { task, rng }: { task: Task; rng: Rng },
): Pick<WiringOptions, "masks" | "dale"> {
  const { list, within, between, pairs, draw, inputs, outputs } = areas as LayoutChoice;
  const { masks, dale } = areaWiring({
    ...{ areas: list, within, between, pairs, draw, autapses, rng },
    inputs: inputs ? counted(inputs, task.inputs, "inputs") : task.inputs.length,
    outputs: outputs ? counted(outputs, task.outputs, "outputs") : task.outputs.length,
  });
  return { masks, ...(dale !== undefined && { dale }) };
}

// Implementation

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
