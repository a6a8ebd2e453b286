import { describe, expect, it } from "vitest";
import { groupValues } from "./group-values.ts";

const group = (label: string, values: number[], [q25, median, q75]: number[]) => ({
  label,
  values,
  q25,
  median,
  q75,
});

describe("groupValues", () => {
  it("draws a dot for each value, a box for each group, and says it in words", async () => {
    const svg = await groupValues(
      [group("bio", [1, 2, 3, 4], [1.75, 2.5, 3.25]), group("random", [2, 4, Number.NaN], [2.5, 3, 3.5])],
      { xLabel: "Minimum loss" },
    );
    expect(svg.match(/<circle/g)).toHaveLength(6);
    expect(svg.match(/aria-label="quartiles"/g)).toHaveLength(2);
    expect(svg).toContain("Minimum loss: bio median 2.50, quartiles 1.75 to 3.25; random median 3.00");
  });

  it("leaves out what a logarithmic axis lacks", async () => {
    const svg = await groupValues([group("a", [0, 0.001, 0.1], [0.0005, 0.001, 0.05])], { log: true });
    expect(svg.match(/<circle/g)).toHaveLength(2);
    expect(svg).not.toContain("NaN");
  });

  it("draws a single value without a box, and equal values", async () => {
    expect(await groupValues([group("a", [5], [5, 5, 5])])).not.toContain('quartiles"');
    expect(await groupValues([group("a", [5, 5], [5, 5, 5])])).toContain('quartiles"');
  });

  it("refuses no groups, and groups without values", async () => {
    await expect(groupValues([])).rejects.toThrow("there is no group to draw");
    await expect(
      groupValues([group("a", [Number.NaN], [Number.NaN, Number.NaN, Number.NaN])]),
    ).rejects.toThrow("no finite value to draw");
  });
});
