/**
 * @file A trial as plain data, and a task: something that makes trials. Every task of this folder, and every task a
 * user writes with `defineTask`, gives this type, whatever its channels, periods and kind of answer.
 */

import type { Rng } from "../../core/index.ts";

/** A named stretch of a trial. Periods may overlap, e.g. a decision that may come while the stimulus is still on. */
export interface Period {
  name: string;
  /** First step. */
  from: number;
  /** Step after the last. */
  to: number;
  /** Start [ms], `from` · dt: step k covers the time from k · dt to (k + 1) · dt. */
  start: number;
  /** End [ms], `to` · dt. */
  end: number;
}

/** A value of a condition: a coherence, the name of a context, whether two items match. */
export type ConditionValue = number | string | boolean;

/** What was varied in a trial, by name. */
export type Conditions = Readonly<Record<string, ConditionValue>>;

/** What a task varies: evenly drawn from a list, or evenly from a range. */
export type Factor =
  | {
      values: readonly ConditionValue[];
      /** Numbers beside those of the list may be asked for (never drawn), e.g. a coherence between two others. */
      open?: boolean;
    }
  | { low: number; high: number };

/** What varies between the trials of a task, by the name of its condition. */
export type Factors = Readonly<Record<string, Factor>>;

/** What is known of a trial beside its arrays: enough to score an answer. */
export interface TrialFacts {
  /** Number of steps. */
  steps: number;
  periods: readonly Period[];
  /** Empty for a catch trial. */
  conditions: Conditions;
  /** Index of the output that is the correct choice; −1 where there is none (catch trials, outputs to be traced). */
  choice: number;
  /** Signed strength of evidence, > 0 for the first alternative of the task, in the unit of the task; NaN where undefined. */
  evidence: number;
  /** Nothing is shown and no answer is wanted. */
  catchTrial: boolean;
}

/** One presentation of a task. */
export interface Trial extends TrialFacts {
  kind: "trial";
  /** Name of the task. */
  task: string;
  /** Step [ms]. */
  dt: number;
  /** Name of each input, shape `(channel)`. */
  inputNames: readonly string[];
  /** Name of each output, shape `(output)`. */
  outputNames: readonly string[];
  /** Shape `(time, channel)`, row-major. */
  inputs: Float64Array;
  /** Wanted outputs, shape `(time, output)`. */
  targets: Float64Array;
  /** How much each target counts, ≥ 0, shape `(time, output)`; 0 where the output is free. */
  mask: Float64Array;
  /** Wanted output as a class, shape `(time)`, −1 where nothing is asked; all −1 in tasks without classes. */
  labels: Int32Array;
}

/** How an answer is read off the outputs. */
export type AnswerRule =
  | {
      kind: "choice";
      /** Period whose end, or mean, is looked at. */
      period: string;
      /** `end`: largest output at the last step. `mean`: largest mean over the period. */
      at: "end" | "mean";
      /** Outputs that are alternatives; evidence is positive for the first. Others, e.g. "fixate", may win but are never right. */
      alternatives: readonly number[];
    }
  /** The outputs are to follow the targets; there is nothing to choose. */
  | { kind: "trace" };

/** Where a reaction time is defined. */
export interface ReactionRule {
  /** Period at whose start the clock starts. */
  period: string;
  /** The first alternative above this is the choice. */
  threshold: number;
}

/** Something that makes trials. */
export interface Task {
  readonly kind: "task";
  readonly name: string;
  /** Step [ms]. */
  readonly dt: number;
  /** Names of the inputs, shape `(channel)`. */
  readonly inputs: readonly string[];
  /** Names of the outputs, shape `(output)`. */
  readonly outputs: readonly string[];
  /** What may be fixed through `conditions`, and is drawn otherwise. */
  readonly factors: Factors;
  /** Share of catch trials, 0 … 1. */
  readonly catchFraction: number;
  /** Steps of the longest trial that can be drawn. */
  readonly maxSteps: number;
  /** What the targets are meant for. */
  readonly loss: "squared-error" | "cross-entropy";
  readonly readout: AnswerRule;
  /** What the evidence of a trial is a strength of, and its unit, for axes of figures. */
  readonly evidence?: { readonly name: string; readonly unit?: string };
  readonly reaction?: ReactionRule;
  /** Where the task comes from, trials follow each other without a reset of the network: `continuous` of `train`. */
  readonly continuous: boolean;
  /**
   * One trial.
   *
   * @param rng - Every random number of the trial, in this order: each factor, catch or not, durations, values, noise.
   *   A fixed factor is drawn all the same, so fixing one leaves the rest of the trial as it was.
   * @param conditions - Factors to fix by name; `catch` fixes whether it is a catch trial.
   * @throws CajalError `unknown-condition`, `bad-condition`.
   */
  trial(rng: Rng, conditions?: Conditions): Trial;
}
