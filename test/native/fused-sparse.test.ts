/** @file The sparse products of training as C beside plain loops, at sizes around the borders of their blocks. */

import { expect, it } from "vitest";
import type { VectorBytes } from "../../src/compiler/index.ts";
import { createRng, dense, type Rng, type SparseMatrix, toSparse, transpose } from "../../src/core/index.ts";
import {
  columnMasks,
  elementBytes,
  type Precision,
  packSparse,
  printFusedMasked,
  printFusedMaskedOuter,
  printFusedSparse,
  printFusedSparseOuter,
  printReorder,
} from "../../src/engine/kernels/index.ts";
import { compileKernel, Memory, random, tolerance, worst } from "./kernel-memory.ts";
import { describeNative } from "./native.ts";

/** A random matrix, some of whose rows are empty. */
function randomSparse(
  rows: number,
  columns: number,
  { density, rng }: { density: number; rng: Rng },
): SparseMatrix {
  const values = Float64Array.from({ length: rows * columns }, (_, k) =>
    Math.floor(k / columns) % 5 === 3 || rng.uniform() >= density ? 0 : rng.normal(),
  );
  return toSparse(dense(rows, columns, values));
}

describeNative("sparse products of training in C", (loader) => {
  const layout = (widest: VectorBytes, precision: Precision, instances: number) => ({
    widest,
    precision,
    stride: 4 * Math.ceil(instances / 4),
  });
  // Every width prints other tails; the machine's own is looked at more closely.
  const layouts = ([16, 32, 64] as const).flatMap((widest) => {
    if (widest > loader.vectorBytes) return [];
    const own = widest === loader.vectorBytes;
    return [
      ...(own ? [1, 16, 17, 64, 100, 128, 260] : [17, 100]).map((b) => layout(widest, "f32", b)),
      ...(own ? [3, 17, 128] : [100]).map((b) => layout(widest, "f64", b)),
    ];
  });

  const compile = (kernel: string, call: string, widest: VectorBytes) =>
    compileKernel(loader, { kernel, call, widest });

  const sizes = [
    [1, 1, 1],
    [7, 63, 0.5],
    [5, 64, 0.9],
    [9, 65, 0.5],
    [6, 129, 1],
    [12, 300, 0.3],
    [261, 20, 0.5],
    [4, 30, 0],
  ] as const;

  it.each(layouts)("W x by masks and by lists, $widest bytes, $precision, stride $stride", (options) => {
    const { precision, stride, widest } = options;
    const masked = compile(
      printFusedMasked("product", options),
      "product(m + a[0], m + a[1], (const uint32_t *)(m + a[2]), a[3], m + a[4], a[5], a[6])",
      widest,
    );
    const listed = compile(
      printFusedSparse("product", options),
      "product(m + a[0], m + a[1], (const int32_t *)(m + a[2]), (const int32_t *)(m + a[3]), m + a[4], a[5], a[6])",
      widest,
    );
    for (const [rows, columns, density] of sizes) {
      const rng = createRng(rows + columns);
      const w = randomSparse(rows, columns, { density, rng });
      const packed = packSparse(w, { precision, stride });
      const x = random(precision, columns * stride, rng);
      const before = random(precision, rows * stride, rng);
      for (const add of [0, 1]) {
        const expected = Float64Array.from(before, (value) => add * value);
        for (let i = 0; i < rows; i++) {
          for (let k = w.rowStart[i]; k < w.rowStart[i + 1]; k++) {
            for (let b = 0; b < stride; b++)
              expected[i * stride + b] += packed.values[k] * x[w.column[k] * stride + b];
          }
        }
        const memory = new Memory();
        const [from, weights] = [memory.place(x), memory.place(packed.values)];
        const masks = columnMasks(packed, w, options);
        expect(masks === undefined).toBe(w.values.length < 4 * rows * Math.ceil(columns / 64));
        if (masks) {
          const out = memory.place(before);
          const records = memory.place(masks.records);
          masked(memory, [out, from, records, masks.blocks, weights, rows, add]);
          expect(worst(memory.read(precision, out, before.length), expected)).toBeLessThan(
            tolerance(precision),
          );
        }
        const out = memory.place(before);
        listed(memory, [
          out,
          from,
          memory.place(packed.rowStart),
          memory.place(packed.column),
          weights,
          rows,
          add,
        ]);
        expect(worst(memory.read(precision, out, before.length), expected)).toBeLessThan(
          tolerance(precision),
        );
      }
    }
  });

  it.each(layouts)("d xᵀ at the entries, $widest bytes, $precision, stride $stride", (options) => {
    const { precision, stride, widest } = options;
    const outer = compile(
      printFusedSparseOuter("outer", options),
      "outer(m + a[0], m + a[1], m + a[2], (const int32_t *)(m + a[3]), (const int32_t *)(m + a[4]), a[5], a[6], a[7], a[8])",
      widest,
    );
    const masked = compile(
      printFusedMaskedOuter("outer", options),
      "outer(m + a[0], m + a[1], m + a[2], (const uint32_t *)(m + a[3]), a[4], a[5], a[6], a[7], a[8])",
      widest,
    );
    for (const [rows, columns, density] of sizes) {
      for (const steps of rows < 100 ? [2, 11] : [3]) {
        const rng = createRng(rows + columns + steps);
        const w = randomSparse(rows, columns, { density, rng });
        const packed = packSparse(w, { precision, stride });
        // Rows of other things between the steps.
        const [dPitch, xPitch] = [(rows + 1) * stride, (columns + 2) * stride];
        const d = random(precision, steps * dPitch, rng);
        const x = random(precision, steps * xPitch, rng);
        const before = random(precision, w.values.length, rng);
        const expected = Float64Array.from(before);
        for (let i = 0; i < rows; i++) {
          for (let k = w.rowStart[i]; k < w.rowStart[i + 1]; k++) {
            for (let t = 0; t < steps; t++) {
              for (let b = 0; b < stride; b++)
                expected[k] += d[t * dPitch + i * stride + b] * x[t * xPitch + w.column[k] * stride + b];
            }
          }
        }
        const memory = new Memory();
        const [from, sources] = [memory.place(d), memory.place(x)];
        const bytes = elementBytes(precision);
        const series = [rows, steps, dPitch * bytes, xPitch * bytes];
        const check = (out: number) => {
          const off = worst(memory.read(precision, out, before.length), expected);
          expect(off).toBeLessThan(Math.sqrt(steps * stride) * tolerance(precision));
        };
        const out = memory.place(before);
        const structure = [memory.place(packed.rowStart), memory.place(packed.column)];
        outer(memory, [out, from, sources, ...structure, ...series]);
        check(out);
        const masks = columnMasks(packed, w, options);
        if (!masks) continue;
        const other = memory.place(before);
        const records = [memory.place(masks.records), masks.blocks];
        masked(memory, [other, from, sources, ...records, ...series]);
        check(other);
      }
    }
  });

  it("values of a sparse Wᵀ", () => {
    const rng = createRng(3);
    const w = randomSparse(37, 70, { density: 0.4, rng });
    const { values: order } = transpose({ ...w, values: w.values.map((_, k) => k) });
    const options = { precision: "f64", stride: 4, widest: 16 } as const;
    const reorder = compile(printReorder("reorder", options), "reorder(m + a[0], m + a[1], a + 3, a[2])", 16);
    const memory = new Memory();
    const out = memory.place(new Float64Array(w.values.length));
    reorder(memory, [out, memory.place(w.values), w.values.length, ...order]);
    expect(memory.read("f64", out, w.values.length)).toEqual(transpose(w).values);
  });
});
