/**
 * @file A loss made of weighted terms, as plain data: each term names what it looks at, and adds its gradient there.
 * After nn4n's CompositeLoss. Ω needs the gradient of the whole and so comes after it, see `omega.ts`.
 */

import { CajalError, suggest } from "../../../core/index.ts";
import { checkNumber, type Values } from "../parameters.ts";
import type { DivideWork } from "./activity-work.ts";
import { crossEntropy, negativeLogLikelihood, softCrossEntropy } from "./classification.ts";
import { binaryCrossEntropy, meanSquaredError } from "./error.ts";
import { entropyPenalty, populationDivergence } from "./population.ts";
import { RATE_METRICS, type RateMetric, ratePenalty, smoothnessPenalty } from "./rate.ts";
import type { GradientSink, Mask, TrajectoryShape } from "./trajectory.ts";
import { hebbianPenalty, WEIGHT_METRICS, type WeightMetric, weightPenalty } from "./weight.ts";

/** One term; `of` names an activity or output of {@link LossSources}, `weights` an array of weights. */
export type LossTerm = {
  /** Name in the history, default the kind; two terms of one name are an error. */
  name?: string;
  /** λ, finite, default 1. A term of weight 0 is reported and has no gradient. */
  weight?: number;
} & (
  | {
      kind: "mse" | "binary-cross-entropy" | "cross-entropy" | "nll" | "soft-cross-entropy";
      of: string;
      target: string;
    }
  | { kind: "rate"; of: string; metric?: RateMetric; target?: number; absolute?: boolean }
  | { kind: "smoothness"; of: string; lag?: number }
  | { kind: "entropy"; of: string; power?: number }
  | { kind: "divergence"; of: string; from: string; symmetric?: boolean; power?: number }
  | { kind: "weight"; weights: string; metric?: WeightMetric }
  | { kind: "hebbian"; of: string; weights: string }
);

/** Kinds of terms, for schemas and messages. */
export const LOSS_KINDS = [
  "mse",
  "binary-cross-entropy",
  "cross-entropy",
  "nll",
  "soft-cross-entropy",
  "rate",
  "smoothness",
  "entropy",
  "divergence",
  "weight",
  "hebbian",
] as const;

/** Activity or output over time. */
export interface ActivitySource {
  /** Shape `(time, unit, batch)`. */
  values: ArrayLike<number>;
  units: number;
  /** dL/d values is added here; left out, none is computed. */
  gradient?: Values;
}

/** What outputs should be. */
export interface TargetSource {
  /** Shape `(time, output, batch)`; for classes, labels in shape `(time, batch)`. */
  values: ArrayLike<number>;
  mask?: Mask;
}

/** Everything terms can look at, by name. */
export interface LossSources {
  time: number;
  batch: number;
  activity: Readonly<Record<string, ActivitySource>>;
  targets?: Readonly<Record<string, TargetSource>>;
  weights?: Readonly<Record<string, { values: ArrayLike<number>; gradient?: Values }>>;
  /** Shape `(time, batch)`: 0 in the padding of short trials; the mask of all terms without targets. */
  valid?: ArrayLike<number>;
  /** Who goes through the activity of rate and smoothness, default this thread. */
  divide?: DivideWork;
}

/** Value of a loss. */
export interface LossValue {
  /** Σ λ · value. */
  total: number;
  /** Value of each term before its weight, by name. */
  terms: Record<string, number>;
}

/**
 * Value of a loss, and its gradients added to those of the sources.
 *
 * @throws CajalError `unknown-loss`, `unknown-source`, `duplicate-term`, `bad-range`, and those of the terms.
 * @example evaluateLoss([{ kind: "mse", of: "z", target: "z" }, { kind: "rate", of: "E", weight: 0.1 }], sources)
 */
