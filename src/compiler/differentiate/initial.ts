/**
 * @file The derivative of a starting value in its parameters: `r : init=tanh(x0)` lets x0 be trained.
 */

import { lowerTerm } from "../ir/lower.ts";
import type { Action } from "../plan/plan.ts";
import { symbolsOf, type Term } from "../term.ts";
import { Algebra } from "./algebra.ts";
import { emitActions } from "./emit-terms.ts";
import { adjointName } from "./names.ts";
import { reverse } from "./reverse.ts";
import type { Surrogate } from "./surrogate.ts";

/** Adjoints of parameters, from the adjoint `d(value)` of a starting value. */
export interface InitialAdjoint {
  /** Temporaries, then one store per parameter, under the parameter's name. */
  actions: Action[];
  /** Whether they read random numbers, which are not stored. */
  readsRandoms: boolean;
}

/** Name of the starting value in the actions of an {@link InitialAdjoint}. */
export const INITIAL_ADJOINT = adjointName("value");

/** Differentiate a starting value. @returns Undefined when it depends on none of the parameters. */
export function initialAdjoint(
  initial: Term,
  parameters: readonly string[],
  surrogate: Surrogate | undefined,
): InitialAdjoint | undefined {
  const algebra = new Algebra();
  const node = lowerTerm(initial, algebra);
  const seed = algebra.symbol("variable", INITIAL_ADJOINT);
  const slots = new Map(parameters.map((p) => [`parameter:${p}`, p]));
  const adjoints = reverse(algebra, new Map([[node, seed]]), {
    surrogate,
    isWanted: (slot) => slots.has(slot),
  });
  const outputs = parameters.flatMap((variable) => {
    const found = adjoints.get(algebra.symbol("parameter", variable));
    return found === undefined ? [] : [{ variable, node: found }];
  });
  if (outputs.length === 0) return undefined;
  const actions = emitActions(algebra.nodes, outputs, { known: new Map(), locality: "unit" });
  return {
    actions,
    readsRandoms: actions.some((a) => symbolsOf(a.value).some((s) => s.symbol === "random")),
  };
}
