/**
 * @file One job of a memory experiment: a connectome or one of its nulls becomes a reservoir, the cells of the sweep
 * run as its instances, each gets a readout and a memory capacity.
 */

import { memoryCapacity } from "../../analysis/index.ts";
import { applyNullModel, type Connectome, normalizeSpectralRadius } from "../../connectome/index.ts";
import { createRng } from "../../core/index.ts";
import type { Divergence } from "../../engine/index.ts";
import { evaluateReservoir, type ReservoirResult, reservoirNetwork } from "../../learning/index.ts";
import { type ActivationName, leakyEchoState, type Neuron, neuron } from "../../model/index.ts";
import { memoryCapacityTask } from "../../tasks/index.ts";
import { jobBackend } from "../native/job-backend.ts";
import type { ResolvedExperiment } from "../spec/experiment-schema.ts";
import { chooseNodes, repeatRng } from "./choose-nodes.ts";
import type { CellFailure, JobContext, JobRecord, JobSpec, MetricRow } from "./job.ts";

/** Metrics of a memory experiment; those of one delay have the delay in its column. */
export const MEMORY_METRICS = ["memoryCapacity", "memoryCapacityAbs", "r2", "nrmse", "lambda"] as const;

/** A job of a memory experiment. */
export type MemoryJob = JobSpec<ResolvedExperiment>;

/** Run one job. @throws CajalError when the job cannot run at all, e.g. weights whose spectral radius is 0. */
export async function runMemoryJob(
  job: MemoryJob,
  context: Pick<JobContext, "connectome">,
): Promise<JobRecord> {
  const { experiment, repeat } = job;
  const empirical = await context.connectome(experiment);
  const nodes = chooseNodes(empirical, experiment, repeat);
  const wiring = wiringOf(job, empirical);
  const rng = repeatRng(experiment.seed, repeat);
  const { steps, maxDelay, washout } = experiment.task;
  const task = memoryCapacityTask({ steps, maxDelay, rng: rng.stream("task") });
  const cells = job.cells.map((cell) => settingsOf(experiment, cell.factors));
  const net = reservoirNetwork(wiring.weights, {
    neuron: neuronOf(
      experiment,
      cells.some((c) => c.noise > 0),
    ),
    variable: recordOf(experiment),
    inputNodes: nodes.input,
    inputWeights: experiment.network.input.weights,
    rng: rng.stream("input-weights"),
  });
  const results = evaluateReservoir(net, task, {
    record: `reservoir.${recordOf(experiment)}`,
    units: nodes.output,
    washout,
    trainFraction: experiment.readout.trainFraction,
    readout: { lambda: experiment.readout.lambda },
    simulation: {
      backend: jobBackend(),
      instances: cells.length,
      // Equal seeds: cells of a sweep differ in what is swept, not in their noise.
      seed: cells.map(() => rng.stream("noise").integer(2 ** 32)),
      gains: { "reservoir.rec": cells.map((c) => c.gain), "reservoir.in": cells.map((c) => c.inputGain) },
      parameters: neuronParameters(experiment, cells),
    },
  });
  const rows: MetricRow[] = [];
  const failures: CellFailure[] = [];
  results.forEach((result, k) => {
    const cell = job.cells[k];
    if (result.status === "diverged") failures.push(divergedCell(cell, result.divergence, empirical));
    else rows.push(...metricsOf(result, { job: job.group, factors: cell.factors }));
  });
  return { id: job.id, status: "done", rows, failures, seconds: 0 };
}

// Implementation

/** Says it in the words of the experiment: the number of the instance depends on how cells were shared out to jobs. */
function divergedCell(
  { index, factors }: JobSpec["cells"][number],
  { variable, unit, t }: Divergence,
  { labels }: Connectome,
): CellFailure {
  const at = Object.entries(factors).map(([path, value]) => `${path} = ${value}`);
  const name = variable.replace(/^reservoir\./, "");
  const what = `${name} of unit ${labels[unit]} was no longer finite in step ${t}`;
  const message = `${at.length > 0 ? `at ${at.join(", ")}: ` : ""}${what}; lower the spectral radius or the gain.`;
  return { cell: index, message };
}

