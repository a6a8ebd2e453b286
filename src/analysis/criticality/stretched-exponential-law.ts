/**
 * @file Stretched exponential (Weibull) on a window of whole numbers, by profile likelihood over the stretching.
 */

import { exp, log } from "../../core/index.ts";
import { type DiscreteFit, settledFit, undeterminedFit, whyUndetermined } from "./discrete-fit.ts";
import type { IntegerHistogram } from "./integer-histogram.ts";
import { logValues } from "./one-parameter-laws.ts";
import { inverse } from "./two-parameter-laws.ts";
import { maximizeOnWindow, normalizeLog } from "./window-likelihood.ts";

/**
 * Stretched exponential, p(k) ∝ k^{β−1} exp(−(λ k)^β) on the window, 0 ≤ β ≤ 3. Parameters `beta` β and `rate` λ
 * [1/unit of k]; β = 1 is the exponential.
 *
 * Discretised by the density at whole numbers, normalised over the window, as the log-normal. Fitted as
 * ln p = (β − 1) ln k − s (k^β − 1)/β with s = β λ^β ≥ 0: so written the power laws are its limits β → 0 (exponent
 * 1 + s) and s → 0 (exponent 1 − β) and nothing runs away. For each β the likelihood is concave in s; β is searched on a
 * grid, then as the zero of the slope of the profile by regula falsi. Standard errors from the Fisher information of (s, β) by the delta method.
 * After Clauset, Shalizi & Newman (2009), table 2.1.
 */
export function fitDiscreteStretchedExponential(histogram: IntegerHistogram): DiscreteFit {
  const law = "stretched-exponential";
  const why = whyUndetermined(histogram, 2);
  if (why) return undeterminedFit(law, histogram, ["beta", "rate"], why);
  const logs = logValues(histogram.window);
  const best = searchBeta((beta, start) => fitScale(histogram, logs, beta, start));
  if (!Number.isFinite(best.logLikelihood)) {
    return undeterminedFit(law, histogram, ["beta", "rate"], "no maximum was found");
  }
  const { beta, scale: s, logLikelihood } = best;
  const fit = settledFit(law, histogram, {
    parameters: { beta, rate: exp(log(s / beta) / beta) },
    standardErrors: { beta: Number.NaN, rate: Number.NaN },
    coefficients: [s, beta],
    logLikelihood,
  });
  if (s > 0 && beta > EDGE && beta < LARGEST_BETA - EDGE) {
    return { ...fit, standardErrors: standardErrors(histogram.n, logs, s, beta) };
  }
  const parameters = { beta, rate: s > 0 && beta > EDGE ? fit.parameters.rate : Number.NaN };
  const message =
    beta >= LARGEST_BETA - EDGE
      ? `beta reached its bound ${LARGEST_BETA}: the law falls faster than any stretched exponential tried`
      : `the fit is a plain power law (${s > 0 ? "beta → 0" : "rate → 0"})`;
  return { ...fit, parameters, status: "boundary", message };
}

/** ln p + const of coefficients (s, β) at values with logarithms `logs`, shape `(value)`. */
export function stretchedLogWeights(logs: Float64Array, [s, beta]: readonly number[]): Float64Array {
  return logs.map((l) => (beta - 1) * l - s * boxCox(l, beta));
}

// Implementation

const LARGEST_BETA = 3;
/** Nearer than this to an end of its range β counts as there. */
const EDGE = 1e-6;
const GRID_STEP = 0.25;

interface ScaleFit {
  beta: number;
  scale: number;
  logLikelihood: number;
  /** Of the log-likelihood at the best s, by β; s itself need not be moved, for there its slope is 0. */
  slope: number;
}

/** (k^β − 1)/β, ln k at β = 0. */
function boxCox(logK: number, beta: number): number {
  const x = beta * logK;
  // Below, the series is exact to 1e-16 and the difference is not.
  if (x < 1e-5) return logK * (1 + x * (0.5 + x / 6));
  return (exp(x) - 1) / beta;
}

/** ∂/∂β of h = {@link boxCox}: ((x − 1) e^x + 1)/β² with x = β ln k, e^x = 1 + β h; series near 0. */
function boxCoxSlope(logK: number, beta: number, h: number): number {
  const x = beta * logK;
  if (x < 1e-3) return logK * logK * (0.5 + x * (1 / 3 + x * (0.125 + x / 30)));
  return ((x - 1) * (1 + beta * h) + 1) / (beta * beta);
}

