/**
 * @file Hamming distance of two rasters, step by step, and what it would be between unrelated ones.
 */

import { CajalError } from "../../core/index.ts";
import { bitCounts, checkRaster, lastByteMask, type Raster, rowBytes, spikeCounts } from "./raster.ts";

/**
 * Units that differ at each step, shape `(time)`.
 *
 * @throws CajalError `shape` when the rasters differ in units or steps.
 */
export function hammingDistances(a: Raster, b: Raster): Uint32Array {
  checkPair(a, b, "hammingDistances");
  const row = rowBytes(a.units);
  const ones = bitCounts();
  const last = lastByteMask(a.units);
  const out = new Uint32Array(a.steps);
  for (let t = 0, at = 0; t < a.steps; t++) {
    for (const end = at + row - 1; at < end; at++) out[t] += ones[a.bits[at] ^ b.bits[at]];
    out[t] += ones[(a.bits[at] ^ b.bits[at]) & last];
    at++;
  }
  return out;
}

/**
 * Null: mean distance of rasters with these rates whose units know nothing of each other,
 * Σ pᵢ (1 − qᵢ) + qᵢ (1 − pᵢ) over units i.
 */
export function unrelatedDistance(a: Raster, b: Raster): number {
  checkPair(a, b, "unrelatedDistance");
  const first = spikeCounts(a);
  const second = spikeCounts(b);
  let sum = 0;
  for (let u = 0; u < a.units; u++) {
    const p = first[u] / a.steps;
    const q = second[u] / b.steps;
    sum += p * (1 - q) + q * (1 - p);
  }
  return sum;
}

// Implementation

function checkPair(a: Raster, b: Raster, where: string): void {
  checkRaster(a, where);
  checkRaster(b, where);
  if (a.units === b.units && a.steps === b.steps) return;
  throw new CajalError(`${a.steps} steps of ${a.units} units against ${b.steps} steps of ${b.units} units`, {
    code: "shape",
    where,
    hint: "Run both copies of the network equally long.",
  });
}
