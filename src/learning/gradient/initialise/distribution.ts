/**
 * @file Distributions that weights start from. Fan-in and fan-out are those of the synapses that exist unless the full
 * matrix is asked for, so that a sparse network starts with inputs as strong as a dense one.
 */

import { CajalError, drawGamma, type Rng, suggest } from "../../../core/index.ts";
import { checkNumber } from "../parameters.ts";
import { drawOrthogonal } from "./orthogonal.ts";

/** A distribution as an experiment file holds it; `gain` (default 1) multiplies the draws of those that have it. */
export type InitialDistribution =
  /** U(−b, b) with b = gain / √fanIn: PyTorch's default for linear and recurrent layers. */
  | { kind: "uniform-fan-in"; gain?: number }
  /** N(0, gain² / fanIn). */
  | { kind: "normal-fan-in"; gain?: number }
  /** Glorot & Bengio (2010): U with b = gain √(6 / (fanIn + fanOut)), or N with that variance. */
  | { kind: "xavier"; draw?: "uniform" | "normal"; gain?: number }
  /** He et al. (2015): U with b = gain √(6 / fan), or N with that variance; fan is fan-in by default. */
  | { kind: "he"; draw?: "uniform" | "normal"; fan?: "in" | "out"; gain?: number }
  /** Orthonormal rows or columns, times gain; a mask spoils that. */
  | { kind: "orthogonal"; gain?: number }
  /** Gamma(k, θ) ≥ 0, mean kθ; `shape` k default 2. Song, Yang & Wang (2016): scale 0.05. */
  | { kind: "gamma"; shape?: number; scale: number }
  | { kind: "normal"; mean?: number; sd: number }
  | { kind: "uniform"; low: number; high: number }
  | { kind: "constant"; value: number };

/** Kinds of distributions, for schemas and messages. */
export const INITIAL_DISTRIBUTIONS = [
  "uniform-fan-in",
  "normal-fan-in",
  "xavier",
  "he",
  "orthogonal",
  "gamma",
  "normal",
  "uniform",
  "constant",
] as const;

/** Numbers of synapses that a scale depends on. */
export interface Fans {
  /** Synapses that a receiving unit has. */
  fanIn: number;
  /** Synapses that a sending unit makes. */
  fanOut: number;
}

/**
 * Standard deviation of the distributions that depend on fans; a uniform one reaches √3 times as far.
 *
 * @returns Dimensionless, > 0.
 */
export function fanScale(distribution: InitialDistribution, { fanIn, fanOut }: Fans): number {
  switch (distribution.kind) {
    case "uniform-fan-in":
      return (distribution.gain ?? 1) / Math.sqrt(3 * fanIn);
    case "normal-fan-in":
      return (distribution.gain ?? 1) / Math.sqrt(fanIn);
    case "xavier":
      return (distribution.gain ?? 1) * Math.sqrt(2 / (fanIn + fanOut));
    case "he":
      return (distribution.gain ?? 1) * Math.sqrt(2 / (distribution.fan === "out" ? fanOut : fanIn));
    default:
      return 1;
  }
}

/** What {@link drawWeights} is given. */
export interface DrawOptions {
  post: number;
  pre: number;
  rng: Rng;
  /** Shape `(post, pre)`, 0 where there is no synapse; counted for the fans, nothing else. */
  mask?: ArrayLike<number>;
  /** Fans in place of counted ones, e.g. of the hidden layer, as PyTorch has it for input weights and biases. */
  fans?: Fans;
}

/**
 * Draw a full matrix; mask and signs come later, see `initialWeights`. The same stream gives the same numbers whatever
 * the mask.
 *
 * @returns Shape `(post, pre)`.
 * @throws CajalError `unknown-distribution`, `bad-range`.
 */
export function drawWeights(distribution: InitialDistribution, options: DrawOptions): Float64Array {
  const { post, pre, rng } = options;
  checkDistribution(distribution);
  if (distribution.kind === "orthogonal") {
    const { gain = 1 } = distribution;
    return drawOrthogonal(post, pre, rng).map((w) => gain * w);
  }
  const one = sampler(distribution, rng);
  const scale = scales(distribution, options);
  return Float64Array.from({ length: post * pre }, (_, k) => scale(Math.floor(k / pre), k % pre) * one());
}

