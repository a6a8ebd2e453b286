/**
 * @file A total split into parts: how unequal the neurons of an area are.
 */

import { CajalError, drawGamma, exp, log1p, type Rng } from "../../core/index.ts";

/**
 * How a block's weight is split between its synapses.
 *
 * - `equal`.
 * - `dirichlet`: uniform on the simplex for `concentration` 1 (default), more equal above, less below.
 * - `lognormal`: log-normal sizes with coefficient of variation `cv` (default 1) before they are normalised.
 * - `stick-breaking`: each part a uniform share of what is left, as bio2art has it; with n parts the smallest is of the
 *   order of e^−n. Kept for comparison.
 */
export type Partition =
  | { kind: "equal" }
  | { kind: "dirichlet"; concentration?: number }
  | { kind: "lognormal"; cv?: number }
  | { kind: "stick-breaking" };

/** Kinds of partitions, for schemas and messages. */
export const PARTITION_KINDS = ["equal", "dirichlet", "lognormal", "stick-breaking"] as const;

/**
 * Least part, as a share of the equal one. Smaller parts become this large, at the cost of the others, so that no
 * synapse is lost when weights are stored in single precision (in bio2art half of them are, with 16 neurons per area).
 */
export const LEAST_PART = 1e-6;

/**
 * Split `total` into `count` positive parts, in random order, that sum to it within rounding.
 *
 * @param total - > 0.
 * @returns Shape `(count)`.
 */
export function splitTotal(
  total: number,
  count: number,
  { how, rng }: { how: Partition; rng: Rng },
): Float64Array {
  const parts = rawParts(count, how, rng);
  let sum = parts.reduce((s, p) => s + p, 0);
  // Very unequal parts may all underflow; then one has all.
  if (!(sum > 0)) sum = parts[rng.integer(count)] = 1;
  const least = (LEAST_PART * sum) / count;
  for (let k = 0; k < count; k++) if (!(parts[k] >= least)) parts[k] = least;
  sum = parts.reduce((s, p) => s + p, 0);
  return parts.map((p) => (p / sum) * total);
}

/**
 * Stick breaking: part k is u_k times what is left, the last part is the rest. Parts shrink by half on average, from
 * first to last.
 *
 * @param shares - u, shape `(part − 1)`, 0 ≤ u < 1.
 * @returns Shape `(part)`.
 */
export function breakStick(total: number, shares: ArrayLike<number>): Float64Array {
  const parts = new Float64Array(shares.length + 1);
  let rest = total;
  for (let k = 0; k < shares.length; k++) {
    parts[k] = shares[k] * rest;
    rest -= parts[k];
  }
  parts[shares.length] = rest;
  return parts;
}

/** @throws CajalError `bad-partition`. */
export function checkPartition(how: Partition): void {
  const fail = (what: string) =>
    new CajalError(what, { code: "bad-partition", where: "expandAreas", hint: HINT });
  if (!PARTITION_KINDS.includes(how.kind)) throw fail(`unknown partition "${how.kind}"`);
  const value = how.kind === "dirichlet" ? how.concentration : how.kind === "lognormal" ? how.cv : undefined;
  if (value !== undefined && !(value > 0 && value < Infinity)) {
    const name = how.kind === "dirichlet" ? "concentration" : "cv";
    throw fail(`${name} must be above 0, got ${value}`);
  }
}

// Implementation

const HINT = `Known: ${PARTITION_KINDS.join(", ")}; concentration and cv default to 1.`;

function rawParts(count: number, how: Partition, rng: Rng): Float64Array {
  switch (how.kind) {
    case "equal":
      return new Float64Array(count).fill(1);
    case "dirichlet": {
      const { concentration = 1 } = how;
      return Float64Array.from({ length: count }, () => drawGamma(concentration, rng));
    }
    case "lognormal": {
      const { cv = 1 } = how;
      const sigma = Math.sqrt(log1p(cv * cv));
      return Float64Array.from({ length: count }, () => exp(sigma * rng.normal()));
    }
    case "stick-breaking": {
      const parts = breakStick(
        1,
        Float64Array.from({ length: count - 1 }, () => rng.uniform()),
      );
      for (let k = count - 1; k > 0; k--) {
        const other = rng.integer(k + 1);
        [parts[k], parts[other]] = [parts[other], parts[k]];
      }
      return parts;
    }
  }
}
