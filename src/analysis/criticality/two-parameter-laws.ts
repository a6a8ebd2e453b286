/**
 * @file Power law with exponential cut-off and log-normal on a window of whole numbers: both contain the power law at
 * the edge of their parameters, where the fit is put when the data ask for more.
 */

import { type DiscreteFit, settledFit, undeterminedFit, whyUndetermined } from "./discrete-fit.ts";
import type { IntegerHistogram } from "./integer-histogram.ts";
import { fitDiscretePowerLaw, logValues, windowValues } from "./one-parameter-laws.ts";
import { maximizeOnWindow } from "./window-likelihood.ts";

/**
 * Power law with cut-off, p(k) ∝ k^−a e^{−λ k} on the window, λ ≥ 0. Parameters `exponent` a and `cutoffRate` λ
 * [1/unit of k]; the cut-off lies near 1/λ. Where λ < 0 would fit better the result is the power law, status `boundary`.
 * After Clauset, Shalizi & Newman (2009), table 2.1; standard errors from the inverse Fisher information.
 */
export function fitDiscreteTruncatedPowerLaw(histogram: IntegerHistogram): DiscreteFit {
  const law = "truncated-power-law";
  const names = ["exponent", "cutoffRate"];
  const why = whyUndetermined(histogram, 2);
  if (why) return undeterminedFit(law, histogram, names, why);
  const statistics = [logValues(histogram.window), windowValues(histogram.window)];
  const best = maximizeOnWindow(histogram, { base: undefined, statistics });
  if (!best.converged) return undeterminedFit(law, histogram, names, "no maximum was found");
  if (best.coefficients[1] >= 0) {
    const power = fitDiscretePowerLaw(histogram);
    return {
      ...settledFit(law, histogram, {
        parameters: { exponent: power.parameters.exponent, cutoffRate: 0 },
        standardErrors: { exponent: power.standardErrors.exponent, cutoffRate: Number.NaN },
        coefficients: [power.coefficients[0], 0],
        logLikelihood: power.logLikelihood,
      }),
      status: "boundary",
      message: "no cut-off inside the window: the fit is the plain power law",
    };
  }
  const [v0, , , v1] = inverse(best.covariance);
  return settledFit(law, histogram, {
    parameters: { exponent: -best.coefficients[0], cutoffRate: -best.coefficients[1] },
    standardErrors: { exponent: Math.sqrt(v0 / histogram.n), cutoffRate: Math.sqrt(v1 / histogram.n) },
    coefficients: best.coefficients,
    logLikelihood: best.logLikelihood,
  });
}

/**
 * Log-normal, p(k) ∝ (1/k) exp(−(ln k − μ)² / (2 σ²)) on the window. Parameters `mu` μ and `sigma` σ, of ln k.
 *
 * Discretised by the density at whole numbers, normalised over the window; then the likelihood is concave and the power
 * law is its limit σ → ∞ (status `boundary`, μ = −∞). Integrating the density over [k − ½, k + ½] instead gives nearly
 * the same law for k ≥ 5. Standard errors by the delta method.
 */
export function fitDiscreteLogNormal(histogram: IntegerHistogram): DiscreteFit {
  const law = "log-normal";
  const why = whyUndetermined(histogram, 2);
  if (why) return undeterminedFit(law, histogram, ["mu", "sigma"], why);
  const logs = logValues(histogram.window);
  const family = { base: logs.map((v) => -v), statistics: [logs, logs.map((v) => v * v)] };
  const best = maximizeOnWindow(histogram, family);
  const [c0, c1] = best.coefficients;
  if (!best.converged) return undeterminedFit(law, histogram, ["mu", "sigma"], "no maximum was found");
  if (c1 >= 0) {
    const power = fitDiscretePowerLaw(histogram);
    return {
      ...settledFit(law, histogram, {
        parameters: { mu: Number.NEGATIVE_INFINITY, sigma: Number.POSITIVE_INFINITY },
        standardErrors: { mu: Number.NaN, sigma: Number.NaN },
        coefficients: [power.coefficients[0] + 1, 0],
        logLikelihood: power.logLikelihood,
      }),
      status: "boundary",
      message: "no curvature on logarithmic axes: the fit is the plain power law",
    };
  }
  // c0 = μ/σ², c1 = −1/(2σ²).
  const variance = -1 / (2 * c1);
  const sigma = Math.sqrt(variance);
  const mu = c0 * variance;
  const [v00, v01, , v11] = inverse(best.covariance);
  const dMu = 2 * variance * mu;
  const muVariance = variance * variance * v00 + 2 * variance * dMu * v01 + dMu * dMu * v11;
  return settledFit(law, histogram, {
    parameters: { mu, sigma },
    standardErrors: {
      mu: Math.sqrt(muVariance / histogram.n),
      sigma: variance * sigma * Math.sqrt(v11 / histogram.n),
    },
    coefficients: best.coefficients,
    logLikelihood: best.logLikelihood,
  });
}

/** Inverse of a symmetric 2 × 2 matrix, row-major. */
export function inverse([a, b, c, d]: readonly number[]): [number, number, number, number] {
  const determinant = a * d - b * c;
  return [d / determinant, -b / determinant, -c / determinant, a / determinant];
}
