/**
 * @file In which order a step runs: populations, the sums each of them needs, and a step put together from a backend's
 * parts.
 */

import { CajalError } from "../core/index.ts";
import type { Network, Projection } from "../model/index.ts";
import type { Backend } from "./backends/backend.ts";
import type { PlannedPopulation, RunPlan } from "./plan.ts";

/** Populations in the order in which they run: those that others need in the same step come first. */
export function orderPopulations(
  populations: PlannedPopulation[],
  { projections }: Network,
): PlannedPopulation[] {
  const ordered: PlannedPopulation[] = [];
  const visit = (p: PlannedPopulation, path: string[]) => {
    if (ordered.includes(p)) return;
    const { name } = p.population;
    if (path.includes(name)) {
      throw new CajalError(
        `${[...path.slice(path.indexOf(name)), name].join(" → ")} need each other in the same step`,
        {
          code: "same-step-cycle",
          where: "network",
          hint: "Leave out sameStep on one of these projections.",
        },
      );
    }
    for (const { from, to, sameStep } of projections) {
      const before = sameStep && to === name && populations.find((q) => q.population.name === from);
      if (before) visit(before, [...path, name]);
    }
    ordered.push(p);
  };
  for (const p of populations) visit(p, []);
  return ordered;
}

/** Sums of the state before the step come first, then those of the same step, by the population that needs them. */
export function orderProjections({ projections }: Network, ordered: PlannedPopulation[]): Projection[] {
  const same = (p: PlannedPopulation) => projections.filter((q) => q.sameStep && q.to === p.population.name);
  return [...projections.filter((p) => !p.sameStep), ...ordered.flatMap(same)];
}

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
