/**
 * @file What a training job leaves in `records/`: `<job>.npz` with its arrays and `<job>.json` with what is no array.
 * Names, shapes and both directions; axes are named slowest first.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type DenseMatrix, dense } from "../../core/index.ts";
import type { MaskArray, TrainingStatus } from "../../learning/index.ts";
import type { Conditions } from "../../tasks/index.ts";
import {
  type ArrayArchive,
  decodeArchive,
  encodeArchive,
  type ShapedArray,
  vector,
} from "./array-archive.ts";
import { damagedRun } from "./damaged-run.ts";
import { RUN_FILES } from "./run-directory.ts";

/** Which code ran: bits differ between paths. */
export type TrainingBackend = "wasm" | "native" | "interpret";

/** Everything that is no array. */
export interface TrainingFacts {
  status: TrainingStatus;
  /** Why training ended. */
  message: string;
  /** Updates made, and those made at the best validation. */
  updates: number;
  bestUpdate: number;
  /** Conditions that occur among the test trials; those of a catch trial are empty. */
  conditions: Conditions[];
  /** Of the longest shown trial, in steps; `to` is the step after the last. */
  periods: { name: string; from: number; to: number }[];
  inputNames: string[];
  outputNames: string[];
  /** One name for each area; a single area is called "rec". */
  areaNames: string[];
  /** Step [ms]. */
  dt: number;
  backend: TrainingBackend;
  /** Name of the task. */
  task: string;
  /** First update of each stage of the curriculum that began; left out without a curriculum. */
  stages?: { stage: number; update: number }[];
}

/** A flat array with three axes, row-major. */
export interface Cube {
  /** Lengths, slowest first. */
  shape: readonly [number, number, number];
  values: Float64Array;
}

/** Columns over updates, shape `(update)`. */
export interface HistoryArrays {
  /** Of the batch, with regularisers. */
  loss: Float64Array;
  /** NaN where no trial has a right answer. */
  fractionCorrect: Float64Array;
  /** Before clipping. */
  gradientNorm: Float64Array;
  learningRate: Float64Array;
  /** Each term before its weight, by name. */
  terms: Record<string, Float64Array>;
}

/** Columns over validations, shape `(validation)`. */
export interface ValidationArrays {
  /** Updates made before. */
  updates: Float64Array;
  loss: Float64Array;
  fractionCorrect: Float64Array;
  /** Of the worst condition; left out where early stopping did not ask for it. */
  worstFractionCorrect?: Float64Array;
  /** Of trials with the conditions of the stage, NaN while it has no goal; left out where no stage has one. */
  stageLoss?: Float64Array;
  stageFractionCorrect?: Float64Array;
}

/** Weights as they act, shape `(post, pre)`, by name of the projection. */
export type WeightsByProjection = Record<string, DenseMatrix>;

/** What the best parameters do in trials that were never trained on. */
export interface TestArrays {
  /** Shape `(shown, step, channel)`: the first 24 trials at most. */
  inputs: Cube;
  /** Shape `(shown, step, output)`. */
  targets: Cube;
  mask: Cube;
  outputs: Cube;
  /** Rates of the recurrent units, shape `(shown, step, unit)`. */
  activity: Cube;
  /** Index into `facts.conditions`, shape `(shown)`. */
  condition: Float64Array;
  /** Steps of each shown trial; beyond them arrays hold padding. Shape `(shown)`. */
  steps: Float64Array;
  /** First step of each period and the step after its last, shape `(shown, period, 2)`. NaN where a trial lacks it. */
  periods: Cube;
  /** Mean over the trials of each condition, shape `(condition, step, unit)`. NaN where no trial lasts that long. */
  conditionActivity: Cube;
  /** Mean over each period, all trials, shape `(trial, period, unit)`. NaN where a trial lacks the period. */
  trialActivity: Cube;
  /** Index of the chosen output, −1 for none, shape `(trial)`. */
  choice: Float64Array;
  /** 1 right, 0 wrong, NaN where there is no right answer, shape `(trial)`. */
  correct: Float64Array;
  /** Signed, NaN where undefined, shape `(trial)`. */
  evidence: Float64Array;
  /** [ms], NaN if none, shape `(trial)`. */
  reaction: Float64Array;
  /** Index into `facts.conditions`, shape `(trial)`. */
  conditionOfTrial: Float64Array;
}

