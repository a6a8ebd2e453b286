import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng } from "../../../core/index.ts";
import { defineTask } from "../../../tasks/index.ts";
import { type CurriculumStage, type StageGoal, stageAt } from "./curriculum.ts";
import { rateNetwork } from "./rate-network.ts";
import { train } from "./train.ts";
import type { TrainOptions } from "./train-options.ts";
import { Trainer } from "./trainer.ts";
import { packHistory, type TrainingHistory, unpackHistory } from "./training-result.ts";

const hold = defineTask({
  name: "hold",
  dt: 20,
  inputs: ["left", "right"],
  outputs: ["left", "right"],
  factors: { side: { values: ["left", "right"] }, size: { values: [1, 0.25] } },
  periods: [
    { name: "cue", duration: 60 },
    { name: "answer", duration: 60 },
  ],
  readout: { kind: "choice", period: "answer", at: "end", alternatives: [0, 1] },
  fill(draft, { side, size }) {
    draft.show("cue", side as string, size as number);
    draft.want("answer", side as string, 1);
    draft.count("answer");
    const choice = side === "left" ? 0 : 1;
    return { choice, evidence: 1 - 2 * choice };
  },
});
const small = (options: Partial<TrainOptions> = {}): TrainOptions => ({
  network: rateNetwork({ inputs: 2, units: 10, outputs: 2, noise: 0.1, rng: createRng(3).stream("network") }),
  task: hold,
  updates: 12,
  batchSize: 4,
  seed: 7,
  validation: { trials: 8, every: 3 },
  optimiser: { kind: "adam", learningRate: 0.01 },
  ...options,
});
const staged = (until: StageGoal, more: Partial<CurriculumStage> = {}): CurriculumStage[] => [
  { until, conditions: { size: 1 } },
  { conditions: { size: 0.25 }, ...more },
];
const ANY = { loss: 1e9 };
const NEVER = { loss: 0 };

