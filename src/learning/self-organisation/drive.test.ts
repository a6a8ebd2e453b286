import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { countingTask, toDrive } from "../../tasks/index.ts";
import { symbolDrive } from "./drive.ts";

describe("symbolDrive", () => {
  const rng = createRng(1).stream("input");
  const drive = symbolDrive((piece, stream) => countingTask({ n: 5, ...piece }, stream), {
    rng,
    input: "letters",
  });
  const whole = toDrive(countingTask({ n: 5, steps: 30_000 }, createRng(1).stream("input")));

  it("gives the steps asked for, in any order and across its own pieces", () => {
    for (const [first, steps] of [
      [0, 10],
      [8190, 4],
      [100, 20_000],
      [29_990, 10],
      [3, 1],
    ]) {
      const { letters } = drive(first, steps);
      expect(letters).toHaveLength(steps * 6);
      expect(Array.from(letters).findIndex((v, k) => v !== whole[first * 6 + k])).toBe(-1);
    }
  });
});
