import { describe, expect, it } from "vitest";
import { type FloatArray, floatArray, type ReductionKind } from "./options.ts";
import { addReduction } from "./reduction.ts";
import { referenceReduction } from "./reference.ts";
import { compile, oneInstance, randomStates } from "./test-fixtures.ts";

const kinds: ReductionKind[] = ["sum", "mean", "min", "max"];
const precisions = ["f64", "f32"] as const;

function reduce(x: FloatArray, kind: ReductionKind, stride: number, neurons = x.length / stride): FloatArray {
  const precision = x instanceof Float64Array ? "f64" : "f32";
  const run = compile((module) => addReduction(module, { precision, stride, kind }));
  return run([floatArray(precision, stride), x], neurons);
}

describe.each(precisions)("addReduction %s", (precision) => {
  it.each(kinds)("%s has the bits of the plain loop for every stride", (kind) => {
    for (const stride of [1, 4, 12, 36]) {
      for (const wild of [false, true]) {
        const x = randomStates(precision, 33 * stride, { seed: stride, wild });
        const want = floatArray(precision, stride);
        referenceReduction({ precision, stride, kind })(want, x, 33);
        expect(reduce(x, kind, stride)).toEqual(want);
      }
    }
  });

  it.each(kinds)("%s does not depend on the stride", (kind) => {
    const x = randomStates(precision, 40 * 12, { seed: 9 });
    const wide = reduce(x, kind, 12);
    for (let b = 0; b < 12; b++) expect(reduce(oneInstance(x, 12, b), kind, 1, 40)[0]).toBe(wide[b]);
  });

  it.each(kinds)("%s is the textbook's on small whole numbers", (kind) => {
    const x = floatArray(precision, [3, -1, 4, 2]);
    expect(reduce(x, kind, 1)[0]).toBe({ sum: 8, mean: 2, min: -1, max: 4 }[kind]);
  });

  it("lets NaN win, and puts -0 below +0", () => {
    for (const kind of ["min", "max"] as const) {
      expect(reduce(floatArray(precision, [1, NaN, -1]), kind, 1)[0]).toBeNaN();
      const zeros = floatArray(precision, [0, -0, -0, 0]);
      expect(reduce(zeros, kind, 1)[0]).toBe(kind === "min" ? -0 : 0);
    }
  });

  it("has an answer for no neurons", () => {
    const none = floatArray(precision, 0);
    expect(kinds.map((kind) => reduce(none, kind, 1, 0)[0])).toEqual([0, NaN, Infinity, -Infinity]);
  });

  it("refuses strides without a layout", () => {
    expect(() => reduce(floatArray(precision, 5), "sum", 5)).toThrow(
      "addReduction: stride must be 1 or a multiple of 4, got 5.",
    );
  });
});
