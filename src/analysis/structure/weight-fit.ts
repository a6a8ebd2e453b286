/**
 * @file Which distribution do weights follow? Maximum likelihood for several families, compared by AIC. A difference
 * of AIC ranks families; only the KS distance says whether the best one is any good.
 */

import { CajalError, exp, log } from "../../core/index.ts";
import { minimize2d } from "./minimize.ts";
import {
  type FittingSample,
  fullEstimate,
  logLikelihood,
  logSurvival,
  WEIGHT_FAMILIES,
  type WeightDistribution,
  type WeightFamily,
  weightCdf,
} from "./weight-families.ts";

/** One family fitted to a sample of weights. */
export interface WeightFit {
  family: WeightFamily;
  /** The fitted distribution of all weights, before truncation. */
  distribution: WeightDistribution;
  /** Ln of the likelihood of the sample, given w ≥ minimum when truncated. */
  logLikelihood: number;
  /** 4 − 2 ln L: two parameters. Akaike (1974), IEEE Trans. Autom. Control 19, 716. */
  aic: number;
  /** AIC above the best family's. */
  delta: number;
  /** Share of Σ e^(−Δ/2): the weight of evidence among the families compared. */
  akaikeWeight: number;
  /** Largest distance of the cumulative distributions, of the truncated law when truncated. */
  ks: number;
  /** `at-bound`: the truncated likelihood rises towards a limit of the family, the parameters mean little. */
  status: "ok" | "at-bound";
}

/** All families, best first. */
export interface WeightFits {
  /** Ascending AIC. */
  fits: WeightFit[];
  /** Weights fitted. */
  count: number;
  /** Weights below the minimum, left out. */
  below: number;
  /** Sample skewness of the fitted weights, see {@link skewness}. */
  skewness: number;
  /** Its standard error for normal data: null. */
  skewnessError: number;
}

/**
 * Fit distributions to weights.
 *
 * With `minimum`, weights below it are left out and the likelihood is that of the law given w ≥ minimum, so that
 * synapses too small to be seen (or just born) do not bend the fit. KS distances have no p-value here: the parameters
 * come from the same sample, so tables do not hold. Of a true law expect about 0.9 / √n or less.
 *
 * @param weights - Shape `(synapse)`; positive, unless `minimum` leaves the others out or `families` is `["normal"]`.
 * @param options.minimum - Smallest weight that counts, > 0.
 * @param options.families - Default all four.
 * @throws CajalError `weight-not-positive`, `too-few-weights`, `unknown-family`, `bad-minimum`.
 * @example fitWeights(weights, { minimum: 0.01 }).fits[0].family // "lognormal"
 */
export function fitWeights(
  weights: ArrayLike<number>,
  options: { minimum?: number; families?: readonly WeightFamily[] } = {},
): WeightFits {
  const { minimum, families = WEIGHT_FAMILIES } = options;
  if (minimum !== undefined && !(minimum > 0 && minimum < Number.POSITIVE_INFINITY)) {
    throw new CajalError(`minimum must be a positive weight, got ${minimum}`, {
      code: "bad-minimum",
      where: "fitWeights",
      hint: "Leave it out to fit all weights.",
    });
  }
  const kept = Float64Array.from(weights).filter((w) => minimum === undefined || w >= minimum);
  const positive = families.every((family) => family === "normal");
  checkWeights(kept, positive);
  const sample = prepare(kept);
  const fits = families.map((family) => fitFamily(family, sample, minimum));
  fits.sort((a, b) => a.aic - b.aic);
  let total = 0;
  for (const fit of fits) {
    fit.delta = fit.aic - fits[0].aic;
    total += exp(-fit.delta / 2);
  }
  for (const fit of fits) fit.akaikeWeight = exp(-fit.delta / 2) / total;
  return {
    fits,
    count: kept.length,
    below: weights.length - kept.length,
    skewness: skewness(kept),
    skewnessError: skewnessError(kept.length),
  };
}

/**
 * Sample skewness g₁ = m₃ / m₂^(3/2) with central moments m; 0 for symmetric data, NaN without spread.
 *
 * @param values - Shape `(sample)`.
 */
export function skewness(values: ArrayLike<number>): number {
  const n = values.length;
  let sum = 0;
  for (let k = 0; k < n; k++) sum += values[k];
  const mean = sum / n;
  let [m2, m3] = [0, 0];
  for (let k = 0; k < n; k++) {
    const d = values[k] - mean;
    m2 += (d * d) / n;
    m3 += (d * d * d) / n;
  }
  return m3 / (m2 * Math.sqrt(m2));
}

/** Standard error of the sample skewness of n normal values, √(6 (n − 2) / ((n + 1)(n + 3))): null of `skewness`. */
export function skewnessError(n: number): number {
  return n < 3 ? Number.NaN : Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)));
}

// Implementation

