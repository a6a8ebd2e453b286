/**
 * @file The five discrete laws by name: fit any of them, all of them, and tabulate what a fit says.
 */

import { CajalError, exp, suggest } from "../../core/index.ts";
import { type DiscreteFit, LAWS, type LawName } from "./discrete-fit.ts";
import type { IntegerHistogram } from "./integer-histogram.ts";
import {
  fitDiscreteExponential,
  fitDiscretePowerLaw,
  logValues,
  windowValues,
} from "./one-parameter-laws.ts";
import { fitDiscreteStretchedExponential, stretchedLogWeights } from "./stretched-exponential-law.ts";
import { fitDiscreteLogNormal, fitDiscreteTruncatedPowerLaw } from "./two-parameter-laws.ts";
import { normalizeLog } from "./window-likelihood.ts";

/**
 * Maximum-likelihood fit of one law to the values of a window, of O(window) cost however many values.
 *
 * @throws CajalError `unknown-law`.
 */
export function fitDiscreteLaw(law: LawName, histogram: IntegerHistogram): DiscreteFit {
  const fitLaw = Object.hasOwn(FITS, law) ? FITS[law] : undefined;
  if (fitLaw) return fitLaw(histogram);
  throw new CajalError(`unknown law "${law}"`, {
    code: "unknown-law",
    where: "fitDiscreteLaw",
    hint: suggest(law, LAWS),
  });
}

/**
 * ln p(k) of a fit at min, min + 1, …, max.
 *
 * @returns Shape `(value)`; NaN throughout for an undetermined fit.
 */
export function logProbabilities({ law, window, coefficients: c }: DiscreteFit): Float64Array {
  const logs = logValues(window);
  const values = windowValues(window);
  const weights: Record<LawName, () => Float64Array> = {
    "power-law": () => logs.map((l) => c[0] * l),
    exponential: () => values.map((k) => c[0] * k),
    "truncated-power-law": () => logs.map((l, i) => c[0] * l + c[1] * values[i]),
    "log-normal": () => logs.map((l) => (c[0] - 1 + c[1] * l) * l),
    "stretched-exponential": () => stretchedLogWeights(logs, c),
  };
  return normalizeLog(weights[law]());
}

/** p(k) of a fit at min, min + 1, …, max, shape `(value)`; what a figure draws over the histogram. */
export function fitProbabilities(fit: DiscreteFit): Float64Array {
  return logProbabilities(fit).map((l) => exp(l));
}

// Implementation

const FITS: Record<LawName, (histogram: IntegerHistogram) => DiscreteFit> = {
  "power-law": fitDiscretePowerLaw,
  exponential: fitDiscreteExponential,
  "truncated-power-law": fitDiscreteTruncatedPowerLaw,
  "log-normal": fitDiscreteLogNormal,
  "stretched-exponential": fitDiscreteStretchedExponential,
};
