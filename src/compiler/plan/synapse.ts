/**
 * @file From checked synapse equations to the updates of one synapse, in the order of lines, as in a neuron.
 */

import type { CajalError } from "../../core/index.ts";
import type { CheckedSynapse } from "../check/model.ts";
import { evaluate, PORTABLE } from "../emit/interpret/evaluate.ts";
import { tokenize } from "../parse/lexer.ts";
import { sourceError } from "../parse/source.ts";
import { type Action, planActions } from "./plan.ts";

/** The end of a synapse: the neuron it comes from or the neuron it goes to. */
export type Side = "pre" | "post";

/** Which synapses a step must visit, and in which order. */
export interface VisitOrder {
  /** Synapses are visited neuron by neuron of this side. */
  order: Side;
  /**
   * Variables of that side: a neuron where all of them are 0 has no synapse that the update would change. Empty when
   * no such variables are known and every synapse must be visited.
   */
  guard: string[];
}

/** A synapse with its updates in order: one number per parameter and projection, one per variable and synapse. */
export interface PlannedSynapse extends Omit<CheckedSynapse, "statements">, VisitOrder {
  actions: Action[];
}

/** Plan one update of a synapse. @throws CajalError `not-affine`, `mixed-methods`, `two-odes`. */
export function planSynapse(model: CheckedSynapse): Omit<PlannedSynapse, keyof VisitOrder> {
  const { statements, ...rest } = model;
  return { ...rest, actions: planActions(statements, model.variables) };
}

/** The threshold of `prune=`, given the parameters; undefined when the synapse is never removed. */
export function pruneThreshold(
  { prune }: Pick<PlannedSynapse, "prune">,
  parameters: Readonly<Record<string, number>>,
): number | undefined {
  return prune && evaluate(prune, (_, name) => parameters[name], PORTABLE);
}

/** A mistake in what the equations read of a neuron, with a caret under the first `pre.name` or `post.name`. */
export function synapseError(
  { source }: Pick<PlannedSynapse, "source">,
  side: Side,
  name: string,
  problem: { code: string; what: string; hint?: string },
): CajalError {
  const tokens = tokenize(source);
  const at = tokens.findIndex(
    (t, k) => t.text === side && tokens[k + 1]?.text === "." && tokens[k + 2]?.text === name,
  );
  const span = at < 0 ? { start: 0, end: 0 } : { start: tokens[at].span.start, end: tokens[at + 2].span.end };
  return sourceError(source, span, problem);
}
