/**
 * @file Weights of spiking units that start where fluctuations of the membrane are of the order of the distance to the
 * threshold, so that spikes are neither absent nor saturated and gradients get through. After Rossbroich, Gygax & Zenke
 * (2022), arXiv 2206.10226.
 *
 * A presynaptic unit that fires as a Poisson process of rate ν moves v by the kernel (τ_r / (τ_r − τ)) (e^(−t/τ_r) −
 * e^(−t/τ)), of integral ε̄ = τ_r and square integral ε̂ = τ_r² / (2 (τ_r + τ)). For weights w of mean 0 in each row, v then
 * has the variance Σ_j E[w_ij²] ν ε̂ over time and Σ_j Var[w_ij] (ν ε̄)² from unit to unit. Departure: the paper sets the
 * first, for synapses of some milliseconds; with synapses as slow as here the second is larger, and units would be either
 * silent or saturated. Here their sum is set, to ½: a standard deviation of 0.7 thresholds.
 */

import type { WeightConstraint } from "../constraints/weight-constraint.ts";
import { balancedProfile } from "../initialise/balance.ts";
import type { InitialWeights } from "../initialise/initial-weights.ts";
import type { WiringDefaults } from "./rate-weights.ts";

/** Rate ν that weights are drawn for [1/ms]. */
const RATE = 0.02;

/** Variance of v, in squared thresholds. */
const VARIANCE = 0.5;

/** Time constants [ms], one or shape `(unit)`. */
export interface SpikingTimes {
  tau: number | ArrayLike<number>;
  tauSynapse: number | ArrayLike<number>;
}

/**
 * How spiking networks are wired where their options say nothing. Units excite and inhibit in balance; input weights are
 * uniform up to 2, thresholds being 1; what tells one output from another, their weights less the mean, has a variance of
 * 1 over time.
 */
export function fluctuationDriven(times: SpikingTimes): WiringDefaults {
  return {
    enforce: "rectify",
    autapses: false,
    initial: (constraint, lawful) => {
      if (constraint.name === "rec") return recurrent(constraint, times, lawful);
      if (constraint.name === "out") return reading(constraint, times, lawful);
      return { spec: { distribution: { kind: "uniform", low: lawful ? 0 : -2, high: 2 } } };
    },
  };
}

// Implementation

interface Draws {
  spec: InitialWeights;
  profile?: Float64Array;
}

const at = (value: number | ArrayLike<number>, i: number) => (typeof value === "number" ? value : value[i]);

function recurrent(constraint: WeightConstraint, { tau, tauSynapse }: SpikingTimes, lawful: boolean): Draws {
  const both = constraint.signs?.includes(1) === true && constraint.signs.includes(-1);
  // Units of one sign cannot balance: their mean drives each other, and only a small radius keeps that in bounds.
  if (lawful && !both) {
    return { spec: { distribution: { kind: "gamma", shape: 2, scale: 0.05 }, spectralRadius: 0.3 } };
  }
  // Of Gamma(2, 1): mean of the square 6, variance 2.
  const [square, variance] = lawful ? [6, 2] : [1, 1];
  const profile = lawful ? balancedProfile(constraint) : shares(constraint);
  const { post, pre } = constraint;
  for (let i = 0; i < post; i++) {
    let total = 0;
    for (let j = 0; j < pre; j++) {
      const [own, sent] = [at(tau, i), at(tauSynapse, j)];
      // What a spike brings in all is w τ_r: excitation and inhibition balance in that.
      profile[i * pre + j] /= sent;
      const inTime = (square * RATE * sent * sent) / (2 * (sent + own));
      const overUnits = variance * (RATE * sent) * (RATE * sent);
      const size = profile[i * pre + j];
      total += size * size * (inTime + overUnits);
    }
    const factor = total > 0 ? Math.sqrt(VARIANCE / total) : 0;
    for (let j = 0; j < pre; j++) profile[i * pre + j] *= factor;
  }
  return {
    spec: { distribution: lawful ? { kind: "gamma", shape: 2, scale: 1 } : { kind: "normal", sd: 1 } },
    profile,
  };
}

/** r of a Poisson process has variance ν τ_r / 2. */
function reading(constraint: WeightConstraint, { tauSynapse }: SpikingTimes, lawful: boolean): Draws {
  const profile = shares(constraint);
  for (let k = 0; k < profile.length; k++)
    profile[k] /= Math.sqrt((RATE * at(tauSynapse, k % constraint.pre)) / 2);
  // Variance 1, whichever the sign.
  const [low, high] = lawful ? [0, Math.sqrt(12)] : [-Math.sqrt(3), Math.sqrt(3)];
  return { spec: { distribution: { kind: "uniform", low, high } }, profile };
}

/** Sizes of equal synapses, each row of Euclidean norm 1, shape `(post, pre)`. */
function shares({ post, pre, plastic }: WeightConstraint): Float64Array {
  const sizes = new Float64Array(post * pre);
  for (let i = 0; i < post; i++) {
    const row = plastic.subarray(i * pre, (i + 1) * pre);
    const count = row.reduce((sum, one) => sum + one, 0);
    for (let j = 0; j < pre; j++) if (row[j] === 1) sizes[i * pre + j] = 1 / Math.sqrt(count);
  }
  return sizes;
}
