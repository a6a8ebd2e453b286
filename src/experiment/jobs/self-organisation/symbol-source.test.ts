import { describe, expect, it } from "vitest";
import { createStream } from "../../../core/index.ts";
import { planSelfOrganisation } from "../../plan/plan-self-organisation.ts";
import { parseExperiment } from "../../spec/parse-experiment.ts";
import { resolveSelfOrganisation } from "../../spec/resolve-experiment.ts";
import type { JobPlace } from "../job.ts";
import { runSelfOrganisationJob } from "../self-organisation-job.ts";
import { shownSequence } from "./shown-sequence.ts";
import { inputPools, symbolsDrive } from "./symbol-source.ts";

function experimentOf(input: string, phases = "[{ name: organise, steps: 9000 }]") {
  const text = `kind: self-organisation\nnetwork: { preset: lazar2009, units: 60 }\ninput: ${input}\nphases: ${phases}\n`;
  const source = parseExperiment(text, { file: "experiment.yaml" });
  const resolved = resolveSelfOrganisation(source, { folder: "/" });
  const { experiment } = resolved;
  return { resolved, experiment, shown: { phases: experiment.phases, input: experiment.input! } };
}

const SOURCES = [
  [
    "words with pauses",
    "{ source: words, words: [abc, defg], probabilities: [0.8, 0.2], blanks: { min: 2, max: 5 }, unitsPerSymbol: 5 }",
  ],
  ["an occluder", "{ source: occluder, positions: 6, hidden: 2 }"],
  ["a grammar", "{ source: grammar, grammar: brackets }"],
  [
    "a grammar of one's own",
    "{ source: grammar, grammar: { start: a, rules: { a: [{ emit: x, to: b, probability: 1 }], b: [{ emit: y, to: null, probability: 0.5 }, { emit: x, to: b, probability: 0.5 }] } } }",
  ],
  [
    "symbols at random times",
    "{ source: poisson, rate: 0.3, letters: 4, probabilities: [0.1, 0.2, 0.3, 0.4] }",
  ],
  ["cues", "{ source: ambiguous-cue, fractions: [0, 0.5, 1], blanks: 2 }"],
] as const;

const PHASES =
  "[{ name: organise, steps: 5000 }, { name: silent, steps: 40, shows: nothing }, { name: train, steps: 4000, readout: train }, { name: test, steps: 500, readout: test }]";

describe("symbolsDrive", () => {
  it.each(SOURCES)("shows %s as readouts know it, in whatever pieces it is asked", (_, input) => {
    const { shown } = experimentOf(input, PHASES);
    const steps = 9540;
    const sequence = shownSequence(shown, steps, createStream("s"));
    const drive = symbolsDrive(shown, createStream("s"));
    const width = inputPools(shown.input, 60, createStream("p")).columns;
    const letters = sequence.alphabet.length;
    for (const [first, count] of [
      [0, 300],
      [4900, 400],
      [9000, 540],
      [10, 20],
    ]) {
      const values = drive(first, count).input;
      expect(values.length).toBe(count * width);
      for (let t = 0; t < count; t++) {
        const row = Array.from({ length: width }, (_, k) => values[t * width + k]);
        const on = row.indexOf(1);
        const told = sequence.symbols[first + t];
        if (on < letters) expect(on).toBe(told);
        // A mixture stands for the letter of its larger half.
        else expect([sequence.position[first + t], told < 2]).toEqual([0, true]);
      }
    }
    expect(sequence.symbols.slice(5000, 5040).every((s) => s === -1)).toBe(true);
    expect(new Set(sequence.symbols).size).toBeGreaterThan(1);
  });

  it("mixes cues where a readout is tested, or in the phases that are named", () => {
    const cue = "{ source: ambiguous-cue, fractions: [0.2, 0.4] }";
    const mixedIn = (input: string) => {
      const { shown } = experimentOf(input, PHASES);
      const { fraction } = shownSequence(shown, 9540, createStream("s"));
      const mixed = (from: number, to: number) => fraction!.slice(from, to).some((f) => f > 0 && f < 1);
      return [mixed(0, 5000), mixed(5040, 9040), mixed(9040, 9540)];
    };
    expect(mixedIn(cue)).toEqual([false, false, true]);
    expect(mixedIn(cue.replace(" }", ", mixed: [train] }"))).toEqual([false, true, false]);
  });
});

const NOWHERE: JobPlace = {
  saveEvery: Number.POSITIVE_INFINITY,
  threads: 1,
  saved: async () => undefined,
  save: async () => {},
  write: async () => {},
  progress: () => {},
  isStopping: () => false,
};

describe("readouts of symbols", () => {
  const metricsOf = async (input: string) => {
    const phases =
      "[{ name: organise, steps: 2000 }, { name: train, steps: 3000, freeze: all, readout: train }, { name: test, steps: 3000, freeze: all, readout: test }]\nanalyses: [readout]";
    const { resolved } = experimentOf(input, phases);
    const [job] = planSelfOrganisation(resolved).jobs;
    const connectome = () => Promise.reject(new Error("there is none"));
    const { rows } = await runSelfOrganisationJob(job, {
      connectome,
      weights: connectome,
      trained: connectome,
      place: NOWHERE,
    });
    return Object.fromEntries(rows.map(({ metric, value }) => [metric, value]));
  };

  it("decide about mixed cues by their larger half", async () => {
    const metrics = await metricsOf(
      "{ source: ambiguous-cue, fractions: [0, 0.3, 0.7, 1], blanks: 4, repeats: 1, unitsPerSymbol: 10 }",
    );
    expect(metrics.decision).toBeGreaterThan(0.65);
    expect(metrics.choseA0).toBeLessThan(0.1);
    expect(metrics.choseA100).toBeGreaterThan(0.9);
    expect(Object.keys(metrics).filter((name) => name.startsWith("choseA"))).toEqual([
      "choseA0",
      "choseA30",
      "choseA70",
      "choseA100",
    ]);
  });

  it("have no last symbol of a sentence, and none of symbols by themselves", async () => {
    const ofGrammar = await metricsOf("{ source: grammar, grammar: agreement, unitsPerSymbol: 5 }");
    expect(Object.keys(ofGrammar).toSorted()).toEqual(["nextSymbol", "normalisedScore", "recordsHash"]);
    expect(ofGrammar.normalisedScore).toBeGreaterThan(0.5);
    const ofNoise = await metricsOf("{ source: poisson, letters: 4, rate: 1, unitsPerSymbol: 5 }");
    expect(Object.keys(ofNoise).toSorted()).toEqual(["nextSymbol", "recordsHash"]);
    expect(Math.abs(ofNoise.nextSymbol - 0.25)).toBeLessThan(0.06);
  });

  it("tell where a bar comes out from behind its occluder", async () => {
    const { position, lastSymbol } = await metricsOf(
      "{ source: occluder, positions: 5, hidden: 2, unitsPerSymbol: 8 }",
    );
    expect(position).toBeGreaterThan(0.95);
    expect(lastSymbol).toBeGreaterThan(0.95);
  });
});
