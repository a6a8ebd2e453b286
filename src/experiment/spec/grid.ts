/**
 * @file The grid of a sweep: the product of its factors, cell by cell, the first factor slowest.
 */

import { assign } from "./assign.ts";
import type { Factor } from "./factors.ts";
import { withValue } from "./path.ts";

/** More cells than this are a slip of the pen. */
export const MOST_CELLS = 100_000;

/** Number of cells; 1 when nothing is swept. */
export function cellCount(factors: readonly Factor[]): number {
  return factors.reduce((product, factor) => product * factor.values.length, 1);
}

/** Which value of each factor cell number `cell` takes, shape `(factor)`. */
export function cellIndices(factors: readonly Factor[], cell: number): number[] {
  const indices = new Array<number>(factors.length);
  let rest = cell;
  for (let f = factors.length - 1; f >= 0; f--) {
    const size = factors[f].values.length;
    indices[f] = rest % size;
    rest = (rest - indices[f]) / size;
  }
  return indices;
}

/**
 * A function that lays the values of a cell over `data`. Paths and forms are settled once, with the first cell, so
 * that grids of many thousand cells stay quick to check.
 *
 * @param factors - Their paths must be legal.
 */
export function cellData(data: unknown, factors: readonly Factor[]): (indices: readonly number[]) => unknown {
  let first = data;
  for (const { path, values } of factors) {
    const assigned = assign(first, path, values[0]);
    if (assigned.ok) first = assigned.data;
  }
  return (indices) => {
    let cell = first;
    for (const [f, { path, values }] of factors.entries()) {
      const changed = withValue(cell, path, values[indices[f]] ?? undefined);
      if (changed.ok) cell = changed.data;
    }
    return cell;
  };
}
