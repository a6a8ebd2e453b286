import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, toDense } from "../../../core/index.ts";
import { emptyStore, STORE_ADDRESS } from "../../plasticity/test-fixtures.ts";
import { floatArray, type Precision } from "../options.ts";
import { addScatter } from "./scatter.ts";
import { compileOver } from "./test-fixtures.ts";

const cases = (["f64", "f32"] as const).flatMap((precision) =>
  [1, 4, 12].flatMap((stride) => [true, false].map((events) => ({ precision, stride, events }))),
);

/** Σ w x of each post unit, in ascending presynaptic order from what is there; every operation rounded. */
function plainSums(
  precision: Precision,
  { rows, columns, values }: { rows: number; columns: number; values: ArrayLike<number> },
  x: (pre: number) => number,
): number[] {
  const round = precision === "f32" ? Math.fround : (v: number) => v;
  return Array.from({ length: rows }, (_, post) => {
    let sum = 0;
    for (let pre = 0; pre < columns; pre++) {
      const weight = values[post * columns + pre];
      if (weight !== 0) sum = round(sum + round(weight * x(pre)));
    }
    return sum;
  });
}

describe.each(cases)(
  "addScatter $precision, stride $stride, events $events",
  ({ precision, stride, events }) => {
    it("adds the plain sums of one instance, bit for bit, and touches no other", () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 20 }),
          fc.integer({ min: 1, max: 20 }),
          fc.nat(9999),
          (rows, columns, seed) => {
            const rng = createRng(seed);
            const store = emptyStore(rows, columns, { precision });
            // Inserted in any order: the sums must not depend on it.
            for (let k = 0; k < rows * columns; k++) {
              const [post, pre] = [rng.integer(rows), rng.integer(columns)];
              if (!store.has(post, pre)) store.insert(post, pre, [rng.normal()]);
            }
            const instance = rng.integer(stride);
            const x = floatArray(
              precision,
              Array.from({ length: columns * stride }, () => (rng.uniform() < 0.5 ? 0 : rng.normal())),
            );
            const kernel = compileOver(
              store,
              (module) => addScatter(module, "s", { precision, stride, layout: store.layout, events }),
              1 << 16,
            );
            const out = new (x.constructor as typeof Float64Array)(kernel.memory, kernel.free, rows * stride);
            const place = kernel.free + out.byteLength + 64;
            new (x.constructor as typeof Float64Array)(kernel.memory, place, x.length).set(x);
            kernel.run(STORE_ADDRESS, kernel.free, place, instance * x.BYTES_PER_ELEMENT);
            const want = plainSums(precision, toDense(store.weights()), (pre) => x[pre * stride + instance]);
            expect([...out].filter((_, k) => k % stride === instance)).toEqual(want);
            expect([...out].every((v, k) => k % stride === instance || v === 0)).toBe(true);
          },
        ),
        { seed: 3, numRuns: 25 },
      );
    });
  },
);
