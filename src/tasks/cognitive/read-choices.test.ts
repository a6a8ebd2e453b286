import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { batchTrials, type TrialBatch } from "./batch-trials.ts";
import { defineTask } from "./define-task.ts";
import { perceptualDecision } from "./perceptual-decision.ts";
import { readChoices, readReactions } from "./read-choices.ts";
import { ringDecision } from "./ring-decision.ts";
import { choiceAccuracy, chronometricPoints, psychometricPoints, scoreConditions } from "./score-choices.ts";
import { sequenceMemory } from "./sequence-memory.ts";
import type { Conditions } from "./trial.ts";

/** Two steps of fixation, three of decision, of unequal fixation, two outputs. */
const small = (at: "end" | "mean") =>
  defineTask({
    name: "small",
    dt: 10,
    inputs: ["u"],
    outputs: ["a", "b"],
    factors: { right: { values: [0, 1] }, fixation: { values: [1, 2] } },
    periods: [
      { name: "fixation", duration: 20 },
      { name: "decision", duration: 30 },
    ],
    catchPeriods: [{ name: "fixation", duration: 40 }],
    catchFraction: 0.5,
    readout: { kind: "choice", period: "decision", at, alternatives: [0, 1] },
    reaction: { period: "decision", threshold: 0.5 },
    fill: (_, { right }) => ({ choice: Number(right), evidence: right === 0 ? 2 : -2 }),
  });

const conditions: Conditions[] = [{ right: 0, catch: false }, { right: 1, catch: false }, { catch: true }];
const batchOf = (at: "end" | "mean") => batchTrials(small(at), 3, createRng(1), { conditions });

/** Outputs of three instances, by rows of [a, b] for each step. */
function outputsOf(...instances: [number, number][][]): Float64Array {
  const out = new Float64Array(5 * 2 * instances.length);
  instances.forEach((rows, b) => {
    rows.forEach((row, t) => {
      row.forEach((z, i) => {
        out[(t * 2 + i) * instances.length + b] = z;
      });
    });
  });
  return out;
}

const first: [number, number][] = [
  [9, 0],
  [9, 0],
  [0.6, 0.9],
  [0, 0.1],
  [0.4, 0.2],
];
const second: [number, number][] = [
  [0, 0],
  [0, 0],
  [0, 0],
  [0.2, 0.7],
  [0.3, 0.3],
];
const silent: [number, number][] = Array.from({ length: 5 }, () => [0, 0.1]);

describe("readChoices", () => {
  it("takes the larger output of the last step, the lower index of a tie, nothing in a catch trial", () => {
    const batch = batchOf("end");
    const choices = readChoices(outputsOf(first, second, silent), batch);
    expect([...choices]).toEqual([0, 0, -1]);
    expect(choiceAccuracy(choices, batch.trials)).toBe(0.5);
  });

  it("takes the larger mean of the period where the task says so", () => {
    expect([...readChoices(outputsOf(first, second, silent), batchOf("mean"))]).toEqual([1, 1, -1]);
  });

  it("reads no choice where an output is not a number, which is wrong", () => {
    const batch = batchOf("end");
    const choices = readChoices(outputsOf([...first.slice(0, 4), [Number.NaN, 0]], second, silent), batch);
    expect(choices[0]).toBe(-1);
    expect(choiceAccuracy(choices, batch.trials)).toBe(0);
  });

  it("refuses outputs of another size, and tasks without choices", () => {
    expect(() => readChoices(new Float64Array(7), batchOf("end"))).toThrow(
      "readChoices: there are 7 outputs, 5 × 2 × 3 makes 30. Give outputs of the whole batch in shape (time, output, instance).",
    );
    const batch = batchTrials(sequenceMemory(), 2, createRng(1));
    expect(() => readChoices(batch.targets, batch)).toThrow(
      'readChoices: the task "sequence memory" has outputs to be traced, not choices. Score it by the error',
    );
  });
});

