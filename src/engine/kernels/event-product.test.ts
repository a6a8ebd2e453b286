import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, dense, toSparse } from "../../core/index.ts";
import { addEventProduct, packEvents } from "./event-product.ts";
import { floatArray, type Precision } from "./options.ts";
import { packDense, packSparse } from "./pack.ts";
import { referenceDenseProduct, referenceSparseProduct } from "./reference.ts";
import { compile, randomMatrix } from "./test-fixtures.ts";
import { addAddTo, addClear } from "./vectors.ts";

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 40 }),
  columns: fc.integer({ min: 1, max: 70 }),
  density: fc.constantFrom(0, 0.2, 1),
  active: fc.constantFrom(0, 0.1, 1),
  seed: fc.nat(1000),
});

const filled = (precision: Precision, length: number) => floatArray(precision, new Array(length).fill(3));

describe.each(["f64", "f32"] as const)("addEventProduct, %s", (precision) => {
  const columnsKernel = compile((module) => addEventProduct(module, { precision, form: "columns" }));
  const entriesKernel = compile((module) => addEventProduct(module, { precision, form: "entries" }));
  const plain = { precision, stride: 1, accumulate: false };

  it("has the bits of the plain products, whatever finite values, and overwrites the padding with 0", () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, density, active, seed }) => {
        const m = randomMatrix(rows, columns, { density, seed });
        const rng = createRng(seed).stream("x");
        const x = floatArray(
          precision,
          Array.from({ length: columns }, () =>
            rng.uniform() < active ? rng.normal() : rng.uniform() < 0.5 ? 0 : -0,
          ),
        );
        const height = Math.ceil(rows / 4) * 4;
        const want = filled(precision, Math.ceil(rows / 16) * 16);
        referenceDenseProduct(plain)(want, x, packDense(m, plain), rows, columns);
        const columnsPacked = packEvents(m, precision);
        if (columnsPacked.form !== "columns") throw new Error("dense weights go by columns");
        const got = columnsKernel([filled(precision, height), x, columnsPacked.values], height, columns);
        expect(got.subarray(0, rows)).toEqual(want.subarray(0, rows));
        expect([...got.subarray(rows)]).toEqual(new Array(height - rows).fill(0));

        const sparse = toSparse(m);
        const { rowStart, column, values } = packSparse(sparse, plain);
        referenceSparseProduct(plain)(want, x, rowStart, column, values, rows);
        const entries = packEvents(sparse, precision);
        if (entries.form !== "entries") throw new Error("sparse weights go by entries");
        const { start, post, values: weights } = entries;
        const sums = entriesKernel([filled(precision, height), x, start, post, weights], columns, rows);
        expect(sums.subarray(0, rows)).toEqual(want.subarray(0, rows));
        expect([...sums.subarray(rows)]).toEqual(new Array(height - rows).fill(0));
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it("does not look at the weights of units at 0", () => {
    const m = dense(2, 2, [Number.NaN, 1, Number.POSITIVE_INFINITY, 2]);
    const packed = packEvents(m, precision);
    if (packed.form !== "columns") throw new Error("dense weights go by columns");
    const x = floatArray(precision, [0, 1]);
    expect([...columnsKernel([filled(precision, 4), x, packed.values], 4, 2)]).toEqual([1, 2, 0, 0]);
  });
});

describe.each(["f64", "f32"] as const)("vectors, %s", (precision) => {
  it("addClear sets to +0 and addTo adds, number by number", () => {
    const clear = compile((module) => addClear(module, precision));
    const addTo = compile((module) => addAddTo(module, precision));
    for (const length of [0, 4, 8, 20]) {
      const out = floatArray(
        precision,
        Array.from({ length }, (_, k) => (k === 2 ? -0 : 1 / (k + 3))),
      );
      const x = floatArray(
        precision,
        Array.from({ length }, (_, k) => (k % 2 ? 1e20 : -k) / 7),
      );
      expect(clear([out], length)).toEqual(floatArray(precision, length));
      expect(addTo([out, x], length)).toEqual(out.map((v, k) => v + x[k]));
    }
  });
});