/** What varies between the cells of a job. */
interface CellSettings {
  /** Factor on the recurrent sum: the spectral radius, when weights are scaled to 1. */
  gain: number;
  inputGain: number;
  leakRate: number;
  noise: number;
}

function settingsOf(
  { network: net }: ResolvedExperiment,
  factors: JobSpec["cells"][number]["factors"],
): CellSettings {
  const value = (path: string, otherwise: number) =>
    factors[path] === undefined ? otherwise : Number(factors[path]);
  const leakRate = "leakRate" in net.neuron ? net.neuron.leakRate : 1;
  return {
    gain: value("network.spectralRadius", net.spectralRadius ?? 1),
    inputGain: value("network.input.gain", net.input.gain),
    leakRate: value("network.neuron.leakRate", leakRate),
    noise: value("network.noise", net.noise),
  };
}

/** The network's weights: empirical or a null, of spectral radius 1 when the experiment sets the radius. */
function wiringOf(job: MemoryJob, empirical: Connectome): Connectome {
  const { experiment, nullModel } = job;
  const own = nullModel ? copyOf(empirical, nullModel, job) : empirical;
  const setsRadius =
    experiment.network.spectralRadius !== undefined ||
    job.cells.some((c) => c.factors["network.spectralRadius"] !== undefined);
  return setsRadius ? normalizeSpectralRadius(own) : own;
}

/** A null of its own name: what goes wrong with it must not be put down to the network it is made from. */
function copyOf(
  empirical: Connectome,
  nullModel: NonNullable<JobSpec["nullModel"]>,
  { experiment, network, nullIndex }: MemoryJob,
): Connectome {
  const rng = createRng(experiment.seed).stream("null-models").stream(network).stream(nullIndex!);
  return { ...applyNullModel(empirical, nullModel, rng), name: `${empirical.name} (${network})` };
}

function neuronOf({ network: { neuron: choice, bias, noise } }: ResolvedExperiment, noisy: boolean): Neuron {
  if ("equations" in choice) {
    return neuron({ name: "network.neuron", equations: choice.equations, parameters: choice.parameters });
  }
  // Noise of width 0 still needs its term when another cell of the job has noise.
  const width = noisy && noise === 0 ? 1 : noise;
  return leakyEchoState({
    activation: choice.activation as ActivationName,
    leakRate: choice.leakRate,
    bias,
    noise: width,
  });
}

function neuronParameters(
  { network: { neuron: choice } }: ResolvedExperiment,
  cells: CellSettings[],
): Record<string, number[]> {
  if ("equations" in choice) return {};
  const noisy = cells.some((c) => c.noise > 0);
  return {
    "reservoir.leakRate": cells.map((c) => c.leakRate),
    ...(noisy ? { "reservoir.noise": cells.map((c) => c.noise) } : {}),
  };
}

function recordOf({ network: { neuron: choice } }: ResolvedExperiment): string {
  return "equations" in choice ? choice.record : "r";
}

function metricsOf(
  { scores, readout, steps }: Extract<ReservoirResult, { status: "done" }>,
  row: Pick<MetricRow, "job" | "factors">,
): MetricRow[] {
  const capacity = memoryCapacity(scores.r, { testSteps: steps.test });
  const whole = (metric: string, value: number): MetricRow => ({ ...row, metric, delay: null, value });
  const curve = (metric: string, values: Float64Array): MetricRow[] =>
    Array.from(values, (value, k) => ({ ...row, metric, delay: k + 1, value }));
  return [
    whole("memoryCapacity", capacity.jaeger),
    whole("memoryCapacityAbs", capacity.absolute),
    ...curve("r2", capacity.forgettingCurve),
    ...curve("nrmse", scores.nrmse),
    ...curve("lambda", readout.lambda),
  ];
}