/** Points of a psychometric curve, shape `(point)`. */
export interface PsychometricArrays {
  /** Signed, ascending. */
  evidence: Float64Array;
  /** Of choices for the first alternative. */
  fraction: Float64Array;
  /** Trials with a choice. */
  count: Float64Array;
}

/** Everything of one job. */
export interface TrainingRecord {
  facts: TrainingFacts;
  history: HistoryArrays;
  /** Empty columns when there were no validations. */
  validation: ValidationArrays;
  weights: Record<WeightsMoment, WeightsByProjection>;
  /** Which synapses exist and are trained (`SYNAPSE`), by name of the projection; left out of earlier records, and of the hash. */
  masks?: Record<string, MaskArray>;
  /** Values of trained parameters at the end, by `population.name`, shape `(unit)` each. */
  parameters: Record<string, Float64Array>;
  /** Those of the best validation, as `weights.best`; left out of earlier records, and of the hash. */
  bestParameters?: Record<string, Float64Array>;
  /**
   * Where trials that follow each other had come to, at the end and at the best validation: every variable by
   * `population.name`, shape `(unit, trial)`. Left out where trials begin anew, and of the hash.
   */
  states?: Record<StatesMoment, Record<string, ShapedArray>>;
  /** Of the recurrent units: −1, 1, or 0 without Dale's law, shape `(unit)`. */
  signs: Float64Array;
  /** Index of each unit's area in `facts.areaNames`, shape `(unit)`. */
  areas: Float64Array;
  /** Undefined when nothing was tested, e.g. after a breakdown before the first update. */
  test?: TestArrays;
  /** Undefined when the task has no evidence. */
  psychometric?: PsychometricArrays;
}

/** When weights are kept: before the first update, at the end, at the best validation. */
export const WEIGHTS_MOMENTS = ["initial", "last", "best"] as const;
/** One of initial, last, best. */
export type WeightsMoment = (typeof WEIGHTS_MOMENTS)[number];

const STATES_MOMENTS = ["last", "best"] as const;
/** One of last, best. */
export type StatesMoment = (typeof STATES_MOMENTS)[number];

/** The arrays of a record that its hash is of, by their names in the archive. */
export function trainingArrays(record: TrainingRecord): ArrayArchive {
  const { history, validation, weights, parameters, signs, areas, test, psychometric } = record;
  const { terms, ...columns } = history;
  return {
    ...vectors("history/", columns),
    ...vectors("history/term.", terms),
    ...vectors("validation/", validation),
    ...Object.fromEntries(
      WEIGHTS_MOMENTS.flatMap((moment) =>
        Object.entries(weights[moment]).map(([name, { rows, columns: pre, values }]) => [
          `weights/${moment}.${name}`,
          { shape: [rows, pre], values },
        ]),
      ),
    ),
    ...vectors("parameters/last.", parameters),
    signs: vector(signs),
    areas: vector(areas),
    ...(test && vectors("test/", test)),
    ...(psychometric && vectors("psychometric/", psychometric)),
  };
}

