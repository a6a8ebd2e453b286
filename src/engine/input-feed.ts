/**
 * @file Values of inputs during a run, written step by step.
 */

import { CajalError, suggest } from "../core/index.ts";
import type { SlotValues } from "./initialise.ts";
import type { RunPlan } from "./plan.ts";

/** Values of inputs during a run, by input name: shape `(time, input)`, or `(time, input, instance)`. */
export type InputSeries = Readonly<Record<string, ArrayLike<number>>>;

/** A function that writes row k of an input's values. @throws CajalError `unknown-input`, `shape`. */
export function inputFeed(
  { name, values, steps }: { name: string; values: ArrayLike<number>; steps: number },
  plan: RunPlan,
  view: SlotValues,
): (k: number) => void {
  const slot = plan.inputs.get(name);
  if (slot === undefined) {
    throw new CajalError(`there is no input "${name}"`, {
      code: "unknown-input",
      where: "run",
      hint: suggest(name, plan.inputs.keys()),
    });
  }
  const { instances, stride } = plan.options;
  const size = plan.network.inputs.find((i) => i.name === name)!.size;
  const shared = values.length === steps * size;
  if (!shared && values.length !== steps * size * instances) {
    throw new CajalError(`${values.length} values for ${steps} steps of ${size} inputs`, {
      code: "shape",
      where: `run, input "${name}"`,
      hint: "Give shape (time, input) or (time, input, instance).",
    });
  }
  const out = view(slot);
  return (k) => {
    for (let i = 0; i < size; i++) {
      for (let b = 0; b < stride; b++) {
        const row = k * size + i;
        out[i * stride + b] = shared ? values[row] : values[row * instances + Math.min(b, instances - 1)];
      }
    }
  };
}
