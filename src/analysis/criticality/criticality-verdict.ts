/**
 * @file What a criticality report allows to say, in plain words and as flags; every statement is computed, and each is
 * there because its absence has led to a wrong conclusion.
 */

import type { AvalancheMeasures, LawMeasures } from "./criticality-measures.ts";
import type { CriticalityReport, SurrogateReport } from "./criticality-report.ts";
import {
  describeSpread,
  describeSurrogate,
  type ExponentComparison,
  plusMinus,
  pText,
} from "./criticality-statements.ts";
import type { LawName } from "./discrete-fit.ts";
import type { SurrogateKind } from "./surrogates.ts";

/** One statement. */
export interface VerdictStatement {
  /** Stable name, kebab-case. */
  code: string;
  /** Whether it speaks against concluding criticality, for it, or only bounds what was measured. */
  bearing: "against" | "for" | "caution";
  text: string;
}

/** The verdict: flags for programs, statements for people. */
export interface CriticalityVerdict {
  /** `consistent` is the best that avalanche statistics can give; they never prove criticality. */
  conclusion: "not-shown" | "consistent";
  /** Power law clearly better than the exponential (R > 0, p < 0.01) for durations and for sizes. */
  beatsExponential: { duration: boolean; size: boolean };
  /** Law with the lowest AIC. */
  bestLaw: { duration: LawName | undefined; size: LawName | undefined };
  /** Surrogates whose α (whose τ) cannot be told from the data's. */
  sameExponent: { alpha: SurrogateKind[]; tau: SurrogateKind[] };
  crackling: "holds" | "fails" | "undetermined";
  statements: VerdictStatement[];
}

/** All but the verdict. */
export type CriticalityFacts = Omit<CriticalityReport, "verdict">;

/** Draw the verdict from the facts. */
export function criticalityVerdict(facts: CriticalityFacts): CriticalityVerdict {
  const { pooled } = facts.data;
  const comparisons = facts.surrogates.map((s) => ({
    kind: s.kind,
    description: s.description,
    alpha: compareExponents(facts, s, "alpha"),
    tau: compareExponents(facts, s, "tau"),
  }));
  const same = (name: "alpha" | "tau") => comparisons.filter((c) => c[name].isSame).map((c) => c.kind);
  const statements = [
    ...amountStatements(pooled, facts),
    ...lawStatements("durations", pooled.duration),
    ...lawStatements("sizes", pooled.size),
    ...(comparisons.length === 0 ? [NO_SURROGATES] : comparisons.map(describeSurrogate)),
    ...thresholdStatements(facts),
    describeSpread(facts.data),
    cracklingStatement(facts),
    branchingStatement(facts),
  ];
  const against = statements.some((s) => s.bearing === "against");
  const conclusion = against ? ("not-shown" as const) : ("consistent" as const);
  const last = against
    ? "Criticality is not shown: see the statements marked against."
    : "Consistent with criticality, which avalanche statistics alone cannot prove.";
  return {
    conclusion,
    beatsExponential: {
      duration: beatsExponential(pooled.duration),
      size: beatsExponential(pooled.size),
    },
    bestLaw: { duration: pooled.duration.bestLaw, size: pooled.size.bestLaw },
    sameExponent: { alpha: same("alpha"), tau: same("tau") },
    crackling: pooled.crackling.status,
    statements: [...statements, statement("conclusion", against ? "against" : "for", last)],
  };
}

// Implementation

/** Below so many avalanches in a window its exponent is not worth a comparison. */
const FEW = 500;
const SIGNIFICANT = 0.01;
/** Clauset, Shalizi & Newman (2009) rule a power law out at p ≤ 0.1; fewer than ten resamples cannot get there. */
const REJECTED = 0.1;
const FEWEST_RESAMPLES = 10;

const NO_SURROGATES: VerdictStatement = {
  code: "no-surrogates",
  bearing: "against",
  text: "No surrogate was made: nothing says what chance alone would give.",
};

function statement(code: string, bearing: VerdictStatement["bearing"], text: string): VerdictStatement {
  return { code, bearing, text };
}

/**
 * One exponent of data and surrogate. They count as the same within the largest of three standard errors of their
 * difference, the standard deviation over seeds, and the shift under the thresholds of the sweep next to θ.
 */
function compareExponents(
  { data, thresholds, theta }: CriticalityFacts,
  { measures }: SurrogateReport,
  name: "alpha" | "tau",
): ExponentComparison {
  const quantity = name === "alpha" ? "duration" : "size";
  const own = data.pooled[quantity].exponent;
  const other = measures.pooled[quantity].exponent;
  const error = Math.sqrt(own.standardError * own.standardError + other.standardError * other.standardError);
  const shifts = thresholds
    .filter((row) => Math.abs(row.theta - theta) === 1)
    .map((row) => Math.abs(row[name].value - own.value));
  const tolerance = [3 * error, data.spread[name].standardDeviation, ...shifts]
    .filter((v) => Number.isFinite(v))
    .reduce((a, b) => Math.max(a, b), 0);
  return {
    name,
    quantity,
    data: own.value,
    surrogate: other.value,
    tolerance,
    isSame: Math.abs(own.value - other.value) <= tolerance,
    R: measures.pooled[quantity].rivals.exponential.ratio.R,
  };
}

function beatsExponential({ rivals }: LawMeasures): boolean {
  const { R, pValue } = rivals.exponential.ratio;
  return R > 0 && pValue < SIGNIFICANT;
}

