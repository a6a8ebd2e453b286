/**
 * @file Mean avalanche size against duration, ⟨S⟩(T) ∝ T^γ, and the crackling-noise relation γ = (α − 1)/(τ − 1).
 * After Sethna, Dahmen & Myers (2001), "Crackling noise", Nature 410, 242–250; for neurons Friedman et al. (2012),
 * "Universal critical dynamics in high resolution neuronal avalanche data", Phys. Rev. Lett. 108, 208102.
 */

import { exp, log } from "../../core/index.ts";
import { checkWindow, type FitWindow } from "./integer-histogram.ts";

/** A number with its standard error. */
export interface Estimate {
  value: number;
  standardError: number;
}

/** Regression of ln⟨S⟩ on ln T. */
export interface MeanSizeScaling {
  /** γ; NaN with fewer than three durations in the window. */
  gamma: Estimate;
  /** ⟨S⟩ of the line at T = 1. */
  prefactor: number;
  window: FitWindow;
  /** What was fitted: ⟨S⟩ and the number of avalanches at each duration seen. */
  points: { duration: number; meanSize: number; count: number }[];
}

/** The crackling relation of three exponents. */
export interface CracklingRelation {
  /** (α − 1)/(τ − 1) and its standard error. */
  predicted: Estimate;
  gamma: Estimate;
  /** (predicted − γ) in standard errors of the difference. */
  z: number;
  /** `undetermined`: τ or α not clearly above 1, where the ratio means nothing. */
  status: "holds" | "fails" | "undetermined";
}

/**
 * Exponent γ by least squares of ln⟨S⟩(T) on ln T over the durations of the window, each weighted by its number of
 * avalanches (the variance of ln⟨S⟩ falls as one over that number).
 *
 * Standard error from the weighted residuals, √(Σ w r² / (m − 2) / Σ w (x − x̄)²) with m durations: it includes the
 * curvature of a relation that is not a power law.
 *
 * @param avalanches - `duration` [steps] and `size` [units × steps], shape `(avalanche)`.
 * @param window - Durations used [steps].
 * @throws CajalError `bad-window`.
 */
export function meanSizeScaling(
  { duration, size }: { duration: ArrayLike<number>; size: ArrayLike<number> },
  window: FitWindow,
): MeanSizeScaling {
  checkWindow(window, "meanSizeScaling");
  const points = meanSizes(duration, size, window);
  const m = points.length;
  const x = points.map((p) => log(p.duration));
  const y = points.map((p) => log(p.meanSize));
  const total = points.reduce((sum, p) => sum + p.count, 0);
  const centre = (v: number[]) => points.reduce((sum, p, i) => sum + p.count * v[i], 0) / total;
  const meanX = centre(x);
  const meanY = centre(y);
  let sxx = 0;
  let sxy = 0;
  for (let i = 0; i < m; i++) {
    sxx += points[i].count * (x[i] - meanX) * (x[i] - meanX);
    sxy += points[i].count * (x[i] - meanX) * (y[i] - meanY);
  }
  const gamma = m < 3 ? Number.NaN : sxy / sxx;
  let residual = 0;
  for (let i = 0; i < m; i++) {
    const r = y[i] - meanY - gamma * (x[i] - meanX);
    residual += points[i].count * r * r;
  }
  return {
    gamma: { value: gamma, standardError: Math.sqrt(residual / (m - 2) / sxx) },
    prefactor: exp(meanY - gamma * meanX),
    window: [window[0], window[1]],
    points,
  };
}

/**
 * The crackling relation: at criticality γ equals (α − 1)/(τ − 1).
 *
 * Standard error by error propagation, σ² = σ_α²/(τ − 1)² + (α − 1)² σ_τ²/(τ − 1)⁴, with α and τ taken as independent;
 * they come from the same avalanches, and their positive correlation would make it smaller. `holds` means a difference
 * below three standard errors, which few data reach easily and which surrogates may reach too.
 */
export function cracklingRelation(alpha: Estimate, tau: Estimate, gamma: Estimate): CracklingRelation {
  const below = tau.value - 1;
  const value = (alpha.value - 1) / below;
  const a = alpha.standardError / below;
  const t = ((alpha.value - 1) * tau.standardError) / (below * below);
  const standardError = Math.sqrt(a * a + t * t);
  const z =
    (value - gamma.value) /
    Math.sqrt(standardError * standardError + gamma.standardError * gamma.standardError);
  const clear = below > 3 * tau.standardError && alpha.value - 1 > 3 * alpha.standardError;
  const status = !clear || Number.isNaN(z) ? "undetermined" : Math.abs(z) < 3 ? "holds" : "fails";
  return { predicted: { value, standardError }, gamma, z, status };
}

// Implementation

function meanSizes(
  duration: ArrayLike<number>,
  size: ArrayLike<number>,
  [min, max]: FitWindow,
): MeanSizeScaling["points"] {
  const count = new Float64Array(max - min + 1);
  const sum = new Float64Array(max - min + 1);
  for (let i = 0; i < duration.length; i++) {
    const t = duration[i];
    if (t < min || t > max) continue;
    count[t - min]++;
    sum[t - min] += size[i];
  }
  const points: MeanSizeScaling["points"] = [];
  for (let i = 0; i < count.length; i++) {
    if (count[i] > 0) points.push({ duration: min + i, meanSize: sum[i] / count[i], count: count[i] });
  }
  return points;
}
