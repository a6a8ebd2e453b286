/**
 * @file Multinomial logistic regression: min Σ −log softmax(W x + b)[class] + λ |W|² / 2, by Newton's method. It sees
 * the states several times, so it takes arrays or blocks, not moments. λ is 1 / C of scikit-learn.
 */

import { CajalError } from "../../core/index.ts";
import { classScores, transposed } from "./classifier.ts";
import {
  checkLabels,
  checkSizes,
  isPacked,
  type LabelledStates,
  StateRows,
  type States,
} from "./labelled-states.ts";
import type { LinearReadout } from "./linear-readout.ts";
import { minimizeConvex } from "./newton.ts";
import { softmax } from "./softmax.ts";
import { SoftmaxObjective } from "./softmax-objective.ts";

/** A classifier fitted by logistic regression; its outputs are logits. */
export interface LogisticReadout extends LinearReadout {
  kind: "logistic";
  lambda: number;
  /** `not-converged` when the gradient is still above the tolerance; `message` says what to do. */
  status: "converged" | "not-converged";
  message?: string;
  iterations: number;
  /** Mean over the rows of −log p(class), plus the penalty over the rows. */
  loss: number;
  /** Largest component of the gradient of the loss. */
  gradient: number;
}

/** Options of {@link logistic}. */
export interface LogisticOptions {
  units: number;
  classes: number;
  /** λ ≥ 0, default 1; 0 has no minimum when the classes can be told apart without error. */
  lambda?: number;
  /** Largest component of the gradient of the mean loss at the end, default 1e-6. */
  tolerance?: number;
  /** Newton steps, default 100. */
  maxIterations?: number;
}

/**
 * Fit a logistic classifier. Takes 8 bytes a row and class beside the states.
 *
 * @param data - States and labels, or blocks of them.
 * @throws CajalError `bad-option`, `bad-lambda`, `bad-label`, `shape`, `too-few-rows` or `non-finite-states`.
 * @example predictClasses(logistic({ states: raster, labels }, { units: 200, classes: 6 }), raster)
 */
export function logistic(
  data: LabelledStates | readonly LabelledStates[],
  options: LogisticOptions,
): LogisticReadout {
  const { units, classes, lambda = 1, tolerance = 1e-6, maxIterations = 100 } = options;
  const blocks = "states" in data ? [data] : data;
  checkOptions({ units, classes, lambda, tolerance, maxIterations });
  checkBlocks(blocks, { units, classes });
  const objective = new SoftmaxObjective(blocks, { units, classes, lambda });
  const end = minimizeConvex(objective, new Float64Array(objective.size), { tolerance, maxIterations });
  const intercept = end.x.slice(units * classes);
  // Adding one number to every b changes nothing: choose the sum 0.
  const mean = intercept.reduce((a, b) => a + b, 0) / classes;
  const weights = transposed(end.x.subarray(0, units * classes), units, classes);
  return {
    kind: "logistic",
    weights,
    intercept: intercept.map((b) => b - mean),
    units,
    outputs: classes,
    lambda,
    ...statusOf(end, tolerance),
    iterations: end.iterations,
    loss: end.value,
    gradient: end.gradient,
  };
}

/** Probability of each class, shape `(time, class)`. @throws CajalError `shape`. */
export function classProbabilities(readout: LogisticReadout, states: States): Float64Array {
  const scores = classScores(readout, states);
  const { outputs } = readout;
  for (let at = 0; at < scores.length; at += outputs) softmax(scores.subarray(at, at + outputs));
  return scores;
}

// Implementation

function statusOf(
  end: { converged: boolean; gradient: number; iterations: number },
  tolerance: number,
): Pick<LogisticReadout, "status" | "message"> {
  if (end.converged) return { status: "converged" };
  const left = `gradient is ${end.gradient} after ${end.iterations} Newton steps, tolerance ${tolerance}`;
  return { status: "not-converged", message: `logistic: ${left}; raise lambda, tolerance or maxIterations.` };
}

function checkOptions(options: Required<LogisticOptions>): void {
  const { lambda, tolerance, maxIterations } = options;
  const where = "logistic";
  checkSizes(where, options);
  if (!(lambda >= 0 && lambda < Infinity)) {
    throw new CajalError(`lambda must be a number ≥ 0, got ${lambda}`, { code: "bad-lambda", where });
  }
  if (!(tolerance > 0) || !(maxIterations >= 1)) {
    throw new CajalError(
      `tolerance must be > 0 and maxIterations ≥ 1, got ${tolerance} and ${maxIterations}`,
      {
        code: "bad-option",
        where,
      },
    );
  }
}

function checkBlocks(blocks: readonly LabelledStates[], sizes: { units: number; classes: number }): void {
  let labelled = 0;
  for (const { states, labels } of blocks) {
    const rows = new StateRows("logistic", states, sizes.units);
    checkLabels("logistic", labels, { steps: rows.steps, classes: sizes.classes });
    for (let t = 0; t < rows.steps; t++) {
      if (labels[t] < 0) continue;
      labelled++;
      if (isPacked(states)) continue;
      rows.read(t);
      for (let a = 0; a < rows.count; a++) {
        if (Number.isFinite(rows.value[a])) continue;
        throw new CajalError(`unit ${rows.index[a]} is ${rows.value[a]} at step ${t}`, {
          code: "non-finite-states",
          where: "logistic",
          hint: "Did the run diverge? Look at its status.",
        });
      }
    }
  }
  if (labelled > 0) return;
  throw new CajalError("no step has a label", {
    code: "too-few-rows",
    where: "logistic",
    hint: "Is the training part empty?",
  });
}
