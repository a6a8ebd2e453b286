import { describe, expect, it } from "vitest";
import type { SettingsSummary } from "../src/experiment/index.ts";
import { printSummary } from "./run-output.ts";

const of = (mean: number, spread: number | null = null, count = 3) => ({ mean, spread, count });
const TRAINED: SettingsSummary = {
  heads: { setting: "setting", repeats: "repeats" },
  columns: [
    { metric: "minimumLoss", head: "Lowest loss", meaning: "of a validation", kind: "number" },
    { metric: "testFractionCorrect", head: "Test correct", meaning: "in fresh trials", kind: "percent" },
    { metric: "updatesToTarget", head: "To target", meaning: "updates until then", kind: "count" },
    { metric: "seconds", head: "Time", meaning: "of a repeat", kind: "seconds" },
  ],
  settings: [
    {
      name: "learning rate 0.01",
      repeats: { done: 3, all: 3 },
      values: [of(0.0412, 0.0031), of(0.857, 0.0204), of(212.5, 17.7, 2), of(75.3, 2)],
    },
    {
      name: "learning rate 10³⁰",
      repeats: { done: 0, all: 3 },
      values: Array.from({ length: 4 }, () => of(Number.NaN, null, 0)),
    },
  ],
};

function printed(summary: SettingsSummary, columns: number): string {
  let out = "";
  printSummary(summary, {
    columns,
    write: (text) => {
      out += text;
    },
  });
  return out;
}

describe("the table at the end of a training", () => {
  it("says of how many repeats a number is, with its digits and unit", () => {
    expect(printed(TRAINED, 120)).toMatchInlineSnapshot(`
      "  setting              repeats       Lowest loss   Test correct           To target   Time
        learning rate 0.01         3   0.0412 ± 0.0031   85.7 ± 2.0 %   213 ± 18 (2 of 3)   75 s
        learning rate 10³⁰    0 of 3                 –              –                   –      –
        Lowest loss: of a validation; Test correct: in fresh trials; To target: updates until then; Time: of a repeat; ±
        standard deviation over repeats

      "
    `);
  });

  it("leaves out what a narrow terminal does not hold, and that alone", () => {
    const narrow = printed(TRAINED, 80);
    expect(narrow).not.toContain("To target");
    expect(narrow).toMatch(/Test correct +Time\n/);
    for (const line of narrow.split("\n")) expect(line.length).toBeLessThan(80);
  });

  it("speaks of a spread only where there is one", () => {
    const one = TRAINED.settings.map((setting) => ({
      ...setting,
      values: setting.values.map(({ mean }) => of(mean)),
    }));
    expect(printed({ ...TRAINED, settings: one }, 80)).not.toContain("±");
  });

  it("says so where nothing gave a result", () => {
    expect(printed({ ...TRAINED, settings: [] }, 80)).toBe("No job gave a result.\n\n");
  });
});
