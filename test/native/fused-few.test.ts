/** @file The products of training as C for a few instances, and dense outer products, beside plain loops. */

import { expect, it } from "vitest";
import type { VectorBytes } from "../../src/compiler/index.ts";
import { createRng } from "../../src/core/index.ts";
import {
  aheadLength,
  areFew,
  areTakenAhead,
  elementBytes,
  type Precision,
  printAheadOfStep,
  printFusedAhead,
  printFusedFew,
  printFusedFewBack,
  printFusedOuter,
} from "../../src/engine/kernels/index.ts";
import { compileKernel, Memory, random, tolerance, worst } from "./kernel-memory.ts";
import { describeNative } from "./native.ts";

describeNative("products of training in C, a few instances", (loader) => {
  const layouts = (cases: [Precision, number][]) =>
    cases.map(([precision, instances]) => ({
      widest: loader.vectorBytes,
      precision,
      instances,
      stride: 4 * Math.ceil(instances / 4),
    }));
  const compile = (kernel: string, call: string, widest: VectorBytes) =>
    compileKernel(loader, { kernel, call, widest });

  it("are few as long as they fill no more than half a vector", () => {
    const few = (precision: Precision, stride: number, widest: VectorBytes) =>
      areFew({ precision, stride, instances: stride, widest });
    expect([few("f32", 4, 64), few("f32", 8, 64), few("f32", 12, 64), few("f32", 4, 16)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([few("f64", 4, 64), few("f64", 8, 64), few("f64", 4, 32)]).toEqual([true, false, false]);
  });

  const few = layouts([
    ["f32", 1],
    ["f32", 3],
    ["f32", 7],
    ["f64", 1],
    ["f64", 4],
  ]);

  it.each(few)("W x and Wᵀ d, $precision, $instances instances", (options) => {
    const { precision, stride, instances, widest } = options;
    const product = compile(
      printFusedFew("product", options),
      "product(m + a[0], m + a[1], m + a[2], a[3], a[4], a[5])",
      widest,
    );
    const back = compile(
      printFusedFewBack("back", options),
      "back(m + a[0], m + a[1], m + a[2], a[3], a[4])",
      widest,
    );
    for (const [rows, columns] of [
      [1, 1],
      [3, 15],
      [9, 16],
      [17, 33],
      [10, 1024],
      [6, 1029],
      [1030, 5],
    ]) {
      const rng = createRng(rows + columns);
      const weights = random(precision, rows * columns, rng);
      // What the instances behind the last hold must not matter.
      const x = random(precision, columns * stride, rng);
      const d = random(precision, rows * stride, rng);
      const before = {
        out: random(precision, rows * stride, rng),
        back: random(precision, columns * stride, rng),
      };
      for (const add of [0, 1]) {
        const forward = Float64Array.from(before.out, (value, k) =>
          k % stride < instances ? add * value : 0,
        );
        const backward = Float64Array.from(before.back);
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            for (let b = 0; b < instances; b++) {
              forward[i * stride + b] += weights[i * columns + j] * x[j * stride + b];
              backward[j * stride + b] += weights[i * columns + j] * d[i * stride + b];
            }
          }
        }
        const memory = new Memory();
        const w = memory.place(weights);
        const out = memory.place(before.out);
        product(memory, [out, memory.place(x), w, rows, columns, add]);
        const got = memory.read(precision, out, forward.length);
        expect(
          worst(
            got.filter((_, k) => add === 0 || k % stride < instances),
            forward.filter((_, k) => add === 0 || k % stride < instances),
          ),
        ).toBeLessThan(30 * tolerance(precision));
        const into = memory.place(before.back);
        back(memory, [into, memory.place(d), w, rows, columns]);
        expect(worst(memory.read(precision, into, backward.length), backward)).toBeLessThan(
          30 * tolerance(precision),
        );
      }
    }
  });

  it.each(few)("W x of many steps, $precision, $instances instances", (options) => {
    const { precision, stride, instances, widest } = options;
    const product = compile(
      printFusedAhead("product", options),
      "product(m + a[0], m + a[1], m + a[2], a[3], a[4], a[5], a[6])",
      widest,
    );
    const ofStep = compile(printAheadOfStep("place", options), "place(m + a[0], m + a[1], a[2])", widest);
    for (const [rows, columns, steps] of [
      [1, 1, 1],
      [7, 2, 9],
      [16, 4, 8],
      [35, 3, 11],
      [20, 16, 3],
    ].filter(([, columns]) => areTakenAhead(columns, options))) {
      const rng = createRng(rows + columns + steps);
      const xPitch = (columns + 2) * stride;
      const x = random(precision, steps * xPitch, rng);
      const weights = random(precision, rows * columns, rng);
      const memory = new Memory();
      const bytes = elementBytes(precision);
      const length = aheadLength(rows, options);
      // What lay there before must not matter.
      const sums = memory.place(random(precision, steps * length, rng));
      product(memory, [sums, memory.place(x), memory.place(weights), rows, columns, steps, xPitch * bytes]);
      for (let t = 0; t < steps; t++) {
        const before = random(precision, rows * stride, rng);
        const expected = Float64Array.from(before);
        for (let i = 0; i < rows; i++) {
          for (let b = 0; b < instances; b++) {
            expected[i * stride + b] = 0;
            for (let j = 0; j < columns; j++)
              expected[i * stride + b] += weights[i * columns + j] * x[t * xPitch + j * stride + b];
          }
        }
        const out = memory.place(before);
        ofStep(memory, [out, sums + t * length * bytes, rows]);
        expect(worst(memory.read(precision, out, before.length), expected)).toBeLessThan(
          Math.sqrt(columns) * 8 * tolerance(precision),
        );
      }
    }
  });

  const outers = layouts([
    ["f32", 1],
    ["f32", 3],
    ["f32", 16],
    ["f32", 17],
    ["f32", 100],
    ["f64", 1],
    ["f64", 10],
  ]);

  it.each(outers)("d xᵀ, dense, $precision, $instances instances", (options) => {
    const { precision, stride, instances, widest } = options;
    const outer = compile(
      printFusedOuter("outer", options),
      "outer(m + a[0], m + a[1], m + a[2], a[3], a[4], a[5], a[6], a[7])",
      widest,
    );
    for (const [rows, columns, steps] of [
      [1, 1, 1],
      [7, 16, 2],
      [8, 33, 3],
      [13, 50, 40],
      [30, 17, 7],
    ]) {
      const rng = createRng(rows + columns + steps);
      const [dPitch, xPitch] = [(rows + 1) * stride, (columns + 2) * stride];
      // Adjoints of instances that are not there are 0.
      const d = random(precision, steps * dPitch, rng).map((value, k) =>
        k % stride < instances ? value : 0,
      );
      const x = random(precision, steps * xPitch, rng);
      const before = random(precision, rows * columns, rng);
      const expected = Float64Array.from(before);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          for (let t = 0; t < steps; t++) {
            for (let b = 0; b < instances; b++)
              expected[i * columns + j] += d[t * dPitch + i * stride + b] * x[t * xPitch + j * stride + b];
          }
        }
      }
      const memory = new Memory();
      const out = memory.place(before);
      const places = [memory.place(d), memory.place(x)];
      const bytes = elementBytes(precision);
      outer(memory, [out, ...places, rows, columns, steps, dPitch * bytes, xPitch * bytes]);
      const scale = Math.sqrt(steps * stride);
      expect(worst(memory.read(precision, out, before.length), expected)).toBeLessThan(
        scale * tolerance(precision),
      );
    }
  });
});
