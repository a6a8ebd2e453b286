import { describe, expect, it } from "vitest";
import { accumulateMoments, createRng, type Moments } from "../../core/index.ts";
import { MomentsAccumulator } from "./moments.ts";
import { referenceScatter } from "./reference.ts";
import { addScatter } from "./scatter.ts";
import { compile } from "./test-fixtures.ts";

/** Correlated samples, shape `(variable, time)`. */
function samples(variables: number, steps: number, { offset = 0, seed = 1 } = {}): Float64Array {
  const rng = createRng(seed).stream("samples");
  const x = Float64Array.from({ length: variables * steps }, () => rng.normal());
  for (let v = 1; v < variables; v++) {
    for (let t = 0; t < steps; t++) x[v * steps + t] += 0.5 * x[(v - 1) * steps + t];
  }
  return x.map((value) => value + offset);
}

/** Moments of whole numbers, without any rounding. */
function exactMoments(x: Float64Array, variables: number): { mean: number[]; scatter: number[] } {
  const steps = x.length / variables;
  const rows = Array.from({ length: variables }, (_, v) =>
    Array.from(x.slice(v * steps, (v + 1) * steps), BigInt),
  );
  const sums = rows.map((row) => row.reduce((a, b) => a + b, 0n));
  const n = BigInt(steps);
  const scaled = rows.flatMap((a, i) =>
    rows.map((b, j) => n * a.reduce((sum, value, t) => sum + value * b[t], 0n) - sums[i] * sums[j]),
  );
  return { mean: sums.map((s) => Number(s) / steps), scatter: scaled.map((s) => Number(s) / steps) };
}

function accumulate(
  x: Float64Array,
  variables: number,
  { block = 64, cut = [x.length / variables] } = {},
): Moments {
  const moments = new MomentsAccumulator({ variables, block });
  const steps = x.length / variables;
  let from = 0;
  for (const count of cut) {
    const piece = new Float64Array(variables * count);
    for (let v = 0; v < variables; v++) {
      piece.set(x.subarray(v * steps + from, v * steps + from + count), v * count);
    }
    moments.add(piece, count);
    from += count;
  }
  return moments.result();
}

