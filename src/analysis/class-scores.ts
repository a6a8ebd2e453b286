/**
 * @file Scores of predicted classes, by the definitions of scikit-learn's metrics.
 */

import { CajalError } from "../core/index.ts";

/** Options of the class scores. */
export interface ClassScoreOptions {
  /** Weight ≥ 0 of each row, shape `(time)`, default 1. */
  weights?: ArrayLike<number>;
}

/**
 * Fraction of rows whose class is right.
 *
 * @param target - Class of each row, shape `(time)`, or labels of shape `(time, output)`.
 * @param prediction - Same shape.
 * @param options.outputs - Labels in a row, default 1; a row is right when all of them are.
 * @returns 0 … 1.
 */
export function accuracy(
  target: ArrayLike<number>,
  prediction: ArrayLike<number>,
  options: ClassScoreOptions & { outputs?: number } = {},
): number {
  const { outputs = 1, weights } = options;
  const rows = checkRows("accuracy", target, prediction, { outputs, weights });
  let right = 0;
  let total = 0;
  for (let t = 0; t < rows; t++) {
    const w = weights ? weights[t] : 1;
    let same = true;
    for (let k = t * outputs; k < (t + 1) * outputs; k++) same &&= target[k] === prediction[k];
    total += w;
    if (same) right += w;
  }
  return right / total;
}

/**
 * Mean over the classes of the fraction of their rows that are right, so that a frequent class does not count more.
 *
 * @param options.adjusted - Default true, as in conn2res: (b − 1/C) / (1 − 1/C), 0 at chance with C classes and 1 when
 *   perfect, 0 for a single class. False gives b itself.
 */
export function balancedAccuracy(
  target: ArrayLike<number>,
  prediction: ArrayLike<number>,
  options: ClassScoreOptions & { adjusted?: boolean } = {},
): number {
  const { adjusted = true, weights } = options;
  const rows = checkRows("balancedAccuracy", target, prediction, { outputs: 1, weights });
  const classes = new Map<number, { right: number; total: number }>();
  for (let t = 0; t < rows; t++) {
    const w = weights ? weights[t] : 1;
    const entry = classes.get(target[t]) ?? { right: 0, total: 0 };
    classes.set(target[t], entry);
    entry.total += w;
    if (target[t] === prediction[t]) entry.right += w;
  }
  const recalls = [...classes.values()].filter((c) => c.total > 0).map((c) => c.right / c.total);
  const balanced = recalls.reduce((a, b) => a + b, 0) / recalls.length;
  if (!adjusted) return balanced;
  const chance = 1 / recalls.length;
  return chance === 1 ? 0 : (balanced - chance) / (1 - chance);
}

// Implementation

function checkRows(
  where: string,
  target: ArrayLike<number>,
  prediction: ArrayLike<number>,
  { outputs, weights }: { outputs: number; weights: ArrayLike<number> | undefined },
): number {
  const rows = target.length / outputs;
  const fail = (what: string, hint: string) => new CajalError(what, { code: "shape", where, hint });
  if (target.length === 0) throw fail("no rows to score", "Is the test part empty?");
  if (target.length !== prediction.length) {
    throw fail(`${target.length} targets but ${prediction.length} predictions`, "Give one for each.");
  }
  if (!Number.isInteger(rows)) {
    throw fail(
      `${target.length} labels are no whole rows of ${outputs}`,
      "Give outputs as the number of columns.",
    );
  }
  if (weights && weights.length !== rows) {
    throw fail(`${weights.length} weights for ${rows} rows`, "Give one weight for each row.");
  }
  return rows;
}
