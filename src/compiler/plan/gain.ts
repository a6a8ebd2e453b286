/**
 * @file Put a factor on a weighted sum of a planned model, as a parameter that may differ between instances.
 */

import { multiply, substitute, symbol } from "../term.ts";
import type { PlannedModel } from "./plan.ts";

/** Name of the parameter that scales the sum of a target; no name in a text can clash with it. */
export function gainParameter(target: string): string {
  return `gain(${target})`;
}

/** The model with every `sum(target)` multiplied by the parameter {@link gainParameter}. */
export function withGain(model: PlannedModel, target: string): PlannedModel {
  const gain = symbol("parameter", gainParameter(target));
  const scaled = multiply(gain, symbol("sum", target));
  const actions = model.actions.map((action) => ({
    ...action,
    value: substitute(action.value, (kind, name) => (kind === "sum" && name === target ? scaled : undefined)),
  }));
  return { ...model, actions, parameters: [...model.parameters, gainParameter(target)] };
}
