/**
 * @file Power law and exponential on a window of whole numbers, by truncated maximum likelihood.
 * After Clauset, Shalizi & Newman (2009), "Power-law distributions in empirical data", SIAM Rev. 51, 661–703, with both
 * ends of the window given, as in Deluca & Corral (2013), Acta Geophys. 61, 1351–1394.
 */

import { log } from "../../core/index.ts";
import {
  type DiscreteFit,
  type LawName,
  settledFit,
  undeterminedFit,
  whyUndetermined,
} from "./discrete-fit.ts";
import type { FitWindow, IntegerHistogram } from "./integer-histogram.ts";
import { maximizeOnWindow } from "./window-likelihood.ts";

/**
 * Power law p(k) = k^−a / Σ_{j=min}^{max} j^−a. Parameter `exponent` a, any sign: on a finite window a flat or rising
 * law is a law too, and pretending otherwise would hide a bad fit.
 *
 * The maximum solves E_a[ln k] = mean of ln k; standard error 1 / √(n Var_a[ln k]).
 */
export function fitDiscretePowerLaw(histogram: IntegerHistogram): DiscreteFit {
  return fitOne("power-law", "exponent", histogram, logValues(histogram.window));
}

/**
 * Exponential p(k) = e^{−λ k} / Σ_{j=min}^{max} e^{−λ j}, a geometric law cut at both ends. Parameter `rate` λ
 * [1/unit of k], any sign.
 *
 * The maximum solves E_λ[k] = mean of k; standard error 1 / √(n Var_λ[k]). With max → ∞, λ = ln(1 + 1 / (mean − min)).
 */
export function fitDiscreteExponential(histogram: IntegerHistogram): DiscreteFit {
  return fitOne("exponential", "rate", histogram, windowValues(histogram.window));
}

/** min, min + 1, …, max, shape `(value)`. */
export function windowValues([min, max]: FitWindow): Float64Array {
  return Float64Array.from({ length: max - min + 1 }, (_, i) => min + i);
}

/** ln of {@link windowValues}, shape `(value)`. */
export function logValues(window: FitWindow): Float64Array {
  return windowValues(window).map((k) => log(k));
}

// Implementation

function fitOne(
  law: LawName,
  parameter: string,
  histogram: IntegerHistogram,
  statistic: Float64Array,
): DiscreteFit {
  const why = whyUndetermined(histogram, 1);
  if (why) return undeterminedFit(law, histogram, [parameter], why);
  const best = maximizeOnWindow(histogram, { base: undefined, statistics: [statistic] });
  if (!best.converged) return undeterminedFit(law, histogram, [parameter], "no maximum was found");
  return settledFit(law, histogram, {
    parameters: { [parameter]: -best.coefficients[0] },
    standardErrors: { [parameter]: 1 / Math.sqrt(histogram.n * best.covariance[0]) },
    coefficients: best.coefficients,
    logLikelihood: best.logLikelihood,
  });
}
