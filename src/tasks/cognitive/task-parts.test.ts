import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { batchTrials, packTrials } from "./batch-trials.ts";
import { conditionGrid } from "./conditions.ts";
import { contextIntegration } from "./context-integration.ts";
import { defineTask, type TaskDefinition } from "./define-task.ts";
import { type Duration, drawDuration, longestDuration } from "./duration.ts";
import { addInputNoise, inputNoise, SONG_NOISE, stepDeviation } from "./input-noise.ts";
import { nBack } from "./n-back.ts";
import { NormalSource } from "./normal-source.ts";
import { perceptualDecision } from "./perceptual-decision.ts";
import { layPeriods } from "./periods.ts";
import { ringDecision } from "./ring-decision.ts";
import type { TrialDraft } from "./trial-draft.ts";

const rng = createRng(1);
const plain: TaskDefinition = {
  name: "plain",
  dt: 10,
  inputs: ["u"],
  outputs: ["z"],
  periods: [{ name: "go", duration: 100 }],
  readout: { kind: "trace" },
  fill: () => ({}),
};

describe("durations", () => {
  it.each<[string, Duration, number, number]>([
    ["uniform", { kind: "uniform", min: 100, max: 300 }, 200, 200 / Math.sqrt(12)],
    // Mean a + m − L e^(−L/m) / (1 − e^(−L/m)) of an exponential cut to a … a + L.
    ["exponential", { kind: "truncated-exponential", mean: 330, min: 80, max: 1500 }, 390.52, 283],
    ["cut short", { kind: "truncated-exponential", mean: 330, min: 80, max: 410 }, 217.95, 95],
    ["choice", { kind: "choice", values: [200, 400, 600] }, 400, 164],
  ])("have the mean of their distribution: %s", (_, duration, mean, deviation) => {
    const n = 4000;
    const draws = Array.from({ length: n }, (_, k) => drawDuration(duration, rng.stream(k)));
    expect(Math.abs(draws.reduce((a, b) => a + b) / n - mean)).toBeLessThan((4.5 * deviation) / Math.sqrt(n));
    expect(Math.max(...draws)).toBeLessThanOrEqual(longestDuration(duration));
  });

  it("cut to whole steps; a drawn one lasts at least a step", () => {
    const periods = layPeriods(
      [
        { name: "a", duration: 0.3 },
        { name: "b", duration: { kind: "uniform", min: 0.01, max: 0.02 } },
        { name: "c", duration: 0 },
        { name: "d", duration: 0.59 },
        { name: "e", within: "d", offset: 0.25 },
        { name: "f", until: 1.2 },
      ],
      0.1,
      rng,
    );
    expect(periods.map((p) => [p.from, p.to])).toEqual([
      [0, 3],
      [3, 4],
      [4, 4],
      [4, 9],
      [6, 9],
      [9, 12],
    ]);
  });

  it.each<[Duration, string]>([
    [-5, "plain: go: a duration is ≥ 0 ms, got -5"],
    [
      4,
      "plain: go: 4 ms are less than one step of 10 ms. Lengthen the period, lower dt, or give 0 to leave it out.",
    ],
    [{ kind: "choice", values: [] }, "go: no duration to choose from. Give at least one value."],
    [{ kind: "choice", values: [Number.NaN] }, "go: a duration is ≥ 0 ms, got NaN"],
    [{ kind: "uniform", min: 5, max: 2 }, "go: a range of durations is 0 ≤ min ≤ max, got 5 to 2 ms"],
    [{ kind: "truncated-exponential", mean: 0, min: 0, max: 2 }, "go: the mean must be above 0 ms, got 0"],
  ])("refuse %j", (duration, message) => {
    expect(() => defineTask({ ...plain, timing: { go: duration } })).toThrow(message);
  });

  it("of a period that is not there name the nearest", () => {
    expect(() => perceptualDecision({ timing: { stimulos: 5 } })).toThrow(
      'perceptual decision: timing: there is no period "stimulos" with a duration. Did you mean "stimulus"? Known here: fixation, stimulus, decision.',
    );
  });
});

