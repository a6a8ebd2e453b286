import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRng, type Rng } from "../../core/index.ts";
import { ambiguousCue, CUE_FRACTIONS, toLevelDrive } from "./ambiguous-cue.ts";
import { countingTask } from "./counting-task.ts";
import { grammarSequence } from "./grammar.ts";
import { occluderTask } from "./occluder-task.ts";
import { poissonSymbols } from "./poisson-symbols.ts";
import { randomSequence } from "./random-sequence.ts";
import { type SourceOptions, type SymbolSequence, toDrive } from "./symbol-sequence.ts";
import { wordSequence } from "./word-sequence.ts";

const text = (s: SymbolSequence) => Array.from(s.symbols, (k) => s.alphabet[k] ?? "_").join("");
const rng = (seed: number) => createRng(seed).stream("input");

/** Whether a share of `n` draws lies within five standard deviations of probability p. */
function near(count: number, n: number, p: number) {
  expect(Math.abs(count / n - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n));
}

/** How often each word begins. */
function beginnings(s: SymbolSequence): number[] {
  const counts = s.words.map(() => 0);
  for (let t = 0; t < s.symbols.length; t++) if (s.position[t] === 0) counts[s.word[t]]++;
  return counts;
}

const sources: [string, (options: SourceOptions, rng: Rng) => SymbolSequence][] = [
  ["countingTask", (o, r) => countingTask({ n: 4, ...o }, r)],
  ["occluderTask", (o, r) => occluderTask({ positions: 7, hidden: 3, ...o }, r)],
  ["randomSequence", (o, r) => randomSequence({ length: 6, ...o }, r)],
  ["wordSequence", (o, r) => wordSequence({ words: ["A_CD", "EF"], blanks: { min: 0, max: 3 }, ...o }, r)],
  ["poissonSymbols", (o, r) => poissonSymbols({ rate: 0.4, ...o }, r)],
  ["clear ambiguousCue", (o, r) => ambiguousCue({ prior: 0.3, ...o }, r)],
  ["mixed ambiguousCue", (o, r) => ambiguousCue({ cue: "mixed", ...o }, r)],
  ["grammarSequence", (o, r) => grammarSequence({ grammar: "shore", ...o }, r)],
];

describe.each(sources)("every source: %s", (_, source) => {
  it("gives one long piece in two when continued with the same rng", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        fc.nat(99),
        (a, b, seed) => {
          const whole = source({ steps: a + b }, rng(seed));
          const r = rng(seed);
          const first = source({ steps: a }, r);
          const second = source({ steps: b, after: first }, r);
          for (const key of ["symbols", "word", "position"] as const)
            expect([...first[key], ...second[key]]).toEqual([...whole[key]]);
          expect(second.end).toEqual(whole.end);
          expect(second.alphabet).toEqual(whole.alphabet);
        },
      ),
      { numRuns: 40 },
    );
  });

  it("shows symbols of the alphabet, those that its words have at that position", () => {
    const s = source({ steps: 300 }, rng(3));
    expect(s.symbols).toHaveLength(300);
    for (let t = 0; t < 300; t++) {
      expect(s.symbols[t]).toBeGreaterThanOrEqual(-1);
      expect(s.symbols[t]).toBeLessThan(s.alphabet.length);
      if (s.word[t] < 0) expect([s.symbols[t], s.position[t]]).toEqual([-1, -1]);
      else if (s.words.length) expect(s.symbols[t]).toBe(s.words[s.word[t]][s.position[t]]);
    }
  });

  it("does not depend on anything but options and rng", () => {
    expect(source({ steps: 200 }, rng(8))).toEqual(source({ steps: 200 }, rng(8)));
    expect(() => source({ steps: 0 }, rng(1))).toThrow("steps must be a whole number ≥ 1, got 0");
  });

  it("refuses to continue a sequence with another alphabet", () => {
    const other = wordSequence({ words: ["?!"], steps: 3 }, rng(1));
    expect(() => source({ steps: 3, after: other }, rng(1))).toThrow(
      "`after` has the symbols ?, !, this source",
    );
  });
});

