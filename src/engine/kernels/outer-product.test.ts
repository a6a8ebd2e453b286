import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toSparse } from "../../core/index.ts";
import { elementBytes, type Precision } from "./options.ts";
import { addOuterProduct, addSparseOuterProduct } from "./outer-product.ts";
import { referenceOuterProduct, referenceSparseOuterProduct } from "./outer-reference.ts";
import { packSparse } from "./pack.ts";
import { compile, randomMatrix, randomStates } from "./test-fixtures.ts";

const cases = (["f64", "f32"] as Precision[]).flatMap((precision) =>
  [4, 8, 12].map((stride) => ({ precision, stride })),
);

const sizes = fc.record({
  rows: fc.integer({ min: 1, max: 13 }),
  columns: fc.integer({ min: 1, max: 70 }),
  density: fc.constantFrom(0, 0.1, 0.5, 1),
  steps: fc.integer({ min: 1, max: 5 }),
  // Rows of other things between the steps.
  gap: fc.integer({ min: 0, max: 2 }),
  seed: fc.nat(1000),
});

describe.each(cases)("gradients of weights $precision, stride $stride", (layout) => {
  const { stride, precision } = layout;
  const bytes = elementBytes(precision);
  const denseKernel = compile((module) => addOuterProduct(module, layout));
  const sparseKernel = compile((module) => addSparseOuterProduct(module, layout));
  const series = ({
    rows,
    columns,
    steps,
    gap,
    seed,
  }: typeof sizes extends fc.Arbitrary<infer T> ? T : never) => {
    const dPitch = (rows + gap) * stride;
    const xPitch = (columns + gap) * stride;
    const d = randomStates(precision, steps * dPitch, { seed });
    const x = randomStates(precision, steps * xPitch, { seed: seed + 1 });
    return { d, x, dPitch, xPitch, steps };
  };

  it("addOuterProduct has the bits of the plain loop", () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { d, x, ...pitches } = series(size);
        const { rows, columns, steps } = size;
        const out = randomStates(precision, rows * columns, { seed: 7 });
        const { dPitch, xPitch } = pitches;
        const got = denseKernel([out, d, x], rows, columns, steps, dPitch * bytes, xPitch * bytes);
        referenceOuterProduct(layout)(out, d, x, { rows, columns, ...pitches });
        expect(got).toEqual(out);
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it("addSparseOuterProduct has the bits of the plain loop and those of the dense kernel", () => {
    fc.assert(
      fc.property(sizes, (size) => {
        const { d, x, ...pitches } = series(size);
        const { rows, columns, steps, density, seed } = size;
        const m = toSparse(randomMatrix(rows, columns, { density, seed }));
        const { rowStart, column, values } = packSparse(m, layout);
        const { dPitch, xPitch } = pitches;
        const before = values.slice();
        const got = sparseKernel(
          [values, d, x, rowStart, column],
          rows,
          steps,
          dPitch * bytes,
          xPitch * bytes,
        );
        referenceSparseOuterProduct(layout)(values, d, x, { rowStart, column, ...pitches });
        expect(got).toEqual(values);
        const full = randomStates(precision, rows * columns, { seed: 7 }).fill(0);
        for (let i = 0; i < rows; i++)
          for (let e = rowStart[i]; e < rowStart[i + 1]; e++) full[i * columns + m.column[e]] = before[e];
        const dense = denseKernel([full, d, x], rows, columns, steps, dPitch * bytes, xPitch * bytes);
        for (let i = 0; i < rows; i++)
          for (let e = rowStart[i]; e < rowStart[i + 1]; e++)
            expect(got[e]).toBe(dense[i * columns + m.column[e]]);
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  it("refuses a stride of whole vectors only", () => {
    expect(() => compile((m) => addOuterProduct(m, { ...layout, stride: 6 }))).toThrow(/multiple of 4/);
    expect(() => compile((m) => addSparseOuterProduct(m, { ...layout, stride: 6 }))).toThrow(/multiple of 4/);
  });
});
