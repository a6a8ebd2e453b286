/**
 * @file The psychometric function p(x) = γ + (1 − 2γ) F((x − μ) / σ) fitted to choices by maximum likelihood, with F the
 * cumulative normal or the logistic, and standard errors from the expected information. After Wichmann & Hill (2001),
 * Percept. Psychophys. 63:1293. Departure: one lapse rate serves both ends.
 */

import { CajalError } from "../../core/index.ts";
import {
  type ChoiceData,
  climb,
  FAMILIES,
  likelihood,
  MOST_LAPSE,
  saturated,
  scoreOf,
  solved,
  type Theta,
} from "./psychometric-likelihood.ts";

/** Choices at one evidence. */
export interface ChoiceCount {
  /** Signed evidence, in the unit of the task. */
  evidence: number;
  /** Trials. */
  count: number;
  /** Of them, those with the first alternative. */
  chosen: number;
}

/** A number with its standard error; NaN where the data do not determine it. */
export interface FittedNumber {
  value: number;
  error: number;
}

/** How {@link fitPsychometric} fits. */
export interface PsychometricOptions {
  /** F, default the cumulative normal. */
  family?: "normal" | "logistic";
  /** γ: `free` (0 … 0.4), or held at a number; default 0. */
  lapse?: number | "free";
}

/** A fitted psychometric function. */
export interface PsychometricFit {
  /**
   * - `done`.
   * - `separated`: choices change from none to all at one place, or not at all, so that the likelihood grows without end
   *   as σ → 0; σ is only an upper bound, the bias somewhere in the gap, and errors are NaN.
   */
  status: "done" | "separated";
  family: "normal" | "logistic";
  /** μ, evidence at which both alternatives are as likely. */
  bias: FittedNumber;
  /** σ, in the unit of the evidence; below 0 when choices go against the evidence. */
  sigma: FittedNumber;
  /** dp/dx at μ. */
  slope: FittedNumber;
  /** γ; its error is NaN where it is held, or ended at 0. */
  lapse: FittedNumber;
  logLikelihood: number;
  /** 2 (log-likelihood of the observed fractions − that of the fit), ≥ 0, about χ² with `freedom` degrees of freedom. */
  deviance: number;
  freedom: number;
}

/**
 * Fit a psychometric function.
 *
 * @throws CajalError `too-few-points` (two different values of evidence are needed), `bad-count`, `bad-option`.
 * @example const { bias, sigma } = fitPsychometric(psychometricPoints(choices, trials), { lapse: "free" });
 */
export function fitPsychometric(
  points: readonly ChoiceCount[],
  options: PsychometricOptions = {},
): PsychometricFit {
  const { family = "normal", lapse = 0 } = options;
  const data = checkedData(points, options);
  const f = FAMILIES[family];
  let theta = climb(data, f, [0, 0, lapse === "free" ? 0 : lapse], 2);
  let free = 2;
  if (lapse === "free" && !data.separated) {
    // From inside its range: at 0 the likelihood is flat in γ wherever choices are extreme.
    const wide = climb(data, f, [theta[0], theta[1], 0.02], 3);
    if (wide[2] > 0 && likelihood(data, f, wide) > likelihood(data, f, theta)) {
      theta = wide;
      free = 3;
    }
  }
  return describe(data, { family, theta, free });
}

/** p of a fit at an evidence. */
export function psychometricFunction(fit: PsychometricFit, evidence: number): number {
  const { cdf } = FAMILIES[fit.family];
  return fit.lapse.value + (1 - 2 * fit.lapse.value) * cdf((evidence - fit.bias.value) / fit.sigma.value);
}

// Implementation

function checkedData(points: readonly ChoiceCount[], { lapse = 0 }: PsychometricOptions): ChoiceData {
  const where = "fitPsychometric";
  if (lapse !== "free" && !(lapse >= 0 && lapse <= MOST_LAPSE)) {
    throw new CajalError(`lapse must be "free" or lie in 0 … ${MOST_LAPSE}, got ${lapse}`, {
      code: "bad-option",
      where,
      hint: "Write 2 % as 0.02.",
    });
  }
  const kept = points.filter((p) => p.count > 0);
  for (const { evidence, count, chosen } of kept) {
    if (Number.isFinite(evidence) && chosen >= 0 && chosen <= count) continue;
    throw new CajalError(`${chosen} of ${count} choices at evidence ${evidence}`, {
      code: "bad-count",
      where,
      hint: "Give finite evidence and 0 ≤ chosen ≤ count.",
    });
  }
  const values = [...new Set(kept.map((p) => p.evidence))].sort((a, b) => a - b);
  if (values.length < 2) {
    throw new CajalError(`choices at ${values.length} values of evidence`, {
      code: "too-few-points",
      where,
      hint: "Two different values at least are needed for a bias and a slope.",
    });
  }
  const centre = (values[0] + values[values.length - 1]) / 2;
  const scale = (values[values.length - 1] - values[0]) / 2;
  let gap = 2;
  for (let k = 1; k < values.length; k++) gap = Math.min(gap, (values[k] - values[k - 1]) / scale);
  return {
    x: Float64Array.from(kept, (p) => (p.evidence - centre) / scale),
    count: Float64Array.from(kept, (p) => p.count),
    chosen: Float64Array.from(kept, (p) => p.chosen),
    centre,
    scale,
    gap,
    separated: isSeparated(kept),
  };
}

/** Whether some threshold, or its opposite, tells every choice of one kind from every one of the other. */
function isSeparated(points: readonly ChoiceCount[]): boolean {
  const ones = points.filter((p) => p.chosen > 0).map((p) => p.evidence);
  const others = points.filter((p) => p.chosen < p.count).map((p) => p.evidence);
  return Math.max(...others) <= Math.min(...ones) || Math.max(...ones) <= Math.min(...others);
}

function describe(
  data: ChoiceData,
  { family, theta, free }: { family: "normal" | "logistic"; theta: Theta; free: number },
): PsychometricFit {
  const f = FAMILIES[family];
  const [a, b, lapse] = theta;
  const { centre, scale, separated } = data;
  const { information } = scoreOf(data, f, theta, free);
  /** Error of a function of the parameters with this gradient. */
  const errorOf = (gradient: readonly number[]) => {
    const g = Float64Array.from(gradient.slice(0, free));
    const x = separated ? undefined : solved(information, g, free);
    return x ? Math.sqrt(x.reduce((sum, v, i) => sum + v * g[i], 0)) : Number.NaN;
  };
  const top = f.density(0);
  const logLikelihood = likelihood(data, f, theta);
  return {
    status: separated ? "separated" : "done",
    family,
    bias: { value: centre - (scale * a) / b, error: scale * errorOf([-1 / b, a / (b * b), 0]) },
    sigma: { value: scale / b, error: scale * errorOf([0, -1 / (b * b), 0]) },
    slope: {
      value: ((1 - 2 * lapse) * top * b) / scale,
      error: errorOf([0, (1 - 2 * lapse) * top, -2 * top * b]) / scale,
    },
    lapse: { value: lapse, error: free === 3 ? errorOf([0, 0, 1]) : Number.NaN },
    logLikelihood,
    deviance: Math.max(0, 2 * (saturated(data) - logLikelihood)),
    freedom: data.x.length - free,
  };
}
