/** @file Comparison with numbers of other tools. */

import { expect } from "vitest";

/** Rows in rows, as deep as the file has them. */
export type Rows = number | readonly Rows[];

/** All numbers of nested rows, in order. */
export function flat(rows: Rows): Float64Array {
  return Float64Array.from(numbersOf(rows));
}

/** Expects two arrays to agree within `tolerance`, absolute. */
export function expectAll(actual: ArrayLike<number>, expected: Rows, tolerance: number): void {
  const wanted = flat(expected);
  expect(actual.length).toBe(wanted.length);
  let worst = 0;
  for (let k = 0; k < wanted.length; k++) worst = Math.max(worst, Math.abs(actual[k] - wanted[k]));
  expect(worst).toBeLessThanOrEqual(tolerance);
}

function numbersOf(rows: Rows): readonly number[] {
  return typeof rows === "number" ? [rows] : rows.flatMap(numbersOf);
}