/**
 * Numbers of the kind that {@link drawWeights} gives, for a look at what can be made of them: one row of draws, each row
 * of the matrix one place further.
 *
 * @returns Shape `(post, pre)`.
 * @throws CajalError `unknown-distribution`, `bad-range`.
 */
export function sketchWeights(distribution: InitialDistribution, options: DrawOptions): Float64Array {
  const { post, pre, rng } = options;
  checkDistribution(distribution);
  const { gain = 1 } = distribution.kind === "orthogonal" ? distribution : {};
  const one = sampler(distribution, rng);
  const row = Float64Array.from({ length: pre }, () => gain * one());
  const scale = scales(distribution, options);
  const drawn = new Float64Array(post * pre);
  for (let i = 0; i < post; i++) {
    for (let j = 0; j < pre; j++) drawn[i * pre + j] = scale(i, j) * row[(i + j) % pre];
  }
  return drawn;
}

/** Whether drawing a matrix, or its spectral radius, takes long. */
export function isLarge({ post, pre }: { post: number; pre: number }): boolean {
  return post * pre > MOST_DRAWN;
}

/** @throws CajalError `unknown-distribution`, `bad-range`. */
export function checkDistribution(distribution: InitialDistribution): void {
  const where = `initial weights "${distribution.kind}"`;
  if (!INITIAL_DISTRIBUTIONS.includes(distribution.kind)) {
    throw new CajalError(`unknown distribution "${distribution.kind}"`, {
      code: "unknown-distribution",
      where: "initial weights",
      hint: suggest(String(distribution.kind), INITIAL_DISTRIBUTIONS),
    });
  }
  if ("gain" in distribution) checkNumber(distribution.gain ?? 1, "gain", { where, least: 0 });
  if (distribution.kind === "normal") checkNumber(distribution.sd, "sd", { where, least: 0 });
  if (distribution.kind === "gamma") {
    checkNumber(distribution.shape ?? 2, "shape", { where, above: 0 });
    checkNumber(distribution.scale, "scale", { where, above: 0 });
  }
  if (distribution.kind === "uniform") {
    checkNumber(distribution.low, "low", { where, least: -Number.MAX_VALUE });
    checkNumber(distribution.high, "high", { where, least: distribution.low });
  }
}

// Implementation

/** Below a thousand units nothing takes long. */
const MOST_DRAWN = 2 ** 20;

/** Draws with mean 0 and variance 1 where a scale follows, else final draws. */
function sampler(distribution: InitialDistribution, rng: Rng): () => number {
  const root3 = Math.sqrt(3);
  const uniform = () => root3 * (2 * rng.uniform() - 1);
  switch (distribution.kind) {
    case "xavier":
    case "he":
      return distribution.draw === "normal" ? () => rng.normal() : uniform;
    case "normal-fan-in":
      return () => rng.normal();
    case "gamma": {
      const { shape = 2, scale } = distribution;
      return () => scale * drawGamma(shape, rng);
    }
    case "normal": {
      const { mean = 0, sd } = distribution;
      return () => mean + sd * rng.normal();
    }
    case "uniform": {
      const { low, high } = distribution;
      return () => low + (high - low) * rng.uniform();
    }
    case "constant":
      return () => distribution.value;
    default:
      return uniform;
  }
}

/** Scale of each entry; 0 for a unit without synapses, whose draws will be masked anyway. */
function scales(
  distribution: InitialDistribution,
  { post, pre, mask, fans }: DrawOptions,
): (i: number, j: number) => number {
  if (fans || !mask) {
    const scale = fanScale(distribution, fans ?? { fanIn: pre, fanOut: post });
    return () => scale;
  }
  const fanIn = new Float64Array(post);
  const fanOut = new Float64Array(pre);
  for (let k = 0; k < post * pre; k++) {
    if (mask[k] === 0) continue;
    fanIn[Math.floor(k / pre)]++;
    fanOut[k % pre]++;
  }
  return (i, j) =>
    fanIn[i] && fanOut[j] ? fanScale(distribution, { fanIn: fanIn[i], fanOut: fanOut[j] }) : 0;
}