describe("MomentsAccumulator", () => {
  it.each([0, 1e8, -1e12, 4e15])("agrees with exact arithmetic at offset %d", (offset) => {
    const variables = 7;
    const steps = 1000;
    const whole = samples(variables, steps).map((value) => Math.round(1000 * value) + offset);
    const got = accumulate(whole, variables);
    const want = exactMoments(whole, variables);
    expect(got.count).toBe(steps);
    got.mean.forEach((mean, v) => {
      expect(Math.abs(mean - want.mean[v])).toBeLessThanOrEqual(2e-16 * Math.abs(offset) + 1e-12);
    });
    // Relative to the diagonal: an entry off it may cancel.
    const spread = want.scatter[0];
    got.scatter.forEach((value, k) => {
      expect(Math.abs(value - want.scatter[k]) / spread).toBeLessThan(1e-13);
    });
  });

  it("stays accurate while the mean drifts far from the first block", () => {
    const variables = 2;
    const steps = 4096;
    const drift = samples(variables, steps).map((value, k) => Math.round(100 * value) + 50 * (k % steps));
    const got = accumulate(drift, variables);
    const want = exactMoments(drift, variables);
    got.scatter.forEach((value, k) => {
      expect(Math.abs(value / want.scatter[k] - 1)).toBeLessThan(1e-13);
    });
  });

  it("agrees with the plain accumulator of core", () => {
    const x = samples(9, 500, { offset: 3 });
    const rows = Array.from({ length: 500 }, (_, t) => Array.from({ length: 9 }, (_, v) => x[v * 500 + t]));
    const want = accumulateMoments(rows, { variables: 9 });
    const got = accumulate(x, 9);
    expect(got.count).toBe(want.count);
    got.mean.forEach((mean, v) => {
      expect(mean).toBeCloseTo(want.mean[v], 13);
    });
    got.scatter.forEach((value, k) => {
      expect(value).toBeCloseTo(want.scatter[k], 9);
    });
  });

  it("gives the same bits however the samples are cut into calls", () => {
    const x = samples(5, 300);
    const want = accumulate(x, 5);
    expect(accumulate(x, 5, { cut: [1, 63, 64, 7, 165] })).toEqual(want);
    expect(accumulate(x, 5, { cut: Array(300).fill(1) })).toEqual(want);
  });

  it("gives a pair of variables the same bits whatever stands beside it", () => {
    const x = samples(11, 200);
    const all = accumulate(x, 11);
    const two = accumulate(Float64Array.from([...x.slice(1800, 2000), ...x.slice(600, 800)]), 2);
    expect([...two.scatter]).toEqual([
      all.scatter[9 * 11 + 9],
      all.scatter[9 * 11 + 3],
      all.scatter[3 * 11 + 9],
      all.scatter[3 * 11 + 3],
    ]);
    expect([...two.mean]).toEqual([all.mean[9], all.mean[3]]);
  });

  it("takes the first columns of longer rows", () => {
    const moments = new MomentsAccumulator({ variables: 2, block: 4 });
    moments.add(Float64Array.of(1, 3, 99, 99, 10, 30, 99, 99), 2);
    expect(moments.result()).toEqual({
      count: 2,
      mean: Float64Array.of(2, 20),
      scatter: Float64Array.of(2, 20, 20, 200),
    });
  });

  it("goes on after a result was read", () => {
    const x = samples(3, 100);
    const moments = new MomentsAccumulator({ variables: 3, block: 16 });
    for (let t = 0; t < 100; t++) {
      moments.add(Float64Array.of(x[t], x[100 + t], x[200 + t]), 1);
      moments.result();
    }
    expect(moments.result()).toEqual(accumulate(x, 3, { block: 16 }));
  });

  it("is zero before the first sample and for constants", () => {
    const moments = new MomentsAccumulator({ variables: 1, block: 2 });
    expect(moments.result()).toEqual({ count: 0, mean: Float64Array.of(0), scatter: Float64Array.of(0) });
    moments.add(new Float64Array(5).fill(0.1), 5);
    expect(moments.result()).toEqual({ count: 5, mean: Float64Array.of(0.1), scatter: Float64Array.of(0) });
  });

  it("keeps a value that is not finite to its own variable", () => {
    const x = samples(3, 200);
    x[205] = Infinity;
    const { mean, scatter } = accumulate(x, 3);
    expect(mean[1]).toBeNaN();
    expect([...scatter].map(Number.isNaN)).toEqual([
      false,
      true,
      false,
      true,
      true,
      true,
      false,
      true,
      false,
    ]);
  });

  it.each([
    [{ variables: 0 }, "variables must be a whole number ≥ 1, got 0. Collect at least one unit."],
    [
      { variables: 3, block: 7 },
      "block must be an even number ≥ 2, got 7. The default of 256 suits most sizes.",
    ],
    [{ variables: 30000 }, "30000 variables need 7261920000 bytes, more than 4 GiB. Collect fewer units."],
  ])("refuses %j", (options, message) => {
    expect(() => new MomentsAccumulator(options)).toThrow(`MomentsAccumulator: ${message}`);
  });

  it("refuses rows that are not whole or too short", () => {
    const moments = new MomentsAccumulator({ variables: 3 });
    for (const [length, count] of [
      [10, 2],
      [12, 5],
    ]) {
      expect(() => moments.add(new Float64Array(length), count)).toThrow(
        `MomentsAccumulator.add: ${length} values are not 3 rows of at least ${count}. ` +
          "Give values of shape (variable, time) and a whole count within a row.",
      );
    }
  });
});

describe("addScatter", () => {
  it.each([4, 8, 24])(
    "has the bits of its plain twin on and below the diagonal of %d variables",
    (variables) => {
      const pitch = 38;
      const centred = samples(variables, pitch);
      const before = samples(variables, variables, { seed: 2 });
      const got = compile((module) => addScatter(module, { pitch }))([before, centred], variables);
      referenceScatter(before, centred, { variables, pitch });
      for (let i = 0; i < variables; i++) {
        const row = i * variables;
        expect(got.slice(row, row + i + 1)).toEqual(before.slice(row, row + i + 1));
      }
    },
  );
});
