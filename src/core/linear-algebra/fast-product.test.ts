import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dense, multiplyVector, toSparse } from "../matrix.ts";
import { createRng } from "../random/rng.ts";
import { fastProduct } from "./fast-product.ts";

describe("fastProduct", () => {
  it("has the bits of the plain product, whatever the density and the number of rows", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 23 }),
        fc.integer({ min: 1, max: 23 }),
        fc.constantFrom(0, 0.2, 0.5, 0.9, 1),
        fc.nat(),
        (rows, columns, density, seed) => {
          const rng = createRng(seed);
          const draw = () => (rng.uniform() < density ? rng.normal() : 0);
          const m = toSparse(dense(rows, columns, Array.from({ length: rows * columns }, draw)));
          const x = Float64Array.from(
            { length: columns },
            () => rng.normal() * (rng.uniform() < 0.2 ? 0 : 1),
          );
          const out = new Float64Array(rows).fill(7);
          fastProduct(m)(x, out);
          const plain = multiplyVector(m, x);
          // Not `toEqual` alone: the sign of a zero is a bit too.
          expect(Array.from(out, (v, i) => Object.is(v, plain[i]))).toEqual(new Array(rows).fill(true));
        },
      ),
    );
  });
});
