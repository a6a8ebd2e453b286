/**
 * @file Initial weights under a constraint: draw, put signs on, balance, set the spectral radius of what acts.
 */

import { CajalError, dense, plural, type Rng, spectralRadius, warn } from "../../../core/index.ts";
import { effectiveWeights, parametersFor } from "../constraints/enforce.ts";
import type { WeightConstraint } from "../constraints/weight-constraint.ts";
import { checkNumber } from "../parameters.ts";
import { balanceMatrix, balanceRows } from "./balance.ts";
import {
  type DrawOptions,
  drawWeights,
  type InitialDistribution,
  isLarge,
  sketchWeights,
} from "./distribution.ts";

/** How weights start, as an experiment file holds it. */
export interface InitialWeights {
  /** Default `{ kind: "uniform-fan-in" }`. */
  distribution?: InitialDistribution;
  /** What fans count: synapses that exist (default) or the full matrix, as PyTorch and nn4n do. */
  fans?: "synapses" | "full";
  /** Under Dale's law: draws lend their size (default), or those of the wrong sign become 0, as in nn4n. */
  signs?: "size" | "clamp";
  /** `rows`: every unit's weights sum to 0. `matrix`: nn4n's. Default none. */
  balance?: "none" | "rows" | "matrix";
  /** Spectral radius of the weights as they act, > 0; only trained ones are scaled. Default left as drawn. */
  spectralRadius?: number;
}

/** What {@link initialWeights} needs beside the specification. */
export interface InitialWeightsInput {
  /** Dense, see `createConstraint`. */
  constraint: WeightConstraint;
  rng: Rng;
  /** Sizes that multiply the draws, shape `(post, pre)`, e.g. from `balancedProfile` or a connectome. */
  profile?: ArrayLike<number>;
  fans?: DrawOptions["fans"];
  /**
   * Only to see whether there can be such weights: large matrices get numbers of the kind that would be drawn, and about
   * the radius, in a small part of the time. Not to be trained; what is refused is the same.
   */
  sketch?: boolean;
}

/**
 * Trained numbers to start from. Weights that act obey the constraint, and have the balance and radius asked for.
 *
 * @returns θ, shape `(post, pre)`; under `project` these are the weights.
 * @throws CajalError `unknown-distribution`, `bad-range`, `constraint-shape`, `zero-spectral-radius`,
 * `radius-out-of-reach`.
 * @example initialWeights({ distribution: { kind: "gamma", scale: 0.05 }, balance: "rows", spectralRadius: 1.5 }, { constraint, rng })
 */
export function initialWeights(spec: InitialWeights, input: InitialWeightsInput): Float64Array {
  const { constraint, rng, profile, fans } = input;
  const { distribution = { kind: "uniform-fan-in" }, balance = "none" } = spec;
  const { name, post, pre, plastic, fixed } = constraint;
  const where = `weights "${name}"`;
  checkSize(plastic.length, { post, pre, where, what: "the constraint" });
  if (profile) checkSize(profile.length, { post, pre, where, what: "the profile" });
  const mask =
    spec.fans === "full" ? undefined : plastic.map((p, k) => (p === 1 || (fixed && fixed[k] !== 0) ? 1 : 0));
  const isSketch = input.sketch === true && isLarge(constraint);
  const options = { post, pre, mask, fans };
  const drawn = isSketch
    ? sketchWeights(distribution, { ...options, rng: rng.stream("sketch") })
    : drawWeights(distribution, { ...options, rng });
  if (profile) for (let k = 0; k < drawn.length; k++) drawn[k] *= profile[k];
  const weights = withSigns(constraint, drawn, spec.signs ?? "size");
  if (isSketch && spec.spectralRadius !== undefined && !surelyHasRadius(constraint, weights, distribution))
    return initialWeights(spec, { ...input, sketch: false });
  if (balance === "matrix") balanceMatrix(constraint, weights);
  if (balance === "rows") {
    const left = balanceRows(constraint, weights);
    if (left > 0) {
      const what = `${plural(left, "unit")} of ${post} lack excitation or inhibition and stay unbalanced`;
      warn("unbalanced-units", `${where}: ${what}; raise the density, or set balance: none.`);
    }
  }
  if (spec.spectralRadius !== undefined) {
    if (isSketch) sketchRadius(weights, spec.spectralRadius, constraint);
    else setSpectralRadius(constraint, weights, spec.spectralRadius);
  }
  return parametersFor(constraint, weights) as Float64Array;
}

/**
 * Scale trained weights so that ρ(W) of all weights, fixed ones included, is `target`.
 *
 * @param weights - As they act, shape `(post, pre)`, square; changed in place.
 * @returns Factor that the trained weights were multiplied with.
 * @throws CajalError `bad-range`, `zero-spectral-radius`, `radius-out-of-reach`.
 */
