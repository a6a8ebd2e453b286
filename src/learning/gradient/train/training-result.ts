/**
 * @file What training tells: a report of each update, the history of a run, and how it ended.
 */

import type { TrialStates } from "./carried-states.ts";

/** One update. */
export interface UpdateReport {
  /** 0 is the first. */
  update: number;
  /** Loss with regularisers, of this batch, before the update. */
  loss: number;
  /** Each term before its weight, by name. */
  terms: Readonly<Record<string, number>>;
  /** Of this batch; NaN where no trial has a right answer. */
  fractionCorrect: number;
  /** Norm of the gradient over all parameters, before clipping. */
  gradientNorm: number;
  learningRate: number;
  /** Made after this update. */
  validation?: Validation;
}

/** The fixed trials, seen after `updates` updates. */
export interface Validation {
  updates: number;
  /** Without regularisers. */
  loss: number;
  /** NaN where no trial has a right answer. */
  fractionCorrect: number;
  /** Of the worst condition; where early stopping asks for it. */
  worstFractionCorrect?: number;
  /** While a stage of the curriculum has a goal. */
  stage?: StageScore;
}

/** What a stage of the curriculum is judged by: fixed trials of its own conditions. */
export interface StageScore {
  /** Index of the stage. */
  index: number;
  /** Without regularisers. */
  loss: number;
  /** NaN where no trial has a right answer. */
  fractionCorrect: number;
}

/** Columns over updates, the validations, and the stages. */
export interface TrainingHistory {
  loss: number[];
  terms: Record<string, number[]>;
  fractionCorrect: number[];
  gradientNorm: number[];
  learningRate: number[];
  validations: Validation[];
  /** Stages of the curriculum that began, by index, each with the first update of its conditions. */
  stages: { stage: number; update: number }[];
}

/**
 * - `done`: all updates were made. `reached`: the target was. `stopped`: patience ran out, or `onUpdate` said so.
 * - `diverged`: a loss, gradient or parameter was not finite; parameters are those before that update, or, when only
 *   a validation broke, those it was made with.
 */
export type TrainingStatus = "done" | "reached" | "stopped" | "diverged";

/** Parameters by name of the trainable: weights as they act in the order of their matrix, all else as it is. */
export type ActingParameters = Record<string, Float64Array>;

/** Where training broke. */
export interface TrainingDivergence {
  /** The update that was not made. */
  update: number;
  /** First quantity that is not finite, e.g. `rec.x`, `loss "mse"`, `gradient of weights:rec`. */
  quantity: string;
}

/** Under `continuous`, the states that the next batch would begin in; undefined before the first one. */
export interface CarriedResult {
  /** At the end. */
  last: TrialStates | undefined;
  /** At the validation of lowest loss. */
  best: TrialStates | undefined;
}

/** How training went. */
export interface TrainingResult {
  status: TrainingStatus;
  /** One sentence, with advice when it went wrong. */
  message: string;
  /** Updates made. */
  updates: number;
  history: TrainingHistory;
  /** At the end. */
  last: ActingParameters;
  /** At the validation of lowest loss; those at the end where there was none. */
  best: { updates: number; parameters: ActingParameters };
  /** Where trials that follow each other had come to, of networks trained so. */
  carried?: CarriedResult;
  divergence?: TrainingDivergence;
  /** Bytes to go on from with `Trainer.restore`. */
  checkpoint: Uint8Array;
}

/** A history with nothing in it. */
export function emptyHistory(): TrainingHistory {
  const columns = { loss: [], fractionCorrect: [], gradientNorm: [], learningRate: [] };
  return { ...columns, terms: {}, validations: [], stages: [] };
}

/** Append an update. */
export function addReport(history: TrainingHistory, report: UpdateReport): void {
  history.loss.push(report.loss);
  history.fractionCorrect.push(report.fractionCorrect);
  history.gradientNorm.push(report.gradientNorm);
  history.learningRate.push(report.learningRate);
  for (const [name, value] of Object.entries(report.terms)) {
    history.terms[name] ??= [];
    history.terms[name].push(value);
  }
  if (report.validation) history.validations.push(report.validation);
}

/** Values as a typed array each, which can hold what is not finite, to be packed. */
export function packHistory({ terms, validations, stages, ...columns }: TrainingHistory) {
  const array = (values: readonly number[]) => Float64Array.from(values);
  const columnOf = (key: "updates" | "loss" | "fractionCorrect" | "worstFractionCorrect") =>
    array(validations.map((v) => v[key] ?? Number.NaN));
  const stageColumn = (key: keyof StageScore) =>
    array(validations.map(({ stage }) => stage?.[key] ?? Number.NaN));
  return {
    columns: Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, array(values)])),
    terms: Object.fromEntries(Object.entries(terms).map(([name, values]) => [name, array(values)])),
    validations: {
      updates: columnOf("updates"),
      loss: columnOf("loss"),
      fractionCorrect: columnOf("fractionCorrect"),
    },
    // NaN where early stopping did not ask for it.
    worst: columnOf("worstFractionCorrect"),
    // NaN for the index where no stage was judged.
    scores: {
      index: stageColumn("index"),
      loss: stageColumn("loss"),
      fractionCorrect: stageColumn("fractionCorrect"),
    },
    stages,
  };
}

/** As it lies in saved bytes; those from before stages had goals, or conditions were told apart, lack them. */
export type PackedHistory = Partial<Pick<Packed, Later>> & Omit<Packed, Later>;
type Later = "scores" | "stages" | "worst";
type Packed = ReturnType<typeof packHistory>;

/** What {@link packHistory} packed. */
export function unpackHistory(packed: PackedHistory): TrainingHistory {
  const { updates, loss, fractionCorrect } = packed.validations;
  const { scores, worst, stages = [] } = packed;
  const lists = (of: Readonly<Record<string, Float64Array>>) =>
    Object.fromEntries(Object.entries(of).map(([name, values]) => [name, Array.from(values)]));
  const scoreOf = (k: number): Pick<Validation, "stage"> =>
    scores === undefined || Number.isNaN(scores.index[k])
      ? {}
      : {
          stage: {
            index: scores.index[k],
            loss: scores.loss[k],
            fractionCorrect: scores.fractionCorrect[k],
          },
        };
  return {
    ...(lists(packed.columns) as unknown as Omit<TrainingHistory, "terms" | "validations" | "stages">),
    terms: lists(packed.terms),
    validations: Array.from(updates, (u, k) => ({
      updates: u,
      loss: loss[k],
      fractionCorrect: fractionCorrect[k],
      ...(worst && !Number.isNaN(worst[k]) && { worstFractionCorrect: worst[k] }),
      ...scoreOf(k),
    })),
    stages,
  };
}
