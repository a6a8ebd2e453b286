/**
 * @file What only synapses say, `pre.x` and `post.x`, and what only neurons say.
 */

import { sourceError } from "../parse/source.ts";
import type { Expression } from "../parse/syntax.ts";
import { symbol, type Term } from "../term.ts";
import type { Scope } from "./scope.ts";

/** A variable of a neuron at an end of the synapse. @throws CajalError `member-in-neuron`, `unknown-name`. */
export function resolveMember(e: Extract<Expression, { kind: "member" }>, scope: Scope): Term {
  const { object: side, name } = e;
  if (scope.owner === "neuron") {
    throw sourceError(scope.source, e.span, {
      code: "member-in-neuron",
      what: `"${side}.${name}" has no meaning in a neuron`,
      hint: "pre. and post. belong to synapse equations; a neuron reads its input as sum(target).",
    });
  }
  if (side !== "pre" && side !== "post") {
    throw sourceError(scope.source, e.span, {
      code: "unknown-name",
      what: `"${side}.${name}": a synapse knows two neurons, pre and post`,
      hint: `Write pre.${name} for the neuron before the synapse, post.${name} for the one after it.`,
    });
  }
  if (!scope[side].includes(name)) scope[side].push(name);
  return symbol(side, name);
}

/** @throws CajalError `sum-in-synapse`, `reduction-in-synapse`, `random-in-synapse` for what needs a whole neuron. */
export function refuseInSynapse(e: Extract<Expression, { kind: "call" }>, scope: Scope): void {
  const refuse = (code: string, what: string, hint: string): never => {
    throw sourceError(scope.source, e.span, { code, what, hint });
  };
  const { callee } = e;
  if (callee === "sum")
    refuse(
      "sum-in-synapse",
      "weighted sums arrive at neurons, a synapse has none",
      `Store it in a variable of the neuron, e.g. "drive = sum(exc)", and read post.drive.`,
    );
  if (callee === "mean" || ((callee === "min" || callee === "max") && e.arguments.length === 1))
    refuse(
      "reduction-in-synapse",
      `${callee} of one argument reduces over a population, not over synapses`,
      `Store it in a variable of the neuron, e.g. "m = ${callee}(x)", and read post.m.`,
    );
  if (callee === "Uniform" || callee === "Normal")
    refuse(
      "random-in-synapse",
      "synapses draw no random numbers",
      `Draw in the neuron, e.g. "xi = ${callee}(0, 1)", and read pre.xi or post.xi.`,
    );
}
