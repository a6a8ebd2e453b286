import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dense, multiplyVector, toSparse } from "../../core/index.ts";
import { addDenseProduct } from "./dense-product.ts";
import { type FloatArray, floatArray, type Precision, type ProductOptions } from "./options.ts";
import { packDense, packSparse } from "./pack.ts";
import { referenceDenseProduct, referenceSparseProduct } from "./reference.ts";
import { addSparseProduct } from "./sparse-product.ts";
import { compile, oneInstance, randomMatrix, randomStates } from "./test-fixtures.ts";

// One instance, a partial tile, whole tiles, several tiles of equal and of different widths.
const strides = [1, 4, 8, 12, 20, 36];
const precisions: Precision[] = ["f64", "f32"];
const cases = precisions.flatMap((precision) =>
  strides.flatMap((stride) => [false, true].map((accumulate) => ({ precision, stride, accumulate }))),
);

const padded = (neurons: number, { stride }: ProductOptions) =>
  stride === 1 ? Math.ceil(neurons / 16) * 16 : neurons * stride;

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 50 }),
  columns: fc.integer({ min: 1, max: 40 }),
  density: fc.constantFrom(0, 0.1, 0.5, 1),
  seed: fc.nat(1000),
});

describe.each(cases)("products $precision, stride $stride, accumulate $accumulate", (options) => {
  const sparseKernel = compile((module) => addSparseProduct(module, options));
  const denseKernel = compile((module) => addDenseProduct(module, options));

  it("addSparseProduct has the bits of the plain loop, whatever the values", () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, density, seed }) => {
        const m = toSparse(randomMatrix(rows, columns, { density, seed }));
        const { rowStart, column, values } = packSparse(m, options);
        const x = randomStates(options.precision, columns * options.stride, { seed, wild: true });
        const out = randomStates(options.precision, rows * options.stride, { seed: seed + 1 });
        const got = sparseKernel([out, x, rowStart, column, values], rows);
        referenceSparseProduct(options)(out, x, rowStart, column, values, rows);
        expect(got).toEqual(out);
      }),
      { numRuns: 20, seed: 1 },
    );
  });

  it("addDenseProduct has the bits of the plain loop, whatever the values", () => {
    fc.assert(
      fc.property(sizes, ({ rows, columns, density, seed }) => {
        const m = randomMatrix(rows, columns, { density, seed });
        const weights = packDense(m, options);
        const x = randomStates(options.precision, columns * options.stride, { seed, wild: true });
        const out = randomStates(options.precision, padded(rows, options), { seed: seed + 1 });
        const got = denseKernel([out, x, weights], rows, columns);
        referenceDenseProduct(options)(out, x, weights, rows, columns);
        expect(got).toEqual(out);
      }),
      { numRuns: 20, seed: 2 },
    );
  });
});

describe.each(precisions)("one network, %s", (precision) => {
  const seed = 5;
  const [rows, columns] = [45, 37];
  const m = randomMatrix(rows, columns, { density: 0.4, seed });
  const sparse = toSparse(m);
  const wide = 20;
  const x = randomStates(precision, columns * wide, { seed });

  const sparseProduct = (input: FloatArray, stride: number) => {
    const options = { precision, stride, accumulate: false };
    const { rowStart, column, values } = packSparse(sparse, options);
    const out = floatArray(precision, padded(rows, options));
    return compile((module) => addSparseProduct(module, options))(
      [out, input, rowStart, column, values],
      rows,
    );
  };
  const denseProduct = (input: FloatArray, stride: number) => {
    const options = { precision, stride, accumulate: false };
    const out = floatArray(precision, padded(rows, options));
    return compile((module) => addDenseProduct(module, options))(
      [out, input, packDense(m, options)],
      rows,
      columns,
    );
  };

  it("gives the same bits for one instance and for many, sparse and dense", () => {
    const want = sparseProduct(x, wide);
    expect(denseProduct(x, wide)).toEqual(want);
    for (let b = 0; b < wide; b++) {
      const alone = oneInstance(want, wide, b);
      expect(sparseProduct(oneInstance(x, wide, b), 1)).toEqual(alone);
      expect(denseProduct(oneInstance(x, wide, b), 1)).toEqual(alone);
    }
  });
});

describe("one instance", () => {
  const seed = 6;

  it("has the bits of multiplyVector of core in f64", () => {
    const options = { precision: "f64", stride: 1, accumulate: false } as const;
    const m = randomMatrix(45, 37, { density: 0.4, seed });
    const x = randomStates("f64", 48, { seed });
    const { rowStart, column, values } = packSparse(toSparse(m), options);
    const sparse = compile((module) => addSparseProduct(module, options));
    const densely = compile((module) => addDenseProduct(module, options));
    const out = new Float64Array(48);
    const want = [...multiplyVector(toSparse(m), x)];
    expect([...sparse([out, x, rowStart, column, values], 45)].slice(0, 45)).toEqual(want);
    expect([...densely([out, x, packDense(m, options)], 45, 37)].slice(0, 45)).toEqual(want);
  });

  it("rounds every operation of f32, so a sum stops growing where f32 does", () => {
    const options = { precision: "f32", stride: 1, accumulate: false } as const;
    const m = toSparse(dense(1, 3, [2 ** 24, 1, 1]));
    const { rowStart, column, values } = packSparse(m, options);
    const run = compile((module) => addSparseProduct(module, options));
    expect(run([new Float32Array(1), Float32Array.of(1, 1, 1), rowStart, column, values], 1)[0]).toBe(
      2 ** 24,
    );
  });
});

describe("edges of the products", () => {
  it("takes a window of rows of a larger matrix", () => {
    const options = { precision: "f64", stride: 4, accumulate: false } as const;
    const { rowStart, column, values } = packSparse(
      toSparse(randomMatrix(9, 9, { density: 0.5, seed: 3 })),
      options,
    );
    const x = randomStates("f64", 36, { seed: 3 });
    const run = compile((module) => addSparseProduct(module, options));
    const all = run([new Float64Array(36), x, rowStart, column, values], 9);
    const window = run([new Float64Array(12), x, rowStart.slice(4), column, values], 3);
    expect(window).toEqual(all.slice(16, 28));
  });

  it("writes zeros for no columns and nothing for no rows", () => {
    for (const stride of [1, 4]) {
      const options = { precision: "f64", stride, accumulate: false } as const;
      const run = compile((module) => addDenseProduct(module, options));
      const out = new Float64Array(16 * stride).fill(7);
      const zeros = run([out, new Float64Array(0), new Float64Array(0)], 16, 0);
      expect(zeros).toEqual(new Float64Array(16 * stride));
      expect(run([out, new Float64Array(0), new Float64Array(0)], 0, 0)).toEqual(out);
    }
  });

  it.each([addSparseProduct, addDenseProduct])("refuses strides without a layout", (add) => {
    const options = { precision: "f64", stride: 6, accumulate: false } as const;
    expect(() => compile((module) => add(module, options))).toThrow(
      `${add.name}: stride must be 1 or a multiple of 4, got 6.`,
    );
  });
});
