import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { countingBound, repeatScore, wordBound } from "./bounds.ts";
import { countingTask } from "./counting-task.ts";
import {
  lastSymbolAccuracy,
  nextSymbolAccuracy,
  nextTargets,
  normalisedAccuracy,
  positionAccuracy,
  repeatPrediction,
  targetAccuracy,
} from "./scores.ts";
import type { SymbolSequence } from "./symbol-sequence.ts";
import { wordSequence } from "./word-sequence.ts";
import { parseWords, type Word } from "./words.ts";

const rng = (seed: number) => createRng(seed).stream("input");

/** "abbc", "deef", "abbc" written out. */
const hand: Pick<SymbolSequence, "symbols" | "word" | "position" | "words"> = {
  symbols: Int32Array.of(0, 1, 1, 2, 3, 4, 4, 5, 0, 1, 1, 2),
  word: Int32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0),
  position: Int32Array.of(0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3),
  words: [
    [0, 1, 1, 2],
    [3, 4, 4, 5],
  ],
};

describe("scores of predictions written by hand", () => {
  // Of 11 steps with a target: wrong at step 2 (b for c), at 3 (a for d) and at 6 (e for f). The last is not scored.
  const predicted = [1, 1, 1, 0, 4, 4, 4, 0, 1, 1, 2, 99];

  it("counts next symbols", () => expect(nextSymbolAccuracy(hand, predicted)).toBe(8 / 11));

  it("counts the symbols after the repeats alone", () =>
    expect(lastSymbolAccuracy(hand, predicted)).toBe(1 / 3));

  it("counts positions", () => {
    expect(positionAccuracy(hand, [1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, -7])).toBe(1);
    expect(positionAccuracy(hand, [1, 2, 2, 0, 1, 2, 2, 0, 1, 2, 2, 0])).toBe(8 / 11);
  });

  it("takes targets from the next step", () => {
    expect([...nextTargets(hand.position)]).toEqual([1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, -1]);
    expect(targetAccuracy([1, 1, -1], [1, 0, 5])).toBe(0.5);
  });

  it("leaves blanks out, and finds the last symbol before them", () => {
    const s = wordSequence({ words: ["AX_"], blanks: 1, steps: 8 }, rng(1)); // A X _ _ A X _ _
    expect(nextSymbolAccuracy(s, [1, 9, 9, 0, 1, 9, 9, 9])).toBe(1);
    expect(lastSymbolAccuracy(s, [1, 9, 9, 9, 0, 9, 9, 9])).toBe(0.5);
  });

  it("divides by the bound", () => {
    expect(normalisedAccuracy(0.8, 0.8)).toBe(1);
    expect(() => normalisedAccuracy(0.8, 0)).toThrow(
      "normalisedAccuracy: bound must be above 0 and at most 1, got 0",
    );
  });

  it("refuses what it cannot score", () => {
    expect(() => nextSymbolAccuracy(hand, [1, 2])).toThrow(
      "nextSymbolAccuracy: 2 predictions for 12 steps. Give one prediction for each step, that of the last step is not scored.",
    );
    expect(() => targetAccuracy([-1], [1])).toThrow(
      "targetAccuracy: no step has a target to score. Give a longer sequence.",
    );
    expect(() => lastSymbolAccuracy({ ...hand, words: [] }, predicted)).toThrow(
      "lastSymbolAccuracy: the sequence has no list of words. Sentences of a grammar have no fixed last symbol;",
    );
  });
});

describe("the trivial predictor of the counting task", () => {
  it.each([1, 2, 4, 8, 16])("scores (n + ½)/(n + 3/2) for n = %d and never the last symbol", (n) => {
    const steps = 4000 * (n + 2);
    const s = countingTask({ n, steps }, rng(n));
    const predicted = repeatPrediction(s);
    const score = normalisedAccuracy(nextSymbolAccuracy(s, predicted), countingBound(n));
    // Only the guess of the next word is left to chance: sd ½/√4000 words of n + 2 letters.
    expect(Math.abs(score - repeatScore(n))).toBeLessThan((5 * 0.5) / Math.sqrt(4000) / (n + 1.5));
    expect(lastSymbolAccuracy(s, predicted)).toBe(0);
  });

  it("has the published values", () => {
    expect(repeatScore(4)).toBeCloseTo(0.818, 3);
    expect(repeatScore(16)).toBeCloseTo(0.943, 3);
  });
});

describe("wordBound", () => {
  it.each([1, 4, 8, 28])("is 1 − 1/(2(n + 2)) for the counting task, n = %d", (n) => {
    const bound = wordBound([`a${"b".repeat(n)}c`, `d${"e".repeat(n)}f`]);
    expect(bound).toBeCloseTo(1 - 1 / (2 * (n + 2)), 12);
    expect(countingBound(n)).toBeCloseTo(bound, 12);
  });

  it("has the closed form of ABCD and EFGH with 2/3 and 1/3", () => {
    const options = { probabilities: [2 / 3, 1 / 3], blanks: true };
    expect(wordBound(["ABCD", "EFGH"], options)).toBeCloseTo((3 + 2 / 3) / 4, 12);
    expect(wordBound(["ABXXX_"], { blanks: true })).toBe(1);
  });

  // Guess, from the word so far, the symbol seen most often after it in the same sequence.
  it.each<[Word[], number[], number]>([
    [["ABCD", "ABEF", "AB"], [0.5, 0.2, 0.3], 0],
    [["AB", "ABAB", "BA"], [0.3, 0.3, 0.4], 2],
    [["A_CD", "A_ED", "BD"], [0.2, 0.5, 0.3], 0],
  ])("is what counting continuations reaches: %j", (words, probabilities, blanks) => {
    const steps = 40_000;
    const s = wordSequence({ words, probabilities, blanks, steps }, rng(5));
    const list = parseWords("test", words).words;
    const counts = new Map<string, Map<number, number>>();
    const keys = Array.from(s.symbols, (_, t) =>
      s.word[t] < 0 ? "" : list[s.word[t]].slice(0, s.position[t] + 1).join(" "),
    );
    // After a complete word that blanks follow, the next symbol begins a word: its context is the empty beginning.
    let scored = 0;
    for (let t = 0; t + 1 < steps; t++) {
      const next = s.symbols[t + 1];
      if (next < 0) continue;
      scored++;
      const ofKey = counts.get(keys[t]) ?? new Map<number, number>();
      counts.set(keys[t], ofKey.set(next, (ofKey.get(next) ?? 0) + 1));
    }
    let right = 0;
    for (const ofKey of counts.values()) right += Math.max(...ofKey.values());
    const bound = wordBound(words, { probabilities, blanks: blanks > 0 });
    expect(Math.abs(right / scored - bound)).toBeLessThan(0.012);
  });
});
