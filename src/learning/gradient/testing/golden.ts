/** @file Golden numbers from other tools, where the folder beside the repository holds them. */

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "vitest";

// biome-ignore lint/suspicious/noExplicitAny: files of other tools, each with its own shape
type Golden = any;

/** Content of a golden file, or undefined where there is none. */
export function readGolden(name: string): Golden {
  const path = resolve(import.meta.dirname, "../../../../../shared/data/golden", name);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}

/** All numbers of nested rows, in order. */
export function flat(rows: Golden): Float64Array {
  return Float64Array.from([rows].flat(9));
}

/** Expects two arrays to agree within `tolerance`, absolute. */
export function expectAll(actual: ArrayLike<number>, expected: Golden, tolerance: number): void {
  const wanted = flat(expected);
  expect(actual.length).toBe(wanted.length);
  let worst = 0;
  for (let k = 0; k < wanted.length; k++) worst = Math.max(worst, Math.abs(actual[k] - wanted[k]));
  expect(worst).toBeLessThanOrEqual(tolerance);
}
