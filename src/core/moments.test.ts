import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accumulateMoments, mergeMoments, selectVariables } from "./moments.ts";

/** Textbook definition, one entry at a time. */
function naive(rows: number[][], weights: number[]) {
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = rows[0].map((_, i) => rows.reduce((s, x, t) => s + weights[t] * x[i], 0) / total);
  const scatter = mean.map((mi, i) =>
    mean.map((mj, j) => rows.reduce((s, x, t) => s + weights[t] * (x[i] - mi) * (x[j] - mj), 0)),
  );
  return { mean, scatter: scatter.flat() };
}

function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number) {
  expect(actual.length).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++)
    expect(Math.abs(actual[i] - wanted[i])).toBeLessThanOrEqual(tolerance);
}

const table = fc
  .record({ variables: fc.integer({ min: 1, max: 4 }), rows: fc.integer({ min: 1, max: 30 }) })
  .chain(({ variables, rows }) =>
    fc.record({
      variables: fc.constant(variables),
      values: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
        minLength: rows * variables,
        maxLength: rows * variables,
      }),
      weights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: rows, maxLength: rows }),
      cut: fc.nat(rows),
    }),
  );

describe("accumulateMoments", () => {
  it("equals the definition, however the rows are cut into blocks, with and without weights", () => {
    fc.assert(
      fc.property(table, ({ variables, values, weights, cut }) => {
        const rows = weights.map((_, t) => values.slice(t * variables, (t + 1) * variables));
        const blocks = [values.slice(0, cut * variables), values.slice(cut * variables)];
        const weighted = accumulateMoments(blocks, { variables, weights });
        const wanted = naive(rows, weights);
        expectClose(weighted.mean, wanted.mean, 1e-12);
        expectClose(weighted.scatter, wanted.scatter, 1e-9);
        expect(weighted.weight).toBeCloseTo(weights.reduce((a, b) => a + b));
        const plain = accumulateMoments(blocks, { variables });
        expect(plain.count).toBe(rows.length);
        expect(plain.weight).toBeUndefined();
        expectClose(
          plain.scatter,
          naive(
            rows,
            rows.map(() => 1),
          ).scatter,
          1e-9,
        );
      }),
    );
  });

  it("keeps the variance of a small signal on a large mean", () => {
    const blocks = Array.from({ length: 10 }, (_, b) => [0, 1, 2].map((i) => 2 ** 30 + ((b + i) % 3) / 1024));
    const moments = accumulateMoments(blocks, { variables: 1 });
    // Ten times each of 0, 1, 2; the sum of squares alone would be 3.5e19 with an ulp of 4096.
    expect(moments.scatter[0] * 1024 ** 2).toBeCloseTo(20, 6);
  });

  it("counts a row of weight 2 like two rows", () => {
    const twice = accumulateMoments([[1, 2, 1, 2, 5, 7]], { variables: 2 });
    const weighted = accumulateMoments([[1, 2, 5, 7]], { variables: 2, weights: [2, 1] });
    expect(weighted.weight).toBe(3);
    expect(weighted.count).toBe(2);
    expectClose(weighted.mean, twice.mean, 1e-15);
    expectClose(weighted.scatter, twice.scatter, 1e-14);
  });

  it("gives zeros for no rows and leaves out rows of weight 0", () => {
    expect(accumulateMoments([], { variables: 2 }).scatter).toEqual(new Float64Array(4));
    const weightless = accumulateMoments([[3], [4, 5]], { variables: 1, weights: [0, 0, 2] });
    expect(weightless).toEqual({
      count: 1,
      weight: 2,
      mean: Float64Array.of(5),
      scatter: Float64Array.of(0),
    });
  });

  it("refuses broken rows and a wrong number of weights", () => {
    expect(() => accumulateMoments([[1, 2, 3]], { variables: 2 })).toThrow(
      "accumulateMoments: a block of 3 values does not hold whole rows of 2. Give blocks of shape (time, variable), row-major.",
    );
    expect(() => accumulateMoments([[1, 2]], { variables: 1, weights: [1] })).toThrow(
      "accumulateMoments: 1 weights for 2 rows. Give one weight for each row.",
    );
  });
});

describe("mergeMoments", () => {
  it("gives an exactly symmetric scatter", () => {
    const a = accumulateMoments([[0.1, 0.7, 0.3, 0.9]], { variables: 2 });
    const b = accumulateMoments([[0.23, 0.41, 0.33, 0.19, 0.57, 0.77]], { variables: 2 });
    const { scatter, count } = mergeMoments(a, b);
    expect(count).toBe(5);
    expect(scatter[1]).toBe(scatter[2]);
  });
});

describe("selectVariables", () => {
  it("equals the moments of the selected columns", () => {
    const values = [1, 4, 2, 3, 1, 0, 5, 5, 9];
    const all = accumulateMoments([values], { variables: 3 });
    const some = accumulateMoments([[2, 1, 0, 3, 9, 5]], { variables: 2 });
    const picked = selectVariables(all, [2, 0]);
    expect(picked.count).toBe(3);
    expectClose(picked.mean, some.mean, 1e-15);
    expectClose(picked.scatter, some.scatter, 1e-14);
  });

  it("names a variable that does not exist", () => {
    const all = accumulateMoments([[1, 2]], { variables: 2 });
    expect(() => selectVariables(all, [2])).toThrow("selectVariables: variable 2 is not one of 0 … 1");
  });
});
