/**
 * @file Bit-packed spike rasters: one row of bits per step, and the counts that can be read off whole bytes.
 * A million steps of 200 units are 25 MB.
 */

import { CajalError } from "../../core/index.ts";

/**
 * Which unit was active at which step, shape `(time, unit)`. A row has `rowBytes(units)` bytes; unit u stands at bit
 * u & 7 of byte u >> 3 of its row. Bits behind the last unit carry no meaning and are never read.
 */
export interface Raster {
  units: number;
  steps: number;
  /** Length steps · ceil(units / 8). */
  bits: Uint8Array;
}

/** Bytes of one row, ceil(units / 8). */
export function rowBytes(units: number): number {
  return (units + 7) >> 3;
}

/**
 * Pack a raster of numbers: every value other than 0 is a spike.
 *
 * @param dense - Shape `(time, unit)`, row-major.
 * @param units - Columns of `dense`, ≥ 1.
 * @throws CajalError `shape` when `dense` does not hold whole rows.
 * @example rasterFromDense([1, 0, 0, 1, 1, 1], 2) // 3 steps of 2 units
 */
export function rasterFromDense(dense: ArrayLike<number>, units: number): Raster {
  const steps = dense.length / units;
  if (!Number.isInteger(units) || units < 1 || !Number.isInteger(steps)) {
    throw new CajalError(`${dense.length} values do not make whole steps of ${units} units`, {
      code: "shape",
      where: "rasterFromDense",
      hint: "Give shape (time, unit), row-major, at least one unit.",
    });
  }
  const row = rowBytes(units);
  const bits = new Uint8Array(steps * row);
  for (let t = 0, k = 0; t < steps; t++) {
    for (let u = 0; u < units; u++, k++) if (dense[k] !== 0) bits[t * row + (u >> 3)] |= 1 << (u & 7);
  }
  return { units, steps, bits };
}

/** 1 when `unit` was active at `step`, else 0. Both must lie inside the raster. */
export function rasterBit(raster: Raster, step: number, unit: number): 0 | 1 {
  const byte = raster.bits[step * rowBytes(raster.units) + (unit >> 3)];
  return ((byte >> (unit & 7)) & 1) as 0 | 1;
}

/**
 * Steps `from` … `to` − 1 of a raster, sharing its memory.
 *
 * @throws CajalError `bad-range` unless 0 ≤ from ≤ to ≤ steps.
 */
export function rasterWindow(raster: Raster, from: number, to: number): Raster {
  checkRaster(raster, "rasterWindow");
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= raster.steps)) {
    throw new CajalError(`steps ${from} to ${to} do not lie inside the ${raster.steps} steps`, {
      code: "bad-range",
      where: "rasterWindow",
      hint: "Give whole numbers, 0 ≤ from ≤ to ≤ steps.",
    });
  }
  const row = rowBytes(raster.units);
  return { units: raster.units, steps: to - from, bits: raster.bits.subarray(from * row, to * row) };
}

/** Spikes of each unit over the whole raster, shape `(unit)`. */
export function spikeCounts(raster: Raster): Uint32Array {
  checkRaster(raster, "spikeCounts");
  const { units, bits } = raster;
  const row = rowBytes(units);
  // How often each byte value stands in each column of bytes: one increment for eight units.
  const seen = new Uint32Array(row * 256);
  for (let at = 0; at < bits.length; at += row) {
    for (let b = 0; b < row; b++) seen[(b << 8) | bits[at + b]]++;
  }
  const counts = new Uint32Array(units);
  for (let u = 0; u < units; u++) {
    const column = (u >> 3) << 8;
    for (let value = 0; value < 256; value++) {
      if ((value >> (u & 7)) & 1) counts[u] += seen[column | value];
    }
  }
  return counts;
}

/** Active units of each step, a(t), shape `(time)`: the network's firing rate in units per step. */
export function activity(raster: Raster): Uint32Array {
  checkRaster(raster, "activity");
  const { steps, bits, units } = raster;
  const row = rowBytes(units);
  const ones = bitCounts();
  const last = lastByteMask(units);
  const out = new Uint32Array(steps);
  for (let t = 0, at = 0; t < steps; t++) {
    let sum = 0;
    for (const end = at + row - 1; at < end; at++) sum += ones[bits[at]];
    out[t] = sum + ones[bits[at++] & last];
  }
  return out;
}

/**
 * Steps at which one unit was active, ascending, shape `(spike)`.
 *
 * @throws CajalError `bad-index` when there is no such unit.
 */
export function spikeTimes(raster: Raster, unit: number): Uint32Array {
  checkRaster(raster, "spikeTimes");
  if (!Number.isInteger(unit) || unit < 0 || unit >= raster.units) {
    throw new CajalError(`unit ${unit} is not one of 0 … ${raster.units - 1}`, {
      code: "bad-index",
      where: "spikeTimes",
    });
  }
  const { bits } = raster;
  const row = rowBytes(raster.units);
  const mask = 1 << (unit & 7);
  let count = 0;
  for (let at = unit >> 3; at < bits.length; at += row) if (bits[at] & mask) count++;
  const times = new Uint32Array(count);
  for (let at = unit >> 3, t = 0, k = 0; k < count; at += row, t++) if (bits[at] & mask) times[k++] = t;
  return times;
}

/** Spike times of every unit in two passes over the raster, one array of shape `(spike)` per unit. */
export function spikeTrains(raster: Raster): Uint32Array[] {
  const trains = Array.from(spikeCounts(raster), (n) => new Uint32Array(n));
  const filled = new Uint32Array(raster.units);
  const active = new Uint32Array(raster.units);
  for (let t = 0; t < raster.steps; t++) {
    const n = activeUnits(raster, t, active);
    for (let k = 0; k < n; k++) trains[active[k]][filled[active[k]]++] = t;
  }
  return trains;
}

/** Write the units active at `step`, ascending, into `out` (length ≥ units); returns how many there are. */
export function activeUnits(raster: Raster, step: number, out: Uint32Array): number {
  const { bits, units } = raster;
  const row = rowBytes(units);
  const last = row - 1;
  let n = 0;
  for (let b = 0, at = step * row; b < row; b++, at++) {
    let byte = b === last ? bits[at] & lastByteMask(units) : bits[at];
    while (byte !== 0) {
      const lowest = byte & -byte;
      out[n++] = (b << 3) | (31 - Math.clz32(lowest));
      byte ^= lowest;
    }
  }
  return n;
}

/** Bits of a row's last byte that stand for units. */
export function lastByteMask(units: number): number {
  return 0xff >> ((8 - (units & 7)) & 7);
}

/** Set bits of each byte value, shape `(256)`. */
export function bitCounts(): Uint8Array {
  const counts = new Uint8Array(256);
  for (let value = 1; value < 256; value++) counts[value] = counts[value >> 1] + (value & 1);
  return counts;
}

/** @throws CajalError `shape` when the bits are not steps · ceil(units / 8) bytes. */
export function checkRaster(raster: Raster, where: string): void {
  const { units, steps, bits } = raster;
  if (Number.isInteger(units) && units >= 1 && bits.length === steps * rowBytes(units)) return;
  throw new CajalError(`${bits.length} bytes do not hold ${steps} steps of ${units} units`, {
    code: "shape",
    where,
    hint: "A raster has steps · ceil(units / 8) bytes, one row per step.",
  });
}
