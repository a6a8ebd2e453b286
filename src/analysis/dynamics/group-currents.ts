/**
 * @file Currents between groups of units over time: what one area sends to another, by excitation and by inhibition.
 */

import { CajalError, type Matrix, toSparse } from "../../core/index.ts";
import { type Activity, checkActivity } from "./activity.ts";

/** Mean current into a unit of each group from each group; arrays have shape `(row, step, post group, pre group)`. */
export interface GroupCurrents {
  post: readonly string[];
  pre: readonly string[];
  /** Through weights > 0. */
  excitation: Float64Array;
  /** Through weights < 0. */
  inhibition: Float64Array;
}

/**
 * I_{A←B}(t), the mean over units i of group A of Σ_{j in B} wᵢⱼ rⱼ(t), split by the sign of the weights.
 *
 * @param activity - What the presynaptic units send, e.g. `rec.r`.
 * @param weights - As they act, shape `(post, pre)`.
 * @param groups - Name of the group of each unit, shapes `(post)` and `(pre)`; `pre` defaults to `post`.
 * @returns NaN where the activity is.
 * @throws CajalError `shape`.
 */
export function groupCurrents(
  activity: Activity,
  weights: Matrix,
  { post, pre = post }: { post: readonly string[]; pre?: readonly string[] },
): GroupCurrents {
  checkActivity("groupCurrents", activity);
  const { rows, steps, units, values } = activity;
  if (units !== weights.columns || post.length !== weights.rows || pre.length !== weights.columns) {
    throw new CajalError(
      `activity of ${units} units and groups of ${post.length} and ${pre.length} for weights of ${weights.rows} × ${weights.columns}`,
      {
        code: "shape",
        where: "groupCurrents",
        hint: "Give the activity and the groups of the units of the weights.",
      },
    );
  }
  const [posts, pres] = [[...new Set(post)], [...new Set(pre)]];
  const columns = columnMeans(weights, post, posts);
  const size = rows * steps * posts.length * pres.length;
  const out = {
    post: posts,
    pre: pres,
    excitation: new Float64Array(size),
    inhibition: new Float64Array(size),
  };
  const groupOf = pre.map((name) => pres.indexOf(name));
  for (let k = 0; k < rows * steps; k++) {
    for (let a = 0; a < posts.length; a++) {
      const at = (k * posts.length + a) * pres.length;
      for (let j = 0; j < units; j++) {
        const r = values[k * units + j];
        out.excitation[at + groupOf[j]] += columns.positive[a * units + j] * r;
        out.inhibition[at + groupOf[j]] += columns.negative[a * units + j] * r;
      }
    }
  }
  return out;
}

// Implementation

/** Mean weight from each presynaptic unit onto the units of each group, by sign, shape `(post group, pre)`. */
function columnMeans(weights: Matrix, post: readonly string[], posts: readonly string[]) {
  const { rowStart, column, values } = toSparse(weights);
  const positive = new Float64Array(posts.length * weights.columns);
  const negative = new Float64Array(posts.length * weights.columns);
  const sizes = posts.map((name) => post.filter((p) => p === name).length);
  for (let i = 0; i < weights.rows; i++) {
    const a = posts.indexOf(post[i]);
    for (let k = rowStart[i]; k < rowStart[i + 1]; k++) {
      const by = values[k] > 0 ? positive : negative;
      by[a * weights.columns + column[k]] += values[k] / sizes[a];
    }
  }
  return { positive, negative };
}
