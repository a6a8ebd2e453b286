/**
 * @file One job of examples/basics/worm-memory.yaml (one rewired worm, 20 spectral radii as instances, 4000 steps,
 * 40 delays) as a whole, and what it is made of: the same library calls one after the other.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ScoreAccumulator } from "../src/analysis/index.ts";
import { applyNullModel, type Connectome, normalizeSpectralRadius } from "../src/connectome/index.ts";
import { createRng } from "../src/core/index.ts";
import {
  BlockProduct,
  gatherBlock,
  MomentsAccumulator,
  type Simulation,
  simulate,
} from "../src/engine/index.ts";
import {
  ConnectomeStore,
  chooseNodes,
  type ExperimentPlan,
  parseExperiment,
  planExperiment,
  repeatRng,
  resolveExperiment,
} from "../src/experiment/index.ts";
import { runMemoryJob } from "../src/experiment/jobs/memory-job.ts";
import {
  fitRidge,
  type RidgeReadout,
  reservoirNetwork,
  type SeriesData,
  splitSteps,
} from "../src/learning/index.ts";
import { memoryCapacityTask } from "../src/tasks/index.ts";
import { packageRoot } from "./machine.ts";
import { consume, cpuSeconds, summarize } from "./measure.ts";
import type { BenchOptions, Report } from "./report.ts";

const SUBJECT = "memory-worm";
const BLOCK = 256;

/** The whole job, then its parts. */
export async function run(report: Report, { quick }: BenchOptions): Promise<void> {
  const repeats = quick ? 3 : 10;
  const file = join(packageRoot(), "examples", "basics", "worm-memory.yaml");
  const source = parseExperiment(readFileSync(file, "utf8"), { file });
  const plan = planExperiment(resolveExperiment(source, { folder: join(file, "..") }));
  const job = plan.jobs[1];
  const store = new ConnectomeStore();
  const context = { connectome: () => store.prepare(plan.experiment) };
  const worm = await context.connectome();

  const whole: number[] = [];
  const parts: Record<string, number>[] = [];
  // Two rounds of warm-up: V8 compiles each run's kernels anew, but its own library code only once.
  for (let k = -2; k < repeats; k++) {
    const before = process.cpuUsage();
    const record = await runMemoryJob(job, context);
    const { user, system } = process.cpuUsage(before);
    consume(record.rows[0].value);
    const pieces = jobInPieces(plan, worm);
    if (k < 0) continue;
    whole.push((user + system) / 1e6);
    parts.push(pieces);
  }
  const title = `${worm.labels.length} neurons, ${job.cells.length} radii, ${plan.experiment.task.steps} steps`;
  const line = (name: string, seconds: number[]) => {
    const { min, median } = summarize(seconds);
    report.row({ subject: SUBJECT, case: `${title}: ${name}`, value: min, median, unit: "s", runs: repeats });
  };
  line("one job", whole);
  for (const part of Object.keys(parts[0]))
    line(
      `  ${part}`,
      parts.map((p) => p[part]),
    );
  report.note(`The example has ${plan.jobs.length} such jobs.`);
}

// Implementation

const RADII = Array.from({ length: 20 }, (_, k) => (k + 1) / 10);

/** Adds up CPU seconds by the name of the part. */
class Stopwatch {
  readonly seconds: Record<string, number> = {};

  time<T>(part: string, work: () => T): T {
    let result: T | undefined;
    const taken = cpuSeconds(() => {
      result = work();
    });
    this.seconds[part] = (this.seconds[part] ?? 0) + taken;
    return result as T;
  }
}

