import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  activeUnits,
  activity,
  type Raster,
  rasterBit,
  rasterFromDense,
  rasterWindow,
  rowBytes,
  spikeCounts,
  spikeTimes,
  spikeTrains,
} from "./raster.ts";

/** A raster as rows of 0 and 1. */
const rows = fc.integer({ min: 1, max: 37 }).chain((units) =>
  fc.record({
    units: fc.constant(units),
    rows: fc.array(fc.array(fc.integer({ min: 0, max: 1 }), { minLength: units, maxLength: units }), {
      maxLength: 25,
    }),
  }),
);

/** Meaningless bits behind the last unit set, which must change nothing. */
function withDirtyPadding(raster: Raster): Raster {
  const bits = raster.bits.slice();
  const row = rowBytes(raster.units);
  const spare = row * 8 - raster.units;
  for (let at = row - 1; at < bits.length; at += row) bits[at] |= 0xff & ~(0xff >> spare);
  return { ...raster, bits };
}

describe("Raster", () => {
  it("packs one row of bytes per step, unit u at bit u & 7 of byte u >> 3", () => {
    const dense = new Uint8Array(20);
    for (const k of [0, 3, 9, 10 + 8]) dense[k] = 1;
    expect(rasterFromDense(dense, 10)).toEqual({ units: 10, steps: 2, bits: Uint8Array.of(0b1001, 2, 0, 1) });
  });

  it("counts by unit, by step and by spike as the plain arrays do, whatever stands behind the last unit", () => {
    fc.assert(
      fc.property(rows, ({ units, rows }) => {
        const raster = withDirtyPadding(rasterFromDense(rows.flat(), units));
        const bits = rows.map((_, t) => Array.from({ length: units }, (_, u) => rasterBit(raster, t, u)));
        expect(bits).toEqual(rows);
        expect(Array.from(activity(raster))).toEqual(rows.map((r) => r.filter((x) => x).length));
        const byUnit = Array.from({ length: units }, (_, u) => rows.flatMap((r, t) => (r[u] ? [t] : [])));
        expect(Array.from(spikeCounts(raster))).toEqual(byUnit.map((times) => times.length));
        expect(spikeTrains(raster).map((t) => Array.from(t))).toEqual(byUnit);
        expect(byUnit.map((_, u) => Array.from(spikeTimes(raster, u)))).toEqual(byUnit);
        const out = new Uint32Array(units);
        const listed = rows.map((_, t) => Array.from(out.subarray(0, activeUnits(raster, t, out))));
        expect(listed).toEqual(rows.map((r) => r.flatMap((x, u) => (x ? [u] : []))));
      }),
    );
  });

  it("gives a window that shares memory", () => {
    const raster = rasterFromDense([1, 0, 0, 1, 1, 1], 2);
    const part = rasterWindow(raster, 1, 3);
    expect(Array.from(activity(part))).toEqual([1, 2]);
    expect(part.bits.buffer).toBe(raster.bits.buffer);
  });

  it("says what does not fit", () => {
    const raster = rasterFromDense([1, 0, 0, 1], 2);
    expect(() => rasterFromDense([1, 0, 0], 2)).toThrow(
      "rasterFromDense: 3 values do not make whole steps of 2 units. Give shape (time, unit), row-major, at least one unit.",
    );
    expect(() => spikeTimes(raster, 2)).toThrow("spikeTimes: unit 2 is not one of 0 … 1");
    expect(() => rasterWindow(raster, 1, 3)).toThrow(
      "rasterWindow: steps 1 to 3 do not lie inside the 2 steps. Give whole numbers, 0 ≤ from ≤ to ≤ steps.",
    );
    expect(() => activity({ units: 9, steps: 2, bits: new Uint8Array(3) })).toThrow(
      "activity: 3 bytes do not hold 2 steps of 9 units. A raster has steps · ceil(units / 8) bytes, one row per step.",
    );
  });
});
