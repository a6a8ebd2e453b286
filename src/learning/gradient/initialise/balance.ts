/**
 * @file Balance of excitation and inhibition in initial weights.
 */

import { CajalError } from "../../../core/index.ts";
import type { WeightConstraint } from "../constraints/weight-constraint.ts";

/**
 * Scale the trained inhibitory weights of each receiving unit so that its row sums to 0.
 *
 * @param weights - As they act, shape `(post, pre)`; changed in place.
 * @returns Number of units that cannot be balanced, because they lack excitation or inhibition; they stay as they are.
 */
export function balanceRows({ post, pre, plastic, signs }: WeightConstraint, weights: Float64Array): number {
  let unbalanced = 0;
  for (let i = 0; i < post; i++) {
    let others = 0; // excitation, less inhibition that is fixed
    let inhibition = 0;
    for (let k = i * pre; k < (i + 1) * pre; k++) {
      if (plastic[k] === 1 && signs && signs[k] < 0) inhibition -= weights[k];
      else others += weights[k];
    }
    const factor = others / inhibition;
    if (!(factor > 0 && factor < Infinity)) {
      unbalanced++;
      continue;
    }
    for (let k = i * pre; k < (i + 1) * pre; k++) {
      if (plastic[k] === 1 && signs && signs[k] < 0) weights[k] *= factor;
    }
  }
  return unbalanced;
}

/**
 * nn4n's balance, for its numbers: the stronger of excitation and inhibition, summed over the whole matrix, is scaled
 * down to the weaker; a matrix of one sign is divided by 10.
 *
 * @param weights - As they act, shape `(post, pre)`; changed in place.
 */
export function balanceMatrix({ signs }: WeightConstraint, weights: Float64Array): void {
  let excitation = 0;
  let inhibition = 0;
  for (let k = 0; k < weights.length; k++) {
    if (signs && signs[k] < 0) inhibition -= weights[k];
    else excitation += weights[k];
  }
  const oneSided = excitation === 0 || inhibition === 0;
  const stronger = excitation > inhibition ? 1 : -1;
  const factor = stronger > 0 ? inhibition / excitation : excitation / inhibition;
  for (let k = 0; k < weights.length; k++) {
    const sign = signs && signs[k] < 0 ? -1 : 1;
    if (oneSided) weights[k] /= 10;
    else if (sign === stronger) weights[k] *= factor;
  }
}

/**
 * Relative strengths of Song, Yang & Wang (2016): 1 for each synapse; in each row inhibitory ones times the ratio of
 * excitatory to inhibitory synapses, fixed ones counted; fixed ones then 0, and the row's Euclidean norm 1.
 *
 * @param options.count - Which synapses the ratio counts: those that `exist` (default), which balances sparse rows too,
 * or `all` pairs but autapses, as when single synapses are taken out of the published all-to-all matrix.
 * @returns Sizes ≥ 0, shape `(post, pre)`, to be multiplied with draws, e.g. of a gamma distribution.
 * @throws CajalError `no-signs` for a constraint without signs.
 */
export function balancedProfile(
  constraint: WeightConstraint,
  { count = "exist" }: { count?: "exist" | "all" } = {},
): Float64Array {
  const { name, post, pre, plastic, fixed, signs } = constraint;
  if (!signs) {
    throw new CajalError("there are no signs to balance", {
      code: "no-signs",
      where: `weights "${name}"`,
      hint: "Give the constraint signs (Dale's law), or use another profile.",
    });
  }
  const profile = new Float64Array(post * pre);
  for (let i = 0; i < post; i++) {
    const [start, end] = [i * pre, (i + 1) * pre];
    const exists = (k: number) => plastic[k] === 1 || (fixed !== undefined && fixed[k] !== 0);
    let counted = 0;
    let inhibitory = 0;
    for (let k = start; k < end; k++) {
      if (count === "exist" ? !exists(k) : post === pre && k === start + i) continue;
      counted++;
      if (signs[k] < 0) inhibitory++;
    }
    const ratio = (counted - inhibitory) / inhibitory;
    let squares = 0;
    for (let k = start; k < end; k++) {
      if (plastic[k] === 0) continue;
      profile[k] = signs[k] < 0 && ratio > 0 ? ratio : 1;
      squares += profile[k] * profile[k];
    }
    const norm = Math.sqrt(squares);
    for (let k = start; k < end; k++) if (profile[k] > 0) profile[k] /= norm;
  }
  return profile;
}