describe("readReactions", () => {
  it("counts from the start of the period to the end of the first step above threshold", () => {
    const { times, choices } = readReactions(outputsOf(first, second, silent), batchOf("end"));
    expect([...times]).toEqual([10, 20, Number.NaN]);
    expect([...choices]).toEqual([1, 1, -1]);
  });

  it("takes another threshold and period", () => {
    const { times, choices } = readReactions(outputsOf(first, second, silent), batchOf("end"), {
      period: "fixation",
      threshold: 0.09,
    });
    expect([...times]).toEqual([10, 40, 10]); // the last is a false alarm in a catch trial
    expect([...choices]).toEqual([0, 1, 1]);
  });

  it("refuses a task without reaction times", () => {
    const batch = batchTrials(ringDecision(), 1, createRng(1));
    expect(() => readReactions(batch.targets, batch)).toThrow(
      'readReactions: the task "decision on a ring" defines no reaction time. Give a period and a threshold, e.g.',
    );
  });
});

describe("scores of choices", () => {
  const facts = (choice: number, evidence: number, conditions = {}) => ({
    steps: 1,
    periods: [],
    conditions,
    choice,
    evidence,
    catchTrial: choice < 0,
  });
  const trials = [
    facts(0, 5, { rule: "x", side: 1 }),
    facts(0, 5, { rule: "y", side: 1 }),
    facts(1, -5, { rule: "x", side: 2 }),
    facts(-1, Number.NaN),
    facts(1, -0, { rule: "y", side: 2 }),
    facts(0, 0, { rule: "y", side: 1 }),
  ];

  it("count right answers by condition", () => {
    const choices = [0, 1, 1, -1, -1, 0];
    expect(choiceAccuracy(choices, trials)).toBe(0.6);
    expect(scoreConditions(choices, trials, ["rule"])).toEqual([
      { conditions: { rule: "x" }, count: 2, correct: 2, fraction: 1 },
      { conditions: { rule: "y" }, count: 3, correct: 1, fraction: 1 / 3 },
    ]);
    expect(scoreConditions(choices, trials).length).toBe(4);
  });

  it("make the points of a psychometric curve from weak to strong", () => {
    expect(psychometricPoints([0, 1, 1, -1, 1, 0], trials)).toEqual([
      { evidence: -5, count: 1, chosen: 0, fraction: 0 },
      { evidence: 0, count: 2, chosen: 1, fraction: 0.5 },
      { evidence: 5, count: 2, chosen: 1, fraction: 0.5 },
    ]);
    const bySide = psychometricPoints([0, 1, 1, -1, 1, 0], trials, {
      first: 1,
      by: (t) => Number(t.conditions.side),
    });
    expect(bySide.map((p) => p.fraction)).toEqual([1 / 3, 1]);
  });

  it("leave out trials in which an output won that is no alternative", () => {
    const { readout } = ringDecision();
    const alternatives = readout.kind === "choice" ? readout.alternatives : [];
    expect(alternatives).toEqual([1, 2]); // 0 is fixate
    const asked = [facts(1, 5), facts(1, 5), facts(1, 5), facts(2, -5), facts(2, -5)];
    expect(psychometricPoints([1, 0, 2, 0, 2], asked, { alternatives })).toEqual([
      { evidence: -5, count: 1, chosen: 0, fraction: 0 },
      { evidence: 5, count: 2, chosen: 1, fraction: 0.5 },
    ]);
  });

  it("make the points of a chronometric curve, right and wrong answers apart", () => {
    const reactions = {
      times: Float64Array.of(100, 300, 200, 50, Number.NaN, 700),
      choices: Int32Array.of(0, 1, 1, 0, -1, 0),
    };
    expect(chronometricPoints(reactions, trials)).toEqual([
      { strength: 0, correct: 1, wrong: 0, missed: 1, meanCorrect: 700, meanWrong: Number.NaN },
      { strength: 5, correct: 2, wrong: 1, missed: 0, meanCorrect: 150, meanWrong: 300 },
    ]);
  });

  it("refuse what does not fit", () => {
    expect(() => choiceAccuracy([0], trials)).toThrow(
      "choiceAccuracy: 1 choices for 6 trials. Give one choice for each",
    );
    expect(() => choiceAccuracy([-1], [trials[3]])).toThrow(
      "no trial has a right answer. Catch trials have none",
    );
  });
});

