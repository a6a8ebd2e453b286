/**
 * @file What the training loop needs to know of a network beside its equations: where trials go in, what is the output,
 * what is trained, and what the trained numbers may be. `rateNetwork` makes one; any other model is written by hand.
 */

import type { Surrogate } from "../../../compiler/index.ts";
import { CajalError, suggest } from "../../../core/index.ts";
import type { InputArray, Network, Population } from "../../../model/index.ts";
import type { Task } from "../../../tasks/index.ts";
import type { WeightConstraint } from "../constraints/weight-constraint.ts";
import type { LeakyRate } from "./leaky-rate.ts";

/** A network that can be trained; plain data. */
export interface TrainableNetwork {
  network: Network;
  /** Name of the input array that gets the channels of the task; its size is their number. */
  input: string;
  /** `"population.variable"` that should follow the targets; the population has a unit for each output of the task. */
  output: string;
  /** Names as `differentiate` takes them: `weights:rec`, `rec.bias`, `initial:rec.x`. */
  trainable: readonly string[];
  /**
   * By name of the trainable, for weights: in the order of the projection's own matrix, see `constraintOnEdges` for
   * sparse ones. Under `rectify` and `absolute` training starts from the θ of the network's weights.
   */
  constraints?: Readonly<Record<string, WeightConstraint>>;
  /** Least and largest value by name of the trainable, e.g. of a time constant; applied after each step. */
  bounds?: Readonly<Record<string, readonly [least: number, most: number]>>;
  /** How the recurrent population leaks, for Ω. */
  leaky?: LeakyRate;
  /** What stands for the derivative of thresholds, unless the options of training say otherwise. */
  surrogate?: Surrogate;
  /** Short names of variables for the terms of a loss: `{ z: "out.z", r: "rec.r" }`. */
  sources?: Readonly<Record<string, string>>;
}

/**
 * Whether a network fits a task, before anything is compiled.
 *
 * @throws CajalError `task-shape`, `unknown-input`, `unknown-population`, `nothing-to-train`, `unknown-trainable`.
 */
export function checkTask(trainable: TrainableNetwork, task: Task): void {
  const { network, input, output, trainable: names, constraints = {}, bounds = {} } = trainable;
  const place = find(network.inputs, input, "input");
  const out = find(network.populations, output.slice(0, output.indexOf(".")), "population");
  checkWidth(`input "${input}"`, place, task.inputs, "inputs");
  checkWidth(`output "${output}"`, out, task.outputs, "outputs");
  if (names.length === 0) {
    throw new CajalError("nothing of the network is trained", {
      code: "nothing-to-train",
      where: "train",
      hint: 'List what is, e.g. trainable: ["weights:rec"].',
    });
  }
  for (const name of [...Object.keys(constraints), ...Object.keys(bounds)]) {
    if (names.includes(name)) continue;
    throw new CajalError(`"${name}" has a constraint or bounds and is not trained`, {
      code: "unknown-trainable",
      where: "train",
      hint: suggest(name, names),
    });
  }
}

// Implementation

function find<T extends Population | InputArray>(groups: readonly T[], name: string, kind: string): T {
  const found = groups.find((g) => g.name === name);
  if (found) return found;
  throw new CajalError(`the network has no ${kind} "${name}"`, {
    code: `unknown-${kind}`,
    where: "train",
    hint: suggest(
      name,
      groups.map((g) => g.name),
    ),
  });
}

function checkWidth(
  what: string,
  { size }: { size: number },
  channels: readonly string[],
  kind: "inputs" | "outputs",
): void {
  if (size === channels.length) return;
  throw new CajalError(`${what} has ${size} units, the task ${channels.length} ${kind}`, {
    code: "task-shape",
    where: "train",
    hint: `The ${kind} of the task are ${channels.join(", ")}.`,
  });
}
