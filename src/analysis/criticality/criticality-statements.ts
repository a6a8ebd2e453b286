/**
 * @file The two longest statements of the verdict: what a surrogate shows too, and how seeds differ.
 */

import type { CriticalityMeasures } from "./criticality-measures.ts";
import type { VerdictStatement } from "./criticality-verdict.ts";
import type { Estimate } from "./mean-size-scaling.ts";
import type { SurrogateKind } from "./surrogates.ts";

/** One exponent of the data beside that of a surrogate. */
export interface ExponentComparison {
  name: "alpha" | "tau";
  quantity: "duration" | "size";
  data: number;
  surrogate: number;
  /** Differences up to here mean nothing. */
  tolerance: number;
  isSame: boolean;
  /** Power law against exponential for the surrogate. */
  R: number;
}

/** A surrogate with both exponents. */
export interface SurrogateComparison {
  kind: SurrogateKind;
  description: string;
  alpha: ExponentComparison;
  tau: ExponentComparison;
}

/** What one surrogate shares with the data. */
export function describeSurrogate({ kind, description, alpha, tau }: SurrogateComparison): VerdictStatement {
  const both = [alpha, tau];
  const phrase = (e: ExponentComparison) =>
    `${e.name} = ${e.surrogate.toFixed(2)} (data ${e.data.toFixed(2)}, differences up to ${e.tolerance.toFixed(2)} mean nothing)`;
  const shared = both.filter((e) => e.isSame);
  const differ = both.filter((e) => !e.isSame);
  const ratios = `R = ${alpha.R.toFixed(1)} for durations, ${tau.R.toFixed(1)} for sizes`;
  if (shared.length === 0) {
    const text = `The ${kind} surrogate, ${description}, gives other exponents: ${differ.map(phrase).join(" and ")}; ${ratios}.`;
    return { code: "surrogate-differs", bearing: "for", text };
  }
  // Where the surrogate shows the exponents and a power law besides, nothing is left that sets the data apart.
  const fooled = shared.length === 2 && both.every((e) => e.R > 0);
  const rest = fooled
    ? `and a power law beats the exponential there too (${ratios}): neither proves anything here`
    : `the exponent alone proves nothing; ${ratios} there`;
  const text = `The ${kind} surrogate, ${description}, gives the same ${shared.map(phrase).join(" and ")}: ${rest}.`;
  return { code: "surrogate-same-exponent", bearing: fooled ? "against" : "caution", text };
}

/** How far pooling can be trusted. */
export function describeSpread({ pooled, spread }: CriticalityMeasures): VerdictStatement {
  const { alpha, tau } = spread;
  if (alpha.count < 2) {
    const text =
      "One seed: the spread over seeds is unknown, and is usually many times the standard error given here.";
    return { code: "one-seed", bearing: "caution", text };
  }
  const part = (name: string, s: typeof alpha, error: number) =>
    `${name} ${s.mean.toFixed(2)} ± ${s.standardDeviation.toPrecision(2)} (${s.minimum.toFixed(2)} to ${s.maximum.toFixed(2)}; pooled standard error ${error.toPrecision(2)})`;
  const text = `Over ${alpha.count} seeds: ${part("alpha", alpha, pooled.duration.exponent.standardError)}, ${part("tau", tau, pooled.size.exponent.standardError)}. Quote this spread, not the standard error.`;
  return { code: "seed-spread", bearing: "caution", text };
}

/** `1.43 ± 0.014`. */
export function plusMinus({ value, standardError }: Estimate): string {
  return `${value.toFixed(2)} ± ${standardError.toPrecision(2)}`;
}

/** `p = 0.012`, `p < 0.0001`. */
export function pText(p: number): string {
  return p < 1e-4 ? "p < 0.0001" : `p = ${p.toPrecision(2)}`;
}