describe("wordSequence", () => {
  it("continues only the words it was made of", () => {
    const after = wordSequence({ words: ["AB"], steps: 3 }, rng(1));
    expect(() => wordSequence({ words: ["BA"], alphabet: ["A", "B"], steps: 3, after }, rng(1))).toThrow(
      "wordSequence: `after` has the words A B, this source has B A. Continue a sequence with the options it was made with.",
    );
  });

  it("draws ABCD and EFGH with 2/3 and 1/3 and even blanks between", () => {
    const words = ["ABCD", "EFGH"];
    const steps = 60_000;
    const s = wordSequence(
      { words, probabilities: [2 / 3, 1 / 3], blanks: { min: 2, max: 4 }, steps },
      rng(5),
    );
    expect(s.alphabet.join("")).toBe("ABCDEFGH");
    const [first, second] = beginnings(s);
    near(first, first + second, 2 / 3);
    const gaps = text(s)
      .split(/[A-H]{4}/)
      .slice(1, -1)
      .map((gap) => gap.length);
    for (const length of [2, 3, 4]) near(gaps.filter((g) => g === length).length, gaps.length, 1 / 3);
    expect(gaps.every((g) => g >= 2 && g <= 4)).toBe(true);
  });

  it("shows probes in the alphabet of training, with a blank inside the word", () => {
    const alphabet = [..."ABCDE"];
    const s = wordSequence({ words: ["A_CD", ["E", "_", "C", "D"]], alphabet, steps: 40 }, rng(2));
    expect(text(s)).toMatch(/^([AE]_CD){10}$/);
    expect([...s.position.slice(0, 5)]).toEqual([0, 1, 2, 3, 0]);
    expect(s.word[1]).toBe(s.word[0]);
  });

  it.each([
    [{ words: [] }, "no words given, nothing can be shown"],
    [{ words: ["AB", ""] }, "word 1 is empty"],
    [{ words: ["AB"], alphabet: ["A", "B", "A"] }, "alphabet names a symbol twice: A B A"],
    [{ words: ["AB"], alphabet: ["A", "_"] }, '"_" is the blank and cannot be a symbol'],
    [
      { words: [["one", "tow"]], alphabet: ["one", "two"] },
      'symbol "tow" of word 0 is not in the alphabet. Did you mean "two"? Known here: one, two.',
    ],
    [{ words: ["A", "B"], probabilities: [1] }, "1 probabilities for 2 choices. Give one for each."],
    [{ words: ["A", "B"], probabilities: [0.5, 0.4] }, "probabilities sum to 0.9. Make them sum to 1."],
    [
      { words: ["A", "B"], probabilities: [1.5, -0.5] },
      "probability 1 is -0.5. Probabilities are from 0 to 1.",
    ],
    [{ words: ["A"], blanks: -1 }, "blanks must be a whole number ≥ 0, got -1"],
    [{ words: ["A"], blanks: { min: 3, max: 2 } }, "blanks.max (2) is below blanks.min (3)"],
  ])("refuses %j", (options, message) => {
    expect(() => wordSequence({ ...options, steps: 5 }, rng(1))).toThrow(`wordSequence: ${message}`);
  });

  it("never draws a word of probability 0", () => {
    const s = wordSequence({ words: ["A", "B", "C"], probabilities: [0, 1, 0], steps: 500 }, rng(4));
    expect(text(s)).toBe("B".repeat(500));
  });
});

describe("countingTask", () => {
  it("alternates a bⁿ c and d eⁿ f at random", () => {
    const s = countingTask({ n: 3, steps: 20_000 }, rng(1));
    expect(text(s)).toMatch(/^(abbbc|deeef)+$/);
    const [first, second] = beginnings(s);
    expect(first + second).toBe(4000);
    near(first, 4000, 0.5);
    const same = text(s).match(/c(?=a)|f(?=d)/g)!.length;
    near(same, 3999, 0.5); // independent of the word before
    expect(() => countingTask({ n: 0, steps: 5 }, rng(1))).toThrow(
      "countingTask: n must be a whole number ≥ 1, got 0",
    );
  });
});

describe("occluderTask", () => {
  it("moves a bar both ways behind one symbol", () => {
    const s = occluderTask({ positions: 6, hidden: 3, steps: 6000 }, rng(1));
    expect(s.alphabet).toEqual(["1", "5", "6", "occluder"]);
    const shown = s.words.map((w) => w.map((k) => s.alphabet[k]).join(" "));
    expect(shown).toEqual(["1 occluder occluder occluder 5 6", "6 5 occluder occluder occluder 1"]);
    near(beginnings(s)[0], 1000, 0.5);
  });

  it("refuses an occluder that hides an end", () => {
    expect(() => occluderTask({ positions: 5, hidden: 4, steps: 5 }, rng(1))).toThrow(
      "occluderTask: an occluder over 4 of 5 positions leaves an end unseen. Set hidden to 3 or less.",
    );
  });
});

describe("randomSequence", () => {
  it("repeats one sequence, drawn or given", () => {
    const s = randomSequence({ length: 7, letters: 4, steps: 21 }, rng(1));
    expect(s.alphabet).toEqual(["s0", "s1", "s2", "s3"]);
    expect([...s.symbols.slice(0, 7), ...s.symbols.slice(0, 7)]).toEqual([...s.symbols.slice(7)]);
    const again = randomSequence({ length: 7, letters: 4, steps: 7, word: s.words[0] }, rng(9));
    expect([...again.symbols]).toEqual([...s.symbols.slice(0, 7)]);
    const drawn = randomSequence({ length: 5000, letters: 4, steps: 5000 }, rng(2));
    for (let k = 0; k < 4; k++) near(drawn.symbols.filter((x) => x === k).length, 5000, 0.25);
  });

  it.each([
    [{ length: 3, word: [0, 1] }, "the word has 2 letters, length is 3"],
    [{ length: 2, letters: 2, word: [0, 2] }, "letter 1 of the word is 2, the alphabet has 2 letters"],
  ])("refuses %j", (options, message) => {
    expect(() => randomSequence({ ...options, steps: 5 }, rng(1))).toThrow(`randomSequence: ${message}`);
  });
});

