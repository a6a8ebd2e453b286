/**
 * @file Which of two fitted laws the data prefer: normalised log-likelihood ratio.
 * After Vuong (1989), "Likelihood ratio tests for model selection and non-nested hypotheses", Econometrica 57, 307–333,
 * as in Clauset, Shalizi & Newman (2009), appendix C.
 */

import { CajalError } from "../../core/index.ts";
import { normalCdf } from "../statistics/normal-distribution.ts";
import type { DiscreteFit, LawName } from "./discrete-fit.ts";
import { logProbabilities } from "./discrete-laws.ts";
import type { IntegerHistogram } from "./integer-histogram.ts";

/** Comparison of two fits on the same window. R > 0 favours the first. */
export interface LikelihoodRatio {
  first: LawName;
  second: LawName;
  /** Vuong-normalised ratio R = Σ lᵢ / (√n sd(l)), lᵢ = ln p₁(kᵢ) − ln p₂(kᵢ), sd with divisor n. */
  R: number;
  /** Two-sided p of R under a normal law: that neither law is nearer to the truth. Not valid for nested laws. */
  p: number;
  /** Σ lᵢ, not normalised. */
  logRatio: number;
  n: number;
  /** Which law contains the other, so that it cannot fit worse and R only has one sign. */
  nested: "first" | "second" | "none";
  /** p to go by: of 2 |Σ l| as χ² with one degree of freedom where laws are nested (½ χ² at a boundary), else `p`. */
  pValue: number;
}

/**
 * Compare two fits of the same histogram. Values are taken to be independent; avalanches in a row are not quite, so p
 * is somewhat too small.
 *
 * The power law is the edge of the truncated power law, the log-normal and the stretched exponential; there twice the
 * gain is ½ χ²₀ + ½ χ²₁ (Self & Liang 1987, J. Am. Stat. Assoc. 82, 605–610).
 *
 * @returns NaN where one of the fits is undetermined; R = 0, p = 1 for equal laws.
 * @throws CajalError `different-windows`.
 */
export function likelihoodRatio(
  histogram: IntegerHistogram,
  first: DiscreteFit,
  second: DiscreteFit,
): LikelihoodRatio {
  for (const { window, law } of [first, second]) {
    if (window[0] === histogram.window[0] && window[1] === histogram.window[1]) continue;
    throw new CajalError(`${law} was fitted on [${window}], the data are on [${histogram.window}]`, {
      code: "different-windows",
      where: "likelihoodRatio",
      hint: "Fit both laws to this histogram.",
    });
  }
  const { sum, sd } = momentsOfDifference(histogram, first, second);
  const { n } = histogram;
  // Equal laws differ by rounding alone, which must not be blown up to a large R.
  const same = sd < 1e-12;
  const R = same ? 0 : sum / (Math.sqrt(n) * sd);
  const p = Math.min(1, 2 * normalCdf(-Math.abs(R)));
  const nested = contains(first, second) ? "first" : contains(second, first) ? "second" : "none";
  const gain = same ? 0 : nested === "first" ? Math.max(0, sum) : Math.max(0, -sum);
  const container = nested === "first" ? first : second;
  const contained = nested === "first" ? second : first;
  const sides = contained.law === "power-law" && container.law !== "power-law" ? 1 : 2;
  const pNested = gain === 0 ? 1 : sides * normalCdf(-Math.sqrt(2 * gain));
  const logRatio = same ? 0 : sum;
  const pValue = nested === "none" || Number.isNaN(sum) ? p : pNested;
  return { first: first.law, second: second.law, R, p, logRatio, n, nested, pValue };
}

// Implementation

function momentsOfDifference(
  { counts, n }: IntegerHistogram,
  first: DiscreteFit,
  second: DiscreteFit,
): { sum: number; sd: number } {
  const p1 = logProbabilities(first);
  const p2 = logProbabilities(second);
  let sum = 0;
  for (let i = 0; i < counts.length; i++) if (counts[i] > 0) sum += counts[i] * (p1[i] - p2[i]);
  const centre = sum / n;
  let squares = 0;
  for (let i = 0; i < counts.length; i++) {
    const d = p1[i] - p2[i] - centre;
    if (counts[i] > 0) squares += counts[i] * d * d;
  }
  return { sum, sd: Math.sqrt(squares / n) };
}

/** Whether `inner` is a special case of `outer`; an exponential that rises is not one of laws that must fall. */
function contains(outer: DiscreteFit, inner: DiscreteFit): boolean {
  if (outer.law === inner.law) return false;
  if (inner.law === "power-law") return outer.law !== "exponential";
  if (inner.law === "exponential" && inner.parameters.rate >= 0) {
    return outer.law === "truncated-power-law" || outer.law === "stretched-exponential";
  }
  return false;
}
