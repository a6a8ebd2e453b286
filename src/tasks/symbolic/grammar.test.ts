import { describe, expect, it } from "vitest";
import { createRng } from "../../core/index.ts";
import { grammarBound, grammarSequence, isSentence } from "./grammar.ts";
import { GRAMMARS, type Grammar, type GrammarName } from "./grammars.ts";

const rng = (seed: number) => createRng(seed).stream("input");
const names = Object.keys(GRAMMARS) as GrammarName[];

function grammar(rules: Grammar["rules"], start = "s"): Grammar {
  return { kind: "grammar", name: "mine", description: "", start, rules };
}

describe.each(names)("grammar %s", (name) => {
  const s = grammarSequence({ grammar: name, steps: 30_000 }, rng(1));
  const table = GRAMMARS[name];
  const states = Object.keys(table.rules);

  it("is drawn with the probabilities of its table", () => {
    states.forEach((state, k) => {
      const at = [...s.symbols.keys()].filter((t) => s.word[t] === k);
      expect(at.length).toBeGreaterThan(100);
      for (const { emit, probability: p } of table.rules[state]) {
        const count = at.filter((t) => s.alphabet[s.symbols[t]] === emit).length;
        expect(Math.abs(count / at.length - p)).toBeLessThan(
          5 * Math.sqrt((p * (1 - p)) / at.length) + 1e-12,
        );
      }
    });
  });

  it("makes sentences that it accepts, and rejects those cut short or scrambled", () => {
    const begins = [...s.position.keys()].filter((t) => s.position[t] === 0);
    const sentence = (k: number) =>
      Array.from(s.symbols.slice(begins[k], begins[k + 1]), (x) => s.alphabet[x]);
    for (let k = 0; k < 100; k++) {
      expect(isSentence(name, sentence(k))).toBe(true);
      expect(isSentence(name, sentence(k).slice(0, -1))).toBe(false);
      expect(isSentence(name, [...sentence(k), sentence(k)[0]])).toBe(false);
    }
    expect(isSentence(name, [])).toBe(false);
    expect(isSentence(name, ["no such word"])).toBe(false);
  });

  it("is bounded by the accuracy of one who knows its state", () => {
    let right = 0;
    for (let t = 0; t < s.symbols.length; t++) {
      const rules = table.rules[states[s.word[t]]];
      const best = rules.reduce((a, b) => (b.probability > a.probability ? b : a));
      if (s.alphabet[s.symbols[t]] === best.emit) right++;
    }
    expect(right / s.symbols.length).toBeCloseTo(grammarBound(name), 1);
    expect(Math.abs(right / s.symbols.length - grammarBound(name))).toBeLessThan(0.02);
  });

  it("lets symbol and state decide the next state", () => {
    for (const rules of Object.values(table.rules))
      expect(new Set(rules.map((r) => r.emit)).size).toBe(rules.length);
  });
});

describe("grammarBound", () => {
  it("has the closed form of a grammar with one loop", () => {
    // a, then x with ¾ over and over, then b: 1 + 1/(1 − ¾) steps of which 1 and ¾ of each further one can be known.
    const loop = grammar({
      s: [{ emit: "a", to: "run", probability: 1 }],
      run: [
        { emit: "x", to: "run", probability: 0.75 },
        { emit: "b", to: null, probability: 0.25 },
      ],
    });
    expect(grammarBound(loop)).toBeCloseTo((1 + 4 * 0.75) / 5, 12);
    expect(grammarBound("agreement")).toBeCloseTo((0.5 + 0.5 + 5 * 0.4) / 7, 12);
  });

  it("refuses a grammar whose sentences do not end", () => {
    const endless = grammar({ s: [{ emit: "a", to: "s", probability: 1 }] });
    expect(() => grammarBound(endless)).toThrow(
      "grammarBound: sentences do not end. Give every state a way to a rule with `to: null`.",
    );
  });
});

describe("grammarSequence", () => {
  it.each([
    ["shoer" as GrammarName, 'grammarSequence: no grammar is called "shoer". Did you mean "shore"?'],
    ["toString" as GrammarName, 'grammarSequence: no grammar is called "toString". Known here: crossroads,'],
    [
      grammar({ s: [{ emit: "a", to: "t", probability: 1 }] }),
      'grammarSequence, grammar "mine": state "s" leads to a place that does not exist: "t" has no rules. ',
    ],
    [
      grammar({ s: [{ emit: "a", to: null, probability: 1 }] }, "go"),
      'grammarSequence, grammar "mine": start state "go" has no rules. Known here: s.',
    ],
    [
      grammar({ s: [{ emit: "a", to: null, probability: 0.9 }] }),
      'grammarSequence, grammar "mine", state "s": probabilities sum to 0.9. Make them sum to 1.',
    ],
    [
      grammar({ s: [{ emit: "_", to: null, probability: 1 }] }),
      'grammarSequence, grammar "mine": "_" is the blank and cannot be a symbol',
    ],
  ])("refuses %j", (given, message) => {
    expect(() => grammarSequence({ grammar: given, steps: 5 }, rng(1))).toThrow(message);
  });

  it("refuses to continue another grammar with the same symbols", () => {
    const small = grammar({ s: [{ emit: "a", to: null, probability: 1 }] });
    const large = grammar({
      s: [{ emit: "a", to: "t", probability: 1 }],
      t: [{ emit: "a", to: null, probability: 1 }],
    });
    const after = grammarSequence({ grammar: large, steps: 1 }, rng(1));
    expect(() => grammarSequence({ grammar: small, steps: 1, after }, rng(1))).toThrow(
      "grammarSequence: `after` ended in state 1, this grammar has 1. Continue a sequence with the grammar it was made with.",
    );
  });
});
