import { describe, expect, it } from "vitest";
import { principalComponents } from "../../../analysis/index.ts";
import { createRng, dense } from "../../../core/index.ts";
import { simulate } from "../../../engine/index.ts";
import { input, network, neuron, population, projection } from "../../../model/index.ts";
import {
  batchTrials,
  choiceAccuracy,
  perceptualDecision,
  readChoices,
  type TrialBatch,
} from "../../../tasks/index.ts";
import { rateNetwork } from "../train/rate-network.ts";
import { conditionMeans, periodMeans } from "./group-activity.ts";
import { type Lesion, lesionNetwork, singleUnitLesions } from "./lesion.ts";
import { lesionSweep } from "./lesion-sweep.ts";
import { runTrials } from "./run-trials.ts";
import { sampleStates } from "./sample-states.ts";
import { networkState } from "./state-variables.ts";

const N = 6;
const DT = 50;
const TAU = 100;
const task = perceptualDecision({ dt: DT, catchFraction: 0.3 });
const batch = batchTrials(task, 9, createRng(2));
const rate = rateNetwork({
  inputs: 2,
  units: N,
  outputs: 2,
  activation: "tanh",
  noise: 0.2,
  rng: createRng(1).stream("network"),
});

/** The same network, trial by trial, with plain loops; what is sent can be changed on the way. */
function slowRun(
  { inputs, steps, count }: TrialBatch,
  send: (r: number, unit: number, step: number, trial: number) => number = (r) => r,
) {
  const weights = Object.fromEntries(rate.network.projections.map((p) => [p.name, p.weights.values]));
  const activity = new Float64Array(count * steps * N);
  const outputs = new Float64Array(steps * 2 * count);
  for (let b = 0; b < count; b++) {
    let x = new Float64Array(N).fill(0.1);
    let sent = x.map((v, j) => send(Math.tanh(v), j, -1, b));
    for (let t = 0; t < steps; t++) {
      x = x.map((old, i) => {
        let drive = 0;
        for (let j = 0; j < N; j++) drive += weights.rec[i * N + j] * sent[j];
        for (let c = 0; c < 2; c++) drive += weights.in[i * 2 + c] * inputs[(t * 2 + c) * count + b];
        return old + (DT / TAU) * (drive - old);
      });
      const r = x.map(Math.tanh);
      for (let z = 0; z < 2; z++) {
        for (let j = 0; j < N; j++)
          outputs[(t * 2 + z) * count + b] += weights.out[z * N + j] * send(r[j], j, -1, b);
      }
      sent = r.map((v, j) => send(v, j, t, b));
      activity.set(r, (b * steps + t) * N);
    }
  }
  return { activity, outputs };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>) {
  expect(actual.length).toBe(expected.length);
  for (let k = 0; k < actual.length; k++) expect(Math.abs(actual[k] - expected[k])).toBeLessThan(1e-12);
}

