/**
 * @file Learning rules of an experiment's own in one sentence of the methods.
 */

import { formatExact } from "../../../plot/index.ts";
import type { RuleChoice, RulesChoice } from "../../spec/rules-schema.ts";

/** Which rules stood in place of the preset's, in the order in which they act. */
export function rulesWords(rules: RulesChoice): string {
  const { E, I, ...projections } = rules;
  const ofSynapses = Object.entries(projections).flatMap(([name, own]) =>
    own === undefined ? [] : [`${name.replace("->", "→")} synapses ${listed(own.map(ruleWords))}`],
  );
  const ofUnits = Object.entries({ E, I }).flatMap(([name, own]) =>
    own === undefined ? [] : [`${name} units ${listed(Object.entries(own).map(neuronRuleWords))}`],
  );
  const parts = [...ofSynapses, ...ofUnits];
  return `These learning rules, in this order, stood in place of the original ones: ${parts.join("; ")}.`;
}

// Implementation

const listed = (words: readonly string[]): string =>
  words.length === 0 ? "had none" : `had ${words.join(", ")}`;

function ruleWords(rule: RuleChoice): string {
  const { name } = rule;
  if ("equations" in rule) return `${name} (${equationWords(rule)})`;
  if ("births" in rule)
    return `${name} (${formatExact(rule.births)} births per step at weight ${formatExact(rule.weight)})`;
  const { normalise, total, rate } = rule;
  const side = normalise === "both" ? "incoming and outgoing" : normalise;
  const pace = rate < 1 ? ` at rate ${formatExact(rate)}` : "";
  return `${name} (${side} weights scaled to a sum of ${formatExact(total)}${pace})`;
}

function neuronRuleWords([name, rule]: [string, NonNullable<RulesChoice["E"]>[string]]): string {
  return `${name} (${equationWords(typeof rule === "string" ? { equations: rule, parameters: {} } : rule)})`;
}

function equationWords({
  equations,
  parameters,
}: {
  equations: string;
  parameters: Readonly<Record<string, number>>;
}): string {
  const lines = equations.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const values = Object.entries(parameters).map(([name, value]) => `${name} = ${formatExact(value)}`);
  return [lines.join("; "), ...values].join(", ");
}
