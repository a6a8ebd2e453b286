import { describe, expect, it } from "vitest";
import { createRng } from "../core/index.ts";
import { memoryCapacity } from "./memory-capacity.ts";
import { correlation } from "./scores.ts";

describe("memoryCapacity", () => {
  it("sums r² after Jaeger and |r| after conn2res", () => {
    const capacity = memoryCapacity([1, -0.5, 0.25]);
    expect(capacity.jaeger).toBe(1 + 0.25 + 0.0625);
    expect(capacity.absolute).toBe(1.75);
    expect([...capacity.forgettingCurve]).toEqual([1, 0.25, 0.0625]);
    expect(capacity.chance).toBeUndefined();
  });

  it("states the capacity that chance alone gives", () => {
    const few = memoryCapacity([1, 0, 0], { testSteps: 11 }).chance!;
    expect(few.jaeger).toBeCloseTo(0.3, 15);
    expect(few.absolute).toBeCloseTo(3 * Math.sqrt(0.2 / Math.PI), 15);
    const rng = createRng(5);
    const testSteps = 60;
    const white = () => Float64Array.from({ length: testSteps }, () => rng.uniform());
    const r = Array.from({ length: 4000 }, () => correlation(white(), white()));
    const { jaeger, absolute, chance } = memoryCapacity(r, { testSteps });
    // Standard errors are 2 % and 1.2 % of the sums.
    expect(Math.abs(jaeger / chance!.jaeger - 1)).toBeLessThan(0.08);
    expect(Math.abs(absolute / chance!.absolute - 1)).toBeLessThan(0.05);
  });

  it("refuses what is no correlation", () => {
    expect(() => memoryCapacity([0.5, NaN])).toThrow(
      "memoryCapacity: r of delay 2 must be from -1 to 1, got NaN. Score a constant prediction as r = 0, and check that the run did not diverge.",
    );
    expect(() => memoryCapacity([0.5], { testSteps: 1 })).toThrow(
      "memoryCapacity: testSteps must be 2 or more, got 1",
    );
  });
});
