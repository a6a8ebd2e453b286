import { describe, expect, it } from "vitest";
import { connectionFraction, synapseLives } from "./measure.ts";

describe("synapseLives", () => {
  it("pairs births with deaths, and leaves out synapses that were there from the start", () => {
    // Step, pair, birth or death: 7 is born, dies, is born again and lives; 9 was there from the start.
    const events = [3, 7, 1, 5, 9, 0, 6, 7, 0, 8, 7, 1, 8, 2, 1, 11, 2, 0];
    expect(synapseLives(events, 20)).toEqual({
      birth: [3, 8, 8],
      death: [6, Number.POSITIVE_INFINITY, 11],
      end: 20,
    });
  });
});

describe("connectionFraction", () => {
  it("counts possible connections without autapses, up to the step at which rules stop", () => {
    const series = connectionFraction([9, 6, 3, 3], { every: 10, units: 4, end: 35 });
    expect([...series.steps]).toEqual([10, 20, 30]);
    expect([...series.fraction]).toEqual([9 / 12, 6 / 12, 3 / 12]);
  });
});