describe("an ideal observer", () => {
  /** Running sum of the difference of two inputs in a period, as outputs (+, −), offset to be positive there. */
  function integrate(
    batch: TrialBatch,
    period: string,
    [plus, minus]: [number, number],
    outputs: number[],
  ): Float64Array {
    const { steps, count } = batch;
    const [channels, width] = [batch.inputNames.length, batch.outputNames.length];
    const out = new Float64Array(steps * width * count);
    batch.trials.forEach((trial, b) => {
      const { from = 0, to = 0 } = trial.periods.find((p) => p.name === period) ?? {};
      let sum = 0;
      for (let t = 0; t < steps; t++) {
        const u = (c: number) => batch.inputs[(t * channels + c) * count + b];
        if (t >= from && t < to) sum += u(plus) - u(minus);
        out[(t * width + outputs[0]) * count + b] = sum;
        out[(t * width + outputs[1]) * count + b] = -sum;
      }
    });
    return out;
  }

  it.each([
    [3.2, 0.674563],
    [6.4, 0.817293],
    [12.8, 0.964867],
  ])("of a perceptual decision at %d %% is right as often as Φ(d'/√2) says", (coherence, expected) => {
    const task = perceptualDecision({ noise: { sigma: 0.1, rectify: false }, catchFraction: 0 });
    const n = 1200;
    const batch = batchTrials(task, n, createRng(2), { conditions: { coherence } });
    const choices = readChoices(integrate(batch, "stimulus", [0, 1], [0, 1]), batch);
    const error = Math.sqrt((expected * (1 - expected)) / n);
    expect(Math.abs(choiceAccuracy(choices, batch.trials) - expected)).toBeLessThan(4.5 * error);
  });

  it.each([
    [0, 0.5],
    [6.4, 0.978508],
  ])("of a decision on a ring at %d %% is right as often as it should", (coherence, expected) => {
    const n = 1200;
    const batch = batchTrials(ringDecision(), n, createRng(4), { conditions: { coherence } });
    const outputs = integrate(batch, "stimulus", [1, 2], [1, 2]);
    for (let k = 0; k < batch.steps * n; k++) outputs[Math.floor(k / n) * 3 * n + (k % n)] = -1e9; // never fixate
    const accuracy = choiceAccuracy(readChoices(outputs, batch), batch.trials);
    expect(Math.abs(accuracy - expected)).toBeLessThan(4.5 * Math.sqrt((expected * (1 - expected)) / n));
  });

  it("that stops at a bound is faster on stronger motion, and its choices make a rising curve", () => {
    const task = perceptualDecision({
      version: "reaction-time",
      timing: { stimulus: 4000 },
      noise: { sigma: 0.1, rectify: false },
      catchFraction: 0,
    });
    const batch = batchTrials(task, 800, createRng(9));
    const reactions = readReactions(integrate(batch, "stimulus", [0, 1], [0, 1]), batch, { threshold: 4 });
    const times = chronometricPoints(reactions, batch.trials).map((p) => p.meanCorrect);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const curve = psychometricPoints(reactions.choices, batch.trials);
    expect(curve.map((p) => p.evidence)).toEqual([
      -51.2, -25.6, -12.8, -6.4, -3.2, 3.2, 6.4, 12.8, 25.6, 51.2,
    ]);
    expect(curve[0].fraction).toBe(0);
    expect(curve[9].fraction).toBe(1);
    expect(curve[3].fraction).toBeLessThan(curve[6].fraction);
  });
});