export function setSpectralRadius(
  { name, post, pre, plastic, fixed }: WeightConstraint,
  weights: Float64Array,
  target: number,
): number {
  const where = `weights "${name}"`;
  checkNumber(target, "spectralRadius", { where, above: 0 });
  const scaled = (factor: number) => weights.map((w, k) => (plastic[k] === 1 ? factor * w : w));
  const radius = (factor: number) => spectralRadius(dense(post, pre, scaled(factor)));
  const now = radius(1);
  let factor = target / now;
  // Below this the radius is rounding noise.
  if (!(now > post * Number.EPSILON * Math.sqrt(sumOfSquares(weights)))) {
    throw new CajalError(`the spectral radius is 0, it cannot be made ${target}`, {
      code: "zero-spectral-radius",
      where,
      hint: "The synapses form no loop, or all weights are 0: raise the density.",
    });
  }
  if (fixed?.some((w) => w !== 0)) factor = findFactor(radius, target, where);
  weights.set(scaled(factor));
  return factor;
}

// Implementation

/**
 * Whether weights have a radius above 0 without its being computed: two units, or one, form a loop, and no weights but
 * those drawn from a continuum, which cancel out with probability 0, are in it.
 */
function surelyHasRadius(
  { post, fixed }: WeightConstraint,
  weights: Float64Array,
  distribution: InitialDistribution,
): boolean {
  const { kind } = distribution;
  const isOneValue =
    kind === "constant" ||
    (kind === "normal" && distribution.sd === 0) ||
    (kind === "uniform" && distribution.high === distribution.low);
  const squares = sumOfSquares(weights);
  if (isOneValue || fixed?.some((w) => w !== 0) || !(squares > 0 && squares < Infinity)) return false;
  for (let i = 0; i < post; i++) {
    for (let j = 0; j <= i; j++) if (weights[i * post + j] !== 0 && weights[j * post + i] !== 0) return true;
  }
  return false;
}

/** About the radius asked for: that of independent draws, √(Σ w² / n). */
function sketchRadius(
  weights: Float64Array,
  target: number,
  { name, post }: Pick<WeightConstraint, "name" | "post">,
): void {
  checkNumber(target, "spectralRadius", { where: `weights "${name}"`, above: 0 });
  const factor = target / Math.sqrt(sumOfSquares(weights) / post);
  for (let k = 0; k < weights.length; k++) weights[k] *= factor;
}

const sumOfSquares = (weights: Float64Array) => weights.reduce((sum, w) => sum + w * w, 0);

function checkSize(
  length: number,
  { post, pre, where, what }: { post: number; pre: number; where: string; what: string },
): void {
  if (length === post * pre) return;
  throw new CajalError(`${what} has ${length} values, wanted ${post} × ${pre}`, {
    code: "constraint-shape",
    where,
    hint: "Draw initial weights dense, then pick the edges.",
  });
}

/** Weights as they act, from draws of any sign. */
function withSigns(constraint: WeightConstraint, drawn: Float64Array, how: "size" | "clamp"): Float64Array {
  const { signs } = constraint;
  const sized =
    how === "clamp" || !signs ? drawn : drawn.map((w, k) => (signs[k] === 0 ? w : signs[k] * Math.abs(w)));
  return effectiveWeights({ ...constraint, enforce: "project" }, sized) as Float64Array;
}

/**
 * With fixed weights the radius is no multiple of the factor: search it, by false position that halves the end which
 * stays (the Illinois method).
 */
function findFactor(radius: (factor: number) => number, target: number, where: string): number {
  const unreachable = (what: string, hint: string) =>
    new CajalError(what, { code: "radius-out-of-reach", where, hint });
  let low = 0;
  let below = radius(0) - target;
  if (below >= 0) {
    const what = `fixed weights alone have spectral radius ${below + target}, not below the ${target} wanted`;
    throw unreachable(what, "Ask for a larger one, or scale the fixed weights down.");
  }
  let high = 1;
  let above = radius(high) - target;
  for (; above < 0; above = radius(high) - target) {
    high *= 4;
    if (high > 1e30) {
      const what = `no scale of the trained weights gives spectral radius ${target}`;
      throw unreachable(what, "They form no loop of their own: raise the density.");
    }
  }
  for (let n = 0; n < 100; n++) {
    const factor = high - (above * (high - low)) / (above - below);
    const off = radius(factor) - target;
    if (Math.abs(off) <= 1e-12 * target || high - low <= 1e-15 * high) return factor;
    if (off > 0) {
      [high, above] = [factor, off];
      below /= 2;
    } else {
      [low, below] = [factor, off];
      above /= 2;
    }
  }
  return high;
}
