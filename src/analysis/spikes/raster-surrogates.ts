/**
 * @file Rasters that keep some statistics of a given one and destroy the rest: nulls for anything measured on it.
 */

import { CajalError, log1p, type Rng } from "../../core/index.ts";
import { activeUnits, checkRaster, type Raster, rowBytes, spikeCounts } from "./raster.ts";

/**
 * What is kept: `bernoulli` each unit's rate only; `shift` each unit's own train, rotated in time by its own random
 * number of steps, so all intervals and autocorrelations within a unit (but for the seam) and nothing between units;
 * `steps` the pattern of each step, in random order, so all correlations at lag 0 and the distribution of a(t).
 */
export type RasterSurrogate = "bernoulli" | "shift" | "steps";

/**
 * A surrogate of a raster.
 *
 * @param kind - What is kept, see {@link RasterSurrogate}.
 * @param rng - Its position is advanced.
 * @throws CajalError `unknown-surrogate`, `shape`.
 */
export function surrogateRaster(raster: Raster, kind: RasterSurrogate, rng: Rng): Raster {
  checkRaster(raster, "surrogateRaster");
  if (kind === "bernoulli") return bernoulliRaster(raster, rng);
  if (kind === "shift") return shiftedRaster(raster, rng);
  if (kind === "steps") return permutedSteps(raster, rng);
  throw new CajalError(`there is no surrogate "${kind}"`, {
    code: "unknown-surrogate",
    where: "surrogateRaster",
    hint: "Choose bernoulli, shift or steps.",
  });
}

// Implementation

function emptyCopy({ units, steps, bits }: Raster): Raster {
  return { units, steps, bits: new Uint8Array(bits.length) };
}

/** Silent steps between spikes are geometric, so the cost is that of the spikes and not of the steps. */
function bernoulliRaster(raster: Raster, rng: Rng): Raster {
  const out = emptyCopy(raster);
  const row = rowBytes(raster.units);
  const counts = spikeCounts(raster);
  for (let u = 0; u < raster.units; u++) {
    const p = counts[u] / raster.steps;
    if (!(p > 0)) continue;
    const scale = log1p(-p);
    for (let t = -1; ; ) {
      // ln(1 − U) is finite because U < 1; at p = 1 the scale is −∞ and no step is skipped.
      t += 1 + Math.floor(log1p(-rng.uniform()) / scale);
      if (t >= raster.steps) break;
      out.bits[t * row + (u >> 3)] |= 1 << (u & 7);
    }
  }
  return out;
}

function shiftedRaster(raster: Raster, rng: Rng): Raster {
  const out = emptyCopy(raster);
  const { units, steps } = raster;
  const row = rowBytes(units);
  const shift = Uint32Array.from({ length: units }, () => (steps > 0 ? rng.integer(steps) : 0));
  const active = new Uint32Array(units);
  for (let t = 0; t < steps; t++) {
    const n = activeUnits(raster, t, active);
    for (let k = 0; k < n; k++) {
      const u = active[k];
      const to = t + shift[u] < steps ? t + shift[u] : t + shift[u] - steps;
      out.bits[to * row + (u >> 3)] |= 1 << (u & 7);
    }
  }
  return out;
}

/** Fisher–Yates over the rows. */
function permutedSteps(raster: Raster, rng: Rng): Raster {
  const out = { ...raster, bits: raster.bits.slice() };
  const row = rowBytes(raster.units);
  const kept = new Uint8Array(row);
  for (let i = raster.steps - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    kept.set(out.bits.subarray(i * row, (i + 1) * row));
    out.bits.copyWithin(i * row, j * row, (j + 1) * row);
    out.bits.set(kept, j * row);
  }
  return out;
}