/** The record that arrays and facts make. @throws CajalError `damaged-run`. */
export function trainingRecord(
  arrays: Readonly<Record<string, ShapedArray>>,
  facts: TrainingFacts,
): TrainingRecord {
  const under = (prefix: string) =>
    Object.entries(arrays).flatMap(([name, array]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), array] as const] : [],
    );
  const flat = (prefix: string) =>
    Object.fromEntries(under(prefix).map(([name, { values }]) => [name, values as Float64Array]));
  const { loss, fractionCorrect, gradientNorm, learningRate } = flat("history/");
  const shaped = (prefix: string) =>
    Object.fromEntries(
      under(prefix).map(([name, { shape, values }]) => [
        name,
        shape.length === 1 ? values : { shape, values },
      ]),
    );
  const weights = (moment: WeightsMoment): WeightsByProjection =>
    Object.fromEntries(
      under(`weights/${moment}.`).map(([name, { shape, values }]) => [
        name,
        dense(shape[0], shape[1], values),
      ]),
    );
  const masks = Object.fromEntries(under("masks/")) as unknown as Record<string, MaskArray>;
  const bestParameters = flat("parameters/best.");
  const states = Object.fromEntries(
    STATES_MOMENTS.map((moment) => [moment, Object.fromEntries(under(`states/${moment}.`))]),
  ) as NonNullable<TrainingRecord["states"]>;
  const [test, psychometric] = [shaped("test/"), flat("psychometric/")];
  for (const name of ["history/loss", "validation/loss", "signs", "areas"]) {
    if (!arrays[name]) throw damagedRun(`the arrays of a training job lack ${name}`);
  }
  return {
    facts,
    history: { loss, fractionCorrect, gradientNorm, learningRate, terms: flat("history/term.") },
    validation: flat("validation/") as unknown as ValidationArrays,
    weights: { initial: weights("initial"), last: weights("last"), best: weights("best") },
    ...(Object.keys(masks).length > 0 && { masks }),
    parameters: flat("parameters/last."),
    ...(Object.keys(bestParameters).length > 0 && { bestParameters }),
    ...(Object.keys(states.last).length > 0 && { states }),
    signs: arrays.signs.values as Float64Array,
    areas: arrays.areas.values as Float64Array,
    ...("outputs" in test && { test: test as unknown as TestArrays }),
    ...("fraction" in psychometric && { psychometric: psychometric as unknown as PsychometricArrays }),
  };
}

/** Bytes of `<job>.npz` and of `<job>.json`. */
export function encodeTrainingRecord(record: TrainingRecord): { npz: Uint8Array; json: Uint8Array } {
  const { masks = {}, bestParameters = {}, states } = record;
  return {
    npz: encodeArchive({
      ...trainingArrays(record),
      ...vectors("masks/", masks),
      ...vectors("parameters/best.", bestParameters),
      ...vectors("states/last.", states?.last ?? {}),
      ...vectors("states/best.", states?.best ?? {}),
    }),
    json: new TextEncoder().encode(`${JSON.stringify(record.facts, null, 1)}\n`),
  };
}

/** What {@link encodeTrainingRecord} wrote. @param name - Of the files, without ending, for messages. @throws CajalError `damaged-run`. */
export function decodeTrainingRecord(
  { npz, json }: { npz: Uint8Array; json: Uint8Array },
  name = "the record of a training job",
): TrainingRecord {
  let facts: TrainingFacts;
  try {
    facts = JSON.parse(new TextDecoder().decode(json)) as TrainingFacts;
  } catch {
    throw damagedRun(`${name}.json is damaged: it is no JSON`);
  }
  return trainingRecord(decodeArchive(npz, { name: `${name}.npz` }), facts);
}

/**
 * The record of a job in a run directory; undefined when it left none.
 *
 * @throws CajalError `damaged-run`, also when one of its two files is missing.
 */
export async function readTrainingRecord(folder: string, job: string): Promise<TrainingRecord | undefined> {
  const path = join(RUN_FILES.records, job);
  const read = (extension: string) =>
    readFile(join(folder, `${path}.${extension}`)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
  const [npz, json] = [await read("npz"), await read("json")];
  if (npz && json) return decodeTrainingRecord({ npz, json }, path);
  if (npz || json) throw damagedRun(`${path}.${npz ? "json" : "npz"} is missing`);
  return undefined;
}

// Implementation

function vectors(prefix: string, of: object): Record<string, ShapedArray> {
  return Object.fromEntries(
    (Object.entries(of) as [string, Float64Array | Cube | MaskArray][]).map(([name, value]) => [
      prefix + name,
      value instanceof Float64Array ? vector(value) : value,
    ]),
  );
}
