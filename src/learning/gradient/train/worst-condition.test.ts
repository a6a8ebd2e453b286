import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import {
  batchTrials,
  conditionGrid,
  defineTask,
  delayedDiscrimination,
  nBack,
  perceptualDecision,
  readChoices,
  scoreConditions,
  type Task,
  type TrialBatch,
} from "../../../tasks/index.ts";
import { rateNetwork } from "./rate-network.ts";
import { judge } from "./stopping.ts";
import { train } from "./train.ts";
import type { TrainOptions } from "./train-options.ts";
import { Trainer } from "./trainer.ts";
import { ConditionTallies, factorsToldApart } from "./worst-condition.ts";

const rng = createRng(11);
/** Batches with outputs at random, but for a pull towards what is right. */
function answered(task: Task, count: number): { batch: TrialBatch; outputs: Float64Array }[] {
  return [0, 1, 2].map((k) => {
    const draws = rng.stream(task.name).stream(k);
    const batch = batchTrials(task, count, draws.stream("trials"), { conditions: conditionGrid(task) });
    const noise = draws.stream("outputs");
    return { batch, outputs: batch.targets.map((wanted) => noise.uniform() + 0.3 * wanted) };
  });
}
const worstOf = (task: Task, all: ReturnType<typeof answered>) => {
  const tallies = new ConditionTallies(task);
  for (const { outputs, batch } of all) tallies.add(outputs, batch);
  return tallies.worst;
};

describe("ConditionTallies", () => {
  it.each([perceptualDecision({ catchFraction: 0.2 }), delayedDiscrimination()])(
    "has the smallest fraction correct of any condition, over all batches: $name",
    (task) => {
      const all = answered(task, 60);
      const choices = all.flatMap(({ outputs, batch }) => [...readChoices(outputs, batch)]);
      const scores = scoreConditions(
        choices,
        all.flatMap(({ batch }) => batch.trials),
      );
      const fractions = scores.map(({ fraction }) => fraction);
      expect(new Set(fractions).size).toBeGreaterThan(2);
      expect(worstOf(task, all)).toBe(Math.min(...fractions));
    },
  );

  it("counts labelled steps where classes are asked for, conditions of a range left out", () => {
    const task = nBack();
    expect(factorsToldApart(task)).toEqual(["match"]);
    const all = answered(task, 20);
    const counts = new Map<unknown, [right: number, asked: number]>();
    for (const { outputs, batch } of all) {
      const { steps, count, labels, trials } = batch;
      const width = task.outputs.length;
      for (let t = 0; t < steps; t++) {
        for (let b = 0; b < count; b++) {
          const label = labels[t * count + b];
          if (label < 0) continue;
          const row = Array.from({ length: width }, (_, c) => outputs[(t * width + c) * count + b]);
          const [right, asked] = counts.get(trials[b].conditions.match) ?? [0, 0];
          const isRight = row.indexOf(Math.max(...row)) === label;
          counts.set(trials[b].conditions.match, [right + Number(isRight), asked + 1]);
        }
      }
    }
    expect(counts.size).toBe(2);
    const fractions = [...counts.values()].map(([right, asked]) => right / asked);
    expect(fractions[0]).not.toBe(fractions[1]);
    expect(worstOf(task, all)).toBe(Math.min(...fractions));
  });

  it("is no number where nothing is asked", () => {
    const task = perceptualDecision({ catchFraction: 0.5 });
    const batch = batchTrials(task, 4, rng, { conditions: { catch: true } });
    expect(worstOf(task, [{ batch, outputs: batch.targets }])).toBeNaN();
  });
});

const task = perceptualDecision({ timing: { stimulus: 200, decision: 100 }, coherences: [12.8, 51.2] });
const OPTIONS: TrainOptions = {
  network: rateNetwork({ inputs: 2, units: 16, outputs: 2, rng: createRng(3) }),
  task,
  updates: 60,
  batchSize: 12,
  seed: 5,
  optimiser: { kind: "adam", learningRate: 0.003 },
  validation: { trials: 120, every: 3, conditions: conditionGrid(task) },
};

