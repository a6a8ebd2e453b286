/**
 * @file Spike source entropy: how evenly the spikes are shared among the units, 1 when all fire alike, 0 when one
 * fires alone.
 */

import { log } from "../../core/index.ts";

/** Entropy of the sources of spikes, in shares of its maximum. */
export interface SourceEntropy {
  /** −Σ pᵢ ln pᵢ / ln N with pᵢ unit i's share of all spikes and 0 ln 0 = 0; NaN without spikes or below two units. */
  entropy: number;
  /** Null: expected value for N units of equal rates and as many spikes, 1 − (N − 1) / (2 n ln N), at least 0. */
  equalRates: number;
  /** Number of spikes. */
  spikes: number;
  /** Units without a spike. */
  silent: number;
}

/**
 * Entropy of the sources of spikes. The null is the bias of Miller (1955), good when there are a few spikes per unit.
 *
 * @param counts - Spikes of each unit, shape `(unit)`, e.g. from `spikeCounts`.
 */
export function spikeSourceEntropy(counts: ArrayLike<number>): SourceEntropy {
  const n = counts.length;
  let spikes = 0;
  let silent = 0;
  for (let u = 0; u < n; u++) {
    spikes += counts[u];
    if (counts[u] === 0) silent++;
  }
  let nats = 0;
  for (let u = 0; u < n; u++) {
    if (counts[u] > 0) nats -= (counts[u] / spikes) * log(counts[u] / spikes);
  }
  if (spikes === 0 || n < 2) return { entropy: Number.NaN, equalRates: Number.NaN, spikes, silent };
  return {
    entropy: nats / log(n),
    equalRates: Math.max(0, 1 - (n - 1) / (2 * spikes * log(n))),
    spikes,
    silent,
  };
}
