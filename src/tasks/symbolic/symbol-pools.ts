/**
 * @file Input weights of symbols: each symbol drives a pool of units.
 */

import { CajalError, type Rng, type SparseMatrix, sparseFromEntries, transpose } from "../../core/index.ts";
import { checkWhole } from "./checks.ts";

/**
 * Weights from symbols to a population: every symbol drives `unitsPerSymbol` units, drawn without repetition.
 *
 * @param options.symbols - Number of symbols.
 * @param options.size - Units of the population.
 * @param options.unitsPerSymbol - Units of a pool, default 10 (5 % of 200, as the SORN papers).
 * @param options.gain - Weight of every entry, default 1.
 * @param options.overlap - Whether a unit may stand in several pools, default false: all pools are disjoint.
 * @param options.rng - Draws the units.
 * @returns Shape `(post unit, pre symbol)`.
 * @throws CajalError `pools-do-not-fit` when the input is wider than the network, `bad-option`.
 * @example symbolPools({ symbols: 6, size: 200, unitsPerSymbol: 10, rng: createRng(1).stream("pools") })
 */
export function symbolPools(options: {
  symbols: number;
  size: number;
  unitsPerSymbol?: number;
  gain?: number;
  overlap?: boolean;
  rng: Rng;
}): SparseMatrix {
  const { symbols, size, unitsPerSymbol = 10, gain = 1, overlap = false, rng } = options;
  const where = "symbolPools";
  checkWhole(where, "symbols", symbols);
  checkWhole(where, "size", size);
  checkWhole(where, "unitsPerSymbol", unitsPerSymbol);
  if (!Number.isFinite(gain))
    throw new CajalError(`gain must be a finite number, got ${gain}`, { code: "bad-option", where });
  const needed = overlap ? unitsPerSymbol : symbols * unitsPerSymbol;
  if (needed > size) throw doesNotFit(options, unitsPerSymbol, overlap);
  const units = Array.from({ length: size }, (_, i) => i);
  const post: number[] = [];
  const pre: number[] = [];
  for (let s = 0; s < symbols; s++) {
    // The head of a Fisher–Yates shuffle; disjoint pools take the places after those already taken.
    const from = overlap ? 0 : s * unitsPerSymbol;
    for (let k = from; k < from + unitsPerSymbol; k++) {
      const j = k + rng.integer(size - k);
      [units[k], units[j]] = [units[j], units[k]];
      post.push(units[k]);
      pre.push(s);
    }
  }
  const values = new Float64Array(post.length).fill(gain);
  return sparseFromEntries({ rows: size, columns: symbols }, { post, pre, values });
}

/**
 * Pools with a column more for each mixture of two symbols: the first ⌊f · units⌋ units of symbol `a` and the last
 * units of symbol `b` that make up a pool of the same size, all at their own weight. This is how Hartmann et al. (2015)
 * mix cues; a graded drive (`CueSequence.drive`) reaches all units of both pools at a part of the gain instead.
 *
 * @param pools - Shape `(post unit, pre symbol)`; the pools of `a` and `b` are equally large.
 * @param options.fractions - Share f of `a` in each mixture, 0 … 1.
 * @param options.a - Symbol mixed in by f, default 0.
 * @param options.b - The other symbol, default 1.
 * @returns Shape `(post unit, pre symbol + fraction)`.
 * @throws CajalError `unequal-pools` or `bad-option`.
 */
export function mixPools(
  pools: SparseMatrix,
  options: { fractions: ArrayLike<number>; a?: number; b?: number },
): SparseMatrix {
  const { fractions, a = 0, b = 1 } = options;
  const byUnit = entriesOf(pools);
  const ofSymbol = (s: number) => byUnit.filter((e) => e.pre === s);
  const unitsA = ofSymbol(a);
  const unitsB = ofSymbol(b);
  if (unitsA.length !== unitsB.length) {
    throw new CajalError(`symbol ${a} has ${unitsA.length} units, symbol ${b} has ${unitsB.length}`, {
      code: "unequal-pools",
      where: "mixPools",
      hint: "Mix pools of one size.",
    });
  }
  const mixed = Array.from(fractions).flatMap((f, k) => {
    if (!(f >= 0 && f <= 1)) {
      const details = { code: "bad-option", where: "mixPools" };
      throw new CajalError(`fractions[${k}] must be from 0 to 1, got ${f}`, details);
    }
    // 29 % of 100 units are 29 units, though 0.29 × 100 is a hair less in floating point.
    const fromA = Math.floor(f * unitsA.length + 1e-9);
    const column = pools.columns + k;
    return [...unitsA.slice(0, fromA), ...unitsB.slice(fromA)].map((e) => ({ ...e, pre: column }));
  });
  const all = [...byUnit, ...mixed];
  return sparseFromEntries(
    { rows: pools.rows, columns: pools.columns + fractions.length },
    { post: all.map((e) => e.post), pre: all.map((e) => e.pre), values: all.map((e) => e.value) },
  );
}

/** Units of each symbol, ascending. @returns Shape `(symbol)` of shape `(unit)`. */
export function poolUnits(pools: SparseMatrix): Int32Array[] {
  const { rowStart, column } = transpose(pools);
  return Array.from({ length: pools.columns }, (_, s) => column.slice(rowStart[s], rowStart[s + 1]));
}

// Implementation

function entriesOf(m: SparseMatrix): { post: number; pre: number; value: number }[] {
  const entries = [];
  for (let i = 0; i < m.rows; i++) {
    for (let k = m.rowStart[i]; k < m.rowStart[i + 1]; k++)
      entries.push({ post: i, pre: m.column[k], value: m.values[k] });
  }
  return entries;
}

function doesNotFit(
  { symbols, size }: { symbols: number; size: number },
  units: number,
  overlap: boolean,
): CajalError {
  const code = "pools-do-not-fit";
  const where = "symbolPools";
  if (overlap || units > size) {
    const hint = `Set unitsPerSymbol to ${size} or less.`;
    return new CajalError(`a pool of ${units} units is wider than the network of ${size}`, {
      code,
      where,
      hint,
    });
  }
  const most = Math.floor(size / symbols);
  const smaller = most > 0 ? `Set unitsPerSymbol to ${most} or less, ` : "Set ";
  return new CajalError(
    `${symbols} pools of ${units} units need ${symbols * units} units, the network has ${size}`,
    { code, where, hint: `${smaller}size to ${symbols * units} or more, or overlap to true.` },
  );
}
