/**
 * @file One job of examples/basics/worm-memory.yaml (one rewired worm, 20 spectral radii as instances, 4000 steps,
 * 40 delays) as a whole, and what it is made of: the same library calls one after the other.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ScoreAccumulator } from "../src/analysis/index.ts";
import { applyNullModel, type Connectome, normalizeSpectralRadius } from "../src/connectome/index.ts";
import { createRng } from "../src/core/index.ts";
import { BlockProduct, gatherBlock, MomentsAccumulator, simulate } from "../src/engine/index.ts";
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
import { fitRidge, type RidgeReadout, reservoirNetwork, splitSteps } from "../src/learning/index.ts";
import { leakyEchoState } from "../src/model/index.ts";
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

/** CPU seconds of each part of a job. */
function jobInPieces({ experiment }: ExperimentPlan, worm: Connectome): Record<string, number> {
  const { task: taskOptions, readout, network } = experiment;
  const seconds: Record<string, number> = {};
  const timed = <T>(part: string, work: () => T): T => {
    let result: T | undefined;
    seconds[part] =
      (seconds[part] ?? 0) +
      cpuSeconds(() => {
        result = work();
      });
    return result as T;
  };
  const nodes = chooseNodes(worm, experiment, 0);
  const rng = repeatRng(experiment.seed, 0);
  const task = memoryCapacityTask({ ...taskOptions, rng: rng.stream("task") });
  const rewired = timed("rewire", () =>
    applyNullModel(worm, experiment.nullModels[0], createRng(experiment.seed).stream("null")),
  );
  const wiring = timed("spectral radius", () => normalizeSpectralRadius(rewired));
  const radii = RADII;
  const run = timed("compile", () => {
    const net = reservoirNetwork(wiring.weights, {
      neuron: leakyEchoState(),
      inputNodes: nodes.input,
      inputWeights: network.input.weights,
      rng: rng.stream("input-weights"),
    });
    const gains = { "reservoir.rec": radii, "reservoir.in": radii.map(() => network.input.gain) };
    return simulate(net, { instances: radii.length, gains });
  });
  const { values, units, stride } = run.memoryOf("reservoir.r");
  const { train, test } = splitSteps(task.steps, {
    washout: taskOptions.washout,
    trainFraction: readout.trainFraction,
  });
  const record = new Float64Array(BLOCK * values.length);
  const size = nodes.output.length;
  const block = new Float64Array((size + task.outputs) * BLOCK);
  const advance = (from: number, count: number) =>
    timed("simulate", () => {
      const onStep = (k: number) => record.set(values, k * values.length);
      run.run(count, { inputs: { input: task.input.subarray(from, from + count) }, onStep });
    });
  const gather = (from: number, count: number, instance: number) =>
    timed("gather states", () => {
      const layout = { neurons: units, stride, instance, units: nodes.output, steps: count };
      gatherBlock(record, layout, block.subarray(0, size * BLOCK));
      for (let o = 0; o < task.outputs; o++) {
        for (let k = 0; k < count; k++) {
          block[(size + o) * BLOCK + k] = task.target[(from + k) * task.outputs + o];
        }
      }
    });
  const through = (
    range: { start: number; end: number },
    take: (count: number, instance: number) => void,
  ) => {
    for (let from = range.start; from < range.end; from += BLOCK) {
      const count = Math.min(BLOCK, range.end - from);
      advance(from, count);
      for (let b = 0; b < radii.length; b++) {
        gather(from, count, b);
        take(count, b);
      }
    }
  };
  timed("simulate", () => run.run(train.start, { inputs: { input: task.input.subarray(0, train.start) } }));
  const moments = radii.map(() => new MomentsAccumulator({ variables: size + task.outputs }));
  through(train, (count, b) => timed("moments", () => moments[b].add(block, count)));
  const readouts = timed("fit", () =>
    moments.map((m) => fitRidge(m.result(), { units: size, outputs: task.outputs, lambda: readout.lambda })),
  );
  const judges = timed("predict and score", () => readouts.map((r) => judge(r)));
  through(test, (count, b) => timed("predict and score", () => judges[b](block, count)));
  return seconds;
}

const RADII = Array.from({ length: 20 }, (_, k) => (k + 1) / 10);

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
