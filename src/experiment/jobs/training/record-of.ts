/**
 * @file What a training job leaves behind, from what it did.
 */

import { type DenseMatrix, toDense } from "../../../core/index.ts";
import {
  type ActingParameters,
  synapseMasks,
  type TrainingResult,
  type TrialStates,
} from "../../../learning/index.ts";
import type { Network } from "../../../model/index.ts";
import type { ShapedArray } from "../../results/array-archive.ts";
import type { TrainingBackend, TrainingRecord, WeightsByProjection } from "../../results/training-record.ts";
import type { TestResult } from "./test-trials.ts";
import type { TrainingSetup } from "./training-setup.ts";

/** What the record of a job is made of. */
export interface JobOutcome {
  setup: TrainingSetup;
  backend: TrainingBackend;
  /** Parameters before the first update. */
  initial: ActingParameters;
  result: TrainingResult;
  /** Undefined after a breakdown. */
  test: TestResult | undefined;
}

/** The record of a job. */
export function recordOf({ setup, backend, initial, result, test }: JobOutcome): TrainingRecord {
  const { built, testTask } = setup;
  const { network } = built.rate;
  const { history, status, message, updates, best, last } = result;
  const { validations, terms, stages, ...columns } = history;
  const { carried } = result;
  const { batchSize = 20 } = setup.options;
  const column = (values: readonly number[]) => Float64Array.from(values);
  return {
    facts: {
      ...{ status, message, updates, bestUpdate: best.updates },
      conditions: test?.facts.conditions ?? [],
      periods: test?.facts.periods ?? [],
      inputNames: [...testTask.inputs],
      outputNames: [...testTask.outputs],
      areaNames: built.areas.names,
      dt: testTask.dt,
      backend,
      task: testTask.name,
      ...(stages.length > 0 && { stages }),
    },
    history: {
      loss: column(columns.loss),
      fractionCorrect: column(columns.fractionCorrect),
      gradientNorm: column(columns.gradientNorm),
      learningRate: column(columns.learningRate),
      terms: Object.fromEntries(Object.entries(terms).map(([name, values]) => [name, column(values)])),
    },
    validation: {
      updates: column(validations.map((v) => v.updates)),
      loss: column(validations.map((v) => v.loss)),
      fractionCorrect: column(validations.map((v) => v.fractionCorrect)),
      ...(validations.some((v) => v.worstFractionCorrect !== undefined) && {
        worstFractionCorrect: column(validations.map((v) => v.worstFractionCorrect ?? Number.NaN)),
      }),
      ...(validations.some(({ stage }) => stage) && {
        stageLoss: column(validations.map(({ stage }) => stage?.loss ?? Number.NaN)),
        stageFractionCorrect: column(validations.map(({ stage }) => stage?.fractionCorrect ?? Number.NaN)),
      }),
    },
    weights: {
      initial: weightsOf(network, initial),
      last: weightsOf(network, last),
      best: weightsOf(network, best.parameters),
    },
    masks: synapseMasks(built.rate),
    parameters: othersOf(last),
    ...(Object.keys(othersOf(last)).length > 0 && { bestParameters: othersOf(best.parameters) }),
    ...(carried && {
      states: { last: statesOf(carried.last, batchSize), best: statesOf(carried.best, batchSize) },
    }),
    signs: Float64Array.from(built.rate.signs),
    areas: built.areas.index,
    ...(test && { test: test.arrays }),
    ...(test?.psychometric && { psychometric: test.psychometric }),
  };
}

// Implementation

/** All weights, those that are not trained included, dense. */
function weightsOf({ projections }: Network, parameters: ActingParameters): WeightsByProjection {
  return Object.fromEntries(
    projections.map(({ name, weights }): [string, DenseMatrix] => {
      const values = parameters[`weights:${name}`] ?? weights.values;
      return [name, toDense({ ...weights, values })];
    }),
  );
}

/** Of nothing before the first update. */
function statesOf(states: TrialStates = {}, streams: number): Record<string, ShapedArray> {
  return Object.fromEntries(
    Object.entries(states).map(([name, values]) => [
      name,
      { shape: [values.length / streams, streams], values },
    ]),
  );
}

/** All that is trained and no weights, by `population.name`. */
function othersOf(parameters: ActingParameters): Record<string, Float64Array> {
  return Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => !name.startsWith("weights:"))
      .map(([name, values]) => [name.slice(name.indexOf(":") + 1), values]),
  );
}