/** CPU seconds of each part of a job. */
function jobInPieces({ experiment }: ExperimentPlan, worm: Connectome): Record<string, number> {
  const watch = new Stopwatch();
  const { washout } = experiment.task;
  const { trainFraction, lambda } = experiment.readout;
  const nodes = chooseNodes(worm, experiment, 0);
  const task = memoryCapacityTask({ ...experiment.task, rng: repeatRng(experiment.seed, 0).stream("task") });
  const simulation = prepare(watch, { experiment, worm, inputNodes: nodes.input });
  const { train, test } = splitSteps(task.steps, { washout, trainFraction });
  const units = nodes.output.length;
  const { outputs } = task;
  const through = blocksOf(watch, { simulation, task, nodes: nodes.output });

  const skipped = task.input.subarray(0, train.start);
  watch.time("simulate", () => simulation.run(train.start, { inputs: { input: skipped } }));
  const moments = RADII.map(() => new MomentsAccumulator({ variables: units + outputs }));
  through(train, (block, count, b) => watch.time("moments", () => moments[b].add(block, count)));
  const readouts = watch.time("fit", () =>
    moments.map((m) => fitRidge(m.result(), { units, outputs, lambda })),
  );
  const judges = watch.time("predict and score", () => readouts.map(judge));
  through(test, (block, count, b) => watch.time("predict and score", () => judges[b](block, count)));
  return watch.seconds;
}

/** A rewired worm, ready to run. */
function prepare(
  watch: Stopwatch,
  {
    experiment,
    worm,
    inputNodes,
  }: { experiment: ExperimentPlan["experiment"]; worm: Connectome; inputNodes: Int32Array },
): Simulation {
  const { seed, nullModels, network } = experiment;
  const rng = createRng(seed).stream("bench");
  const rewired = watch.time("rewire", () => applyNullModel(worm, nullModels[0], rng.stream("null")));
  const wiring = watch.time("spectral radius", () => normalizeSpectralRadius(rewired));
  return watch.time("compile", () => {
    const inputWeights = network.input.weights;
    const net = reservoirNetwork(wiring.weights, { inputNodes, inputWeights, rng: rng.stream("weights") });
    const gains = { "reservoir.rec": RADII, "reservoir.in": RADII.map(() => network.input.gain) };
    return simulate(net, { instances: RADII.length, gains });
  });
}

/** A function that runs through a range of steps and hands out blocks, as `evaluateReservoir` does. */
function blocksOf(
  watch: Stopwatch,
  { simulation, task, nodes }: { simulation: Simulation; task: SeriesData; nodes: Int32Array },
) {
  const { values, units: neurons, stride } = simulation.memoryOf("reservoir.r");
  const { target, outputs } = task;
  const record = new Float64Array(BLOCK * values.length);
  const states = nodes.length * BLOCK;
  const block = new Float64Array(states + outputs * BLOCK);
  const onStep = (k: number) => record.set(values, k * values.length);
  const placeTargets = (from: number, count: number) => {
    for (let o = 0; o < outputs; o++) {
      for (let k = 0; k < count; k++) block[states + o * BLOCK + k] = target[(from + k) * outputs + o];
    }
  };
  return (
    range: { start: number; end: number },
    take: (block: Float64Array, count: number, instance: number) => void,
  ) => {
    for (let from = range.start; from < range.end; from += BLOCK) {
      const steps = Math.min(BLOCK, range.end - from);
      const input = task.input.subarray(from, from + steps);
      watch.time("simulate", () => simulation.run(steps, { inputs: { input }, onStep }));
      watch.time("gather states", () => placeTargets(from, steps));
      for (let instance = 0; instance < RADII.length; instance++) {
        const layout = { neurons, stride, instance, units: nodes, steps };
        watch.time("gather states", () => gatherBlock(record, layout, block.subarray(0, states)));
        take(block, steps, instance);
      }
    }
  };
}

/** Predicts blocks and scores them, as `evaluateReservoir` does. */
function judge({
  weights,
  intercept,
  outputs,
  units,
}: RidgeReadout): (block: Float64Array, count: number) => void {
  const product = new BlockProduct(weights, { outputs, units, block: BLOCK });
  const scores = new ScoreAccumulator(outputs);
  return (block, count) => {
    const predicted = product.multiply(block.subarray(0, units * BLOCK));
    const target = new Float64Array(count * outputs);
    const prediction = new Float64Array(count * outputs);
    for (let o = 0; o < outputs; o++) {
      for (let k = 0; k < count; k++) {
        target[k * outputs + o] = block[(units + o) * BLOCK + k];
        prediction[k * outputs + o] = predicted[o * BLOCK + k] + intercept[o];
      }
    }
    scores.add(target, prediction);
    consume(scores.scores().r);
  };
}