export function evaluateLoss(terms: readonly LossTerm[], sources: LossSources): LossValue {
  checkTerms(terms);
  const value: LossValue = { total: 0, terms: {} };
  for (const term of terms) {
    const { weight = 1, name = term.kind } = term;
    const one = evaluateTerm(term, sources, weight);
    value.terms[name] = one;
    if (weight !== 0) value.total += weight * one;
  }
  return value;
}

/** What can be known of a loss before there is any activity. @throws CajalError as {@link evaluateLoss}. */
export function checkTerms(terms: readonly LossTerm[]): void {
  const seen = new Set<string>();
  for (const term of terms) {
    if (!LOSS_KINDS.includes(term.kind)) {
      throw new CajalError(`unknown kind of term "${term.kind}"`, {
        code: "unknown-loss",
        where: "loss",
        hint: suggest(String(term.kind), LOSS_KINDS),
      });
    }
    const { name = term.kind, weight = 1 } = term;
    const where = `loss "${name}"`;
    if (seen.has(name)) {
      throw new CajalError("two terms have this name", {
        code: "duplicate-term",
        where,
        hint: "Give each its own name: so that the history can tell them apart.",
      });
    }
    seen.add(name);
    checkNumber(weight, "weight", { where, least: -Number.MAX_VALUE });
    if (term.kind === "rate") checkMetric(term.metric, RATE_METRICS, where);
    if (term.kind === "weight") checkMetric(term.metric, WEIGHT_METRICS, where);
  }
}

// Implementation

function checkMetric(metric: string | undefined, known: readonly string[], where: string): void {
  if (metric === undefined || known.includes(metric)) return;
  throw new CajalError(`unknown metric "${metric}"`, {
    code: "unknown-loss",
    where,
    hint: suggest(metric, known),
  });
}

const SUPERVISED = {
  mse: meanSquaredError,
  "binary-cross-entropy": binaryCrossEntropy,
  "cross-entropy": crossEntropy,
  nll: negativeLogLikelihood,
  "soft-cross-entropy": softCrossEntropy,
} as const;

function evaluateTerm(term: LossTerm, sources: LossSources, weight: number): number {
  const where = `loss "${term.name ?? term.kind}"`;
  const sink = (gradient?: Values): GradientSink | undefined =>
    gradient && weight !== 0 ? { gradient, weight } : undefined;
  if (term.kind === "weight") {
    const { values, gradient } = find(sources.weights, term.weights, "array of weights", where);
    return weightPenalty(values, term.metric, sink(gradient));
  }
  const activity = find(sources.activity, term.of, "activity", where);
  const shape: TrajectoryShape = { time: sources.time, units: activity.units, batch: sources.batch };
  const into = sink(activity.gradient);
  const { valid: mask, divide } = sources;
  switch (term.kind) {
    case "rate":
      return ratePenalty(activity.values, { ...term, shape, mask, into, divide });
    case "smoothness":
      return smoothnessPenalty(activity.values, { ...term, shape, mask, into, divide });
    case "entropy":
      return entropyPenalty(activity.values, { ...term, shape, mask, into });
    case "divergence": {
      const other = find(sources.activity, term.from, "activity", where);
      const options = { ...term, shape, mask, intoA: into, intoB: sink(other.gradient) };
      return populationDivergence(activity.values, other.values, options);
    }
    case "hebbian": {
      const w = find(sources.weights, term.weights, "array of weights", where);
      const sinks = { intoActivity: into, intoWeights: sink(w.gradient) };
      return hebbianPenalty({ activity: activity.values, weights: w.values, shape, mask, ...sinks });
    }
    default: {
      const target = find(sources.targets, term.target, "target", where);
      return SUPERVISED[term.kind](activity.values, target.values, { shape, mask: target.mask, into });
    }
  }
}

function find<T>(table: Readonly<Record<string, T>> = {}, name: string, what: string, where: string): T {
  if (Object.hasOwn(table, name)) return table[name];
  throw new CajalError(`there is no ${what} "${name}"`, {
    code: "unknown-source",
    where,
    hint: suggest(name, Object.keys(table)),
  });
}
