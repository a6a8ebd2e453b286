import { describe, expect, it } from "vitest";
import type { SettingsSummary } from "../src/experiment/index.ts";
import { printSummary } from "./run-output.ts";

const of = (mean: number, spread: number | null = null, count = 3) => ({ mean, spread, count });
const TRAINED: SettingsSummary = {
  heads: { names: ["learning rate"], repeats: "repeats" },
  order: "Lowest loss",
  columns: [
    { metric: "minimumLoss", head: "Lowest loss", meaning: "of a validation", kind: "number", isMain: true },
    {
      metric: "testFractionCorrect",
      head: "Test correct",
      meaning: "in fresh trials",
      kind: "percent",
      isMain: true,
    },
    { metric: "updatesToTarget", head: "To target", meaning: "updates until then", kind: "count" },
    { metric: "seconds", head: "Time", meaning: "of a repeat", kind: "seconds" },
  ],
  settings: [
    {
      names: ["0.01"],
      ...{ repeats: 3, diverged: 0, failed: 0 },
      values: [of(0.0412, 0.0031), of(0.857, 0.0204), of(212.5, 17.7, 2), of(75.3, 2)],
    },
    {
      names: ["10³⁰"],
      ...{ repeats: 0, diverged: 2, failed: 1 },
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

/** As of bio_rnn_mem: learning rate × nonlinearity × optimiser × difficulty × topology, each cell worse than the last. */
const GRID: SettingsSummary = {
  heads: { names: ["learning rate", "activation", "optimiser", "n", "topology"], repeats: "repeats" },
  order: "Lowest loss",
  columns: [
    ...TRAINED.columns.slice(0, 1),
    { metric: "updateOfMinimum", head: "at update", meaning: "of it", kind: "count", isMain: true },
    ...TRAINED.columns.slice(1),
  ],
  settings: [0.001, 0.0001, 0.00001].flatMap((rate, a) =>
    ["relu", "tanh"].flatMap((activation, b) =>
      ["adam", "rmsprop"].flatMap((optimiser, c) =>
        [1, 2, 4].flatMap((n, d) =>
          ["empirical", "random"].map((topology, e) => {
            const rank = (((a * 2 + b) * 2 + c) * 3 + d) * 2 + e;
            const values = [of(0.01 + rank / 100, 0.002), of(300, 35.4), of(0.9 - rank / 200, 0.014)];
            return {
              names: [String(rate), activation, optimiser, String(n), topology],
              ...{ repeats: rank % 7 === 3 ? 2 : 3, diverged: rank % 7 === 3 ? 1 : 0, failed: 0 },
              values: [...values, of(Number.NaN, null, 0), of(75.3, 2)],
            };
          }),
        ),
      ),
    ),
  ),
};

/** Heads, and a few rows. */
const start = (text: string) => text.split("\n").slice(0, 6).join("\n");

describe("the table at the end of a training", () => {
  it("says of how many repeats a number is, with its digits and unit, and what became of the others", () => {
    expect(printed(TRAINED, 120)).toMatchInlineSnapshot(`
      "  learning rate   repeats   diverged   failed       Lowest loss   Test correct           To target   Time
                 0.01         3                       0.0412 ± 0.0031   85.7 ± 2.0 %   213 ± 18 (2 of 3)   75 s
                 10³⁰         0          2        1                 –              –                   –      –
        best first by Lowest loss; Lowest loss: of a validation; Test correct: in fresh trials; To target: updates until
        then; Time: of a repeat; ± standard deviation over repeats

      "
    `);
  });

  it("tells the cells of a grid of many factors apart, in 80 columns", () => {
    expect(start(printed(GRID, 80))).toMatchInlineSnapshot(`
      "  learning                                             Lowest      at     Test
            rate  activation  optimiser  n  topology   done    loss  update  correct
           0.001  relu        adam       1  empirical   3/3  0.0100     300   90.0 %
           0.001  relu        adam       1  random      3/3  0.0200     300   89.5 %
           0.001  relu        adam       2  empirical   3/3  0.0300     300   89.0 %
           0.001  relu        adam       2  random      2/3  0.0400     300   88.5 %"
    `);
  });

  it("has standard deviations, and what diverged by itself, in 120 columns", () => {
    expect(start(printed(GRID, 120))).toMatchInlineSnapshot(`
      "  learning                                                                                 at                    To
            rate  activation  optimiser  n  topology   repeats  diverged      Lowest loss    update  Test correct  target
           0.001  relu        adam       1  empirical        3            0.0100 ± 0.0020  300 ± 35  90.0 ± 1.4 %       –
           0.001  relu        adam       1  random           3            0.0200 ± 0.0020  300 ± 35  89.5 ± 1.4 %       –
           0.001  relu        adam       2  empirical        3            0.0300 ± 0.0020  300 ± 35  89.0 ± 1.4 %       –
           0.001  relu        adam       2  random           2         1  0.0400 ± 0.0020  300 ± 35  88.5 ± 1.4 %       –"
    `);
  });

  it("shows thirty rows of a large grid, and says where all are", () => {
    const lines = printed(GRID, 120).split("\n");
    expect(lines.filter((line) => /relu|tanh/.test(line))).toHaveLength(30);
    expect(lines).toContain("  … and 42 more rows: all are in report.html, and in metrics.parquet");
    const thirty = { ...GRID, settings: GRID.settings.slice(0, 30) };
    expect(printed(thirty, 120)).not.toContain("more row");
    const one = { ...GRID, settings: GRID.settings.slice(0, 31) };
    expect(printed(one, 120)).toContain("… and 1 more row: ");
  });

  it.each([GRID, TRAINED])(
    "is never wider than the terminal, and leaves out columns from the last on",
    (of) => {
      const heads = [...of.heads.names, ...of.columns.map(({ head }) => head)];
      let before = 0;
      for (let columns = 36; columns <= 200; columns += 4) {
        const text = printed(of, columns);
        const [table] = text.split(/^ {2}(?:… and|best first)/m);
        for (const line of table.split("\n")) expect(line.length).toBeLessThan(columns);
        const left = /(\d+) columns? left out at this width: (.+)$/m.exec(text.replaceAll("\n  ", " "));
        const names = left ? left[2].split(", ") : [];
        expect(names).toHaveLength(Number(left?.[1] ?? 0));
        // Names go after all numbers but one.
        const shown = heads.filter((head) => !names.includes(head));
        const isPrefix = (own: string[], all: string[]) => own.every((head, k) => head === all[k]);
        const [namesShown, numbersShown] = [true, false].map((isName) =>
          shown.filter((head) => of.heads.names.includes(head) === isName),
        );
        expect(isPrefix(namesShown, [...of.heads.names])).toBe(true);
        expect(isPrefix(numbersShown, heads.slice(of.heads.names.length))).toBe(true);
        expect(numbersShown.length).toBeGreaterThan(0);
        if (namesShown.length < of.heads.names.length) expect(numbersShown).toHaveLength(1);
        if (columns === 36) before = shown.length;
      }
      expect(before).toBeLessThan(heads.length);
      expect(printed(of, 200)).not.toContain("left out");
    },
  );

  it("cuts values that are whole pieces of a file", () => {
    const long = '{"name":"n-back","n":2,"length":100}';
    const [setting] = TRAINED.settings;
    const text = printed({ ...TRAINED, settings: [{ ...setting, names: [long] }] }, 120);
    expect(text).toContain('{"name":"n-back","n":2,…  ');
  });

  it("speaks of a spread only where there is one", () => {
    const one = TRAINED.settings.map((setting) => ({
      ...setting,
      values: setting.values.map(({ mean, count }) => of(mean, null, count)),
    }));
    expect(printed({ ...TRAINED, settings: one }, 80)).not.toContain("±");
  });

  it("says so where nothing gave a result", () => {
    expect(printed({ ...TRAINED, settings: [] }, 80)).toBe("No job gave a result.\n\n");
  });
});
