/**
 * @file Target rates that differ from unit to unit, for intrinsic plasticity: `change: { targetRate: drawTargetRates(…) }`.
 */

import { CajalError, exp, log, type Rng } from "../../core/index.ts";
import { checkRate } from "./draw.ts";

/** How the target rates of units are spread. */
export interface TargetRateSpread {
  /** Mean rate, 0 < mean < 1. */
  mean: number;
  /** Standard deviation, ≥ 0. */
  sd: number;
  /** `normal` (default), or `lognormal`, which has few units of high rate. */
  law?: "normal" | "lognormal";
}

/**
 * A target rate for each unit. A rate that is not between 0 and 1 is drawn again, so that wide spreads have another mean
 * and are narrower than asked for.
 *
 * @returns Shape `(unit)`, each 0 < H < 1.
 * @throws CajalError `bad-rate`.
 * @example delpapa2017({ change: { targetRate: drawTargetRates(200, { mean: 0.1, sd: 0.02 }, rng) } }, rng)
 */
export function drawTargetRates(
  units: number,
  { mean, sd, law = "normal" }: TargetRateSpread,
  rng: Rng,
): Float64Array {
  checkRate("drawTargetRates", mean);
  if (!(sd >= 0) || sd > MOST_SPREAD) {
    throw new CajalError(
      `the standard deviation of target rates must be from 0 to ${MOST_SPREAD}, got ${sd}`,
      {
        code: "bad-rate",
        where: "drawTargetRates",
        hint: "0.02 is usual around 0.1.",
      },
    );
  }
  // Of ln H, so that H itself has this mean and standard deviation.
  const variance = log(1 + (sd * sd) / (mean * mean));
  const centre = log(mean) - variance / 2;
  const draw = () =>
    law === "normal" ? mean + sd * rng.normal() : exp(centre + Math.sqrt(variance) * rng.normal());
  return Float64Array.from({ length: units }, () => {
    for (;;) {
      const rate = draw();
      if (rate > 0 && rate < 1) return rate;
    }
  });
}

// Implementation

/** The widest a law on 0 … 1 can be; beyond it hardly any draw would do. */
const MOST_SPREAD = 0.5;
