/**
 * @file What a fit of a discrete law on a window gives, whichever the law.
 */

import type { FitWindow, IntegerHistogram } from "./integer-histogram.ts";

/** The five laws. */
export type LawName =
  | "power-law"
  | "exponential"
  | "truncated-power-law"
  | "log-normal"
  | "stretched-exponential";

/** All laws, the power law first. */
export const LAWS: readonly LawName[] = [
  "power-law",
  "exponential",
  "truncated-power-law",
  "log-normal",
  "stretched-exponential",
];

/** Maximum-likelihood fit of one law to the whole numbers of a window. Plain data. */
export interface DiscreteFit {
  law: LawName;
  window: FitWindow;
  /** By name; see the function that fits the law. NaN where undetermined. */
  parameters: Record<string, number>;
  /** From the Fisher information, for independent values; NaN on a boundary or where undetermined. */
  standardErrors: Record<string, number>;
  /** What `logProbabilities` needs; the meaning depends on the law. */
  coefficients: readonly number[];
  logLikelihood: number;
  /** Values in the window. */
  n: number;
  /** 2 p − 2 ln L with p the number of parameters of the law. */
  aic: number;
  /** `boundary`: the law does best where it turns into a simpler one; `undetermined`: the data do not fix it. */
  status: "ok" | "boundary" | "undetermined";
  /** Why the status is not `ok`, else empty. */
  message: string;
}

/** A fit with status `ok`. */
export function settledFit(
  law: LawName,
  { window, n }: IntegerHistogram,
  found: Pick<DiscreteFit, "parameters" | "standardErrors" | "coefficients" | "logLikelihood">,
): DiscreteFit {
  const count = Object.keys(found.parameters).length;
  return {
    law,
    window,
    ...found,
    n,
    aic: 2 * count - 2 * found.logLikelihood,
    status: "ok",
    message: "",
  };
}

/** A fit of data that do not determine it: every number NaN. */
export function undeterminedFit(
  law: LawName,
  { window, n }: IntegerHistogram,
  parameters: readonly string[],
  message: string,
): DiscreteFit {
  const unknown = Object.fromEntries(parameters.map((p) => [p, Number.NaN]));
  return {
    law,
    window,
    parameters: unknown,
    standardErrors: { ...unknown },
    coefficients: parameters.map(() => Number.NaN),
    logLikelihood: Number.NaN,
    n,
    aic: Number.NaN,
    status: "undetermined",
    message,
  };
}

/**
 * Why no finite maximum can exist, or undefined: the mean of the statistics must lie inside their convex hull, so all
 * values at one end (one statistic), or on two neighbours or the two ends (two statistics), determine nothing.
 */
export function whyUndetermined(
  { counts, n, window }: IntegerHistogram,
  statistics: 1 | 2,
): string | undefined {
  if (n === 0) return `no value in the window ${window[0]}-${window[1]}`;
  const seen: number[] = [];
  for (let i = 0; i < counts.length && seen.length < 3; i++) if (counts[i] > 0) seen.push(i);
  const last = counts.length - 1;
  if (seen.length === 1 && (seen[0] === 0 || seen[0] === last || statistics === 2)) {
    return `all ${n} values in the window are ${seen[0] + window[0]}`;
  }
  if (statistics === 2 && seen.length === 2) return `only two different values in the window`;
  return undefined;
}
