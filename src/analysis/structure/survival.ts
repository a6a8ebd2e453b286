/**
 * @file Survival of synapses from birth to death. A synapse alive at the end of the record has an unknown lifetime of
 * at least its age: leaving it out would make all lifetimes look short.
 */

import { CajalError } from "../../core/index.ts";

/** Births and deaths of synapses, one entry each. */
export interface SynapseLives {
  /** Step of birth, shape `(synapse)`. */
  birth: ArrayLike<number>;
  /** Step of death, shape `(synapse)`; Infinity, or a step beyond `end`, for one still alive at the end. */
  death: ArrayLike<number>;
  /** Last step of the record: ages of living synapses are counted up to here. */
  end: number;
}

/** Ages at death, or at the end of the record. */
export interface Lifetimes {
  /** Age [steps], shape `(synapse)`. */
  duration: Float64Array;
  /** 1 where the synapse died, 0 where it was still alive (right-censored), shape `(synapse)`. */
  died: Uint8Array;
}

/** The Kaplan–Meier estimate of S(t) = P(lifetime > t): a step function with a point at each age of death. */
export interface SurvivalCurve {
  /** Ages at which synapses died, ascending [steps], shape `(age)`. */
  time: Float64Array;
  /** S just after each age, shape `(age)`. */
  survival: Float64Array;
  /** Greenwood's standard error of S, shape `(age)`. */
  standardError: Float64Array;
  /** Synapses at risk just before each age, shape `(age)`. */
  atRisk: Float64Array;
  /** Deaths at each age, shape `(age)`. */
  deaths: Float64Array;
  /** First age with S ≤ 1/2 [steps]; Infinity when S stays above. */
  median: number;
  /** Synapses still alive at the end. */
  censored: number;
  /** Null: deaths over the total of ages [1/step], the hazard of synapses that die at a constant rate. */
  hazard: number;
}

/**
 * Lifetimes of the synapses born in a stretch of the run.
 *
 * @param options.bornFrom - First step of birth that counts, default all.
 * @param options.bornBefore - Births from this step on do not count, default all.
 * @throws CajalError `shape`, `bad-life` when a synapse dies before it is born or is born after the end.
 */
export function lifetimes(
  lives: SynapseLives,
  { bornFrom = Number.NEGATIVE_INFINITY, bornBefore = Number.POSITIVE_INFINITY } = {},
): Lifetimes {
  const { birth, death, end } = lives;
  if (birth.length !== death.length) {
    throw new CajalError(`${birth.length} births and ${death.length} deaths`, {
      code: "shape",
      where: "lifetimes",
      hint: "Give Infinity as the death of a synapse still alive.",
    });
  }
  const duration = [];
  const died = [];
  for (let k = 0; k < birth.length; k++) {
    if (!(death[k] >= birth[k] && birth[k] <= end)) {
      throw new CajalError(
        `synapse ${k} is born at ${birth[k]} and dies at ${death[k]}, in a record up to ${end}`,
        {
          code: "bad-life",
          where: "lifetimes",
          hint: "Births come before deaths and before the end; give Infinity as the death of a living synapse.",
        },
      );
    }
    if (birth[k] < bornFrom || birth[k] >= bornBefore) continue;
    died.push(death[k] <= end ? 1 : 0);
    duration.push(Math.min(death[k], end) - birth[k]);
  }
  return { duration: Float64Array.from(duration), died: Uint8Array.from(died) };
}

/**
 * Kaplan & Meier (1958), J. Am. Stat. Assoc. 53, 457: S(t) = Π over ages of death tᵢ ≤ t of (1 − dᵢ / nᵢ), with the
 * variance of Greenwood (1926), S² Σ dᵢ / (nᵢ (nᵢ − dᵢ)). A synapse censored at an age is at risk at that age.
 *
 * @throws CajalError `no-lifetimes`.
 * @example kaplanMeier(lifetimes(lives, { bornBefore: 200_000 })).median
 */
export function kaplanMeier({ duration, died }: Lifetimes): SurvivalCurve {
  const total = duration.length;
  if (total === 0) {
    throw new CajalError("there is no synapse", {
      code: "no-lifetimes",
      where: "kaplanMeier",
      hint: "Widen the stretch of births, or record for longer.",
    });
  }
  const order = Uint32Array.from(duration.keys()).sort((a, b) => duration[a] - duration[b]);
  const columns: number[][] = [[], [], [], [], []];
  let survival = 1;
  let greenwood = 0;
  let age = 0;
  let deaths = 0;
  for (let k = 0; k < total; ) {
    const t = duration[order[k]];
    const atRisk = total - k;
    let gone = 0;
    for (; k < total && duration[order[k]] === t; k++) {
      age += t;
      gone += died[order[k]];
    }
    if (gone === 0) continue;
    deaths += gone;
    survival *= 1 - gone / atRisk;
    greenwood += gone / (atRisk * (atRisk - gone));
    // Where everyone has died S is 0 with certainty by this formula, not 0 · ∞.
    const error = survival === 0 ? 0 : survival * Math.sqrt(greenwood);
    [t, survival, error, atRisk, gone].forEach((value, c) => {
      columns[c].push(value);
    });
  }
  const [time, s, standardError, risk, dead] = columns.map((column) => Float64Array.from(column));
  const half = s.findIndex((value) => value <= 0.5);
  return {
    time,
    survival: s,
    standardError,
    atRisk: risk,
    deaths: dead,
    median: half < 0 ? Number.POSITIVE_INFINITY : time[half],
    censored: total - deaths,
    hazard: deaths / age,
  };
}

/** S at an age from a survival curve; 1 before the first death. */
export function survivalAt(curve: SurvivalCurve, age: number): number {
  let low = 0;
  let high = curve.time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.time[middle] <= age) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 1 : curve.survival[low - 1];
}
