/**
 * @file Binary states of made-up networks, packed and as numbers, for tests of classifiers.
 */

import type { Rng } from "../../../core/index.ts";
import type { PackedStates } from "../labelled-states.ts";

/** Pack rows of zeros and ones; bits after the last unit are set, since nothing may read them. */
export function pack(rows: readonly ArrayLike<number>[], units: number): PackedStates {
  const bytes = Math.ceil(units / 8);
  const bits = new Uint8Array(rows.length * bytes);
  rows.forEach((row, t) => {
    for (let u = 0; u < 8 * bytes; u++) if (u >= units || row[u]) bits[t * bytes + (u >> 3)] |= 1 << (u & 7);
  });
  return { units, steps: rows.length, bits };
}

/** Rows of zeros and ones, 1 with probability `rate`. */
export function binaryRows(
  rng: Rng,
  { steps, units, rate = 0.2 }: Record<"steps" | "units", number> & { rate?: number },
) {
  return Array.from({ length: steps }, () =>
    Array.from({ length: units }, () => (rng.uniform() < rate ? 1 : 0)),
  );
}

/** A pattern of units for each class with some units flipped: classes that can mostly be told apart. */
export function noisyPatterns(
  rng: Rng,
  { steps, units, classes, flip }: Record<"steps" | "units" | "classes" | "flip", number>,
): { rows: number[][]; labels: Int32Array } {
  const patterns = binaryRows(rng, { steps: classes, units, rate: 0.3 });
  const labels = Int32Array.from({ length: steps }, () => rng.integer(classes));
  const rows = Array.from(labels, (label) => patterns[label].map((x) => (rng.uniform() < flip ? 1 - x : x)));
  return { rows, labels };
}
