/**
 * @file Units that an experiment trains by equations of its own: every mistake in them shown in the file, and options
 * that only such units have, or cannot have.
 */

import { compileNeuron, type PlannedModel, readsParameter } from "../../compiler/index.ts";
import { CajalError } from "../../core/index.ts";
import type { Neuron } from "../../model/index.ts";
import { ownNeuron } from "../jobs/training/own-units.ts";
import { type Path, valueAt } from "../spec/path.ts";
import { named, type Problem } from "../spec/problem.ts";
import type { TrainingExperiment } from "../spec/training-schema.ts";
import { checkTargets } from "./check-equations.ts";
import { equationProblem } from "./equation-problem.ts";

type Network = TrainingExperiment["network"];

const AT: Path = ["network", "equations"];

/** Problems of a network of equations that its text alone shows; none of another model. */
export function checkOwnUnits(network: Network): Problem[] {
  const { model, equations, neuron: library } = network;
  if (model !== "equations") return [];
  if (equations === undefined && library === undefined) {
    const what = "there are no equations";
    const hint =
      "Write them as network.equations, or name a neuron of the library, e.g. neuron: { activation: tanh }.";
    return [{ code: "missing-key", path: ["network", "model"], on: "value", what, hint }];
  }
  if (equations !== undefined && library !== undefined) {
    const what = "the unit is given twice, by equations and by neuron";
    return [
      { code: "exclusive-keys", path: ["network", "neuron"], on: "key", what, hint: "Keep one of them." },
    ];
  }
  return checkText(network);
}

/** A complaint about such a network, at the option that it names; undefined where it is about something else. */
export function ownUnitProblem(error: CajalError, experiment: TrainingExperiment): Problem | undefined {
  const { code, what, where = "", hint } = error;
  const [isOwn, key] = /^equationNetwork(?:\.(\w+))?$/.exec(where) ?? [];
  const names = [...what.matchAll(/"(.+?)"/g)].map(([, name]) => name);
  if (/^a population variable reads/.test(what)) {
    const mend = `Name it in network.shared as well: [${names[0]}].`;
    return { code, path: listed(experiment, "train", names), on: "value", what, hint: mend };
  }
  if (code === "no-leaky-rate" && experiment.network.model === "equations" && !experiment.network.leaky) {
    const term = experiment.regularisers.findIndex(({ kind }) => kind === "omega");
    const mend = "Say how, e.g. network.leaky: { state: x, tau: tau, activation: relu }, or leave omega out.";
    return { code, path: ["regularisers", term], on: "value", what, hint: mend };
  }
  if (isOwn === undefined) return undefined;
  // A script gives the surrogate to the network, a file to the gradient.
  const mend = hint?.replace(/e\.g\. \{ kind: "(.+?)" \}/, "gradient: { surrogate: { kind: $1 } }");
  const path = key ? listed(experiment, key, names) : ["network"];
  return { code, path, on: "value", what, ...(mend && { hint: mend }) };
}

// Implementation

/** The entry of an option that one of the names stands for, or the whole option. */
function listed({ network }: TrainingExperiment, key: string, names: readonly string[]): Path {
  const given = valueAt(network, [key]);
  for (const name of names) {
    if (Array.isArray(given) && given.includes(name)) return ["network", key, given.indexOf(name)];
    if (valueAt(given, [name]) !== undefined) return ["network", key, name];
  }
  return ["network", key];
}

function checkText(network: Network): Problem[] {
  const { equations = "", read = "r", send, neuron: library } = network;
  const own = ownNeuron(network);
  try {
    const model = compileNeuron(own);
    const variables = model.variables.filter((v) => v.locality === "unit").map((v) => v.name);
    const wanted = { read, ...(send !== undefined && { send }) };
    return [
      ...(library ? [] : checkTargets(model.targets, AT)),
      ...Object.entries(wanted).flatMap(([key, name]) => checkVariable(key, name, variables)),
      ...checkParameters(network, own, model),
    ];
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    return [equationProblem(error, { path: AT, text: equations })];
  }
}

function checkVariable(key: string, name: string, variables: readonly string[]): Problem[] {
  if (variables.includes(name)) return [];
  const what = `the equations define no "${name}" to ${key} for each unit`;
  const path = ["network", key];
  return [{ code: "unknown-variable", path, on: "value", what, ...named(name, variables, "Variables") }];
}

/** Parameters that a neuron of the library does not have, or that a text never reads. */
function checkParameters({ parameters = {} }: Network, own: Neuron, model: PlannedModel): Problem[] {
  const known = Object.keys(own.parameters);
  return Object.keys(parameters).flatMap((name): Problem[] => {
    const path = ["network", "parameters", name];
    if (!known.includes(name)) {
      const what = `the neuron has no parameter "${name}"`;
      return [{ code: "unknown-parameter", path, on: "key", what, ...named(name, known, "Parameters") }];
    }
    if (readsParameter(model, name)) return [];
    const what = `the equations never read the parameter "${name}"`;
    const hint = "Write it into the equations, or remove it.";
    return [{ code: "no-effect", path, on: "key", what, hint }];
  });
}
