import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { memoryCapacityTask } from "./memory-capacity.ts";

describe("memoryCapacityTask", () => {
  it("wants at step t the input of step t − k, and a drawn one from before the first step", () => {
    const { input, target, outputs, steps, outputNames } = memoryCapacityTask({
      steps: 50,
      maxDelay: 7,
      rng: createRng(3),
    });
    expect(outputs).toBe(7);
    expect(input.length).toBe(50);
    expect(outputNames[6]).toBe("delay 7");
    for (let t = 0; t < steps; t++)
      for (let k = 1; k <= outputs; k++) if (t >= k) expect(target[t * outputs + k - 1]).toBe(input[t - k]);
    // The history too is one series: delay k at step t is delay k + 1 at step t + 1.
    for (let k = 1; k < 7; k++) expect(target[k - 1]).toBe(target[outputs + k]);
    expect(new Set(target.slice(0, 7)).size).toBe(7);
  });

  it("draws uniformly from low to high", () => {
    const { input, steps } = memoryCapacityTask({
      steps: 20_000,
      maxDelay: 1,
      low: 2,
      high: 5,
      rng: createRng(1),
    });
    const mean = input.reduce((a, b) => a + b) / steps;
    const variance = input.reduce((a, b) => a + (b - mean) ** 2, 0) / steps;
    expect(Math.min(...input)).toBeGreaterThanOrEqual(2);
    expect(Math.max(...input)).toBeLessThanOrEqual(5);
    expect(Math.abs(mean - 3.5)).toBeLessThan(0.025); // 4 standard errors
    expect(Math.abs(variance - 9 / 12)).toBeLessThan(0.02);
  });

  it("is the same series for the same stream and another one for another seed", () => {
    const task = (seed: number) => memoryCapacityTask({ steps: 5, maxDelay: 2, rng: createRng(seed) }).input;
    expect(task(1)).toEqual(task(1));
    expect(task(1)).not.toEqual(task(2));
  });

  it("with compat conn2res starts 30 draws in", () => {
    const options = { steps: 6, maxDelay: 3 };
    const rng = createRng(9);
    const draws = Array.from({ length: 40 }, () => -1 + 2 * rng.uniform());
    const task = memoryCapacityTask({ ...options, rng: createRng(9), compat: "conn2res" });
    expect([...task.input]).toEqual(draws.slice(30, 36));
    expect([...memoryCapacityTask({ ...options, rng: createRng(9) }).input]).toEqual(draws.slice(3, 9));
  });

  it.each([
    [{ steps: 0 }, "memoryCapacityTask: steps must be a whole number ≥ 1, got 0"],
    [{ steps: 5, maxDelay: 1.5 }, "memoryCapacityTask: maxDelay must be a whole number ≥ 1, got 1.5"],
    [{ steps: 5, low: 1, high: 1 }, "memoryCapacityTask: low must be below high, got low 1 and high 1"],
    [
      { steps: 5, maxDelay: 31, compat: "conn2res" as const },
      "sliceHorizons: window must be a whole number ≥ the largest horizon (31), got 30. Set window to 31 or more.",
    ],
  ])("refuses %j", (options, message) => {
    expect(() => memoryCapacityTask({ ...options, rng: createRng(1) })).toThrow(message);
  });
});
