/**
 * @file Gather what a report shows from a run directory, and from nothing else: a directory sent by mail is enough.
 */

import { NULL_MODELS } from "../connectome/index.ts";
import { leakyEchoState } from "../model/index.ts";
import { readPlannedRun, whole } from "./finished-run.ts";
import { chooseNodes } from "./jobs/choose-nodes.ts";
import { type ExperimentPlan, nullName, planExperiment } from "./plan/plan-experiment.ts";
import { seriesLengths } from "./plan/series-lengths.ts";
import type { ConnectomeFacts, MethodsFacts, ReportInput } from "./report/index.ts";
import { readNetworkFiles, type StoredNetwork } from "./results/network-files.ts";
import { reportRows } from "./results/report-rows.ts";
import { RUN_FILES } from "./results/run-directory.ts";
import type { ResolvedExperiment, Transform } from "./spec/experiment-schema.ts";
import { resolveExperiment } from "./spec/resolve-experiment.ts";

/**
 * Read a run directory for its report.
 *
 * @throws CajalError `no-run`, `unfinished-run`, `damaged-run`.
 */
export async function buildReportInput(folder: string): Promise<ReportInput> {
  const { manifest, facts, experimentYaml, resolved, plan, table } = await readPlannedRun(folder, {
    resolve: resolveExperiment,
    plan: planExperiment,
  });
  const network = await whole(folder, RUN_FILES.connectome, () => readNetworkFiles(folder));
  return {
    title: manifest.name,
    rows: reportRows(table, plan),
    metric: "memoryCapacity",
    otherFactors: plan.factors.map(({ name }) => name),
    experimentYaml,
    run: facts,
    connectome: connectomeFacts(network),
    methods: methodsFacts(resolved.experiment, plan, network),
    failures: manifest.failures.map(({ job, cell, message }) => ({
      job: cell === undefined ? job : `${job}, cell ${cell}`,
      message,
    })),
  };
}

// Implementation

function connectomeFacts({ connectome, summary, unit }: StoredNetwork): ConnectomeFacts {
  const { name, weights, labels, types, source } = connectome;
  const { nodes, edges, density, directed, reciprocity, selfLoops, strongComponents, negative } = summary;
  const facts: Record<string, number | string> = {
    Nodes: nodes,
    Edges: edges,
    Density: density,
    Directed: directed ? "yes" : "no",
    ...(directed && { Reciprocity: reciprocity }),
    "Self-loops": selfLoops,
    "Largest strong component": strongComponents.largest,
    "Negative weights": negative,
    "Spectral radius before scaling": summary.spectralRadius,
  };
  return {
    name,
    weights,
    labels,
    ...(types && { types }),
    ...(source?.citation && { citation: source.citation }),
    summary: facts,
    ...(unit && { weightLabel: `Weight (${unit}s)` }),
    nodeName: unit ? "neuron" : "node",
  };
}

function methodsFacts(
  experiment: ResolvedExperiment,
  plan: ExperimentPlan,
  { connectome }: StoredNetwork,
): MethodsFacts {
  const { network, task, readout, nullModels, transforms } = experiment;
  const { train, test } = seriesLengths(experiment);
  const swept = (path: string) => plan.factors.some(({ name }) => name === path);
  // A swept value belongs to the sweep's sentence, not to the network's.
  const unless = <T>(path: string, value: T) => (swept(path) ? undefined : value);
  const nodes = chooseNodes(connectome, experiment, 0);
  const { neuron } = network;
  return {
    task: {
      name: task.kind,
      steps: task.steps,
      washout: task.washout,
      trainSteps: train,
      testSteps: test,
      maxDelay: task.maxDelay,
      input: "uniform in −1 … 1",
    },
    network: {
      nodes: connectome.labels.length,
      neuron: neuronText(experiment, swept("network.noise")),
      ...(neuron.kind === "leaky-echo-state" && {
        activation: unless("network.neuron.activation", neuron.activation),
        leakRate: unless("network.neuron.leakRate", neuron.leakRate),
      }),
      inputNodes: unless("network.input.nodes", nodes.input.length),
      outputNodes: unless("network.output.nodes", nodes.output.length),
      inputGain: unless("network.input.gain", network.input.gain),
      inputWeights: unless("network.input.weights", INPUT_WEIGHTS[network.input.weights]),
      noise: unless("network.noise", network.noise),
      bias: unless("network.bias", network.bias),
    },
    readout: {
      kind: readout.kind,
      standardized: true,
      intercept: true,
      lambda: lambdaFacts(experiment, swept("readout.lambda")),
    },
    nulls: nullModels.map((model) => ({
      name: nullName(model),
      count: model.count,
      methods: NULL_MODELS[model.kind].methods,
      swapsPerEdge: model.swapsPerEdge,
    })),
    transforms: transforms.map(transformWords),
  };
}

const INPUT_WEIGHTS: Record<ResolvedExperiment["network"]["input"]["weights"], string> = {
  uniform: "uniform (−1 … 1)",
  ones: "equal",
  normal: "standard normal",
};

function neuronText({ network: { neuron, noise } }: ResolvedExperiment, noisy: boolean): string {
  if (neuron.kind === "equations") return neuron.equations;
  const { activation } = neuron;
  return leakyEchoState({ activation, noise: noisy ? 1 : noise }).equations;
}

function lambdaFacts(experiment: ResolvedExperiment, swept: boolean): MethodsFacts["readout"]["lambda"] {
  const { lambda } = experiment.readout;
  if (swept) return { policy: "swept" };
  if (lambda !== "gcv") return { policy: "fixed", value: lambda };
  // The default path of the readout: in thirds of a decade of the number of rows, see its `defaultPath`.
  const { train } = seriesLengths(experiment);
  return { policy: "gcv", from: train / 1e12, to: train * 100, count: 43 };
}

function transformWords(transform: Transform): string {
  switch (transform.kind) {
    case "largest-component":
      return `keeping the largest ${transform.connection === "strong" ? "strongly " : ""}connected component`;
    case "keep-nodes":
      return "keeping chosen nodes";
    case "remove-self-loops":
      return "removing self-loops";
    case "symmetrize":
      return "symmetrising";
    case "binarize":
      return "binarising";
    case "scale":
      return `scaling weights to ${transform.min} … ${transform.max}`;
    case "threshold-density":
      return `keeping the strongest edges up to a density of ${transform.density}`;
    case "assign-signs":
      return "making chosen nodes inhibitory";
  }
}
