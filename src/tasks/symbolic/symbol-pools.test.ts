import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, toDense } from "../../core/index.ts";
import { mixPools, poolUnits, symbolPools } from "./symbol-pools.ts";

const rng = (seed: number) => createRng(seed).stream("pools");

describe("symbolPools", () => {
  it("gives every symbol its own units, disjoint unless overlap is asked for", () => {
    const cases = fc.record({
      symbols: fc.integer({ min: 1, max: 6 }),
      unitsPerSymbol: fc.integer({ min: 1, max: 5 }),
      spare: fc.nat(20),
      overlap: fc.boolean(),
      seed: fc.nat(1000),
    });
    fc.assert(
      fc.property(cases, ({ symbols, unitsPerSymbol, spare, overlap, seed }) => {
        const size = (overlap ? 1 : symbols) * unitsPerSymbol + spare;
        const w = symbolPools({ symbols, size, unitsPerSymbol, overlap, gain: 0.5, rng: rng(seed) });
        expect([w.rows, w.columns]).toEqual([size, symbols]);
        expect(w.values.every((v) => v === 0.5)).toBe(true);
        const pools = poolUnits(w);
        for (const units of pools) expect(new Set(units).size).toBe(unitsPerSymbol);
        if (!overlap) expect(new Set(pools.flatMap((p) => [...p])).size).toBe(symbols * unitsPerSymbol);
      }),
      { numRuns: 60 },
    );
  });

  it("draws every unit equally often", () => {
    const counts = new Float64Array(12);
    const stream = rng(7);
    for (let k = 0; k < 2000; k++) {
      const w = symbolPools({ symbols: 2, size: 12, unitsPerSymbol: 3, overlap: k % 2 === 0, rng: stream });
      for (let i = 0; i < 12; i++) counts[i] += w.rowStart[i + 1] - w.rowStart[i];
    }
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt(1000));
  });

  it.each([
    [
      { symbols: 6, size: 50, unitsPerSymbol: 10 },
      "6 pools of 10 units need 60 units, the network has 50. Set unitsPerSymbol to 8 or less, size to 60 or more, or overlap to true.",
    ],
    [
      { symbols: 60, size: 50, unitsPerSymbol: 1 },
      "60 pools of 1 units need 60 units, the network has 50. Set size to 60 or more, or overlap to true.",
    ],
    [
      { symbols: 2, size: 5, unitsPerSymbol: 6 },
      "a pool of 6 units is wider than the network of 5. Set unitsPerSymbol to 5 or less.",
    ],
    [
      { symbols: 2, size: 5, unitsPerSymbol: 6, overlap: true },
      "a pool of 6 units is wider than the network of 5. Set unitsPerSymbol to 5 or less.",
    ],
    [{ symbols: 0, size: 5 }, "symbols must be a whole number ≥ 1, got 0"],
    [{ symbols: 2, size: 50, gain: Number.NaN }, "gain must be a finite number, got NaN"],
  ])("refuses %j", (options, message) => {
    expect(() => symbolPools({ ...options, rng: rng(1) })).toThrow(`symbolPools: ${message}`);
  });
});

describe("mixPools", () => {
  it("makes up each mixture of the first units of one pool and the last of the other", () => {
    const w = symbolPools({ symbols: 3, size: 40, unitsPerSymbol: 10, gain: 0.5, rng: rng(3) });
    const fractions = Array.from({ length: 11 }, (_, k) => k / 10);
    const mixed = mixPools(w, { fractions });
    const [a, b, x, ...mixtures] = poolUnits(mixed);
    expect([a, b, x]).toEqual(poolUnits(w));
    mixtures.forEach((units, k) => {
      const wanted = [...a.slice(0, k), ...b.slice(k)].sort((p, q) => p - q);
      expect([...units]).toEqual(wanted);
    });
    expect(new Set(mixed.values)).toEqual(new Set([0.5]));
    expect(toDense(mixed).columns).toBe(14);
  });

  it("counts whole units where the product is a hair too small", () => {
    const w = symbolPools({ symbols: 2, size: 200, unitsPerSymbol: 100, rng: rng(3) });
    const [a, , mixture] = poolUnits(mixPools(w, { fractions: [0.29] }));
    expect([...mixture].filter((i) => a.includes(i))).toHaveLength(29);
  });

  it("refuses pools of different size and fractions beyond 1", () => {
    const w = symbolPools({ symbols: 2, size: 4, unitsPerSymbol: 2, rng: rng(1) });
    expect(() => mixPools(w, { fractions: [0.5], b: 2 })).toThrow(
      "mixPools: symbol 0 has 2 units, symbol 2 has 0. Mix pools of one size.",
    );
    expect(() => mixPools(w, { fractions: [0.5, 1.5] })).toThrow(
      "mixPools: fractions[1] must be from 0 to 1",
    );
  });
});
