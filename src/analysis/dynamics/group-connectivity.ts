/**
 * @file Connectivity between groups of units, such as excitatory and inhibitory ones of each area: how dense, how
 * strong, and how much of it inhibits.
 */

import { CajalError, type Matrix, toSparse } from "../../core/index.ts";

/** Connectivity from one group onto another. */
export interface GroupConnection {
  post: string;
  pre: string;
  /** Pairs of units, a unit with itself included. */
  pairs: number;
  /** Weights that are not 0. */
  synapses: number;
  /** synapses / pairs. */
  density: number;
  /** Sum of all weights. */
  sum: number;
  /** Mean of the weights that are not 0; NaN without any. */
  mean: number;
  /** Sum of incoming weights that a unit of `post` has on average. */
  perUnit: number;
  /** Share of inhibition: Σ |w < 0| / Σ |w|, 0 … 1; NaN without weights. */
  inhibition: number;
}

/**
 * One row for each pair of groups, in the order in which groups appear, post slowest.
 *
 * @param weights - As they act, shape `(post, pre)`.
 * @param groups - Name of the group of each unit, shapes `(post)` and `(pre)`; `pre` defaults to `post`.
 * @throws CajalError `shape`.
 * @example groupConnectivity(weights, { post: groupNames({ signs, areas, areaNames: ["V1", "PFC"] }) })
 */
export function groupConnectivity(
  weights: Matrix,
  { post, pre = post }: { post: readonly string[]; pre?: readonly string[] },
): GroupConnection[] {
  if (post.length !== weights.rows || pre.length !== weights.columns) {
    throw new CajalError(
      `groups of ${post.length} and ${pre.length} units for weights of ${weights.rows} × ${weights.columns}`,
      {
        code: "shape",
        where: "groupConnectivity",
        hint: "Name the group of each unit, in shape (post) and (pre).",
      },
    );
  }
  const [ofPost, ofPre] = [sizes(post), sizes(pre)];
  const table = new Map<string, GroupConnection & { negative: number; positive: number }>();
  for (const [to, rows] of ofPost) {
    for (const [from, columns] of ofPre) {
      const empty = { synapses: 0, density: 0, sum: 0, mean: 0, perUnit: 0, inhibition: 0 };
      const entry = { post: to, pre: from, pairs: rows * columns, ...empty, negative: 0, positive: 0 };
      table.set(JSON.stringify([to, from]), entry);
    }
  }
  const { rowStart, column, values } = toSparse(weights);
  for (let i = 0; i < weights.rows; i++) {
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      if (values[k] === 0) continue;
      const entry = table.get(JSON.stringify([post[i], pre[column[k]]]))!;
      entry.synapses++;
      if (values[k] < 0) entry.negative -= values[k];
      else entry.positive += values[k];
    }
  }
  return [...table.values()].map(({ negative, positive, ...entry }) => {
    const sum = positive - negative;
    return {
      ...entry,
      density: entry.synapses / entry.pairs,
      sum,
      mean: sum / entry.synapses,
      perUnit: sum / ofPost.get(entry.post)!,
      inhibition: negative / (positive + negative),
    };
  });
}

/**
 * Name of the group of each unit by area and sign, e.g. `V1 E`, `V1 I`; only what is given and tells units apart.
 *
 * @param options.areas - Index of the area of each unit, shape `(unit)`.
 * @param options.areaNames - Default `area 1`, `area 2` …
 * @param options.signs - 1, −1, or 0 for a unit without a law, shape `(unit)`.
 * @throws CajalError `shape`.
 */
export function groupNames(options: {
  areas?: ArrayLike<number>;
  areaNames?: readonly string[];
  signs?: ArrayLike<number>;
}): string[] {
  const { areas, areaNames, signs } = options;
  const units = areas?.length ?? signs?.length ?? 0;
  if (signs && signs.length !== units) {
    throw new CajalError(`${signs.length} signs for ${units} units with an area`, {
      code: "shape",
      where: "groupNames",
      hint: "Give both for the same units.",
    });
  }
  return Array.from({ length: units }, (_, i) => {
    const area = areas && (areaNames?.[areas[i]] ?? `area ${areas[i] + 1}`);
    const sign = signs && (signs[i] > 0 ? "E" : signs[i] < 0 ? "I" : undefined);
    return [area, sign].filter((part) => part !== undefined).join(" ") || "all";
  });
}

/** What each unit receives. */
export interface InputBalance {
  /** Sum of positive weights, shape `(post)`. */
  excitation: Float64Array;
  /** Sum of negative weights, ≤ 0, shape `(post)`. */
  inhibition: Float64Array;
}

/** Excitation and inhibition that each unit receives. @param weights - Shape `(post, pre)`. */
export function inputBalance(weights: Matrix): InputBalance {
  const { rowStart, values } = toSparse(weights);
  const excitation = new Float64Array(weights.rows);
  const inhibition = new Float64Array(weights.rows);
  for (let i = 0; i < weights.rows; i++) {
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      if (values[k] > 0) excitation[i] += values[k];
      else inhibition[i] += values[k];
    }
  }
  return { excitation, inhibition };
}

// Implementation

function sizes(names: readonly string[]): Map<string, number> {
  const out = new Map<string, number>();
  for (const name of names) out.set(name, (out.get(name) ?? 0) + 1);
  return out;
}
