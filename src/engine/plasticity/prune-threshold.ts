/**
 * @file The weight at or below which a synapse is removed, from the `prune` flag of its equations.
 */

import { evaluate, PORTABLE } from "../../compiler/index.ts";
import type { Slot } from "../memory.ts";
import type { PlannedSynapticRule } from "./plan-plasticity.ts";

/** Value of the threshold for the parameters as they are now; absent where nothing is pruned. */
export function pruneThreshold(
  { synapse, parameters }: PlannedSynapticRule,
  view: (slot: Slot) => ArrayLike<number>,
): number | undefined {
  if (synapse.prune === undefined) return undefined;
  return evaluate(synapse.prune, (_kind, name) => view(parameters.get(name)!)[0], PORTABLE);
}
