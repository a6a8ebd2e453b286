/**
 * @file The factors of a sweep as columns of the tables and as parts of job names.
 */

import type { AnyExperiment } from "../spec/experiment-kind.ts";
import { type Factor, type FactorValue, factorValue } from "../spec/factors.ts";
import { cellCount, cellIndices } from "../spec/grid.ts";
import type { Resolved } from "../spec/resolve-experiment.ts";

/** A factor with its column in the tables. */
export interface PlannedFactor extends Factor {
  /** Last part of the path, or the whole path where two factors share that or a fixed column has the name. */
  column: string;
  /** Whether its values run side by side as instances of one job. */
  instance: boolean;
}

/** Columns every table has; a factor of the same name is written with its whole path. */
export const FIXED_COLUMNS: readonly string[] = [
  "job",
  "network",
  "null",
  "repeat",
  "metric",
  "delay",
  "value",
];

/**
 * Columns for factors.
 *
 * @param instancePaths - Paths whose values run side by side in one job.
 */
export function planFactors(
  factors: readonly Factor[],
  instancePaths: ReadonlySet<string> = new Set(),
): PlannedFactor[] {
  const leaf = (factor: Factor) => String(factor.path.at(-1));
  const uses = new Map<string, number>();
  for (const factor of factors) uses.set(leaf(factor), (uses.get(leaf(factor)) ?? 0) + 1);
  return factors.map((factor) => {
    const short = leaf(factor);
    const clash = (uses.get(short) ?? 0) > 1 || FIXED_COLUMNS.includes(short) || /^\d+$/.test(short);
    return { ...factor, column: clash ? factor.name : short, instance: instancePaths.has(factor.name) };
  });
}

/** One cell of a sweep whose cells are networks of their own. */
export interface CellSetting<E> {
  /** In the grid. */
  index: number;
  /** What the values add to the name of a job. */
  suffix: string;
  fixed: Record<string, FactorValue>;
  experiment: E;
}

/** Columns of the factors, and each cell of the grid. */
export function planCells<E extends AnyExperiment>(
  resolved: Resolved<E>,
): { factors: PlannedFactor[]; settings: CellSetting<E>[] } {
  const factors = planFactors(resolved.factors);
  const settings = Array.from({ length: cellCount(factors) }, (_, index) => {
    const indices = cellIndices(factors, index);
    return { index, ...describeFixed(factors, indices), experiment: resolved.cell(indices) };
  });
  return { factors, settings };
}

/** Values of the factors that are the same for all cells of a job, and what they add to its name. */
export function describeFixed(
  factors: readonly PlannedFactor[],
  indices: readonly number[],
): { suffix: string; fixed: Record<string, FactorValue> } {
  const fixed: Record<string, FactorValue> = {};
  let suffix = "";
  for (const [i, factor] of factors.entries()) {
    if (factor.instance) continue;
    const value = factorValue(factor.values[indices[i]]);
    fixed[factor.name] = value;
    // A value that does not make a file name is shown by its place in the sweep.
    const text = String(value);
    // Some file systems know no ">", as in a path through `E->E`.
    const name = factor.column.replaceAll("->", "-");
    suffix +=
      /^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*$/.test(text) && text.length <= 40
        ? `.${name}=${text}`
        : `.${name}=${indices[i]}th`;
  }
  return { suffix, fixed };
}