function amountStatements(pooled: AvalancheMeasures, { theta }: CriticalityFacts): VerdictStatement[] {
  const out: VerdictStatement[] = [];
  const { duration, size, fractionAbove } = pooled;
  if (Math.min(duration.n, size.n) < FEW) {
    const text = `Only ${duration.n} durations and ${size.n} sizes lie in the windows, fewer than ${FEW}: too few for any law.`;
    out.push(statement("few-avalanches", "against", text));
  }
  if (fractionAbove > 0.95 || fractionAbove < 0.05) {
    const share = (100 * fractionAbove).toFixed(1);
    const text = `Activity is above theta = ${theta} in ${share} % of steps: avalanches are the gaps between rare events, not events.`;
    out.push(statement("extreme-threshold", "against", text));
  }
  return out;
}

function lawStatements(what: "durations" | "sizes", measures: LawMeasures): VerdictStatement[] {
  const { rivals, bestLaw, goodness, distance, powerLaw } = measures;
  if (powerLaw.status === "undetermined") {
    return [statement("no-fit", "against", `No power law of ${what} could be fitted: ${powerLaw.message}.`)];
  }
  const { R, pValue } = rivals.exponential.ratio;
  const numbers = `(R = ${R.toFixed(1)}, ${pText(pValue)})`;
  const out = [
    pValue >= SIGNIFICANT
      ? statement(
          "exponential-as-good",
          "against",
          `An exponential describes the ${what} as well as a power law ${numbers}.`,
        )
      : R > 0
        ? statement(
            "beats-exponential",
            "for",
            `A power law describes the ${what} better than an exponential ${numbers}.`,
          )
        : statement(
            "exponential-better",
            "against",
            `An exponential describes the ${what} better than a power law ${numbers}; the exponent is that of a wrong law.`,
          ),
  ];
  if (bestLaw && bestLaw !== "power-law") {
    // A cut-off is what a finite critical system has; the other laws have no scale-free part.
    const bearing = bestLaw === "truncated-power-law" ? "caution" : "against";
    out.push(
      statement(
        "another-law-best",
        bearing,
        `Of the five laws the ${bestLaw} has the lowest AIC for the ${what}.`,
      ),
    );
  }
  if (!goodness || goodness.resamples < FEWEST_RESAMPLES) {
    const text = `Whether a power law could have made the ${what} at all was not tested (resamples below ${FEWEST_RESAMPLES}).`;
    out.push(statement("goodness-untested", "caution", text));
  } else if (goodness.p <= REJECTED) {
    const text = `The pure power law is rejected for the ${what} (bootstrap ${pText(goodness.p)}, distance ${distance.toPrecision(2)}).`;
    out.push(statement("power-law-rejected", "caution", text));
  }
  return out;
}

function thresholdStatements({ thresholds, theta }: CriticalityFacts): VerdictStatement[] {
  if (thresholds.length < 2) {
    const text = `Only theta = ${theta} was tried: how the exponents move with the threshold is unknown.`;
    return [statement("one-threshold", "caution", text)];
  }
  const list = (name: "alpha" | "tau") => thresholds.map((r) => r[name].value.toFixed(2)).join(", ");
  const thetas = thresholds.map((r) => r.theta).join(", ");
  const text = `At theta = ${thetas} alpha is ${list("alpha")} and tau is ${list("tau")}: quote no exponent without its theta.`;
  return [statement("threshold", "caution", text)];
}

function cracklingStatement({ data, surrogates }: CriticalityFacts): VerdictStatement {
  const { predicted, gamma, status } = data.pooled.crackling;
  const also = surrogates.filter((s) => s.measures.pooled.crackling.status === "holds").map((s) => s.kind);
  const numbers = `(alpha - 1)/(tau - 1) = ${plusMinus(predicted)}, gamma = ${plusMinus(gamma)}`;
  if (status === "undetermined") {
    const text = `The crackling relation cannot be tested: alpha and tau are not both clearly above 1; ${numbers}.`;
    return statement("crackling-undetermined", "against", text);
  }
  if (status === "fails") {
    return statement("crackling-fails", "against", `The crackling relation does not hold: ${numbers}.`);
  }
  if (also.length) {
    const text = `The crackling relation holds, ${numbers}, but also for the surrogates ${also.join(", ")}.`;
    return statement("crackling-holds-for-surrogates", "caution", text);
  }
  return statement(
    "crackling-holds",
    "for",
    `The crackling relation holds within 3 standard errors: ${numbers}.`,
  );
}

function branchingStatement({ data, surrogates }: CriticalityFacts): VerdictStatement {
  const { m, naive, status } = data.branching;
  if (status !== "ok") {
    const text =
      status === "no-correlation"
        ? "Steps are uncorrelated: there is no branching ratio."
        : "The branching ratio is undetermined.";
    return statement("no-branching-ratio", "against", text);
  }
  const ar1 = surrogates.find((s) => s.kind === "ar1")?.measures.branching.m.value;
  const beside =
    ar1 === undefined || Number.isNaN(ar1)
      ? ""
      : `; the AR(1) surrogate, without any branching, has ${ar1.toFixed(3)}`;
  const text = `Branching ratio ${m.value.toFixed(3)} ± ${m.standardError.toFixed(3)} (naive ${naive.toFixed(3)})${beside}: it is a time scale, not a mechanism.`;
  return statement("branching-ratio", "caution", text);
}
