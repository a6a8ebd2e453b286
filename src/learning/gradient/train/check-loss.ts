/**
 * @file What can be known of the terms of a loss before anything is trained: whether the arrays they compare are of one
 * size, and whether trials are as long as they ask for.
 */

import { CajalError } from "../../../core/index.ts";
import type { Task } from "../../../tasks/index.ts";
import type { LossTerm } from "../losses/composite.ts";
import type { OmegaTerm } from "./omega-regulariser.ts";
import type { TrainableNetwork } from "./trainable-network.ts";

/** Names that nothing is called by are left to those who look them up. @throws CajalError `bad-lag`, `trajectory-shape`. */
export function checkLoss(
  trainable: TrainableNetwork,
  { maxSteps }: Pick<Task, "maxSteps">,
  terms: readonly (LossTerm | OmegaTerm)[],
): void {
  for (const term of terms) {
    const fail = (what: string, code: string, hint: string) =>
      new CajalError(what, { code, where: `loss "${term.name ?? term.kind}"`, hint });
    if (term.kind === "smoothness") {
      const { lag = 1 } = term;
      if (Number.isInteger(lag) && lag >= 1 && lag < maxSteps) continue;
      const what = `lag must be a whole number from 1 to ${maxSteps - 1}, got ${lag}`;
      throw fail(what, "bad-lag", "It is counted in steps, of which the longest trial has one more.");
    }
    if (term.kind === "divergence") {
      const [a, b] = [unitsOf(trainable, term.of), unitsOf(trainable, term.from)];
      if (a === undefined || b === undefined || a === b) continue;
      const what = `"${term.of}" has ${a} units, "${term.from}" ${b}`;
      throw fail(what, "trajectory-shape", "It compares populations of one size, unit by unit.");
    }
    if (term.kind === "hebbian") {
      const weights = trainable.network.projections.find(({ name }) => name === term.weights)?.weights;
      const units = unitsOf(trainable, term.of);
      if (!weights || units === undefined || (weights.rows === units && weights.columns === units)) continue;
      const what = `"${term.of}" has ${units} units, "${term.weights}" is ${weights.rows} × ${weights.columns}`;
      throw fail(what, "trajectory-shape", "It needs the weights of a population onto itself, e.g. rec.");
    }
  }
}

// Implementation

/** Of the population that a name of a variable, or a short one, is of. */
function unitsOf({ network, sources = {} }: TrainableNetwork, name: string): number | undefined {
  const full = Object.hasOwn(sources, name) ? sources[name] : name;
  return network.populations.find((p) => full.startsWith(`${p.name}.`))?.size;
}
