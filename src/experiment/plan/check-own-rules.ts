/**
 * @file Learning rules that an experiment brings along: every equation compiled and its names found, so that a slip is
 * shown in the file and not in the first job.
 */

import { compileNeuron, compileSynapse, synapseError } from "../../compiler/index.ts";
import { CajalError, suggest } from "../../core/index.ts";
import type { Network, Population } from "../../model/index.ts";
import type { Path } from "../spec/path.ts";
import type { Problem } from "../spec/problem.ts";
import {
  RULED_POPULATIONS,
  RULED_PROJECTIONS,
  type RuleChoice,
  type RulesChoice,
} from "../spec/rules-schema.ts";
import type { SelfOrganisationExperiment } from "../spec/self-organisation-schema.ts";
import { equationProblem } from "./equation-problem.ts";

/** Problems of `network.rules`. @param built - The network with these rules. */
export function checkOwnRules({ network }: SelfOrganisationExperiment, built: Network): Problem[] {
  const { rules, change } = network;
  if (rules === undefined) return [];
  return [
    ...changesWithoutEffect(change, rules),
    ...RULED_POPULATIONS.flatMap((name) => checkNeuronRules(name, rules[name], built)),
    ...RULED_PROJECTIONS.flatMap((name) => {
      const own = rules[name] ?? [];
      if (own.length > 0 && !built.projections.some((p) => p.name === name)) return [noProjection(name)];
      return [
        ...checkNames(name, own),
        ...own.flatMap((rule, k) => checkSynapticRule(rule, [name, k], built)),
      ];
    }),
  ];
}

// Implementation

/** Only the input may be missing. */
function noProjection(name: string): Problem {
  const what = `there are no synapses ${name}: the network has no input`;
  const hint = "Add an input, e.g. input: { source: counting, n: 8 }, or remove these rules.";
  return { code: "no-input", path: ["network", "rules", name], on: "key", what, hint };
}

type Changes = SelfOrganisationExperiment["network"]["change"];

/** What the rules of each projection or population would read of `network.change`, were they the preset's. */
const CHANGES: readonly { of: readonly (keyof RulesChoice)[]; keys: readonly (keyof Changes)[] }[] = [
  { of: ["E->E"], keys: ["prune", "births", "birthWeight"] },
  { of: ["I->E"], keys: ["inhibitorySynapses", "inhibitoryTarget"] },
  { of: ["E"], keys: ["thresholdBounds"] },
  { of: ["E->E", "I->E"], keys: ["normalisation"] },
  { of: ["E->E", "I->E", "E"], keys: ["rates"] },
];

function changesWithoutEffect(change: Changes, rules: RulesChoice): Problem[] {
  return CHANGES.filter(({ of }) => of.every((name) => rules[name] !== undefined)).flatMap(({ of, keys }) =>
    keys
      // Own rules of E may well read the rate of intrinsic plasticity, a parameter of the unit.
      .filter((key) => change[key] !== undefined && !(key === "rates" && reads(rules.E, "etaIp")))
      .map((key): Problem => {
        const what = `network.change.${key} has no effect: it belongs to rules that network.rules replaces`;
        const hint = `Write it into the rules of ${of.join(" and ")}, or remove it.`;
        return { code: "no-effect", path: ["network", "change", key], on: "key", what, hint };
      }),
  );
}

const reads = (rules: RulesChoice["E"], name: string): boolean =>
  Object.values(rules ?? {}).some((rule) => isUsed(name, typeof rule === "string" ? rule : rule.equations));

/** Whether a text of equations speaks of a parameter. */
const isUsed = (name: string, equations: string): boolean =>
  new RegExp(`(?<![\\w.])${name}(?!\\w)`).test(equations.replace(/#.*/g, ""));

function checkNames(projection: string, own: readonly RuleChoice[]): Problem[] {
  const names = own.map(({ name }) => name);
  return names.flatMap((name, k): Problem[] => {
    const at = { path: ["network", "rules", projection, k, "name"], on: "value" as const };
    if (name === "all" || name === "none") {
      const what = `a rule cannot be called "${name}", which has a meaning in freeze and ablations`;
      return [{ code: "bad-name", ...at, what, hint: "Choose another name." }];
    }
    if (names.indexOf(name) === k) return [];
    const what = `two rules of ${projection} are called "${name}"`;
    return [{ code: "repeated-name", ...at, what, hint: "Rename one of them." }];
  });
}

function checkSynapticRule(rule: RuleChoice, [name, k]: [string, number], built: Network): Problem[] {
  if (!("equations" in rule)) return [];
  const { equations, parameters } = rule;
  const path = ["network", "rules", name, k];
  const { from, to } = built.projections.find((p) => p.name === name)!;
  const wrong = compiled({ path: [...path, "equations"], text: equations }, () => {
    const synapse = compileSynapse({ name: rule.name, parameters, equations });
    for (const side of ["pre", "post"] as const) {
      const population = side === "pre" ? from : to;
      const units = built.populations.find((p) => p.name === population);
      // An input has its value alone.
      const known = units ? variablesOf(units) : ["r"];
      const unknown = known && synapse[side].find((variable) => !known.includes(variable));
      if (!known || unknown === undefined) continue;
      throw synapseError(synapse, side, unknown, {
        code: "unknown-variable",
        what: `units of ${population} have no variable "${unknown}"`,
        hint: suggest(unknown, known),
      });
    }
  });
  return wrong.length > 0 ? wrong : unused(parameters, equations, path);
}

/** What synapses can see of a population; undefined when its own equations are wrong, which is told elsewhere. */
function variablesOf({ neuron }: Population): string[] | undefined {
  try {
    const { variables } = compileNeuron(neuron);
    return variables.filter(({ locality }) => locality === "unit").map(({ name }) => name);
  } catch (error) {
    if (error instanceof CajalError) return undefined;
    throw error;
  }
}

/** The rules of a population one after the other, each with those before it; the first mistake ends it. */
function checkNeuronRules(name: string, rules: RulesChoice["E"], built: Network): Problem[] {
  const { neuron } = built.populations.find((p) => p.name === name)!;
  const plasticity: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const [ruleName, rule] of Object.entries(rules ?? {})) {
    const path = ["network", "rules", name, ruleName];
    const { equations, parameters } = typeof rule === "string" ? { equations: rule, parameters: {} } : rule;
    if (ruleName === "all" || ruleName === "none") {
      const what = `a rule cannot be called "${ruleName}", which has a meaning in freeze and ablations`;
      problems.push({ code: "bad-name", path, on: "key", what, hint: "Choose another name." });
    }
    plasticity[ruleName] = equations;
    const at = { path: typeof rule === "string" ? path : [...path, "equations"], text: equations };
    const wrong = compiled(at, () => compileNeuron({ ...neuron, plasticity: { ...plasticity } }));
    problems.push(...(wrong.length > 0 ? wrong : unused(parameters, equations, path)));
    if (wrong.length > 0) break;
  }
  return problems;
}

function compiled(at: { path: Path; text: string }, compile: () => unknown): Problem[] {
  try {
    compile();
    return [];
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return [equationProblem(error, at)];
  }
}

/** Silently without effect, a misspelt parameter of a sweep would be believed to have one. */
function unused(parameters: Readonly<Record<string, number>>, equations: string, path: Path): Problem[] {
  return Object.keys(parameters)
    .filter((name) => !isUsed(name, equations))
    .map((name) => {
      const what = `the equations never read the parameter "${name}"`;
      const hint = "Write it into the equations, or remove it.";
      return { code: "no-effect", path: [...path, "parameters", name], on: "key", what, hint };
    });
}
