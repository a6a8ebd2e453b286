/**
 * @file What the schema cannot see: that the series is long enough, that the connectome opens, that the nodes exist,
 * that the spectral radius can be set. Every cell of the sweep is checked before the first job runs.
 */

import type { Connectome } from "../../connectome/index.ts";
import { CajalError, plural, spectralRadius } from "../../core/index.ts";
import type { ConnectomeStore } from "../connectome-source.ts";
import { chooseNodes } from "../jobs/choose-nodes.ts";
import type { ResolvedExperiment } from "../spec/experiment-schema.ts";
import type { Problem } from "../spec/problem.ts";
import type { Resolved } from "../spec/resolve-experiment.ts";
import { checkCells } from "./check-cells.ts";
import { checkEquations } from "./check-equations.ts";
import { checkNodes } from "./check-nodes.ts";
import { nullName } from "./plan-experiment.ts";
import { tryReading } from "./reader-problem.ts";
import { seriesLengths } from "./series-lengths.ts";

/**
 * Check every cell of an experiment against its connectome.
 *
 * @throws CajalError with every problem found, each with its place.
 */
export async function checkExperiment(resolved: Resolved, store: ConnectomeStore): Promise<void> {
  const seen = new Set<string>();
  const once = (key: unknown) => {
    const text = JSON.stringify(key);
    return seen.has(text) ? false : seen.add(text);
  };
  const check = async (experiment: ResolvedExperiment) => {
    const problems: Problem[] = [];
    const { connectome: source, transforms, network, task, readout } = experiment;
    if (once([task, readout])) problems.push(...checkLengths(experiment));
    if (once([network.neuron, network.bias, network.noise])) problems.push(...checkEquations(network));
    const wiring = [
      source,
      transforms,
      network.input.nodes,
      network.output.nodes,
      network.spectralRadius === undefined,
    ];
    if (once(wiring)) problems.push(...(await checkWiring(experiment, store)));
    return problems;
  };
  await checkCells(resolved, check, checkNullNames(resolved.experiment));
}

// Implementation

function checkNullNames({ nullModels }: ResolvedExperiment): Problem[] {
  const names = nullModels.map(nullName);
  return names.flatMap((name, i): Problem[] => {
    const path = ["nullModels", i];
    if (name === "empirical")
      return [
        {
          code: "reserved-name",
          path: [...path, "name"],
          on: "value",
          what: '"empirical" is the network itself',
          hint: "Choose another name.",
        },
      ];
    if (names.indexOf(name) === i) return [];
    const what = `two null models are called "${name}"`;
    return [
      { code: "repeated-name", path, on: "value", what, hint: "Give one of them a `name` of its own." },
    ];
  });
}

function checkLengths(experiment: ResolvedExperiment): Problem[] {
  const { steps, washout, maxDelay } = experiment.task;
  const { train, test } = seriesLengths(experiment);
  const on = "value" as const;
  if (washout >= steps) {
    const what = `the washout of ${plural(washout, "step")} is as long as the whole series of ${steps}`;
    return [
      {
        code: "washout-too-long",
        path: ["task", "washout"],
        on,
        what,
        hint: "Lower task.washout or raise task.steps.",
      },
    ];
  }
  const parts = `${plural(steps, "step is", "steps are")} ${washout} washout, ${train} training, ${test} test`;
  if (test <= maxDelay) {
    const what = `maxDelay of ${maxDelay} does not fit into ${plural(test, "test step")}`;
    const hint = `${parts}. The test part must be longer than maxDelay: raise task.steps, or lower task.maxDelay or readout.trainFraction.`;
    return [{ code: "delay-too-long", path: ["task", "maxDelay"], on, what, hint }];
  }
  if (train <= maxDelay) {
    const what = `only ${plural(train, "step is", "steps are")} left to train a readout of ${plural(maxDelay, "delay")}`;
    const hint = `${parts}. Raise task.steps or readout.trainFraction, or lower task.washout.`;
    return [{ code: "training-too-short", path: ["task", "steps"], on, what, hint }];
  }
  return [];
}

async function checkWiring(experiment: ResolvedExperiment, store: ConnectomeStore): Promise<Problem[]> {
  const opened = await tryReading(() => store.open(experiment.connectome), experiment.connectome);
  if ("problem" in opened) return [opened.problem];
  const steps = experiment.transforms.flatMap((t, i) => {
    if (t.kind === "keep-nodes")
      return checkNodes(t.nodes, ["transforms", i, "nodes"], opened.value, { inputAllowed: false });
    return [];
  });
  if (steps.length > 0) return steps;
  const prepared = await tryReading(() => store.prepare(experiment), experiment.connectome);
  if ("problem" in prepared) return [prepared.problem];
  return checkNetwork(experiment, prepared.value);
}

function checkNetwork(experiment: ResolvedExperiment, connectome: Connectome): Problem[] {
  const { input, output, spectralRadius: wanted } = experiment.network;
  const problems = [
    ...checkNodes(input.nodes, ["network", "input", "nodes"], connectome, { inputAllowed: false }),
    ...checkNodes(output.nodes, ["network", "output", "nodes"], connectome, { inputAllowed: true }),
  ];
  if (problems.length === 0) problems.push(...emptyChoice(experiment, connectome));
  if (wanted !== undefined && !(spectralRadius(connectome.weights) > 0)) {
    const none = connectome.weights.values.length === 0;
    const what = `the spectral radius of ${connectome.name} is 0 (${none ? "it has no edges" : "it has no cycles"}) and cannot be set to ${wanted}`;
    const hint =
      "Remove network.spectralRadius and scale the weights by a transform, or check that edges were read at all.";
    problems.push({
      code: "zero-spectral-radius",
      path: ["network", "spectralRadius"],
      on: "value",
      what,
      hint,
    });
  }
  return problems;
}

function emptyChoice(experiment: ResolvedExperiment, connectome: Connectome): Problem[] {
  try {
    chooseNodes(connectome, experiment, 0);
    return [];
  } catch (error) {
    if (!(error instanceof CajalError)) throw error;
    const which = error.where?.startsWith("network.input") ? "input" : "output";
    return [
      {
        code: error.code,
        path: ["network", which, "nodes"],
        on: "value",
        what: error.what,
        ...(error.hint && { hint: error.hint }),
      },
    ];
  }
}
