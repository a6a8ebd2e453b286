/**
 * @file A network with learning rules from an experiment file in place of some of its own.
 */

import {
  type Network,
  normalisation,
  type PlasticityRule,
  type Population,
  structuralPlasticity,
  synapse,
  synapticRule,
} from "../../../model/index.ts";
import type { RuleChoice, RulesChoice } from "../../spec/rules-schema.ts";

/** Replace the rules of the projections and populations that `rules` names; the others stay as they are. */
export function withRules(network: Network, rules: RulesChoice): Network {
  const ofProjection = new Map(Object.entries(rules).filter(([name]) => name.includes("->")));
  return {
    ...network,
    projections: network.projections.map((p) => {
      const own = ofProjection.get(p.name) as readonly RuleChoice[] | undefined;
      return own ? { ...p, plasticity: own.map(ruleOf) } : p;
    }),
    populations: network.populations.map((p) => withNeuronRules(p, rules[p.name as "E" | "I"])),
  };
}

// Implementation

function ruleOf(rule: RuleChoice): PlasticityRule {
  const { name } = rule;
  if ("equations" in rule) {
    const { equations, parameters } = rule;
    return synapticRule(name, synapse({ name, parameters, equations }));
  }
  if ("normalise" in rule) {
    const { normalise: over, total, rate } = rule;
    return normalisation(name, { over, total, rate });
  }
  return structuralPlasticity(name, { births: rule.births, weight: rule.weight });
}

/** Parameters of the rules join those of the neuron; of two values of one name, that of the rule holds. */
function withNeuronRules(population: Population, rules: RulesChoice["E"]): Population {
  if (rules === undefined) return population;
  const { neuron } = population;
  const spelt = Object.entries(rules).map(
    ([name, rule]) => [name, typeof rule === "string" ? { equations: rule, parameters: {} } : rule] as const,
  );
  const parameters = Object.assign({}, ...spelt.map(([, rule]) => rule.parameters));
  return {
    ...population,
    parameters: { ...population.parameters, ...parameters },
    neuron: {
      ...neuron,
      parameters: { ...neuron.parameters, ...parameters },
      plasticity: Object.fromEntries(spelt.map(([name, { equations }]) => [name, equations])),
    },
  };
}
