/**
 * @file Learning rules of an experiment's own in one sentence of the methods.
 */

import { formatExact } from "../../../plot/index.ts";
import type { RuleChoice, RulesChoice } from "../../spec/rules-schema.ts";

/**
 * Which rules stood in place of the preset's, in the order in which they act.
 *
 * @param swept - Paths of the sweep: their values are not those of the file.
 */
export function rulesWords(rules: RulesChoice, swept: readonly string[] = []): string {
  const { E, I, ...projections } = rules;
  const shown = (path: string): Shown => ({
    number: (key, value) =>
      swept.includes(`network.rules.${path}.${key}`) ? "[varied]" : formatExact(value),
    text: (key, value) => (swept.includes(`network.rules.${path}${key}`) ? "[varied]" : value),
  });
  const ofSynapses = Object.entries(projections).flatMap(([name, own]) =>
    own === undefined
      ? []
      : [
          `${name.replace("->", "→")} synapses ${listed(own.map((rule, k) => ruleWords(rule, shown(`${name}.${k}`))))}`,
        ],
  );
  const ofUnits = Object.entries({ E, I }).flatMap(([name, own]) => {
    if (own === undefined) return [];
    const words = Object.entries(own).map(([rule, choice]) => {
      const isText = typeof choice === "string";
      const spelt = isText ? { equations: choice, parameters: {} } : choice;
      return `${rule} (${equationWords(spelt, isText ? "" : ".equations", shown(`${name}.${rule}`))})`;
    });
    return [`${name} units ${listed(words)}`];
  });
  const parts = [...ofSynapses, ...ofUnits];
  return `These learning rules, in this order, stood in place of the original ones: ${parts.join("; ")}.`;
}

// Implementation

/** Values below a rule as they are to be shown, by their key there. */
interface Shown {
  number(key: string, value: number): string;
  text(key: string, value: string): string;
}

const listed = (words: readonly string[]): string =>
  words.length === 0 ? "had none" : `had ${words.join(", ")}`;

function ruleWords(rule: RuleChoice, shown: Shown): string {
  const { name } = rule;
  if ("equations" in rule) return `${name} (${equationWords(rule, ".equations", shown)})`;
  const number = shown.number;
  if ("births" in rule) {
    const { births, weight } = rule;
    return `${name} (${number("births", births)} births per step at weight ${number("weight", weight)})`;
  }
  const { normalise, total, rate } = rule;
  const side = shown.text(".normalise", normalise === "both" ? "incoming and outgoing" : normalise);
  const pace = number("rate", rate);
  return `${name} (${side} weights scaled to a sum of ${number("total", total)}${pace === "1" ? "" : ` at rate ${pace}`})`;
}

function equationWords(
  { equations, parameters }: { equations: string; parameters: Readonly<Record<string, number>> },
  key: string,
  shown: Shown,
): string {
  const lines = equations.split("\n").flatMap((line) => (line.trim() === "" ? [] : [line.trim()]));
  const values = Object.entries(parameters).map(
    ([name, value]) => `${name} = ${shown.number(`parameters.${name}`, value)}`,
  );
  return [shown.text(key, lines.join("; ")), ...values].join(", ");
}