describe("poissonSymbols", () => {
  it("shows symbols with probability 1 − exp(−rate), independent of the step before", () => {
    const steps = 40_000;
    const s = poissonSymbols({ rate: 0.5, letters: 2, probabilities: [0.8, 0.2], steps }, rng(1));
    const shown = s.symbols.filter((k) => k >= 0).length;
    const p = 1 - Math.exp(-0.5);
    near(shown, steps, p);
    near(s.symbols.filter((k) => k === 0).length, shown, 0.8);
    let both = 0;
    for (let t = 1; t < steps; t++) if (s.symbols[t] >= 0 && s.symbols[t - 1] >= 0) both++;
    near(both, steps, p * p);
    expect(text(poissonSymbols({ rate: 0, steps: 50 }, rng(1)))).toBe("_".repeat(50));
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses rate %d", (rate) => {
    expect(() => poissonSymbols({ rate, steps: 5 }, rng(1))).toThrow(
      `poissonSymbols: rate must be a number ≥ 0, got ${rate}`,
    );
  });
});

describe("ambiguousCue", () => {
  it("shows clear cues with the prior of A", () => {
    const s = ambiguousCue({ prior: 0.7, blanks: 0, steps: 20_000 }, rng(1));
    expect(text(s)).toMatch(/^([AB]XXX_)+$/);
    near(beginnings(s)[0], 4000, 0.7);
    expect([...s.drive]).toEqual([...toDrive(s)]);
  });

  it("mixes A and B in steps of a tenth, each equally often", () => {
    const steps = 33_000;
    const s = ambiguousCue({ cue: "mixed", repeats: 2, blanks: 1, steps }, rng(2));
    const trials = steps / 5;
    const cues = Array.from({ length: trials }, (_, k) => 5 * k);
    CUE_FRACTIONS.forEach((f, k) => {
      const at = cues.filter((t) => s.level[t] === k);
      near(at.length, trials, 1 / 11);
      for (const t of at) {
        expect([...s.drive.slice(3 * t, 3 * t + 6)]).toEqual([f, 1 - f, 0, 0, 0, 1]);
        expect([...s.fraction.slice(t, t + 5)]).toEqual([f, f, f, f, f]);
        if (f !== 0.5) expect(s.word[t]).toBe(f > 0.5 ? 0 : 1);
      }
      if (f === 0.5) near(at.filter((t) => s.word[t] === 0).length, at.length, 0.5);
    });
  });

  it("gives each mixture a column of its own", () => {
    const s = ambiguousCue(
      { cue: "mixed", fractions: [0.25, 0.75], repeats: 1, blanks: 0, steps: 3 },
      rng(1),
    );
    const first = s.level[0];
    const row = [0, 0, 0, 0, 0];
    row[3 + first] = 1;
    expect([...toLevelDrive(s)]).toEqual([...row, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it.each([
    [{ prior: 1.2 }, "prior must be from 0 to 1, got 1.2"],
    [{ repeats: 0 }, "repeats must be a whole number ≥ 1, got 0"],
    [{ cue: "mixed" as const, fractions: [0.5, 2] }, "fractions[1] must be from 0 to 1, got 2"],
    [{ cue: "mixed" as const, fractions: [] }, "no fractions given"],
    [{ cue: "fuzzy" as "mixed" }, 'cue must be "clear" or "mixed", got "fuzzy"'],
  ])("refuses %j", (options, message) => {
    expect(() => ambiguousCue({ ...options, steps: 5 }, rng(1))).toThrow(`ambiguousCue: ${message}`);
  });

  it("refuses to continue clear cues with mixed ones", () => {
    const after = ambiguousCue({ steps: 7 }, rng(1));
    expect(() => ambiguousCue({ cue: "mixed", fractions: [0.5], steps: 7, after }, rng(1))).toThrow(
      "ambiguousCue: `after` has the fractions 0, 1, this source has 0.5. Begin the other phase without `after`.",
    );
  });
});

describe("toDrive", () => {
  it("is one-hot, with empty rows for blanks", () => {
    const s = { alphabet: ["a", "b", "c"], symbols: Int32Array.of(2, -1, 0) };
    expect([...toDrive(s)]).toEqual([0, 0, 1, 0, 0, 0, 1, 0, 0]);
  });

  it("refuses symbols outside the alphabet", () => {
    expect(() => toDrive({ alphabet: ["a"], symbols: Int32Array.of(0, 1) })).toThrow(
      "toDrive: step 1 shows symbol 1, the alphabet has 1. Symbols are indices into the alphabet, −1 for a blank.",
    );
  });
});
