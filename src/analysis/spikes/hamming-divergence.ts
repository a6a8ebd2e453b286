/**
 * @file Perturbation growth: two copies of a network driven by the same random numbers, one of them perturbed, and how
 * fast their states part. The exponent is positive where small differences grow (chaos) and negative where they heal.
 *
 * In the manner of Eser, Zheng & Triesch (2014), PLoS ONE 9, e86962. Departure: distances are those of binary states,
 * averaged over perturbations before the logarithm, so that perturbations that heal (distance 0) count too.
 */

import { CajalError, exp, log } from "../../core/index.ts";
import { hammingDistances, unrelatedDistance } from "./hamming.ts";
import type { Raster } from "./raster.ts";

/** A run and its perturbed twin, run with common random numbers from the step of the perturbation on. */
export interface TwinRasters {
  reference: Raster;
  perturbed: Raster;
}

/** How perturbations grow, over one or more twins. */
export interface HammingDivergence {
  /** Mean distance over the twins, ⟨d(t)⟩ [units], shape `(time)`. */
  distance: Float64Array;
  /** Share of the twins that differ at all at each step, shape `(time)`. */
  alive: Float64Array;
  /** Slope of ln⟨d⟩ over the growth phase [1/step]: the estimate of the largest Lyapunov exponent; NaN below 2 steps. */
  slope: number;
  /** Standard error of the slope from the scatter about the line; NaN below 3 steps. */
  standardError: number;
  /** Factor per step, e^slope. */
  growth: number;
  /** Growth phase: steps `from` … `to` − 1, see `fitTo`. */
  fit: { from: number; to: number };
  /** ln(⟨d(1)⟩ / ⟨d(0)⟩): one step of growth, the exponent of the annealed approximation; NaN when ⟨d(0)⟩ is 0. */
  firstStep: number;
  /** Mean distance over the last quarter [units]. */
  saturation: number;
  /** Null of `saturation`: distance of rasters of these rates that share nothing. */
  unrelated: number;
  /** Share of the twins that are equal at the last step. */
  healed: number;
}

/**
 * Divergence of perturbed twins.
 *
 * The growth phase runs from the first step at which any twin differs to the first at which ⟨d⟩ reaches half of what
 * it saturates at (or heals), unless `fitFrom` and `fitTo` say otherwise.
 *
 * @param twins - One or more, all of the same shape `(time, unit)`; step 0 is the first after the perturbation.
 * @throws CajalError `no-twins`, `shape`, `bad-range`.
 */
export function hammingDivergence(
  twins: readonly TwinRasters[],
  options: { fitFrom?: number; fitTo?: number } = {},
): HammingDivergence {
  const { distance, alive, unrelated } = meanDistances(twins);
  const steps = distance.length;
  let saturation = 0;
  const tail = Math.max(1, Math.floor(steps / 4));
  for (let t = steps - tail; t < steps; t++) saturation += distance[t];
  saturation /= tail;
  const fit = growthPhase(distance, saturation, options);
  const line = logSlope(distance, fit.from, fit.to);
  return {
    distance,
    alive,
    slope: line.slope,
    standardError: line.standardError,
    growth: exp(line.slope),
    fit,
    firstStep: steps > 1 && distance[0] > 0 ? log(distance[1] / distance[0]) : Number.NaN,
    saturation,
    unrelated,
    healed: 1 - alive[steps - 1],
  };
}

// Implementation

function meanDistances(twins: readonly TwinRasters[]) {
  const steps = twins[0]?.reference.steps;
  if (!steps) {
    throw new CajalError(twins.length ? "the rasters have no step" : "no twins were given", {
      code: "no-twins",
      where: "hammingDivergence",
      hint: "Give at least one pair { reference, perturbed }.",
    });
  }
  const distance = new Float64Array(steps);
  const alive = new Float64Array(steps);
  let unrelated = 0;
  for (const { reference, perturbed } of twins) {
    if (reference.steps !== steps) {
      throw new CajalError(`twins of ${reference.steps} and of ${steps} steps`, {
        code: "shape",
        where: "hammingDivergence",
        hint: "Run all twins equally long.",
      });
    }
    const d = hammingDistances(reference, perturbed);
    for (let t = 0; t < steps; t++) {
      distance[t] += d[t];
      if (d[t] > 0) alive[t]++;
    }
    unrelated += unrelatedDistance(reference, perturbed) / twins.length;
  }
  for (let t = 0; t < steps; t++) {
    distance[t] /= twins.length;
    alive[t] /= twins.length;
  }
  return { distance, alive, unrelated };
}

function growthPhase(
  distance: Float64Array,
  saturation: number,
  { fitFrom, fitTo }: { fitFrom?: number; fitTo?: number },
): { from: number; to: number } {
  const steps = distance.length;
  const first = distance.findIndex((d) => d > 0);
  const from = fitFrom ?? (first < 0 ? steps : first);
  // A perturbation that heals has no saturation to reach: its decay is fitted as far as it can be seen.
  const stop = (d: number) => d === 0 || (saturation > distance[from] && d >= saturation / 2);
  let to = from;
  while (to < steps && !stop(distance[to])) to++;
  const end = fitTo ?? to;
  const whole = Number.isInteger(from) && Number.isInteger(end);
  if (!whole || from < 0 || end > steps || from > end) {
    throw new CajalError(`cannot fit steps ${from} to ${end} of ${steps}`, {
      code: "bad-range",
      where: "hammingDivergence",
      hint: "Give whole numbers, 0 ≤ fitFrom ≤ fitTo ≤ steps.",
    });
  }
  return { from, to: end };
}

/** Least-squares slope of ln d against t, over the steps in the range with d > 0. */
function logSlope(
  distance: Float64Array,
  from: number,
  to: number,
): { slope: number; standardError: number } {
  const t: number[] = [];
  const y: number[] = [];
  for (let k = from; k < to; k++) {
    if (distance[k] === 0) continue;
    t.push(k);
    y.push(log(distance[k]));
  }
  const n = t.length;
  const meanT = t.reduce((a, b) => a + b, 0) / n;
  const meanY = y.reduce((a, b) => a + b, 0) / n;
  let tt = 0;
  let ty = 0;
  for (let k = 0; k < n; k++) {
    tt += (t[k] - meanT) * (t[k] - meanT);
    ty += (t[k] - meanT) * (y[k] - meanY);
  }
  const slope = n < 2 ? Number.NaN : ty / tt;
  let residual = 0;
  for (let k = 0; k < n; k++) {
    const r = y[k] - meanY - slope * (t[k] - meanT);
    residual += r * r;
  }
  return { slope, standardError: n < 3 ? Number.NaN : Math.sqrt(residual / (n - 2) / tt) };
}
