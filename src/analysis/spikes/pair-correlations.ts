/**
 * @file Pearson correlation of pairs of units over all steps, from counts of joint spikes; whole numbers until the last
 * division. Units that never or always fire have no correlation: they are left out and counted.
 */

import { activeUnits, checkRaster, type Raster, rowBytes, spikeCounts } from "./raster.ts";

/** Correlations of all pairs of units that have one. */
export interface PairCorrelations {
  /** Units with a correlation, ascending, shape `(unit)`. */
  included: Uint32Array;
  /** Units that never fired. */
  silent: number;
  /** Units that fired at every step. */
  always: number;
  /** Mean over the pairs i < j; NaN below two included units. */
  mean: number;
  /** Standard deviation over the pairs, divisor their number. */
  standardDeviation: number;
  /** Mean over the whole matrix with its diagonal of ones, as some tools report; larger by about (1 − mean) / n. */
  meanWithDiagonal: number;
  /**
   * Null: standard deviation of a pair of independent units, 1 / √(T − 1); the mean of many such pairs is 0. For units
   * whose own activity lasts over steps compare with `shiftedRaster` instead.
   */
  independent: number;
  /** Correlations, shape `(included, included)`, row-major, symmetric with ones on the diagonal. */
  matrix: Float64Array;
}

/**
 * Pair correlations c_ij = (n_ij / T − p_i p_j) / √(p_i (1 − p_i) p_j (1 − p_j)) with n_ij joint spikes and p = n / T.
 */
export function pairCorrelations(raster: Raster): PairCorrelations {
  const counts = spikeCounts(raster);
  const { steps, units } = raster;
  const joint = jointSpikes(raster);
  const included = Uint32Array.from(counts.keys()).filter((u) => counts[u] > 0 && counts[u] < steps);
  const n = included.length;
  const matrix = new Float64Array(n * n);
  let sum = 0;
  let squares = 0;
  for (let a = 0; a < n; a++) {
    matrix[a * n + a] = 1;
    const i = included[a];
    for (let b = a + 1; b < n; b++) {
      const j = included[b];
      // Times T² throughout: numerator and both variances are whole numbers.
      const covariance = joint[i * units + j] * steps - counts[i] * counts[j];
      const spread = Math.sqrt(counts[i] * (steps - counts[i])) * Math.sqrt(counts[j] * (steps - counts[j]));
      const c = covariance / spread;
      matrix[a * n + b] = c;
      matrix[b * n + a] = c;
      sum += c;
      squares += c * c;
    }
  }
  const pairs = (n * (n - 1)) / 2;
  const mean = sum / pairs;
  return {
    included,
    silent: counts.filter((k) => k === 0).length,
    always: steps === 0 ? 0 : counts.filter((k) => k === steps).length,
    mean,
    standardDeviation: Math.sqrt(Math.max(0, squares / pairs - mean * mean)),
    meanWithDiagonal: (n + 2 * sum) / (n * n),
    independent: 1 / Math.sqrt(steps - 1),
    matrix,
  };
}

/**
 * Steps at which both units fired, n_ij for i < j, shape `(unit, unit)`, row-major; the diagonal and below hold 0.
 *
 * @param options.method - `pairs` counts the pairs of each step's active units, `words` ANDs 32 steps at a time; by
 * default whichever is cheaper for the raster's rate. Both give the same numbers.
 */
export function jointSpikes(raster: Raster, options: { method?: "pairs" | "words" } = {}): Uint32Array {
  checkRaster(raster, "jointSpikes");
  const { units, steps } = raster;
  if (options.method) return options.method === "words" ? jointByWords(raster) : jointByPairs(raster);
  let spikes = 0;
  for (const n of spikeCounts(raster)) spikes += n;
  const active = spikes / steps;
  // A pair of active units costs about as much as a third of a word of two trains.
  return (active * active) / 2 > (units * units) / 64 ? jointByWords(raster) : jointByPairs(raster);
}

// Implementation

function jointByPairs(raster: Raster): Uint32Array {
  const { units, steps } = raster;
  const joint = new Uint32Array(units * units);
  const active = new Uint32Array(units);
  for (let t = 0; t < steps; t++) {
    const n = activeUnits(raster, t, active);
    for (let a = 0; a < n; a++) {
      const row = active[a] * units;
      for (let b = a + 1; b < n; b++) joint[row + active[b]]++;
    }
  }
  return joint;
}

/** Steps of a block: all units' trains of a block fit the cache. */
const BLOCK = 4096;

function jointByWords(raster: Raster): Uint32Array {
  const { units, steps, bits } = raster;
  const row = rowBytes(units);
  const words = BLOCK / 32;
  const joint = new Uint32Array(units * units);
  const trains = new Int32Array(units * words);
  for (let from = 0; from < steps; from += BLOCK) {
    trains.fill(0);
    const to = Math.min(steps, from + BLOCK);
    for (let t = from; t < to; t++) {
      const s = t - from;
      for (let u = 0; u < units; u++) {
        trains[u * words + (s >> 5)] |= ((bits[t * row + (u >> 3)] >> (u & 7)) & 1) << (s & 31);
      }
    }
    for (let i = 0; i < units; i++) {
      for (let j = i + 1; j < units; j++) {
        let sum = 0;
        for (let w = 0; w < words; w++) sum += ones(trains[i * words + w] & trains[j * words + w]);
        joint[i * units + j] += sum;
      }
    }
  }
  return joint;
}

/** Set bits of a 32-bit word, by adding neighbours in parallel. */
function ones(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
