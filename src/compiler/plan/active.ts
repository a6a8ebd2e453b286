/**
 * @file Switch a rule of a neuron off and on by a parameter, so that a frozen rule costs no second kernel.
 */

import { constant, operation, symbol } from "../term.ts";
import type { Action } from "./plan.ts";

/** Name of the parameter that switches a rule: 0 freezes it, any other number lets it run. No name in a text can clash. */
export function activeParameter(rule: string): string {
  return `active(${rule})`;
}

/** Updates that leave every variable as it was, bit for bit, where the parameter {@link activeParameter} is 0. */
export function whileActive(actions: readonly Action[], rule: string): Action[] {
  const frozen = operation("equal", symbol("parameter", activeParameter(rule)), constant(0));
  return actions.map((action) => {
    if (action.kind === "temporary") return action;
    const old = symbol("variable", action.variable);
    return { ...action, value: operation("select", frozen, old, action.value) };
  });
}