describe("a curriculum by threshold", () => {
  it("trains as one that changes at the update where the goal was reached", () => {
    const bySize = train(small({ curriculum: staged(ANY) }));
    const [first, second] = staged(ANY);
    const byUpdate = train(
      small({
        curriculum: [
          { ...first, until: undefined },
          { ...second, update: 3 },
        ],
      }),
    );
    expect(bySize.last).toEqual(byUpdate.last);
    expect(bySize.history.loss).toEqual(byUpdate.history.loss);
    expect(bySize.history.stages).toEqual([
      { stage: 0, update: 0 },
      { stage: 1, update: 3 },
    ]);
    expect(byUpdate.history.stages).toEqual(bySize.history.stages);
    // Validations as such are the same trials with or without goals.
    const bare = ({ validations }: TrainingHistory) => validations.map(({ stage, ...rest }) => rest);
    expect(bare(bySize.history)).toEqual(bare(byUpdate.history));
    expect(bySize.history.validations.map(({ stage }) => stage?.index)).toEqual([
      0,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("stays where the goal is not reached, unless an update moves it on", () => {
    expect(train(small({ curriculum: staged(NEVER) })).history.stages).toEqual([{ stage: 0, update: 0 }]);
    const late = train(small({ curriculum: staged(NEVER, { update: 7 }) }));
    expect(late.history.stages).toEqual([
      { stage: 0, update: 0 },
      { stage: 1, update: 7 },
    ]);
    const early = train(small({ curriculum: staged(ANY, { update: 7 }) }));
    expect(early.history.stages[1]).toEqual({ stage: 1, update: 3 });
  });

  it("judges the mean of so many validations of the stage, and begins to count anew", () => {
    const stages: CurriculumStage[] = [
      { until: { ...ANY, window: 2 }, conditions: { size: 1 } },
      { until: { ...ANY, window: 2 }, conditions: { side: "left" } },
      { conditions: {} },
    ];
    const { history } = train(small({ updates: 15, curriculum: stages }));
    expect(history.stages.map(({ update }) => update)).toEqual([0, 6, 12]);
    expect(history.validations.map(({ stage }) => stage?.index)).toEqual([0, 0, 1, 1, undefined]);
  });

  it("judges a stage by trials of its own conditions", () => {
    // Without noise and with everything fixed, trials are the same whatever the stream they are drawn from.
    const network = rateNetwork({ inputs: 2, units: 10, outputs: 2, rng: createRng(3).stream("network") });
    const only = { side: "left", size: 0.25 };
    const seen = (options: Partial<TrainOptions>) =>
      train(small({ network, ...options })).history.validations;
    const curriculum = [{ until: NEVER, conditions: only }, { conditions: {} }];
    const judged = seen({ curriculum, validation: { trials: 8, every: 3, conditions: { size: 1 } } });
    const asked = seen({ curriculum, validation: { trials: 8, every: 3, conditions: only } });
    judged.forEach(({ stage, loss }, k) => {
      expect(stage?.loss).toBeCloseTo(asked[k].loss, 12);
      expect(stage?.fractionCorrect).toBe(asked[k].fractionCorrect);
      expect(loss).not.toBeCloseTo(asked[k].loss, 3);
    });
  });

  it("waits for the fraction correct that is asked for", () => {
    const goal = { fractionCorrect: 0.9, window: 2 };
    const { history } = train(
      small({ updates: 150, curriculum: staged(goal), optimiser: { kind: "adam", learningRate: 0.02 } }),
    );
    const [, { update }] = history.stages;
    const scores = history.validations.flatMap(({ updates, stage }) =>
      stage ? [{ updates, correct: stage.fractionCorrect }] : [],
    );
    const means = scores.slice(1).map(({ updates, correct }, k) => ({
      updates,
      mean: (correct + scores[k].correct) / 2,
    }));
    expect(update).toBeGreaterThan(6);
    expect(means.find(({ mean }) => mean >= 0.9)?.updates).toBe(update);
    expect(scores.at(-1)?.updates).toBe(update);
  });

  it.each([2, 3, 5, 6, 7, 10])("goes on from bytes of update %i as if it had never stopped", (at) => {
    const options = small({ curriculum: staged({ ...ANY, window: 2 }) });
    const whole = train(options);
    const first = new Trainer(options);
    while (first.updates < at) first.step();
    const second = new Trainer(options);
    second.restore(first.save());
    while (second.status === "running") second.step();
    expect(second.result()).toEqual(whole);
    expect(whole.history.stages[1].update).toBe(6);
  });

  it("refuses bytes of another goal, and reads those without stages", () => {
    const { checkpoint, history } = train(small({ curriculum: staged(ANY) }));
    const other = new Trainer(small({ curriculum: staged(NEVER) }));
    expect(() => other.restore(checkpoint)).toThrow("the run was saved with curriculum [{");
    const { scores, stages, ...old } = packHistory(history);
    expect(scores.index).toHaveLength(history.validations.length);
    const read = unpackHistory(old);
    expect(read.stages).toEqual([]);
    expect(read.validations[0]).toEqual({ ...history.validations[0], stage: undefined });
    expect(stages).toHaveLength(2);
  });

  it("stops with the quantity that broke when the trials of a stage do", () => {
    let drawn = 0;
    // Two show that the stages' conditions will do, validation has 8 trials, the updates up to the first validation 12 more;
    // then come those of the stage.
    const wild: typeof hold = {
      ...hold,
      trial(rng, conditions) {
        const trial = hold.trial(rng, conditions);
        return drawn++ < 22 ? trial : { ...trial, targets: trial.targets.map(() => 1e300) };
      },
    };
    const { status, message, history } = train(small({ task: wild, curriculum: staged(NEVER) }));
    expect(status).toBe("diverged");
    expect(message).toMatch(/^Validation after 3 updates: loss of the validation is Infinity/);
    expect(history.validations.at(-1)?.loss).toBeLessThan(1);
    expect(history.validations.at(-1)?.stage?.loss).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("stageAt", () => {
  const stage = fc.record({ update: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }) });

  it("never goes back, and is where the updates of a curriculum without goals put it", () => {
    fc.assert(
      fc.property(fc.array(stage, { maxLength: 5 }), (drawn) => {
        const updates = drawn.flatMap(({ update }) => (update === undefined ? [] : [update]));
        const stages = [...new Set(updates)]
          .sort((a, b) => a - b)
          .map((update) => ({ update, conditions: {} }));
        const history: Pick<TrainingHistory, "stages" | "validations"> = { stages: [], validations: [] };
        for (let update = 0; update < 32; update++) {
          const now = stageAt(stages, history, update);
          expect(now).toBe(stages.filter((s) => s.update <= update).length - 1);
          if (now > (history.stages.at(-1)?.stage ?? -1)) history.stages.push({ stage: now, update });
        }
      }),
    );
  });
});

describe("curricula that cannot be", () => {
  const at = (stages: readonly unknown[], more: Partial<TrainOptions> = {}) =>
    small({ curriculum: stages as CurriculumStage[], ...more });
  const conditions = {};
  it.each<[string, TrainOptions]>([
    [
      "curriculum[1].update must be a whole number ≥ 4, got 3",
      at([
        { update: 3, conditions },
        { update: 3, conditions },
      ]),
    ],
    [
      "curriculum[1].update must be a whole number ≥ 1, got 0",
      at([
        { until: ANY, conditions },
        { update: 0, conditions },
      ]),
    ],
    ["curriculum[1] never begins. Give it an update", at([{ conditions }, { conditions }])],
    [
      "curriculum[1].until: no stage follows the last. Leave until out",
      at([{ conditions }, { update: 5, until: ANY, conditions }]),
    ],
    [
      "curriculum[0].until is judged by validations, and there are none",
      at(staged(ANY), { validation: false }),
    ],
    ["curriculum[0].until must have one of fractionCorrect and loss", at(staged({} as StageGoal))],
    [
      "curriculum[0].until must have one of",
      at(staged({ loss: 1, fractionCorrect: 1 } as unknown as StageGoal)),
    ],
    ["curriculum[0].until.fractionCorrect must be ≥ 0 and ≤ 1, got 85", at(staged({ fractionCorrect: 85 }))],
    ["curriculum[0].until.loss must be ≥ 0", at(staged({ loss: -1 }))],
    ["curriculum[0].until.window must be a whole number ≥ 1, got 0", at(staged({ loss: 1, window: 0 }))],
    [
      'curriculum[0].until: the task "hold" has no right answers to count. Give a loss',
      at(staged({ fractionCorrect: 0.8 }), { task: { ...hold, readout: { kind: "trace" } } }),
    ],
  ])("are refused: %s", (message, options) => {
    expect(() => new Trainer(options)).toThrow(message);
  });
});
