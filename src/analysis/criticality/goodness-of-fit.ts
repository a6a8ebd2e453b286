/**
 * @file Distance of data from a fitted law, and whether the law could have made them: parametric bootstrap.
 * After Clauset, Shalizi & Newman (2009), section 4.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import type { DiscreteFit } from "./discrete-fit.ts";
import { fitDiscreteLaw, fitProbabilities } from "./discrete-laws.ts";
import { discreteSampler } from "./discrete-sampler.ts";
import type { IntegerHistogram } from "./integer-histogram.ts";

/** Result of the bootstrap. */
export interface GoodnessOfFit {
  /** Kolmogorov–Smirnov distance of the data, 0–1. */
  distance: number;
  /** (1 + resamples at least as far) / (1 + resamples); small: the law did not make these data. */
  p: number;
  resamples: number;
}

/**
 * Kolmogorov–Smirnov distance D = max_k |F_data(k) − F_fit(k)| on the window, 0–1; NaN for an undetermined fit.
 */
export function kolmogorovSmirnovDistance({ counts, n }: IntegerHistogram, fit: DiscreteFit): number {
  const p = fitProbabilities(fit);
  let data = 0;
  let law = 0;
  let largest = 0;
  for (let i = 0; i < counts.length; i++) {
    data += counts[i];
    law += p[i];
    largest = Math.max(largest, Math.abs(data / n - law));
  }
  return largest;
}

/**
 * Goodness of fit: draw n values from the fitted law, refit, measure the distance; p is the share of resamples at
 * least as far from their own fit as the data. Values are taken to be independent, and with 10⁵ avalanches any law is
 * rejected that is only nearly right: read p beside the distance.
 *
 * @throws CajalError `bad-resamples`.
 */
export function goodnessOfFit(
  histogram: IntegerHistogram,
  fit: DiscreteFit,
  { rng, resamples = 100 }: { rng: Rng; resamples?: number },
): GoodnessOfFit {
  if (!Number.isInteger(resamples) || resamples < 1) {
    throw new CajalError(`resamples must be a whole number ≥ 1, got ${resamples}`, {
      code: "bad-resamples",
      where: "goodnessOfFit",
    });
  }
  const distance = kolmogorovSmirnovDistance(histogram, fit);
  if (fit.status === "undetermined") return { distance, p: Number.NaN, resamples };
  const draw = discreteSampler(fitProbabilities(fit), rng);
  let asFar = 1;
  for (let b = 0; b < resamples; b++) {
    const counts = new Float64Array(histogram.counts.length);
    for (let i = 0; i < histogram.n; i++) counts[draw()]++;
    const sample = { ...histogram, counts };
    const refit = fitDiscreteLaw(fit.law, sample);
    // A resample that determines nothing is counted as far: that errs towards keeping the law.
    if (!(kolmogorovSmirnovDistance(sample, refit) < distance)) asFar++;
  }
  return { distance, p: asFar / (1 + resamples), resamples };
}
