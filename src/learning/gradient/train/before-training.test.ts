import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { perceptualDecision } from "../../../tasks/index.ts";
import { rateNetwork } from "./rate-network.ts";
import { resolveTraining, type TrainOptions } from "./train-options.ts";
import { Trainer } from "./trainer.ts";

const network = rateNetwork({ inputs: 2, units: 8, outputs: 2, rng: createRng(1).stream("network") });
const task = perceptualDecision(); // at most 2000 ms in steps of 20
const options = { network, task, updates: 3, batchSize: 4, validation: { trials: 4 } };

describe("before anything is trained", () => {
  const misfits: [Partial<TrainOptions>, string][] = [
    [
      { regularisers: [{ kind: "smoothness", of: "r", lag: 100 }] },
      'loss "smoothness": lag must be a whole number from 1 to 99, got 100. It is counted in steps',
    ],
    [{ regularisers: [{ kind: "smoothness", of: "r", lag: 0 }] }, "lag must be a whole number from 1 to 99"],
    [
      { regularisers: [{ kind: "divergence", name: "like", of: "r", from: "out.z" }] },
      'loss "like": "r" has 8 units, "out.z" 2. It compares populations',
    ],
    [
      { regularisers: [{ kind: "hebbian", of: "z", weights: "rec" }] },
      'loss "hebbian": "z" has 2 units, "rec" is 8 × 8. It needs the weights of a population onto itself',
    ],
    [{ regularisers: [{ kind: "hebbian", of: "r", weights: "out" }] }, '"r" has 8 units, "out" is 2 × 8'],
  ];
  it.each(misfits)("terms that cannot be worked out are refused: %j", (other, message) => {
    expect(() => resolveTraining({ ...options, ...other })).toThrow(message);
  });

  it("terms that can are not", () => {
    resolveTraining({
      ...options,
      regularisers: [
        { kind: "smoothness", of: "r", lag: 99 },
        { kind: "divergence", of: "r", from: "x" },
        { kind: "hebbian", of: "r", weights: "rec" },
      ],
    });
  });

  it("conditions of a later stage are refused", () => {
    const curriculum = (conditions: object) => [{ conditions: {} }, { update: 2, conditions }];
    const make = (conditions: object) => () =>
      new Trainer({ ...options, curriculum: curriculum(conditions) } as TrainOptions);
    expect(make({ coherenc: 3.2 })).toThrow('there is no condition "coherenc". Did you mean "coherence"');
    expect(make([{}, { direction: 2 }])).toThrow("direction must be one of 1, -1, got 2");
    expect(make([])).toThrow("the list of conditions is empty");
    expect(make([{ coherence: 5 }])).not.toThrow();
  });

  it("validations that have no right answer are no judges of when to stop", () => {
    const all = perceptualDecision({ catchFraction: 1 });
    const make = (earlyStopping: TrainOptions["earlyStopping"], conditions = {}) => {
      const validation = { trials: 4, conditions };
      return () => new Trainer({ ...options, task: all, validation, earlyStopping });
    };
    const message = "no validation trial has a right answer, fractionCorrect cannot be judged. Raise";
    expect(make({ criterion: "fractionCorrect", patience: 3 })).toThrow(message);
    expect(make({ criterion: "worstFractionCorrect", patience: 3 })).toThrow("no validation trial has");
    expect(make({ criterion: "loss", patience: 3 })).not.toThrow();
    expect(make({ criterion: "fractionCorrect", patience: 3 }, { catch: false })).not.toThrow();
  });

  it("trials longer than memory are refused before any is drawn", () => {
    const trial = (): never => {
      throw new Error("a trial was drawn");
    };
    const endless = { ...perceptualDecision({ timing: { stimulus: 4e9 } }), trial };
    expect(() => new Trainer({ ...options, task: endless })).toThrow("forward and backward need");
  });
});
