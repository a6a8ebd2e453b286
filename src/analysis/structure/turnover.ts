/**
 * @file Turnover: births and deaths of synapses per step, and whether they balance.
 */

import { CajalError } from "../../core/index.ts";

/** Turnover in one stretch of the run. */
export interface Turnover {
  /** First step. */
  from: number;
  /** Step behind the last. */
  to: number;
  births: number;
  deaths: number;
  /** births / steps [1/step]. */
  birthsPerStep: number;
  /** deaths / steps [1/step]. */
  deathsPerStep: number;
  /** (births − deaths) / (births + deaths), −1 … 1; 0 in balance, NaN when nothing happened. */
  balance: number;
  /**
   * (births − deaths) / √(births + deaths): a standard normal when both are independent Poisson processes of one rate
   * (null). Growing networks are far above 2.
   */
  z: number;
}

/** Turnover of a whole stretch and of its windows. */
export interface TurnoverSeries extends Turnover {
  /** Successive windows of equal length; a remainder is left out. */
  windows: Turnover[];
}

/**
 * Births and deaths per step, in all and in windows.
 *
 * @param events.births - Step of each birth, any order, shape `(birth)`.
 * @param events.deaths - Step of each death, any order, shape `(death)`.
 * @param options.from - First step that counts.
 * @param options.to - Step behind the last that counts.
 * @param options.window - Steps of a window, default the whole stretch.
 * @throws CajalError `bad-window`.
 */
export function turnover(
  events: { births: ArrayLike<number>; deaths: ArrayLike<number> },
  options: { from: number; to: number; window?: number },
): TurnoverSeries {
  const { from, to, window = to - from } = options;
  if (!(to > from && window > 0 && window <= to - from)) {
    throw new CajalError(`a window of ${window} steps does not fit steps ${from} to ${to}`, {
      code: "bad-window",
      where: "turnover",
      hint: "Give from < to and a window no longer than that.",
    });
  }
  const windows = Math.floor((to - from) / window);
  const births = counted(events.births, { from, to, window, windows });
  const deaths = counted(events.deaths, { from, to, window, windows });
  return {
    ...rates(from, to, births.total, deaths.total),
    windows: Array.from({ length: windows }, (_, k) =>
      rates(from + k * window, from + (k + 1) * window, births.counts[k], deaths.counts[k]),
    ),
  };
}

// Implementation

interface Stretch {
  from: number;
  to: number;
  window: number;
  windows: number;
}

function counted(events: ArrayLike<number>, { from, to, window, windows }: Stretch) {
  const counts = new Uint32Array(windows);
  let total = 0;
  for (let k = 0; k < events.length; k++) {
    if (!(events[k] >= from && events[k] < to)) continue;
    total++;
    const at = Math.floor((events[k] - from) / window);
    if (at < windows) counts[at]++;
  }
  return { counts, total };
}

function rates(from: number, to: number, births: number, deaths: number): Turnover {
  const steps = to - from;
  const events = births + deaths;
  return {
    from,
    to,
    births,
    deaths,
    birthsPerStep: births / steps,
    deathsPerStep: deaths / steps,
    balance: (births - deaths) / events,
    z: (births - deaths) / Math.sqrt(events),
  };
}
