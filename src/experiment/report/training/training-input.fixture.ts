/**
 * @file A made-up run of trained networks for tests of its report.
 */

import { dense } from "../../../core/index.ts";
import type { Cube, TrainingRecord } from "../../results/training-record.ts";
import type { FactorValue } from "../../spec/factors.ts";
import { trainingSchema } from "../../spec/training-schema.ts";
import type { TrainingInput, TrainingRun, TrainingSetting } from "./training-input.ts";

const UNITS = 6;
const STEPS = 20;
const EVIDENCE = [-8, -2, 2, 8];
const TRIALS = 80;

/** A record in which units 0 … 2 prefer choice 0, and the loss falls to `floor`. */
export function trainingRecordFixture({ floor = 0.1, areas = 1 } = {}): TrainingRecord {
  const loss = Float64Array.from({ length: 60 }, (_, k) => floor + 1 / (k + 1));
  const signs = Float64Array.from({ length: UNITS }, (_, i) => (i % 3 === 2 ? -1 : 1));
  const weights = (gain: number) => ({
    rec: dense(
      UNITS,
      UNITS,
      Array.from({ length: UNITS * UNITS }, (_, k) => gain * signs[k % UNITS] * ((k * 7) % 5)),
    ),
  });
  return {
    facts: {
      status: "done",
      message: "all updates made",
      updates: 60,
      bestUpdate: 50,
      conditions: EVIDENCE.map((coherence) => ({ coherence, context: "motion" })),
      periods: [
        { name: "fixation", from: 0, to: 5 },
        { name: "stimulus", from: 5, to: STEPS },
      ],
      inputNames: ["motion 1", "motion 2"],
      outputNames: ["left", "right"],
      areaNames: areas > 1 ? ["V1", "PFC"] : ["rec"],
      dt: 20,
      backend: "wasm",
      task: "perceptual-decision",
    },
    history: {
      loss,
      fractionCorrect: loss.map((v) => 1 - v / 2.5),
      gradientNorm: loss.map((v) => 3 * v),
      learningRate: loss.map(() => 0.01),
      terms: {},
    },
    validation: {
      updates: Float64Array.of(10, 30, 50),
      loss: Float64Array.of(floor + 0.1, floor + 0.03, floor),
      fractionCorrect: Float64Array.of(0.6, 0.8, 0.9),
    },
    weights: { initial: weights(0.1), last: weights(0.2), best: weights(0.2) },
    parameters: {},
    signs,
    areas: Float64Array.from({ length: UNITS }, (_, i) => (areas > 1 && i >= 3 ? 1 : 0)),
    test: testArrays(),
    psychometric: {
      evidence: Float64Array.from(EVIDENCE),
      fraction: Float64Array.of(0, 0.1, 0.75, 1),
      count: Float64Array.of(20, 20, 20, 20),
    },
  };
}

/** One job with its record. */
export function trainingRunFixture(
  repeat: number,
  metrics: Record<string, number>,
  floor = 0.1,
): TrainingRun {
  const { facts, history, validation } = trainingRecordFixture({ floor });
  return {
    job: `rate.r${repeat}`,
    repeat,
    metrics: { minimumLoss: floor, updateOfMinimum: 50, updates: 60, ...metrics },
    facts,
    history,
    validation,
  };
}

