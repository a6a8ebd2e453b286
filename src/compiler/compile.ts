/**
 * @file The compiler's front door: a neuron's text to a planned model.
 */

import { checkNeuron } from "./check/check.ts";
import type { Method } from "./check/model.ts";
import { type PlannedModel, planModel } from "./plan/plan.ts";

/**
 * Parse, check and plan a neuron.
 *
 * @param definition.parameters - Parameters by name; only the names matter here.
 * @param options.method - Method of ODEs that name none, default `explicit` (forward Euler).
 * @throws CajalError with the line, a caret and the mend.
 */
export function compileNeuron(
  definition: { name: string; parameters: Readonly<Record<string, number>>; equations: string },
  options: { method?: Method } = {},
): PlannedModel {
  const source = { title: `neuron "${definition.name}"`, text: definition.equations };
  return planModel(checkNeuron(source, Object.keys(definition.parameters), options));
}
