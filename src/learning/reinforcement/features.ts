/**
 * @file What an agent sees: features of an observation and, where there is a memory, of those before it. A reservoir,
 * a coding or the observation itself.
 */

import { CajalError } from "../../core/index.ts";

/** Turns observations of one episode, in order, into features. */
export interface Features {
  /** Length of the features. */
  readonly size: number;
  /** Begin an episode. */
  reset(): void;
  /** Features after this observation, shape `(feature)`; the array may be overwritten by the next call. */
  observe(observation: Float64Array): Float64Array;
  /** Whatever outlasts an episode, as plain data: weights of a plastic network, its random numbers. */
  save?(): unknown;
  /** Go on from what `save` gave. */
  restore?(saved: unknown): void;
}

/**
 * The observation itself.
 *
 * @param size - Length of an observation.
 * @param ranges - Usual range of each entry, e.g. `environment.observationRanges`: each is moved and scaled so that its
 *   range is −1 … 1. One learning rate then suits all entries, whatever their units; without it small ones learn slowly.
 * @throws CajalError `shape` or `bad-option`.
 */
export function rawFeatures(
  size: number,
  { ranges }: { ranges?: readonly (readonly [number, number])[] } = {},
): Features {
  if (ranges) checkRanges(ranges, size);
  const middle = Float64Array.from({ length: size }, (_, k) =>
    ranges ? (ranges[k][0] + ranges[k][1]) / 2 : 0,
  );
  const half = Float64Array.from({ length: size }, (_, k) =>
    ranges ? (ranges[k][1] - ranges[k][0]) / 2 : 1,
  );
  const out = new Float64Array(size);
  return {
    size,
    reset() {},
    observe(observation) {
      checkLength("rawFeatures", observation, size);
      for (let k = 0; k < size; k++) out[k] = (observation[k] - middle[k]) / half[k];
      return out;
    },
  };
}

/**
 * Features without a memory, from a function.
 *
 * @param size - Length of what `encode` returns.
 * @example encodedFeatures(encoder.units, (observation) => encoder.encode(observation))
 */
export function encodedFeatures(size: number, encode: (observation: Float64Array) => Float64Array): Features {
  return {
    size,
    reset() {},
    observe(observation) {
      const features = encode(observation);
      checkLength("encodedFeatures", features, size);
      return features;
    },
  };
}

/** The same features and a last one that is always 1. */
export function withBias(features: Features): Features {
  const out = new Float64Array(features.size + 1);
  out[features.size] = 1;
  return {
    size: features.size + 1,
    reset: () => features.reset(),
    observe(observation) {
      out.set(features.observe(observation));
      return out;
    },
    ...(features.save && { save: () => features.save?.() }),
    ...(features.restore && { restore: (saved: unknown) => features.restore?.(saved) }),
  };
}

// Implementation

function checkLength(where: string, values: Float64Array, size: number): void {
  if (values.length === size) return;
  throw new CajalError(`${values.length} values, ${size} were announced`, {
    code: "shape",
    where,
    hint: "Give the length of what the function returns as size.",
  });
}

function checkRanges(ranges: readonly (readonly [number, number])[], size: number): void {
  const where = "rawFeatures";
  if (ranges.length !== size) {
    const hint = "Give one for each.";
    throw new CajalError(`${ranges.length} ranges for ${size} entries`, { code: "shape", where, hint });
  }
  ranges.forEach(([low, high], k) => {
    if (low < high && Number.isFinite(high - low)) return;
    const hint = "A range is two finite numbers, the lower first.";
    throw new CajalError(`range ${k} is [${low}, ${high}]`, { code: "bad-option", where, hint });
  });
}
