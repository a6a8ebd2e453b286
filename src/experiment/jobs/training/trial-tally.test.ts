import { expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { batchTrials, delayComparison, perceptualDecision } from "../../../tasks/index.ts";
import { TrialTally } from "./trial-tally.ts";

it("averages activity over each period, and has none for a period without steps", () => {
  const task = perceptualDecision();
  const drawn = batchTrials(task, 2, createRng(3));
  const period = (name: string, from: number, to: number) => ({
    ...{ name, from, to },
    start: from * task.dt,
    end: to * task.dt,
  });
  const periods = [period("fixation", 0, 4), period("delay", 4, 4), period("decision", 4, 6)];
  const batch = { ...drawn, trials: drawn.trials.map((trial) => ({ ...trial, periods })) };
  const units = 2;
  // Unit u of trial b has t + 10 u + 100 b in step t.
  const activity = new Float64Array(batch.steps * units * batch.count);
  for (let t = 0; t < batch.steps; t++)
    for (let u = 0; u < units; u++)
      for (let b = 0; b < batch.count; b++)
        activity[(t * units + u) * batch.count + b] = t + 10 * u + 100 * b;
  const tally = new TrialTally(task);
  tally.add({ batch, outputs: new Float64Array(batch.targets.length), activity });
  const { shape, values } = tally.arrays().trialActivity;
  expect(shape).toEqual([2, 3, 2]);
  expect([...values]).toEqual([
    ...[1.5, 11.5, Number.NaN, Number.NaN, 4.5, 14.5],
    ...[101.5, 111.5, Number.NaN, Number.NaN, 104.5, 114.5],
  ]);
});

it("counts fixation as no choice where it is an output of its own", () => {
  const task = delayComparison();
  const batch = batchTrials(task, 9, createRng(3));
  const width = task.outputs.length;
  const outputs = new Float64Array(batch.targets.length);
  // Fixate, first, second, fixate, … in every step.
  for (let t = 0; t < batch.steps; t++)
    for (let b = 0; b < batch.count; b++) outputs[(t * width + (b % 3)) * batch.count + b] = 1;
  const tally = new TrialTally(task);
  tally.add({ batch, outputs, activity: new Float64Array(batch.steps * batch.count) });
  const { count, fraction } = tally.psychometric()!;
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  expect(sum(count)).toBe(6);
  expect(sum(count.map((n, k) => n * fraction[k]))).toBe(3);
});