describe("runTrials", () => {
  it("gives the activity that plain loops give, without noise, and NaN beyond the end of a trial", () => {
    expect(new Set(batch.trials.map((t) => t.steps)).size).toBe(2);
    const { activity, outputs, choices } = runTrials(rate, batch, { record: ["rec.r", "rec.x"] });
    const slow = slowRun(batch);
    expectClose(outputs, slow.outputs);
    const { values, rows, steps, units } = activity["rec.r"];
    expect([rows, steps, units]).toEqual([9, batch.steps, N]);
    values.forEach((v, k) => {
      const [b, t] = [Math.floor(k / N / steps), Math.floor(k / N) % steps];
      if (t >= batch.trials[b].steps) expect(v).toBeNaN();
      else expect(Math.abs(v - slow.activity[k])).toBeLessThan(1e-12);
    });
    expect(choices).toEqual(readChoices(outputs, batch));
    expect(Math.tanh(activity["rec.x"].values[7])).toBeCloseTo(values[7], 12);
    // What it gives is what principal components take.
    const present = batch.trials.reduce((sum, t) => sum + t.steps, 0);
    expect(principalComponents(activity["rec.r"]).samples).toBe(present);
  });

  it("has the noise of a simulation when asked to", () => {
    const { outputs } = runTrials(rate, batch, { noise: true, seed: 7 });
    const run = simulate(rate.network, { dt: DT, instances: 9, seed: 7 });
    const z = run.monitor("out.z");
    run.run(batch.steps * DT, { inputs: { u: batch.inputs } });
    expect(outputs).toEqual(z.data().values);
    expect(outputs).not.toEqual(runTrials(rate, batch).outputs);
  });

  it("silences, kicks and clamps units in a period of each trial", () => {
    const silenced = runTrials(rate, batch, {
      perturbations: [{ variable: "rec.r", units: [1, 4], during: "stimulus", kind: "multiply", value: 0 }],
    });
    const isIn = (t: number, b: number) => {
      const stimulus = batch.trials[b].periods.find((p) => p.name === "stimulus");
      return stimulus !== undefined && t >= stimulus.from && t < stimulus.to;
    };
    expectClose(
      silenced.outputs,
      slowRun(batch, (r, j, t, b) => ((j === 1 || j === 4) && isIn(t, b) ? 0 : r)).outputs,
    );
    const kicked = runTrials(rate, batch, {
      perturbations: [
        { variable: "rec.r", during: { from: 3, to: 4 }, kind: "add", value: [1, 2, 3, 4, 5, 6] },
        { variable: "rec.r", units: [0], during: { from: 5, to: 9 }, kind: "set", value: 0.5 },
      ],
    });
    const expected = slowRun(batch, (r, j, t) =>
      t === 3 ? r + j + 1 : j === 0 && t >= 5 && t < 9 ? 0.5 : r,
    );
    expectClose(kicked.outputs, expected.outputs);
  });

  it("says what is wrong", () => {
    expect(() => runTrials({ ...rate, input: "v" }, batch)).toThrow('the network has no input "v"');
    const perturbed = (change: object) => () =>
      runTrials(rate, batch, {
        perturbations: [{ variable: "rec.r", during: "stimulus", kind: "add", value: 1, ...change }],
      });
    expect(perturbed({ units: [6] })).toThrow("unit 6 is not one of 0 … 5");
    expect(perturbed({ value: [1, 2] })).toThrow("2 values for 6 units");
    expect(perturbed({ during: "stimulos" })).toThrow('the trial has no period "stimulos"');
  });
});

describe("averages", () => {
  const { activity, choices } = runTrials(rate, batch, { record: ["rec.r"] });
  const r = activity["rec.r"];

  it("are taken over the period of each trial", () => {
    const means = periodMeans(r, batch.trials, "decision");
    batch.trials.forEach(({ periods }, b) => {
      const period = periods.find((p) => p.name === "decision");
      for (let i = 0; i < N; i++) {
        if (!period) expect(means[b * N + i]).toBeNaN();
        else {
          let sum = 0;
          for (let t = period.from; t < period.to; t++) sum += r.values[(b * r.steps + t) * N + i];
          expect(means[b * N + i]).toBeCloseTo(sum / (period.to - period.from), 12);
        }
      }
    });
    expect(() => periodMeans(r, batch.trials, "delay")).toThrow('the trial has no period "delay"');
    expect(() => periodMeans(r, batch.trials.slice(1), "decision")).toThrow(
      "activity of 9 trials, facts of 8",
    );
  });

  it("are taken over the trials of a condition, aligned to a period", () => {
    const { conditions, counts, values, rows } = conditionMeans(r, batch.trials, {
      names: ["direction"],
      align: "stimulus",
    });
    const shown = batch.trials.flatMap((t, b) => (t.catchTrial ? [] : [b]));
    expect(rows).toBe(2);
    expect(counts.reduce((a, b) => a + b)).toBe(shown.length);
    conditions.forEach(({ direction }, c) => {
      const members = shown.filter((b) => batch.trials[b].conditions.direction === direction);
      expect(counts[c]).toBe(members.length);
      const offset = batch.trials[members[0]].periods.find((p) => p.name === "stimulus")!.from;
      for (let t = 0; t < r.steps; t++) {
        const mean =
          members.reduce((s, b) => s + (r.values[(b * r.steps + t + offset) * N] ?? Number.NaN), 0) /
          members.length;
        if (t + offset < batch.trials[members[0]].steps)
          expect(values[(c * r.steps + t) * N]).toBeCloseTo(mean, 12);
        else expect(values[(c * r.steps + t) * N]).toBeNaN();
      }
    });
    const right = conditionMeans(r, batch.trials, { only: (trial, k) => choices![k] === trial.choice });
    const correct = batch.trials.filter((t, k) => choices![k] === t.choice).length;
    expect(right.counts.reduce((a, b) => a + b)).toBe(correct);
    expect(() => conditionMeans(r, batch.trials, { only: () => false })).toThrow(
      "no trial is left to average",
    );
  });

  it("are not needed for states to start from", () => {
    const state = networkState(rate.network, { dt: DT });
    const run = runTrials(rate, batch, { record: ["rec.x"] });
    const draw = (jitter: number) =>
      sampleStates(run.activity, state, { count: 20, rng: createRng(3), jitter, from: 5, to: 30 });
    const starts = draw(0);
    const x = run.activity["rec.x"];
    for (let s = 0; s < 20; s++) {
      const k = x.values.indexOf(starts[s * N]);
      expect(Math.floor(k / N) % x.steps).toBeGreaterThanOrEqual(5);
      expect(Math.floor(k / N) % x.steps).toBeLessThan(30);
      expect(starts.slice(s * N, (s + 1) * N)).toEqual(x.values.slice(k, k + N));
    }
    expect(draw(0.1)).not.toEqual(starts);
    expect(draw(0.1)).toEqual(draw(0.1));
    expect(() => sampleStates(activity, state, { count: 1, rng: createRng(1) })).toThrow(
      'there is no activity of "rec.x"',
    );
    expect(() => sampleStates(run.activity, state, { count: 1, rng: createRng(1), from: 1e4 })).toThrow(
      "no trial has a step from 10000",
    );
  });
});