function checkWeights(kept: Float64Array, anySign: boolean): void {
  const bad = kept.findIndex((w) => !(anySign ? Number.isFinite(w) : w > 0 && w < Number.POSITIVE_INFINITY));
  if (bad >= 0) {
    throw new CajalError(`weight ${bad} is ${kept[bad]}`, {
      code: "weight-not-positive",
      where: "fitWeights",
      hint: "Pass the weights of existing synapses only, or a minimum that leaves the others out.",
    });
  }
  if (kept.length < 3 || kept.every((w) => w === kept[0])) {
    throw new CajalError(
      kept.length < 3 ? `${kept.length} weights to fit` : `all ${kept.length} weights are ${kept[0]}`,
      {
        code: "too-few-weights",
        where: "fitWeights",
        hint: "At least three weights, not all equal, are needed; lower minimum.",
      },
    );
  }
}

function prepare(values: Float64Array): FittingSample {
  const ascending = values.sort();
  const n = values.length;
  const logs = ascending[0] > 0 ? ascending.map(log) : new Float64Array(0);
  const moments = (v: Float64Array) => {
    let sum = 0;
    for (const x of v) sum += x;
    const mean = sum / n;
    let squares = 0;
    for (const x of v) squares += (x - mean) * (x - mean);
    return { mean, variance: squares / n };
  };
  const { mean, variance } = moments(ascending);
  const ofLogs = logs.length ? moments(logs) : { mean: Number.NaN, variance: Number.NaN };
  return { values: ascending, logs, mean, variance, logMean: ofLogs.mean, logVariance: ofLogs.variance };
}

function fitFamily(family: WeightFamily, sample: FittingSample, minimum: number | undefined): WeightFit {
  const full = fullEstimate(family, sample);
  const found =
    minimum === undefined
      ? { distribution: full, logLikelihood: logLikelihood(full, sample), status: "ok" as const }
      : truncatedEstimate(full, sample, minimum);
  return {
    family,
    ...found,
    aic: 4 - 2 * found.logLikelihood,
    delta: 0,
    akaikeWeight: 0,
    ks: ksDistance(found.distribution, sample.values, minimum),
  };
}

/** Largest change of a logarithmic parameter from the full estimate before the search is called unbounded. */
const BOUND = 5;

/** Maximum of ln L − n ln P(w ≥ minimum), searched from the estimate for the full sample. */
function truncatedEstimate(
  full: WeightDistribution,
  sample: FittingSample,
  minimum: number,
): Pick<WeightFit, "distribution" | "logLikelihood" | "status"> {
  const n = sample.values.length;
  const { at, step, location } = coordinates(full);
  const cost = (x: number, y: number) => {
    // Beyond the bound every family has degenerated into another law.
    if (Math.abs(y) > BOUND || (!location && Math.abs(x) > BOUND) || Math.abs(x) > 1e3) return Number.NaN;
    const d = at(x, y);
    return n * logSurvival(d, minimum) - logLikelihood(d, sample);
  };
  const best = minimize2d(cost, [0, 0], step);
  const limit = location ? 40 : 0.9 * BOUND;
  const atBound = Math.abs(best.x) > limit || Math.abs(best.y) > 0.9 * BOUND;
  return {
    distribution: at(best.x, best.y),
    logLikelihood: -best.value,
    status: atBound ? "at-bound" : "ok",
  };
}

/** Coordinates about an estimate: location in standard deviations, all others as logarithms of the factor. */
function coordinates(d: WeightDistribution): {
  at: (x: number, y: number) => WeightDistribution;
  step: [number, number];
  location: boolean;
} {
  switch (d.family) {
    case "normal":
      return {
        at: (x, y) => ({
          ...d,
          mean: d.mean + x * d.standardDeviation,
          standardDeviation: d.standardDeviation * exp(y),
        }),
        step: [-0.5, 0.3],
        location: true,
      };
    case "lognormal":
      return {
        at: (x, y) => ({ ...d, mu: d.mu + x * d.sigma, sigma: d.sigma * exp(y) }),
        step: [-0.5, 0.3],
        location: true,
      };
    default:
      return {
        at: (x, y) => ({ ...d, shape: d.shape * exp(x), scale: d.scale * exp(y) }),
        step: [-0.3, 0.3],
        location: false,
      };
  }
}

function ksDistance(d: WeightDistribution, ascending: Float64Array, minimum: number | undefined): number {
  const n = ascending.length;
  const beyond = minimum === undefined ? 0 : logSurvival(d, minimum);
  let largest = 0;
  for (let k = 0; k < n; k++) {
    const below =
      minimum === undefined
        ? weightCdf(d, ascending[k]).lower
        : 1 - exp(logSurvival(d, ascending[k]) - beyond);
    largest = Math.max(largest, below - k / n, (k + 1) / n - below);
  }
  return largest;
}
