/**
 * @file Repeats of one training as a median with a band, whatever updates each was measured at.
 */

/** One repeat: a value at each update, or at the updates given. */
export interface Repeat {
  /** Update of each value, ascending, shape `(point)`; else 1, 2, 3 … */
  updates?: ArrayLike<number>;
  /** Shape `(point)`; NaN where there is none. */
  values: ArrayLike<number>;
}

/** A line in the middle and what lies around it, shape `(point)` each; NaN where no repeat has a value. */
export interface RepeatBand {
  updates: number[];
  median: number[];
  low: number[];
  high: number[];
}

/**
 * Median and two quantiles over repeats. A repeat counts with its last value at or before each update, so one that
 * stopped early goes on with what its network had reached rather than leaving the worse ones to make up the median.
 *
 * @param quantiles - Lower and upper end of the band, 0 … 1.
 */
export function repeatBand(
  repeats: readonly Repeat[],
  [lower, upper]: readonly [number, number] = [0.25, 0.75],
): RepeatBand {
  const updates = [...new Set(repeats.flatMap((r) => updatesOf(r)))].sort((a, b) => a - b);
  const at = repeats.map((r) => held(r, updates));
  const band: RepeatBand = { updates, median: [], low: [], high: [] };
  for (let k = 0; k < updates.length; k++) {
    const sorted = at
      .map((values) => values[k])
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    band.median.push(between(sorted, 0.5));
    band.low.push(between(sorted, lower));
    band.high.push(between(sorted, upper));
  }
  return band;
}

/** Updates of a repeat, shape `(point)`. */
export function updatesOf({ updates, values }: Repeat): number[] {
  return updates ? Array.from(updates) : Array.from({ length: values.length }, (_, i) => i + 1);
}

/** Each value replaced by the mean of the finite ones among it and the `window` − 1 before it. */
export function smoothed(repeat: Repeat, window: number): Repeat {
  if (window <= 1) return repeat;
  const { values, updates } = repeat;
  const out = new Float64Array(values.length);
  let sum = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) {
      sum += values[i];
      count += 1;
    }
    const old = i - window;
    if (old >= 0 && Number.isFinite(values[old])) {
      sum -= values[old];
      count -= 1;
    }
    out[i] = count > 0 && Number.isFinite(values[i]) ? sum / count : Number.NaN;
  }
  return { updates, values: out };
}

/** Groups of consecutive values replaced by their means, at the last update of each group: no page shows more. */
export function condensed(repeat: Repeat, size: number): Repeat {
  if (size <= 1) return repeat;
  const own = updatesOf(repeat);
  const updates: number[] = [];
  const values: number[] = [];
  for (let from = 0; from < own.length; from += size) {
    const to = Math.min(own.length, from + size);
    let sum = 0;
    let count = 0;
    for (let i = from; i < to; i++) {
      if (!Number.isFinite(repeat.values[i])) continue;
      sum += repeat.values[i];
      count += 1;
    }
    updates.push(own[to - 1]);
    values.push(count > 0 ? sum / count : Number.NaN);
  }
  return { updates, values };
}

/** Values for each point of a line, so that the longest repeat has at most some hundred points. */
export function groupSize(repeats: readonly Repeat[], most = 600): number {
  return Math.ceil(Math.max(1, ...repeats.map((r) => r.values.length)) / most);
}

/**
 * Top of an axis that shows all but outliers: where a few values, of a loss that exploded at first, lie more than
 * twentyfold above the others, the top of these.
 */
export function topOf(lists: readonly ArrayLike<number>[], high: number): number {
  const sorted = lists
    .flatMap((list) => Array.from(list))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const usual = between(sorted, 0.97);
  return usual > 0 && high > 20 * usual ? 2 * usual : high;
}

/** Smallest finite value of a repeat and the update it was reached at. */
export function minimumOf(repeat: Repeat): { update: number; value: number } | undefined {
  const updates = updatesOf(repeat);
  let best = -1;
  for (let i = 0; i < repeat.values.length; i++) {
    if (!Number.isFinite(repeat.values[i])) continue;
    if (best < 0 || repeat.values[i] < repeat.values[best]) best = i;
  }
  return best < 0 ? undefined : { update: updates[best], value: repeat.values[best] };
}

// Implementation

/** A repeat's last value at or before each of the ascending updates. */
function held(repeat: Repeat, wanted: readonly number[]): Float64Array {
  const own = updatesOf(repeat);
  const out = new Float64Array(wanted.length).fill(Number.NaN);
  let at = -1;
  wanted.forEach((update, k) => {
    while (at + 1 < own.length && own[at + 1] <= update) at += 1;
    if (at >= 0) out[k] = repeat.values[at];
  });
  return out;
}

/** Quantile of sorted values, interpolated; NaN for none. */
function between(sorted: readonly number[], fraction: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = fraction * (sorted.length - 1);
  const i = Math.min(sorted.length - 1, Math.floor(place));
  const j = Math.min(sorted.length - 1, i + 1);
  return sorted[i] + (place - i) * (sorted[j] - sorted[i]);
}