describe("training until the worst condition is good enough", () => {
  it("stops at the first validation that reaches the target, not where the whole does", () => {
    const seen = train({ ...OPTIONS, earlyStopping: { criterion: "worstFractionCorrect", patience: 99 } });
    const { validations } = seen.history;
    for (const { worstFractionCorrect, fractionCorrect } of validations)
      expect(worstFractionCorrect).toBeLessThan(fractionCorrect);
    const worst = validations.map((v) => v.worstFractionCorrect as number);
    const target = Math.max(...worst);
    const reached = train({ ...OPTIONS, earlyStopping: { criterion: "worstFractionCorrect", target } });
    const at = validations[worst.indexOf(target)].updates;
    expect([reached.status, reached.updates]).toEqual(["reached", at]);
    expect(reached.message).toBe(
      `worstFractionCorrect is ${Number(target.toPrecision(4))} after ${at} updates, target ${target}.`,
    );
    const whole = train({ ...OPTIONS, earlyStopping: { criterion: "fractionCorrect", target } });
    expect(whole.updates).toBeLessThan(at);
    expect(whole.history.validations[0].worstFractionCorrect).toBeUndefined();
  });

  it("goes on from its bytes to the same end", () => {
    const options: TrainOptions = {
      ...OPTIONS,
      earlyStopping: { criterion: "worstFractionCorrect", patience: 2, window: 2 },
    };
    const whole = train(options);
    const first = new Trainer(options);
    for (let k = 0; k < 4; k++) first.step();
    const second = new Trainer(options);
    second.restore(first.save());
    while (second.status === "running") second.step();
    expect(second.result()).toEqual(whole);
  });

  it("does not count validations that were judged by something else", () => {
    const look = (updates: number, worstFractionCorrect?: number) => ({
      ...{ updates, loss: 1, fractionCorrect: 0.9 },
      ...(worstFractionCorrect !== undefined && { worstFractionCorrect }),
    });
    const wanted = { criterion: "worstFractionCorrect", target: 0.8, window: 2, patience: 2 } as const;
    expect(judge([look(1), look(2), look(3)], wanted)).toBeUndefined();
    expect(judge([look(1), look(2), look(3, 0.7)], wanted)).toBeUndefined();
    expect(judge([look(1), look(2), look(3, 0.7), look(4, 0.9)], wanted)?.status).toBe("reached");
  });

  const bare = defineTask({
    name: "go",
    dt: 20,
    inputs: ["cue"],
    outputs: ["go", "stay"],
    periods: [{ name: "answer", duration: 100 }],
    readout: { kind: "choice", period: "answer", at: "end", alternatives: [0, 1] },
    fill: (draft) => {
      draft.want("answer", "go", 1);
      draft.count("answer");
      return { choice: 0 };
    },
  });
  it.each<[string, Partial<TrainOptions>]>([
    [
      'the task "go" has no conditions, there is no worst one. Use the criterion "fractionCorrect".',
      { task: bare, network: rateNetwork({ inputs: 1, units: 4, outputs: 2, rng }), validation: {} },
    ],
    [
      "validation.trials shows 5 of 10 conditions, the worst may be among the others. Raise it to 10 or a multiple of it.",
      { batchSize: 5, validation: { trials: 5, conditions: conditionGrid(perceptualDecision()) } },
    ],
    ["earlyStopping.target must be", { earlyStopping: { criterion: "worstFractionCorrect", target: 85 } }],
  ])("is refused: %s", (message, options) => {
    const earlyStopping = { criterion: "worstFractionCorrect", target: 0.8 } as const;
    expect(() => train({ ...OPTIONS, earlyStopping, ...options })).toThrow(message);
  });
});
