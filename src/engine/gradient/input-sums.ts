/**
 * @file Sums of an input for all steps as one product, which costs less where a trial or a few, and a few inputs, leave
 * vectors empty. With many trials, the sums of one step stay in the cache, and those of all would come from memory.
 */

import { aheadLength, areTakenAhead } from "../kernels/index.ts";
import type { Allocator } from "../memory.ts";
import type { PlannedProjection, RunPlan } from "../plan.ts";
import type { Placed } from "./weights.ts";

/** Where native code keeps the sums of a projection for so many steps; undefined where it takes them step by step. */
export function planAhead(
  { pre, weights, accumulate, projection }: PlannedProjection,
  { run, memory, steps }: { run: RunPlan; memory: Allocator; steps: number },
): Placed | undefined {
  const { backend, precision, stride, instances } = run.options;
  if (typeof backend === "string" || !pre.isInput || weights.kind !== "dense" || accumulate) return undefined;
  const options = { precision, stride, instances, widest: backend.vectorBytes };
  const { rows, columns } = projection.weights;
  if (!areTakenAhead(columns, options)) return undefined;
  const length = steps * aheadLength(rows, options);
  return { address: memory.take(length * memory.elementBytes), length };
}
