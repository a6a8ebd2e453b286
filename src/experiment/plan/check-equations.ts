/**
 * @file Compile a neuron's equations before anything runs, so that a slip in them is found with the file's others.
 */

import { compileNeuron } from "../../compiler/index.ts";
import { CajalError } from "../../core/index.ts";
import type { NeuronChoice, ResolvedExperiment } from "../spec/experiment-schema.ts";
import type { Path } from "../spec/path.ts";
import { named, type Problem } from "../spec/problem.ts";
import { equationProblem } from "./equation-problem.ts";

/** What arrives at a unit: the task's input and the other units' output. */
const TARGETS = ["in", "rec"];

/** Problems of a neuron written as equations; none of a neuron by kind. */
export function checkEquations(network: ResolvedExperiment["network"]): Problem[] {
  const { neuron } = network;
  if (neuron.kind !== "equations") return [];
  // Silently without effect, they would be believed to have one.
  const idle = (["bias", "noise"] as const).filter((key) => network[key] !== 0);
  const ignored = idle.map((key): Problem => {
    const what = `network.${key} has no effect on a neuron that is written as equations`;
    return { code: "no-effect", path: ["network", key], on: "value", what, hint: HOW[key] };
  });
  return [...ignored, ...checkText(neuron)];
}

/** Sums that the equations of a unit do not read, and those that nothing arrives under. @param path - Of the text. */
export function checkTargets(targets: readonly string[], path: Path): Problem[] {
  // The empty name is `sum()` without one: everything that arrives.
  const all = targets.includes("");
  const missing = all ? [] : TARGETS.filter((target) => !targets.includes(target));
  const meaning: Record<string, string> = { in: "the task's input", rec: "what the other units send" };
  const problems = missing.map((target): Problem => {
    const what = `the equations never read sum(${target}), ${meaning[target]}`;
    return { code: "unread-target", path, on: "key", what, hint: `Add sum(${target}) where it belongs.` };
  });
  const unknown = targets.filter((target) => target !== "" && !TARGETS.includes(target));
  return problems.concat(
    unknown.map((target): Problem => {
      const what = `nothing arrives under sum(${target})`;
      return { code: "unknown-target", path, on: "key", what, ...named(target, TARGETS, "Targets") };
    }),
  );
}

// Implementation

const HOW = {
  bias: "Add a term to the equations instead, with its value in network.neuron.parameters.",
  noise: "Add a term such as 0.1 * Uniform(-1, 1) to the equations instead.",
};

function checkText(neuron: Extract<NeuronChoice, { kind: "equations" }>): Problem[] {
  const { equations, parameters, record } = neuron;
  const path = ["network", "neuron", "equations"];
  try {
    const model = compileNeuron({ name: "network.neuron", parameters, equations });
    const variables = model.variables.map(({ name }) => name);
    return [...checkTargets(model.targets, path), ...checkRecord(record, variables)];
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return [equationProblem(error, { path, text: equations })];
  }
}

function checkRecord(record: string, variables: readonly string[]): Problem[] {
  if (variables.includes(record)) return [];
  const what = `the equations define no "${record}" to record`;
  const path = ["network", "neuron", "record"];
  return [{ code: "unknown-variable", path, on: "value", what, ...named(record, variables, "Variables") }];
}
