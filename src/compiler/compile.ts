/**
 * @file The compiler's front door: the text of a neuron or a synapse to a planned model.
 */

import { checkNeuron, checkSynapse } from "./check/check.ts";
import type { Method } from "./check/model.ts";
import { visitOrder } from "./ir/guard.ts";
import { type PlannedModel, planModel } from "./plan/plan.ts";
import { type PlannedSynapse, planSynapse } from "./plan/synapse.ts";

/**
 * Parse, check and plan a neuron.
 *
 * @param definition.parameters - Parameters by name; only the names matter here.
 * @param definition.plasticity - Further lines by rule name. They run after the equations, rule by rule, and each rule
 *   gets a parameter `active(name)`: where it is 0, the rule leaves its variables as they are.
 * @param options.method - Method of ODEs that name none, default `explicit` (forward Euler).
 * @throws CajalError with the line, a caret and the mend.
 */
export function compileNeuron(
  definition: {
    name: string;
    parameters: Readonly<Record<string, number>>;
    equations: string;
    plasticity?: Readonly<Record<string, string>>;
  },
  options: { method?: Method } = {},
): PlannedModel {
  const { name, parameters, equations, plasticity = {} } = definition;
  const title = `neuron "${name}"`;
  const rules = Object.entries(plasticity).map(([rule, text]) => ({
    rule,
    source: { title: `${title}, rule "${rule}"`, text },
  }));
  return planModel(checkNeuron({ title, text: equations }, Object.keys(parameters), { ...options, rules }));
}

/**
 * Parse, check and plan the equations of a synapse: what changes its weight `w` in every step.
 *
 * @param definition.parameters - Parameters by name, one value for the whole projection; only the names matter here.
 * @param options.method - Method of ODEs that name none, default `explicit` (forward Euler).
 * @throws CajalError with the line, a caret and the mend.
 * @example
 * compileSynapse({
 *   name: "stdp",
 *   parameters: { eta: 0.001 },
 *   equations: "w += eta * (pre.x_prev * post.x - pre.x * post.x_prev) : min=0, max=1, prune=1e-10",
 * }).guard; // ["x", "x_prev"]: where both are 0 in the neuron after the synapse, nothing changes
 */
export function compileSynapse(
  definition: { name: string; parameters: Readonly<Record<string, number>>; equations: string },
  options: { method?: Method } = {},
): PlannedSynapse {
  const source = { title: `synapse "${definition.name}"`, text: definition.equations };
  const checked = checkSynapse(source, Object.keys(definition.parameters), options);
  return { ...planSynapse(checked), ...visitOrder(checked) };
}
