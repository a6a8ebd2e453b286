/**
 * @file A batch in parts: arrays of the caller hold all its instances, a run has only some of them, which lie side by
 * side in every row.
 */

import { CajalError } from "../../core/index.ts";

/** Instances `first`, `first + 1`, … of a batch of `of`. */
export interface BatchPart {
  first: number;
  of: number;
}

/** Instances of each shard, in ascending order: as equal as can be, the first ones larger. @throws CajalError `bad-option`. */
export function shardSizes(instances: number, shards: number): number[] {
  if (!Number.isInteger(shards) || shards < 1 || shards > instances) {
    throw new CajalError(
      `shards must be a whole number from 1 to the ${instances} instances, got ${shards}`,
      {
        code: "bad-option",
        where: "differentiate",
      },
    );
  }
  const least = Math.floor(instances / shards);
  return Array.from({ length: shards }, (_, k) => least + (k < instances % shards ? 1 : 0));
}

/** The columns of a part: from shape `(row, all)` to `(row, instance)`. */
export function takeColumns(
  values: ArrayLike<number>,
  { first, of }: BatchPart,
  instances: number,
): Float64Array {
  const rows = values.length / of;
  const out = new Float64Array(rows * instances);
  for (let row = 0; row < rows; row++) {
    for (let b = 0; b < instances; b++) out[row * instances + b] = values[row * of + first + b];
  }
  return out;
}

/** Parts side by side: from shapes `(row, instance)`, in ascending order, to `(row, all)`. @param sizes - Instances of each. */
export function joinColumns(parts: readonly Float64Array[], sizes: readonly number[]): Float64Array {
  const all = sizes.reduce((a, b) => a + b, 0);
  const rows = parts[0].length / sizes[0];
  const out = new Float64Array(rows * all);
  let first = 0;
  parts.forEach((part, k) => {
    const width = sizes[k];
    for (let row = 0; row < rows; row++) {
      for (let b = 0; b < width; b++) out[row * all + first + b] = part[row * width + b];
    }
    first += width;
  });
  return out;
}
