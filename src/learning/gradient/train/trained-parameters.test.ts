import { expect, it } from "vitest";
import { findBadNumber } from "./trained-parameters.ts";

it("finds the first number that is not finite, wherever it stands", () => {
  const good = Float64Array.of(1, -1e308, 0, -0, 5e-324, 1e308, 2, 3, 4, 5, 6);
  expect(findBadNumber({ a: good, b: [], c: [0] })).toBeUndefined();
  for (const value of [NaN, Infinity, -Infinity]) {
    for (let index = 0; index < good.length; index++) {
      const bad = Float64Array.from(good, (x, k) => (k === index ? value : x));
      expect(findBadNumber({ a: good, b: bad })).toEqual({ name: "b", index, value });
      bad.fill(NaN, index + 1);
      expect(findBadNumber({ b: bad, c: [NaN] })).toEqual({ name: "b", index, value });
    }
  }
});