/** Best s ≥ 0 at one β. */
function fitScale(histogram: IntegerHistogram, logs: Float64Array, beta: number, start: number): ScaleFit {
  const { counts, n } = histogram;
  const base = logs.map((l) => (beta - 1) * l);
  const falling = logs.map((l) => -boxCox(l, beta));
  const best = maximizeOnWindow(histogram, { base, statistics: [falling] }, [start]);
  if (!best.converged) return { beta, scale: 0, logLikelihood: Number.NEGATIVE_INFINITY, slope: Number.NaN };
  const scale = Math.max(0, best.coefficients[0]);
  const p = normalizeLog(base.map((b, i) => b + scale * falling[i]));
  let logLikelihood = 0;
  let slope = 0;
  for (let i = 0; i < p.length; i++) {
    logLikelihood += counts[i] * p[i];
    const score = logs[i] - scale * boxCoxSlope(logs[i], beta, -falling[i]);
    slope += (counts[i] - n * exp(p[i])) * score;
  }
  return { beta, scale, logLikelihood, slope };
}

/** Best point of a grid, then the zero of the slope between it and its neighbour uphill. */
function searchBeta(tryBeta: (beta: number, start: number) => ScaleFit): ScaleFit {
  const grid: ScaleFit[] = [];
  for (let i = 0; i * GRID_STEP <= LARGEST_BETA; i++) {
    grid.push(tryBeta(i * GRID_STEP, grid.at(-1)?.scale ?? 0));
  }
  const at = grid.reduce((best, point, i) => (point.logLikelihood > grid[best].logLikelihood ? i : best), 0);
  const uphill: ScaleFit | undefined = grid[at + (grid[at].slope > 0 ? 1 : -1)];
  return uphill ? zeroOfSlope(tryBeta, grid[at], uphill) : grid[at];
}

/** Regula falsi with the Illinois rule; where the far end rises too, halving until it falls. */
function zeroOfSlope(
  tryBeta: (beta: number, start: number) => ScaleFit,
  near: ScaleFit,
  far: ScaleFit,
): ScaleFit {
  let nearWeight = near.slope;
  let farWeight = far.slope;
  for (let i = 0; i < 100 && Math.abs(far.beta - near.beta) > 1e-10; i++) {
    const opposite = nearWeight * farWeight < 0;
    const share = opposite ? nearWeight / (nearWeight - farWeight) : 0.5;
    const point = tryBeta(near.beta + share * (far.beta - near.beta), near.scale);
    const isNear = point.slope * near.slope > 0 && point.logLikelihood >= near.logLikelihood;
    const moved = Math.abs(point.beta - (isNear ? near : far).beta);
    // The end that stays twice running loses half its weight, or it would stay for ever.
    if (isNear) {
      near = point;
      nearWeight = point.slope;
      farWeight /= 2;
    } else {
      far = point;
      farWeight = point.slope;
      nearWeight /= 2;
    }
    if (point.slope === 0 || moved < 1e-10) break;
  }
  return far.logLikelihood > near.logLikelihood ? far : near;
}

/** Inverse covariance of the scores of (s, β) under the law, carried to (β, λ): ln λ = (ln s − ln β)/β. */
function standardErrors(n: number, logs: Float64Array, s: number, beta: number): Record<string, number> {
  const p = normalizeLog(stretchedLogWeights(logs, [s, beta])).map((l) => exp(l));
  const scoreS = logs.map((l) => -boxCox(l, beta));
  const scoreBeta = logs.map((l, i) => l - s * boxCoxSlope(l, beta, -scoreS[i]));
  const v = covariance(p, scoreS, scoreBeta);
  const [vs, vsb, , vb] = inverse([covariance(p, scoreS, scoreS), v, v, covariance(p, scoreBeta, scoreBeta)]);
  const rate = exp(log(s / beta) / beta);
  const dS = rate / (s * beta);
  const dBeta = (-rate * (log(s / beta) + 1)) / (beta * beta);
  const rateVariance = dS * dS * vs + 2 * dS * dBeta * vsb + dBeta * dBeta * vb;
  return { beta: Math.sqrt(vb / n), rate: Math.sqrt(rateVariance / n) };
}

function covariance(p: Float64Array, x: Float64Array, y: Float64Array): number {
  let meanX = 0;
  let meanY = 0;
  for (let i = 0; i < p.length; i++) {
    meanX += p[i] * x[i];
    meanY += p[i] * y[i];
  }
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += p[i] * (x[i] - meanX) * (y[i] - meanY);
  return sum;
}
