/**
 * @file The likelihood of choices under p = γ + (1 − 2γ) F(b₀ + b₁ x), its score and information, and the climb to its top.
 */

import { CajalError, cholesky, choleskySolve, exp, log } from "../../core/index.ts";
import { normalCdf, normalDensity } from "../statistics/index.ts";

/** F and its derivative. */
export interface Family {
  cdf(z: number): number;
  density(z: number): number;
}

/** F by name. */
export const FAMILIES: Readonly<Record<"normal" | "logistic", Family>> = {
  normal: { cdf: normalCdf, density: normalDensity },
  logistic: {
    cdf: (z) => (z >= 0 ? 1 / (1 + exp(-z)) : exp(z) / (1 + exp(z))),
    density: (z) => {
      const e = exp(-Math.abs(z));
      return e / ((1 + e) * (1 + e));
    },
  },
};

/** Evidence is shifted and scaled to order one, so that the same steps serve every unit. */
export interface ChoiceData {
  x: Float64Array;
  count: Float64Array;
  chosen: Float64Array;
  centre: number;
  scale: number;
  /** Least distance of two values of x. */
  gap: number;
  separated: boolean;
}

/** Of p = γ + (1 − 2γ) F(b₀ + b₁ x): [b₀, b₁, γ]. */
export type Theta = [number, number, number];

/** Largest γ. */
export const MOST_LAPSE = 0.4;
/** Probabilities this close to 0 or 1 count as there, so that logarithms stay finite. */
const EDGE = 1e-12;
/** Two neighbours this many σ apart are on either side of a step: steeper makes no difference. */
const STEEP = 12;

/** Whether a curve is a step between two neighbours. */
export const isSteep = ({ gap }: ChoiceData, [, b]: Theta) => Math.abs(b) * gap > STEEP;

/** p at x. */
function probability({ cdf }: Family, [a, b, lapse]: Theta, x: number): number {
  return Math.min(Math.max(lapse + (1 - 2 * lapse) * cdf(a + b * x), EDGE), 1 - EDGE);
}

/** Log-likelihood. */
export function likelihood({ x, count, chosen }: ChoiceData, family: Family, theta: Theta): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) {
    const p = probability(family, theta, x[k]);
    sum += chosen[k] * log(p) + (count[k] - chosen[k]) * log(1 - p);
  }
  return sum;
}

/** Score, shape `(parameter)`, and expected information, shape `(parameter, parameter)`, of the first `free` parameters. */
export function scoreOf({ x, count, chosen }: ChoiceData, family: Family, theta: Theta, free: number) {
  const score = new Float64Array(free);
  const information = new Float64Array(free * free);
  for (let k = 0; k < x.length; k++) {
    const z = theta[0] + theta[1] * x[k];
    const p = probability(family, theta, x[k]);
    const rise = (1 - 2 * theta[2]) * family.density(z);
    const d = [rise, rise * x[k], 1 - 2 * family.cdf(z)];
    const weight = 1 / (p * (1 - p));
    for (let i = 0; i < free; i++) {
      score[i] += weight * (chosen[k] - count[k] * p) * d[i];
      for (let j = 0; j < free; j++) information[i * free + j] += weight * count[k] * d[i] * d[j];
    }
  }
  return { score, information };
}

/** Fisher scoring with halved steps, from `start`, over the first `free` parameters. */
export function climb(data: ChoiceData, family: Family, start: Theta, free: number): Theta {
  let theta = start;
  let value = likelihood(data, family, theta);
  for (let round = 0; round < 200; round++) {
    const { score, information } = scoreOf(data, family, theta, free);
    const step = solved(information, score, free);
    if (!step) break;
    let moved = false;
    for (let share = 1; share > 1e-6 && !moved; share /= 2) {
      const next = theta.map((v, i) => (i < free ? v + share * step[i] : v)) as Theta;
      next[2] = Math.min(Math.max(next[2], 0), MOST_LAPSE);
      const found = likelihood(data, family, next);
      if (!(found > value)) continue;
      moved = found - value > 1e-14 * Math.abs(value);
      theta = next;
      value = found;
      if (!moved) break;
    }
    if (!moved || isSteep(data, theta)) break;
  }
  return theta;
}

/** Solution of a symmetric system; undefined where it is singular. */
export function solved(matrix: Float64Array, right: Float64Array, n: number): Float64Array | undefined {
  const x = right.slice();
  try {
    choleskySolve(cholesky(matrix, n), x);
  } catch (error) {
    if (error instanceof CajalError) return undefined;
    throw error;
  }
  return x.every(Number.isFinite) ? x : undefined;
}

/** Log-likelihood of the observed fractions. */
export function saturated({ x, count, chosen }: ChoiceData): number {
  let sum = 0;
  for (let k = 0; k < x.length; k++) {
    const p = chosen[k] / count[k];
    if (p > 0) sum += chosen[k] * log(p);
    if (p < 1) sum += (count[k] - chosen[k]) * log(1 - p);
  }
  return sum;
}
