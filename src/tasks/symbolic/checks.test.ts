import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { checkBetween, checkProbabilities, drawIndex } from "./checks.ts";

const largest = 1 - 2 ** -53;

describe("drawIndex", () => {
  it.each([
    [[0.25, 0.5, 0.25], 0, 0],
    [[0.25, 0.5, 0.25], 0.2499, 0],
    [[0.25, 0.5, 0.25], 0.25, 1],
    [[0.25, 0.5, 0.25], 0.7499, 1],
    [[0.25, 0.5, 0.25], 0.75, 2],
    [[0, 1, 0], 0, 1],
    [[0, 1, 0], largest, 1],
    // Ten tenths sum to less than 1; the rest belongs to the last choice that has any chance.
    [[...Array(10).fill(0.1), 0], largest, 9],
  ])("of %j at %d is %d", (p, u, wanted) => {
    expect(drawIndex(p, { ...createRng(1), uniform: () => u })).toBe(wanted);
  });
});

describe("checks", () => {
  it("let through what is legal", () => {
    checkProbabilities("test", [1 / 3, 1 / 3, 1 / 3], 3);
    checkBetween("test", "p", 1, [0, 1]);
    expect(() => checkBetween("test", "p", Number.NaN, [0, 1])).toThrow(
      "test: p must be from 0 to 1, got NaN",
    );
    expect(() => checkProbabilities("test", [Number.NaN], 1)).toThrow("test: probability 0 is NaN");
  });
});
