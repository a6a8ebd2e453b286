import { describe, expect, it } from "vitest";
import { methodsParagraph } from "./methods-paragraph.ts";
import { readMetrics } from "./metric-grid.ts";
import { factorName, factorWords, metricName, nullsWords } from "./names.ts";
import { RADIUS, type RunShape, reportInput } from "./report-input.fixture.ts";
import type { ReportInput } from "./report-input.ts";
import { reportStatistics } from "./report-statistics.ts";
import { answer, cautions, formatP } from "./wording.ts";

const wordsOf = (shape: RunShape = {}, change: (input: ReportInput) => ReportInput = (i) => i) => {
  const input = change(reportInput(shape));
  const grid = readMetrics(input);
  const statistics = reportStatistics(grid, input);
  return {
    answer: answer(grid, statistics, input),
    cautions: cautions(grid, statistics, input).join(" "),
    methods: methodsParagraph(grid, statistics, input),
  };
};

describe("answer", () => {
  it("says in one sentence how much, where, against what, how sure", () => {
    expect(wordsOf().answer).toMatch(
      /^The wiring of worm remembers 10\.0 steps at its best spectral radius \(0\.9\); 20 rewired copies with the same degrees remember 7\.05 ± 0\.59 at theirs: 2\.95 steps more \(95 % CI 2\.\d\d to 3\.\d\d; p = 0\.048, the smallest that 20 copies can give\)\.$/,
    );
  });
  it("turns the difference and its interval round where the network remembers less", () => {
    const less = wordsOf({}, (input) => ({
      ...input,
      rows: input.rows.map((r) => (r.factors.null === null ? { ...r, value: r.value / 2 } : r)),
    }));
    expect(less.answer).toMatch(/: 2\.05 steps fewer \(95 % CI 1\.\d\d to 2\.\d\d; p = 0\.048/);
  });
  it("does not make a finding of a difference that nulls alone give, nor of too few copies", () => {
    const same = wordsOf({}, (input) => ({
      ...input,
      rows: input.rows.map((r) => (r.factors.null === null ? { ...r, value: r.value - 2.95 } : r)),
    }));
    expect(same.answer).toContain("so the null networks alone could well give such a difference.");
    const few = wordsOf({ nulls: { rewired: 3 } });
    expect(few.answer).toContain(
      "(p = 0.25, the smallest that 3 copies can give), too few copies to be sure.",
    );
  });
  it("speaks plainly of one copy, one point, no nulls, another metric, nothing at all", () => {
    expect(wordsOf({ nulls: { rewired: 1 } }).answer).toContain(
      "1 rewired copy with the same degrees remembers 8.00 at theirs",
    );
    expect(wordsOf({ radii: [0.9] }).answer).toMatch(
      /^The wiring of worm remembers 10\.0 steps at spectral radius 0\.9; 20 rewired copies with the same degrees remember 7\.05 ± 0\.59: /,
    );
    expect(wordsOf({ nulls: {} }).answer).toBe(
      "The wiring of worm remembers 10.0 steps at its best spectral radius (0.9). Without null networks this does not say whether its wiring matters.",
    );
    expect(wordsOf({}, (i) => ({ ...i, metric: "memoryCapacityAbs" })).answer).toMatch(
      /^The wiring of worm has a memory capacity Σ\|r\| of 15\.0 at its best/,
    );
    expect(wordsOf({ diverged: () => true }).answer).toBe(
      "No run finished, so there is nothing to report; see the failures below.",
    );
    expect(wordsOf({ diverged: (f) => f.network === "empirical" }).answer).toBe(
      "No run of worm gave a finite memory capacity, so there is nothing to compare; see the failures below.",
    );
  });
});

describe("cautions", () => {
  it("say what p and the interval rest on", () => {
    const { cautions: text } = wordsOf();
    expect(text).toContain("no p can be below 1/21 = 0.048.");
    expect(text).toContain("with one repeat it does not cover chance in the input");
    expect(wordsOf({ repeats: 2 }).cautions).toContain("the nulls and the inputs of the repeats.");
    expect(wordsOf({ nulls: { rewired: 5 } }).cautions).toContain("p ≤ 0.05 needs at least 19 nulls");
  });
  it("point at lost nulls, a best at the end of the sweep, and delays that bound the capacity", () => {
    expect(wordsOf({ diverged: (f) => f.null === 3 }).cautions).toContain(
      "1 null network gave no finite value and is left out.",
    );
    expect(wordsOf({ radii: [0.3, 0.6, 0.9] }).cautions).toContain("is at the end of the sweep");
    expect(wordsOf({ maxDelay: 11 }).cautions).toContain("nears the longest delay tested (11 steps)");
    expect(wordsOf().cautions).not.toMatch(/left out|end of the sweep/);
  });
});

describe("methodsParagraph", () => {
  it("states data, model, task, readout, nulls and statistics with their numbers", () => {
    const { text } = wordsOf({ repeats: 2 }).methods;
    for (const fact of [
      "We used the connectome worm (see Data below): 3 neurons and 3 directed weighted connections.",
      "Each unit obeyed r = tanh(sum(in) + sum(rec)) (activation tanh)",
      "spectral radius, 4 values from 0.5 to 1.1.",
      "4000 steps; the first 200 were discarded, 2660 used for training and 1140 for testing, in time order.",
      "for k = 1 … 12; memory capacity is the sum over k of the squared correlation",
      "generalised cross-validation on the training steps (Golub et al. 1979) among values from 10⁻⁹ to 1000",
      "20 rewired null networks made by degree-preserving edge swaps that keep every in- and out-degree (Maslov & Sneppen 2002), 10 successful swaps per edge",
      "p cannot be below 0.048",
      "repeated 2 times with fresh inputs",
      "seed 7.",
    ]) {
      expect(text).toContain(fact);
    }
  });
  it("lists exactly the works it cites, and the data", () => {
    const { text, references } = wordsOf().methods;
    expect(references).toContain("Someone A (2019). A worm. J. Worms 1, 1–2.");
    for (const author of [
      "Jaeger H (2001)",
      "Maslov S, Sneppen K (2002)",
      "Golub GH",
      "Phipson B",
      "Efron B (1987)",
      "Holm S",
      "Westfall PH",
    ]) {
      expect(references.some((r) => r.startsWith(author))).toBe(true);
    }
    expect(text).not.toContain("Owen");
    expect(references.some((r) => r.startsWith("Owen"))).toBe(false);
    expect(wordsOf({ repeats: 2 }).methods.references.some((r) => r.startsWith("Owen"))).toBe(true);
  });
  it("uses the null model's own description and leaves out what does not apply", () => {
    const own = wordsOf({ nulls: { shuffled: 3 } }, (i) => ({
      ...i,
      methods: { ...i.methods, nulls: [{ name: "shuffled", count: 3, methods: "shuffling all weights" }] },
    })).methods.text;
    expect(own).toContain("3 shuffled null networks made by shuffling all weights, which met");
    const bare = wordsOf({ nulls: {}, radii: [0.9] }).methods.text;
    expect(bare).not.toMatch(/null network|permutation|Holm|undefined|NaN/);
  });
});

describe("names", () => {
  it("read well, also for what nobody listed", () => {
    expect(factorName(RADIUS)).toBe("Spectral radius");
    expect(factorWords(RADIUS)).toBe("spectral radius");
    expect(factorName("network.neuron.parameters.tauFast")).toBe("Tau fast");
    expect(factorName("a.__proto__")).toBe("__proto__");
    expect(metricName("constructor").plain).toBe("constructor");
    expect(nullsWords("shuffled", 3)).toBe("3 shuffled copies");
  });
  it("write p with two digits", () => {
    expect([1, 0.5, 0.048, 0.0476, 0.00099, 0.0012, 1e-7].map(formatP)).toEqual([
      "1",
      "0.50",
      "0.048",
      "0.048",
      "0.00099",
      "0.0012",
      "1.0×10⁻⁷",
    ]);
  });
});