/** Settings of a sweep of learning rate × activation, two repeats each; the second setting is the best. */
export function trainingInputFixture(
  sweep: Record<string, (string | number)[]> = {
    "optimiser.learningRate": [0.1, 0.01],
    "network.activation": ["relu", "tanh"],
  },
): TrainingInput {
  const experiment = trainingSchema.parse({
    kind: "training",
    name: "made-up",
    repeat: 2,
    task: { name: "perceptual-decision" },
    network: { units: UNITS, dale: 0.8, noise: 0.1 },
    updates: 60,
    earlyStopping: { target: 0.85 },
    sweep,
  });
  const paths = Object.keys(sweep);
  const cells = paths.reduce<Record<string, FactorValue>[]>(
    (all, path) => all.flatMap((cell) => sweep[path].map((value) => ({ ...cell, [path]: value }))),
    [{}],
  );
  const settings = cells.map((factors, k): TrainingSetting => {
    const right = k === 1 || cells.length === 1 ? 0.9 : 0.6 + 0.01 * k;
    const floor = 0.1 * (k + 1);
    return {
      factors,
      experiment,
      runs: [0, 1].map((repeat) =>
        trainingRunFixture(repeat, { testFractionCorrect: right - 0.02 * repeat }, floor),
      ),
    };
  });
  return {
    title: "Made-up <run>",
    experiment,
    experimentYaml: "kind: training\nname: made-up\n",
    run: {
      versions: { cajal: "0.1.0", node: "20" },
      seed: 7,
      machine: "a machine",
      seconds: 12,
      hash: "abc123",
      jobs: { done: 2 * cells.length, failed: 0 },
    },
    settings,
    shown: { setting: cells.length > 1 ? 1 : 0, repeat: 1, record: trainingRecordFixture() },
    failures: [],
    warnings: [],
  };
}

// Implementation

function cube(shape: [number, number, number], of: (a: number, b: number, c: number) => number): Cube {
  const [, rows, columns] = shape;
  const values = Float64Array.from({ length: shape[0] * rows * columns }, (_, i) =>
    of(Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns),
  );
  return { shape, values };
}

function testArrays(): NonNullable<TrainingRecord["test"]> {
  const evidenceOf = (trial: number) => EVIDENCE[trial % EVIDENCE.length];
  const choiceOf = (trial: number) => (evidenceOf(trial) > (trial % 16 === 2 ? 4 : 0) ? 0 : 1);
  const all = Array.from({ length: TRIALS }, (_, t) => t);
  const shown = 8;
  const rate = (e: number, k: number, u: number) =>
    1 + (u < 3 ? 1 : -1) * e * 0.05 * (k / STEPS) + 0.1 * (u % 2);
  return {
    inputs: cube([shown, STEPS, 2], (t, k, c) => (k < 5 ? 0.2 : 0.5 + (c ? -1 : 1) * evidenceOf(t) * 0.03)),
    targets: cube([shown, STEPS, 2], (t, _, o) => (o === (evidenceOf(t) > 0 ? 0 : 1) ? 1 : 0.2)),
    mask: cube([shown, STEPS, 2], (_, k) => (k < 15 ? 0 : 1)),
    outputs: cube([shown, STEPS, 2], (t, k, o) => 0.2 + (o === choiceOf(t) ? 0.7 : 0.1) * (k / STEPS)),
    activity: cube([shown, STEPS, UNITS], (t, k, u) => rate(evidenceOf(t), k, u)),
    condition: Float64Array.from({ length: shown }, (_, t) => t % 4),
    steps: new Float64Array(shown).fill(STEPS),
    periods: cube([shown, 2, 2], (_, p, end) => [0, 5, 5, STEPS][2 * p + end]),
    conditionActivity: cube([4, STEPS, UNITS], (c, k, u) => rate(EVIDENCE[c], k, u)),
    trialActivity: cube([TRIALS, 2, UNITS], (t, p, u) =>
      p === 0 ? 1 : rate(evidenceOf(t), 12 + ((t * 13 + u) % 5), u) + 0.05 * ((t * 7 + u) % 3),
    ),
    choice: Float64Array.from(all, choiceOf),
    correct: Float64Array.from(all, (t) => (choiceOf(t) === (evidenceOf(t) > 0 ? 0 : 1) ? 1 : 0)),
    evidence: Float64Array.from(all, evidenceOf),
    reaction: Float64Array.from(all, (t) => 500 - 20 * Math.abs(evidenceOf(t)) + (t % 7)),
    conditionOfTrial: Float64Array.from(all, (t) => t % 4),
  };
}
