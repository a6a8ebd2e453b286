/**
 * @file Fresh trials for a trained network: some of them kept whole, and what is counted over all.
 */

import type { Rng } from "../../../core/index.ts";
import { type Simulation, type SimulationOptions, simulate } from "../../../engine/index.ts";
import type { TrialStates } from "../../../learning/index.ts";
import type { Network } from "../../../model/index.ts";
import { batchTrials, type Conditions, type Task, type TrialBatch } from "../../../tasks/index.ts";
import type { Cube, PsychometricArrays, TestArrays, TrainingFacts } from "../../results/training-record.ts";
import { type SeenBatch, TrialTally } from "./trial-tally.ts";

/** What is tested. */
export interface TestInput {
  /** With the parameters that are tested. */
  network: Network;
  task: Task;
  /** Name of the input, and the variables that are outputs and activity. */
  names: { input: string; output: string; activity: string };
  trials: number;
  /** Trials that are kept whole. */
  shown: number;
  conditions: Conditions | readonly Conditions[];
  rng: Rng;
  /** States to begin in, trial k in that of stream k, and round again; default the network's own start. */
  start?: TrialStates;
  run: Pick<SimulationOptions, "precision" | "backend">;
}

/** What was seen. */
export interface TestResult {
  arrays: TestArrays;
  facts: Pick<TrainingFacts, "conditions" | "periods">;
  psychometric?: PsychometricArrays;
  /** Of the trials with a right answer; NaN where there is none. */
  fractionCorrect: number;
  /** Mean squared error of the outputs, where the mask counts; NaN in tasks with classes. */
  error: number;
}

/** Trials that run side by side. Results depend on it: each batch has noise of its own. */
const BATCH = 50;

/** Run the trials. */
export function testTrials(input: TestInput): TestResult {
  const { task, trials, shown, conditions, rng } = input;
  const tally = new TrialTally(task);
  let first: SeenBatch | undefined;
  for (let from = 0; from < trials; from += BATCH) {
    const count = Math.min(BATCH, trials - from);
    const seen = runBatch(
      input,
      batchTrials(task, count, rng.stream("trials"), { conditions, first: from }),
      from,
    );
    tally.add(seen);
    first ??= seen;
  }
  const whole = shownTrials(first as SeenBatch, Math.min(shown, trials, BATCH), tally);
  const psychometric = tally.psychometric();
  return {
    arrays: { ...whole.arrays, ...tally.arrays() },
    facts: { conditions: tally.conditions, periods: whole.periods },
    ...(psychometric && { psychometric }),
    fractionCorrect: tally.fractionCorrect,
    error: task.loss === "squared-error" ? tally.error : Number.NaN,
  };
}

// Implementation

function runBatch(
  { network, names, task, rng, start, run: options }: TestInput,
  batch: TrialBatch,
  from: number,
): SeenBatch {
  const run = simulate(network, {
    ...options,
    dt: task.dt,
    instances: batch.count,
    seed: rng
      .stream("noise")
      .stream(from)
      .integer(2 ** 32),
  });
  if (start) beginIn(run, start, from);
  const outputs = run.monitor(names.output);
  const activity = run.monitor(names.activity);
  run.run(batch.steps * task.dt, { inputs: { [names.input]: batch.inputs } });
  return { batch, outputs: outputs.data().values, activity: activity.data().values };
}

/** @param from - Number of the first trial. */
function beginIn(run: Simulation, start: TrialStates, from: number): void {
  const { instances } = run;
  for (const [name, states] of Object.entries(start)) {
    const units = run.get(name).length / instances;
    const streams = states.length / units;
    run.set(
      name,
      Float64Array.from({ length: units * instances }, (_, k) => {
        const trial = from + (k % instances);
        return states[Math.floor(k / instances) * streams + (trial % streams)];
      }),
    );
  }
}

/** The first trials of a batch, trial by trial. */
function shownTrials({ batch, outputs, activity }: SeenBatch, count: number, tally: TrialTally) {
  const trials = batch.trials.slice(0, count);
  const steps = trials.reduce((most, trial) => Math.max(most, trial.steps), 0);
  const pick = (values: ArrayLike<number>): Cube => {
    const width = values.length / (batch.steps * batch.count);
    const out = new Float64Array(count * steps * width);
    for (let b = 0; b < count; b++)
      for (let k = 0; k < steps * width; k++) out[b * steps * width + k] = values[k * batch.count + b];
    return { shape: [count, steps, width], values: out };
  };
  const names = tally.periodNames;
  const bounds = trials.flatMap(({ periods }) =>
    names.flatMap((name) => {
      const { from, to } = periods.find((p) => p.name === name) ?? { from: Number.NaN, to: Number.NaN };
      return [from, to];
    }),
  );
  const longest = trials.reduce<(typeof trials)[number] | undefined>(
    (best, t) => (!t.catchTrial && t.steps > (best?.steps ?? 0) ? t : best),
    undefined,
  );
  return {
    periods: (longest ?? batch.trials[0]).periods.map(({ name, from, to }) => ({ name, from, to })),
    arrays: {
      inputs: pick(batch.inputs),
      targets: pick(batch.targets),
      mask: pick(batch.mask),
      outputs: pick(outputs),
      activity: pick(activity),
      condition: tally.conditionOfTrial.slice(0, count),
      steps: Float64Array.from(trials, (t) => t.steps),
      periods: {
        shape: [count, names.length, 2] as [number, number, number],
        values: Float64Array.from(bounds),
      },
    },
  };
}