describe("lesions", () => {
  it("leave units that send nothing, to units and to readouts", () => {
    const lesioned = lesionNetwork(rate.network, { kind: "units", population: "rec", units: [2, 5] });
    const { outputs } = runTrials({ ...rate, network: lesioned }, batch);
    expectClose(outputs, slowRun(batch, (r, j) => (j === 2 || j === 5 ? 0 : r)).outputs);
  });

  it("cut a projection from some units onto others, dense and sparse alike", () => {
    const values = [1, 2, 0, 4, 5, 6, 0, 8, 9];
    const sparse = {
      kind: "sparse" as const,
      rows: 3,
      columns: 3,
      rowStart: Int32Array.of(0, 2, 5, 7),
      column: Int32Array.of(0, 1, 0, 1, 2, 1, 2),
      values: Float64Array.of(1, 2, 4, 5, 6, 8, 9),
    };
    for (const weights of [dense(3, 3, values), sparse]) {
      const net = network({
        populations: [
          population("p", { size: 3, neuron: neuron({ equations: "r = tanh(sum(rec) + sum(in))" }) }),
        ],
        inputs: [input("u", 1)],
        projections: [
          projection("p", "p", { name: "rec", weights, target: "rec" }),
          projection("u", "p", { weights: dense(3, 1, [1, 1, 1]), target: "in" }),
        ],
      });
      const cut: Lesion = { kind: "projection", projection: "rec", post: [1], pre: [0, 2], remaining: 0.5 };
      expect(
        Array.from(lesionNetwork(net, cut).projections[0].weights.values).filter((v) => v !== 0),
      ).toEqual([1, 2, 2, 5, 3, 8, 9]);
      const both = lesionNetwork(net, [cut, { kind: "projection", projection: "rec" }]);
      expect(Math.max(...both.projections[0].weights.values)).toBe(0);
      expect(net.projections[0].weights.values[0]).toBe(1);
      expect(() => lesionNetwork(net, { kind: "units", population: "q" })).toThrow(
        'the network has no population "q"',
      );
      expect(() => lesionNetwork(net, { kind: "projection", projection: "rek" })).toThrow(
        'the network has no projection "rek"',
      );
      expect(() => lesionNetwork(net, { kind: "units", population: "p", units: [3] })).toThrow(
        "unit 3 is not one of 0 … 2",
      );
      expect(() => lesionNetwork(net, { ...cut, remaining: Number.NaN })).toThrow(
        "the remaining share must be a finite number, got NaN",
      );
    }
  });

  it("are compared with the intact network on the same trials", () => {
    const { intact, lesions } = lesionSweep(rate, batch, singleUnitLesions(rate.network, "rec"), {
      names: ["direction"],
    });
    const { choices, outputs } = runTrials(rate, batch);
    expect(intact.fractionCorrect).toBe(choiceAccuracy(choices!, batch.trials));
    let error = 0;
    let weight = 0;
    batch.mask.forEach((m, k) => {
      error += m * (outputs[k] - batch.targets[k]) ** 2;
      weight += m;
    });
    expect(intact.error).toBeCloseTo(error / weight, 12);
    expect(intact.conditions.map((c) => c.count).reduce((a, b) => a + b)).toBe(
      batch.trials.filter((t) => t.choice >= 0).length,
    );
    expect(lesions.map((l) => l.name)).toEqual(Array.from({ length: N }, (_, i) => `rec ${i}`));
    for (const { change, fractionCorrect } of lesions)
      expect(change).toBe(fractionCorrect - intact.fractionCorrect);
    const all = lesionSweep(rate, batch, [{ name: "all", lesion: { kind: "units", population: "rec" } }]);
    expect(all.lesions[0].error).toBeGreaterThan(0.01);
  });
});
