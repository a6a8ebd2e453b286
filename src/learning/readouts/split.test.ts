import { describe, expect, it } from "vitest";
import { splitSteps } from "./split.ts";

describe("splitSteps", () => {
  it("cuts at ⌊fraction · steps⌋ of what the washout leaves, drops the washout before training and the gap before the test", () => {
    expect(splitSteps(30)).toEqual({ train: { start: 0, end: 21 }, test: { start: 21, end: 30 } });
    expect(splitSteps(11, { trainFraction: 0.5, washout: 2, gap: 3 })).toEqual({
      train: { start: 2, end: 6 },
      test: { start: 9, end: 11 },
    });
  });

  it.each([
    [
      10,
      { washout: 9 },
      "washout (9) leaves no training steps of 10. Lower washout, raise trainFraction, or run longer.",
    ],
    [10, { gap: 3 }, "gap (3) leaves none of the 3 test steps. Lower gap or trainFraction, or run longer."],
    [1, {}, "washout (0) leaves no training steps of 1."],
    [10, { trainFraction: 1 }, "trainFraction must lie between 0 and 1, got 1. For example 0.7."],
    [10, { trainFraction: NaN }, "trainFraction must lie between 0 and 1, got NaN."],
    [9.5, {}, "steps must be a whole number of steps ≥ 0, got 9.5"],
    [10, { washout: -1 }, "washout must be a whole number of steps ≥ 0, got -1"],
    [10, { gap: 0.5 }, "gap must be a whole number of steps ≥ 0, got 0.5"],
  ])("refuses %d steps with %j", (steps, options, message) => {
    expect(() => splitSteps(steps, options)).toThrow(`splitSteps: ${message}`);
  });
});
