import { describe, expect, it } from "vitest";
import { learningNumbers } from "./learning-numbers.ts";

const updates = [10, 20, 30, 40, 50];

describe("learningNumbers", () => {
  it("finds the minimum, where it was, and when the loss came within 1 % of the range", () => {
    expect(learningNumbers({ updates, values: [1, 0.109, 0.108, 0.1, 0.5] })).toEqual({
      minimumLoss: 0.1,
      updateOfMinimum: 40,
      updateNearMinimum: 20,
    });
  });

  it("takes the first of equal minima and passes over what is no number", () => {
    expect(learningNumbers({ updates, values: [Number.NaN, 3, 2, 2, Number.POSITIVE_INFINITY] })).toEqual({
      minimumLoss: 2,
      updateOfMinimum: 30,
      updateNearMinimum: 30,
    });
  });

  it("does not look beyond an update", () => {
    expect(learningNumbers({ updates, values: [5, 4, 3, 2, 1] }, 30).minimumLoss).toBe(3);
    expect(learningNumbers({ updates, values: [5, 4, 3, 2, 1] }, 5).minimumLoss).toBeNaN();
  });
});
