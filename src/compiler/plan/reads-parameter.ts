/**
 * @file Whether a parameter has any part in a model.
 */

import { symbolsOf } from "../term.ts";
import type { PlannedModel } from "./plan.ts";

/** Whether a parameter stands anywhere in the equations, starts and clamps included. */
export function readsParameter({ actions, variables }: PlannedModel, parameter: string): boolean {
  const terms = [
    ...actions.map(({ value }) => value),
    ...variables.flatMap(({ initial, minimum, maximum }) => [initial, minimum, maximum]),
  ];
  return terms.some(
    (term) => term && symbolsOf(term).some((s) => s.symbol === "parameter" && s.name === parameter),
  );
}
