/**
 * @file Numbers that other tools produced, kept outside the repository; suites that need them are skipped elsewhere.
 */

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../../shared/data/golden");

/** Whether the folder of golden numbers stands beside the repository. */
export const hasGolden = existsSync(folder);

/** One golden file, parsed. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), "utf8")) as T;
}

/** Largest violation of |a − b| ≤ tolerance (1 + |b|), as a multiple of the tolerance: must be ≤ 1. */
export function worst(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): number {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} values, expected ${expected.length}`);
  let largest = 0;
  for (let k = 0; k < expected.length; k++) {
    const error = Math.abs(actual[k] - expected[k]) / (tolerance * (1 + Math.abs(expected[k])));
    if (!(error <= largest)) largest = error;
  }
  return largest;
}
