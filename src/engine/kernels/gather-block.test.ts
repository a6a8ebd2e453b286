import { describe, expect, it } from "vitest";
import { gatherBlock } from "./gather-block.ts";

// Each value names its place: time, neuron, instance.
const [steps, neurons, stride] = [11, 3, 4];
const record = Float64Array.from(
  { length: steps * neurons * stride },
  (_, k) => 100 * Math.floor(k / 12) + 10 * (Math.floor(k / 4) % 3) + (k % 4),
);

describe("gatherBlock", () => {
  it("puts time innermost for one instance and chosen units, in the order asked for", () => {
    const out = new Float64Array(2 * 16).fill(-1);
    gatherBlock(record, { neurons, stride, instance: 3, units: Int32Array.of(2, 0), steps }, out);
    expect([...out.slice(0, 16)]).toEqual([
      ...Array.from({ length: 11 }, (_, t) => 100 * t + 23),
      ...Array(5).fill(-1),
    ]);
    expect([...out.slice(16, 27)]).toEqual(Array.from({ length: 11 }, (_, t) => 100 * t + 3));
  });

  it("takes all units by default, of f32 records too", () => {
    const out = gatherBlock(
      Float32Array.from(record),
      { neurons, stride, instance: 0, steps: 2 },
      new Float64Array(6),
    );
    expect([...out]).toEqual([0, 100, 10, 110, 20, 120]);
  });

  const options = { neurons, stride, instance: 0, steps };
  it.each([
    [
      { steps: 12 },
      36,
      "a record of 132 values does not hold 12 steps × 3 neurons × 4 instances. Lower steps",
    ],
    [{ instance: 4 }, 33, "instance 4 is not one of 0 … 3. Instances count from 0."],
    [{ units: Int32Array.of(3) }, 11, "unit 3 is not one of 0 … 2. Units count from 0."],
    [
      {},
      32,
      "out of 32 values is not 3 rows of at least 11. Give out a length of units × block, block ≥ steps.",
    ],
    [{}, 30, "out of 30 values is not 3 rows of at least 11."],
  ])("refuses %j", (change, room, message) => {
    expect(() => gatherBlock(record, { ...options, ...change }, new Float64Array(room))).toThrow(
      `gatherBlock: ${message}`,
    );
  });
});