describe("input noise", () => {
  it("has the standard deviation σ √(2τ/dt) of Song, Yang & Wang (2016)", () => {
    expect(stepDeviation(SONG_NOISE, 20)).toBeCloseTo(0.01 * Math.sqrt(10), 15);
    const alpha = 20 / 100;
    expect(stepDeviation(SONG_NOISE, 20)).toBeCloseTo((1 / alpha) * Math.sqrt(2 * alpha * 0.01 ** 2), 15);
    const inputs = new Float64Array(20000);
    addInputNoise(inputs, { sigma: 0.05, tau: 50, baseline: 1, rectify: true }, { dt: 4, rng });
    const mean = inputs.reduce((a, b) => a + b) / inputs.length;
    const variance = inputs.reduce((a, u) => a + (u - mean) ** 2, 0) / inputs.length;
    expect(Math.abs(mean - 1)).toBeLessThan((4.5 * 0.25) / Math.sqrt(20000));
    expect(Math.abs(Math.sqrt(variance) - 0.25)).toBeLessThan((4.5 * 0.25) / Math.sqrt(40000));
  });

  it("gives a leaky unit nearly the same spread at every step", () => {
    for (const dt of [1, 5, 20]) {
      const alpha = dt / 100;
      const source = new NormalSource(rng.stream(dt));
      let x = 0;
      let sum = 0;
      const n = 60000;
      for (let t = 0; t < n; t++) {
        x += alpha * (stepDeviation({ sigma: 0.1, tau: 100 }, dt) * source.next() - x);
        sum += x * x;
      }
      // Euler: σ √(2/(2 − α)). The values are correlated over 2/α steps.
      const expected = 0.1 * Math.sqrt(2 / (2 - alpha));
      expect(Math.abs(Math.sqrt(sum / n) / expected - 1)).toBeLessThan(4.5 / Math.sqrt(n * alpha));
    }
  });

  it("keeps inputs at 0 or above, or does not", () => {
    const cut = perceptualDecision({ noise: { sigma: 0.5 } }).trial(rng.stream("cut"));
    const free = perceptualDecision({ noise: { sigma: 0.5, rectify: false } }).trial(rng.stream("cut"));
    expect(Math.min(...cut.inputs)).toBe(0);
    expect(Math.min(...free.inputs)).toBeLessThan(0);
    expect([...cut.inputs]).toEqual([...free.inputs].map((u) => Math.max(0, u)));
  });

  it("is σ / √dt, on the stimulus alone, in tasks in the form of NeuroGym", () => {
    const task = ringDecision({ dt: 25, sigma: 2, timing: { stimulus: 20000 } });
    const { inputs, periods, steps } = task.trial(rng, { coherence: 0 });
    const { from, to } = periods[1];
    let sum = 0;
    for (let t = 0; t < steps; t++) {
      if (t >= from && t < to) sum += (inputs[3 * t + 1] - 0.5) ** 2;
      else expect([inputs[3 * t + 1], inputs[3 * t + 2]]).toEqual([0, 0]);
    }
    expect(Math.abs(Math.sqrt(sum / (to - from)) - 0.4)).toBeLessThan((4.5 * 0.4) / Math.sqrt(1600));
  });

  it.each([
    [{ sigma: -1 }, "x: noise.sigma must be ≥ 0, got -1"],
    [{ tau: 0 }, "x: noise.tau must be above 0 ms, got 0"],
    [{ baseline: Number.NaN }, "x: noise.baseline must be a number, got NaN"],
  ])("refuses %j", (noise, message) => {
    expect(() => inputNoise("x", noise)).toThrow(message);
  });
});

describe("NormalSource", () => {
  it("has mean 0, variance 1 and no correlation between neighbours, and is another for every key", () => {
    const n = 40000;
    const source = new NormalSource(rng);
    const x = Float64Array.from({ length: n }, () => source.next());
    let [mean, square, lag] = [0, 0, 0];
    for (let k = 0; k < n; k++) {
      mean += x[k] / n;
      square += x[k] ** 2 / n;
      lag += (x[k] * x[(k + 1) % n]) / n;
    }
    expect(Math.abs(mean)).toBeLessThan(4.5 / Math.sqrt(n));
    expect(Math.abs(square - 1)).toBeLessThan(4.5 * Math.sqrt(2 / n));
    expect(Math.abs(lag)).toBeLessThan(4.5 / Math.sqrt(n));
    const draw = (stream: string) => new NormalSource(createRng(1).stream(stream)).next();
    expect(draw("a")).toBe(draw("a"));
    expect(draw("a")).not.toBe(draw("b"));
  });
});

