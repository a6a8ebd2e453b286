/** @file When the sums of a step are taken, and a step put together from a backend's parts. */

import type { Backend } from "./backends/backend.ts";
import type { RunPlan } from "./plan.ts";

/** Projections by their place in the plan: those whose sums are taken first, and those taken right before each population. */
export interface ScheduledSums {
  next: number[];
  same: number[][];
}

/** Sort the projections of a plan. */
export function scheduleSums({ projections, populations }: RunPlan): ScheduledSums {
  const indices = projections.map((_, k) => k);
  const sameStep = (k: number) => projections[k].projection.sameStep;
  return {
    next: indices.filter((k) => !sameStep(k)),
    same: populations.map((p) =>
      indices.filter((k) => sameStep(k) && projections[k].projection.to === p.population.name),
    ),
  };
}

/**
 * Sums, reductions, random numbers and equations of a step, one after the other.
 *
 * @param source - Byte address that a projection reads from.
 * @returns Whether every new value is finite.
 */
export function advanceByParts(
  backend: Backend,
  { next, same }: ScheduledSums,
  step: number,
  source: (projection: number) => number,
): boolean {
  for (let k = 0; k < next.length; k++) backend.project(next[k], source(next[k]));
  let finite = true;
  for (let p = 0; p < same.length; p++) {
    for (let k = 0; k < same[p].length; k++) backend.project(same[p][k], source(same[p][k]));
    backend.reduce(p);
    backend.draw(p, step);
    if (!backend.update(p)) finite = false;
  }
  return finite;
}
