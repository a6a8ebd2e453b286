import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { simulate } from "../../../engine/index.ts";
import { rateNetwork } from "../../../learning/index.ts";
import {
  batchTrials,
  conditionGrid,
  perceptualDecision,
  psychometricPoints,
  readChoices,
} from "../../../tasks/index.ts";
import { testTrials } from "./test-trials.ts";

const task = perceptualDecision({
  timing: { stimulus: { kind: "uniform", min: 40, max: 200 } },
  coherences: [10, 50],
});
const { network, input, output } = rateNetwork({
  ...{ inputs: 2, units: 6, outputs: 2, rng: createRng(2) },
  initial: { out: { distribution: { kind: "normal", sd: 3 } } },
});
const rng = createRng(4);
const conditions = [...conditionGrid(task), { catch: true }];
const seen = testTrials({
  ...{ network, task, rng, conditions, trials: 70, shown: 3 },
  names: { input, output, activity: "rec.r" },
  run: { precision: "f64" },
});

/** All trials one by one, each alone. The network has no noise, so batches do not show. */
const trials = Array.from({ length: 70 }, (_, k) => {
  const batch = batchTrials(task, 1, rng.stream("trials"), { conditions, first: k });
  const run = simulate(network, { dt: task.dt });
  const [z, r] = [run.monitor(output), run.monitor("rec.r")];
  run.run(batch.steps * task.dt, { inputs: { u: batch.inputs } });
  return { batch, facts: batch.trials[0], z: z.data().values, r: r.data().values };
});

describe("testTrials", () => {
  it("keeps the first trials whole, as each is alone", () => {
    const { outputs, activity, steps, inputs } = seen.arrays;
    expect([outputs.shape[0], outputs.shape[2], activity.shape[2], inputs.shape[2]]).toEqual([3, 2, 6, 2]);
    for (let k = 0; k < 3; k++) {
      const { facts, z, r } = trials[k];
      expect(steps[k]).toBe(facts.steps);
      const row = (cube: typeof outputs) =>
        cube.values.slice(
          k * cube.shape[1] * cube.shape[2],
          (k * cube.shape[1] + facts.steps) * cube.shape[2],
        );
      expect([...row(outputs)]).toEqual([...z]);
      expect([...row(activity)]).toEqual([...r]);
    }
  });

  it("reads choices, and how many are right", () => {
    const choices = trials.map(({ batch, z }) => readChoices(z, batch)[0]);
    expect([...seen.arrays.choice]).toEqual(choices);
    const asked = trials.flatMap(({ facts }, k) => (facts.choice < 0 ? [] : [choices[k] === facts.choice]));
    expect(seen.fractionCorrect).toBeCloseTo(asked.filter(Boolean).length / asked.length, 14);
    const points = psychometricPoints(
      choices,
      trials.map(({ facts }) => facts),
    );
    expect([...seen.psychometric!.fraction]).toEqual(points.map((p) => p.fraction));
    expect(seen.arrays.correct.filter((c) => Number.isNaN(c)).length).toBe(14);
  });

  it("begins in given states, trial k in that of stream k and round again", () => {
    const streams = 3;
    const start = Object.fromEntries(
      Object.entries({ "rec.x": 6, "rec.r": 6, "out.z": 2 }).map(([name, units]) => [
        name,
        Float64Array.from({ length: units * streams }, (_, k) => (k % 5) / 3),
      ]),
    );
    const { arrays } = testTrials({
      ...{ network, task, rng, conditions, start, trials: 70, shown: 3 },
      names: { input, output, activity: "rec.r" },
      run: { precision: "f64" },
    });
    for (const k of [0, 1, 49, 50, 69]) {
      const { batch } = trials[k];
      const run = simulate(network, { dt: task.dt });
      for (const [name, states] of Object.entries(start)) {
        const units = states.length / streams;
        run.set(
          name,
          Float64Array.from({ length: units }, (_, unit) => states[unit * streams + (k % streams)]),
        );
      }
      const r = run.monitor("rec.r");
      run.run(batch.steps * task.dt, { inputs: { u: batch.inputs } });
      const { from, to } = trials[k].facts.periods[0];
      let sum = 0;
      for (let t = from; t < to; t++) sum += r.data().values[t * 6 + 4];
      expect(arrays.trialActivity.values[k * 3 * 6 + 4]).toBeCloseTo(sum / (to - from), 12);
      expect(sum).not.toBe(0);
    }
  });

  it("averages activity over periods and conditions", () => {
    expect(seen.facts.conditions).toHaveLength(5);
    expect(seen.facts.conditions[4]).toEqual({});
    const { conditionActivity, trialActivity, conditionOfTrial } = seen.arrays;
    expect(trialActivity.shape).toEqual([70, 3, 6]);
    const unit = 2;
    const stimulus = trials[1].facts.periods[1];
    let sum = 0;
    for (let t = stimulus.from; t < stimulus.to; t++) sum += trials[1].r[t * 6 + unit];
    expect(trialActivity.values[(1 * 3 + 1) * 6 + unit]).toBeCloseTo(sum / (stimulus.to - stimulus.from), 12);
    // A catch trial has no stimulus.
    expect(trialActivity.values[(4 * 3 + 1) * 6]).toBeNaN();
    for (const t of [0, 12, conditionActivity.shape[1] - 1]) {
      const own = trials.filter((_, k) => conditionOfTrial[k] === 3).filter(({ facts }) => facts.steps > t);
      const mean = own.reduce((total, { r }) => total + r[t * 6 + unit], 0) / own.length;
      const given = conditionActivity.values[(3 * conditionActivity.shape[1] + t) * 6 + unit];
      if (own.length === 0) expect(given).toBeNaN();
      else expect(given).toBeCloseTo(mean, 12);
    }
  });

  it("measures the error where the mask counts", () => {
    let squares = 0;
    let weight = 0;
    for (const { batch, z } of trials) {
      z.forEach((value, k) => {
        squares += batch.mask[k] * (value - batch.targets[k]) ** 2;
        weight += batch.mask[k];
      });
    }
    expect(seen.error).toBeCloseTo(squares / weight, 12);
  });
});