describe("conditions", () => {
  const task = contextIntegration();

  it.each([
    [
      { contxt: "motion" },
      'task "context-dependent integration": there is no condition "contxt". Did you mean "context"?',
    ],
    [{ context: "taste" }, "context must be one of motion, colour, got taste"],
    [{ motion: "strong" }, "motion must be one of 5, 15, 50 or another number, got strong"],
    [{ motionDirection: 0 }, "motionDirection must be one of 1, -1, got 0"],
    [{ catch: 1 }, "catch must be true or false, got 1"],
  ])("refuse %j", (conditions, message) => {
    expect(() => task.trial(rng, conditions)).toThrow(message);
    expect(() => conditionGrid(task, { fixed: conditions })).toThrow(message);
  });

  it("refuse a catch trial of a task without, and a number that is none", () => {
    expect(() => nBack().trial(rng, { catch: true })).toThrow(
      'task "n-back": this task has no catch trials. Leave `catch` out, or raise catchFraction.',
    );
    expect(() => nBack().trial(rng, { probe: "7" })).toThrow("probe must be a number, got 7");
  });

  it("make a grid of 72 with a catch trial, gone through in a batch", () => {
    const grid = conditionGrid(task, { catchTrials: 1 });
    expect(grid.length).toBe(73);
    const batch = batchTrials(task, 73, rng, { conditions: grid });
    expect(batch.trials.filter((t) => t.catchTrial).length).toBe(1);
    expect(new Set(batch.trials.map((t) => JSON.stringify(t.conditions))).size).toBe(73);
    expect(conditionGrid(task, { fixed: { context: "motion", motion: 7 } }).length).toBe(12);
  });
});

describe("defineTask", () => {
  it.each<[Partial<TaskDefinition>, string]>([
    [{ dt: 0 }, "plain: dt must be above 0 ms, got 0"],
    [{ catchFraction: 2 }, "plain: catchFraction must be from 0 to 1, got 2"],
    [
      { catchFraction: 0.1 },
      "plain: catchFraction is 0.1, but this task has no catch trials. Set catchFraction to 0.",
    ],
    [{ factors: { side: { values: [] } } }, "plain: side has no values. Give at least one."],
    [{ factors: { catch: { values: [1] } } }, 'plain: a factor must not be called "catch".'],
  ])("refuses %j", (part, message) => {
    expect(() => defineTask({ ...plain, ...part })).toThrow(message);
  });

  it.each<[(draft: TrialDraft) => void, string]>([
    [(d) => d.show("og", "u", 1), 'trial: the trial has no period "og". Did you mean "go"? Known here: go.'],
    [(d) => d.show("go", "v", 1), 'trial: there is no input "v". Did you mean "u"? Known here: u.'],
    [(d) => d.want("go", 3, 1), 'trial: there is no output "3". Did you mean "z"? Known here: z.'],
  ])("names what a filling asks for in vain (%#)", (act, message) => {
    const fill: TaskDefinition["fill"] = (draft) => {
      act(draft);
      return {};
    };
    expect(() => defineTask({ ...plain, fill }).trial(rng)).toThrow(message);
  });
});

describe("batches", () => {
  it.each([
    [() => batchTrials(nBack(), 0, rng), "batchTrials: count must be a whole number ≥ 1, got 0"],
    [
      () => batchTrials(nBack(), 1, rng, { first: -1 }),
      "batchTrials: first must be a whole number ≥ 0, got -1",
    ],
    [() => batchTrials(nBack(), 1, rng, { conditions: [] }), "batchTrials: the list of conditions is empty."],
    [
      () => batchTrials(nBack(), 1, rng, { steps: 5 }),
      "packTrials: a trial has 6 steps, steps is 5. Give 6, the longest trial of the task, or more.",
    ],
    [() => packTrials(nBack(), []), "packTrials: there is no trial"],
  ])("refuse what does not fit (%#)", (make, message) => {
    expect(make).toThrow(message);
  });
});
