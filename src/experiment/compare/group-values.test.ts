import { describe, expect, it } from "vitest";
import type { ComparedCell } from "./compared-run.ts";
import { groupMetric, unitsOf } from "./group-values.ts";
import type { ComparedGroup } from "./groups.ts";
import { MOST_IN_ALL_PAIRS, pairTests } from "./pair-tests.ts";

const cell = (unit: string, rate: number, loss?: number): ComparedCell => ({
  unit,
  factors: { network: "empirical", rate },
  metrics: loss === undefined ? {} : { loss },
});
const groupOf = (cells: ComparedCell[]) => ({ cells }) as ComparedGroup;

describe("groupMetric", () => {
  it("is the mean over cells, of repeats that have all of them", () => {
    const whole = [cell("0", 1, 3), cell("0", 2, 5), cell("1", 1, 7), cell("1", 2, 1)];
    expect(groupMetric(groupOf(whole), "loss")).toMatchObject({ values: [4, 4], missing: 0 });
    // A cell without the number, and a cell that left nothing at all: their repeats would be means of something else.
    const holes = [...whole, cell("2", 1, 8), cell("2", 2), cell("3", 2, 9)];
    expect(groupMetric(groupOf(holes), "loss")).toMatchObject({ values: [4, 4], missing: 2 });
    expect(unitsOf(groupOf(holes))).toBe(4);
  });
});

describe("pairTests", () => {
  const samples = (count: number) =>
    Array.from({ length: count }, (_, k) => ({ label: `g${k}`, values: [k, k + 0.5, k + 1] }));

  it("compares all pairs of a few groups, and the first with each of many", () => {
    const pairs = (count: number) => pairTests("loss", samples(count)).map(({ a, b }) => `${a}-${b}`);
    expect(pairs(3)).toEqual(["g0-g1", "g0-g2", "g1-g2"]);
    expect(pairs(MOST_IN_ALL_PAIRS)).toHaveLength((MOST_IN_ALL_PAIRS * (MOST_IN_ALL_PAIRS - 1)) / 2);
    const others = Array.from({ length: MOST_IN_ALL_PAIRS }, (_, k) => `g0-g${k + 1}`);
    expect(pairs(MOST_IN_ALL_PAIRS + 1)).toEqual(others);
  });

  it("leaves groups without values out, and subtracts the second from the first", () => {
    const [test, ...rest] = pairTests("loss", [{ label: "empty", values: [] }, ...samples(2)]);
    expect(rest).toEqual([]);
    expect(test).toMatchObject({ a: "g0", b: "g1", difference: -1 });
  });
});
