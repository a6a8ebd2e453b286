/**
 * @file Constraints at work: from trained numbers θ to weights w and back, gradients included, and the projection that
 * follows each optimiser step. All loops are over the weights' storage, dense or by edges.
 */

import { CajalError } from "../../../core/index.ts";
import type { Values } from "../parameters.ts";
import type { WeightConstraint } from "./weight-constraint.ts";

/**
 * Weights as they act, from the trained numbers. They obey the constraint exactly whatever θ is.
 *
 * @param theta - Shape of the constraint's storage.
 * @param out - Written and returned; may be `theta` itself. Default new, of the same precision.
 * @throws CajalError `constraint-shape`.
 */
export function effectiveWeights(
  constraint: WeightConstraint,
  theta: Values,
  out: Values = theta.slice(),
): Values {
  const { plastic, fixed, signs, enforce } = constraint;
  checkLength(constraint, theta);
  if (!signs && !fixed) {
    if (out !== theta) out.set(theta);
    for (const k of absentOf(plastic)) out[k] = 0;
    return out;
  }
  for (let k = 0; k < plastic.length; k++) {
    if (plastic[k] === 0) out[k] = fixed ? fixed[k] : 0;
    else out[k] = signed(theta[k], signs ? signs[k] : 0, enforce);
  }
  return out;
}

/**
 * Turn dL/dw into dL/dθ, in place. Numbers that stand for no trained synapse get 0, so that the averages of an
 * optimiser stay 0 there and decay never reaches them.
 *
 * @param theta - The trained numbers `gradient` belongs to.
 * @throws CajalError `constraint-shape`.
 */
export function pullBackGradient(constraint: WeightConstraint, theta: Values, gradient: Values): void {
  const { plastic, signs, enforce } = constraint;
  checkLength(constraint, theta);
  checkLength(constraint, gradient);
  if (enforce === "project" || !signs) {
    for (const k of absentOf(plastic)) gradient[k] = 0;
    return;
  }
  for (let k = 0; k < plastic.length; k++) {
    const sign = signs[k];
    if (plastic[k] === 0) gradient[k] = 0;
    else if (sign === 0) continue;
    else if (enforce === "rectify") gradient[k] = theta[k] > 0 ? sign * gradient[k] : 0;
    else gradient[k] *= sign * Math.sign(theta[k]);
  }
}

/**
 * After an optimiser step, in place: trained numbers that stand for no synapse become 0 (fixed ones their weight) and,
 * under `project`, those of the wrong sign 0. NaN stays NaN: hiding it would hide that training failed.
 *
 * @throws CajalError `constraint-shape`.
 */
export function projectParameters(constraint: WeightConstraint, theta: Values): void {
  if (constraint.enforce === "project") {
    effectiveWeights(constraint, theta, theta);
    return;
  }
  const { plastic } = constraint;
  checkLength(constraint, theta);
  for (const k of absentOf(plastic)) theta[k] = 0;
}

/**
 * Trained numbers whose weights are the wanted ones, as far as the constraint allows: what it forbids becomes 0.
 *
 * @param weights - As they should act.
 */
export function parametersFor(constraint: WeightConstraint, weights: Values): Values {
  const { plastic, fixed, signs, enforce } = constraint;
  checkLength(constraint, weights);
  return weights.map((w, k) => {
    const sign = signs ? signs[k] : 0;
    if (plastic[k] === 0) return enforce === "project" && fixed ? fixed[k] : 0;
    const allowed = signed(w, sign, "project");
    return enforce === "project" || sign === 0 ? allowed : Math.abs(allowed);
  }) as Values;
}

/** Breaches of a constraint, all 0 for weights from here. */
export interface Violations {
  /** Weights where no synapse may be. */
  offMask: number;
  /** Weights of the wrong sign. */
  wrongSign: number;
  /** Fixed weights that moved. */
  movedFixed: number;
}

/** Count where weights, as they act, break the constraint. NaN breaks it everywhere. */
export function countViolations(constraint: WeightConstraint, weights: Values): Violations {
  const { plastic, fixed, signs } = constraint;
  checkLength(constraint, weights);
  const count: Violations = { offMask: 0, wrongSign: 0, movedFixed: 0 };
  const single = weights instanceof Float32Array;
  for (let k = 0; k < plastic.length; k++) {
    const held = fixed ? fixed[k] : 0;
    if (plastic[k] === 1) {
      if (!(weights[k] * (signs ? signs[k] : 0) >= 0)) count.wrongSign++;
    } else if (held === 0) {
      if (weights[k] !== 0) count.offMask++;
    } else if (weights[k] !== (single ? Math.fround(held) : held)) count.movedFixed++;
  }
  return count;
}

/** Share of the trained synapses with a sign whose weight is exactly 0: silent until their gradient turns, 0 … 1. */
export function silentShare(constraint: WeightConstraint, theta: Values): number {
  const { plastic, signs, enforce } = constraint;
  checkLength(constraint, theta);
  let silent = 0;
  let all = 0;
  for (let k = 0; k < plastic.length; k++) {
    const sign = signs ? signs[k] : 0;
    if (plastic[k] === 0 || sign === 0) continue;
    all++;
    if (signed(theta[k], sign, enforce) === 0) silent++;
  }
  return all === 0 ? 0 : silent / all;
}

// Implementation

const absent = new WeakMap<Uint8Array, Int32Array>();

/** Places of what is not trained. Found once: asking at every place of a random mask costs a wrong guess each. */
function absentOf(plastic: Uint8Array): Int32Array {
  let places = absent.get(plastic);
  if (places === undefined) {
    const list: number[] = [];
    for (let k = 0; k < plastic.length; k++) if (plastic[k] === 0) list.push(k);
    places = Int32Array.from(list);
    absent.set(plastic, places);
  }
  return places;
}

function signed(theta: number, sign: number, enforce: WeightConstraint["enforce"]): number {
  if (sign === 0) return theta;
  if (enforce === "project") return theta * sign < 0 ? 0 : theta;
  if (enforce === "rectify") return theta <= 0 ? 0 : sign * theta;
  return sign * Math.abs(theta) + 0; // never −0
}

function checkLength({ name, plastic }: WeightConstraint, values: Values): void {
  if (values.length === plastic.length) return;
  throw new CajalError(`${values.length} weights, the constraint is on ${plastic.length}`, {
    code: "constraint-shape",
    where: `weights "${name}"`,
    hint: "Dense weights are (post, pre); for a list of edges use constraintOnEdges.",
  });
}
