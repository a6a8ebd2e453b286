/**
 * @file Probabilistic regular grammars as transition tables: sentences drawn from them, told from others, and bounded.
 */

import { CajalError, type Rng, suggest } from "../../core/index.ts";
import { checkProbabilities, checkWhole, drawIndex } from "./checks.ts";
import { GRAMMARS, type Grammar, type GrammarName } from "./grammars.ts";
import { type SourceOptions, type SymbolSequence, startOf } from "./symbol-sequence.ts";
import { BLANK } from "./words.ts";

/**
 * Sentences of a grammar, one after another without blanks. `word` is the state (index into the table's keys) that a
 * step's symbol was drawn in, `position` the index inside the sentence.
 *
 * @param options.grammar - A table, or the name of one of {@link GRAMMARS}.
 * @param rng - One draw a step.
 * @throws CajalError `unknown-grammar`, `bad-grammar`, `bad-probabilities`, `bad-option` or `after-mismatch`.
 * @example grammarSequence({ grammar: "agreement", steps: 10_000 }, createRng(1).stream("input"))
 */
export function grammarSequence(
  options: SourceOptions & { grammar: Grammar | GrammarName },
  rng: Rng,
): SymbolSequence {
  const { steps, after } = options;
  const where = "grammarSequence";
  checkWhole(where, "steps", steps);
  const table = toTable(where, options.grammar);
  const from = startOf(where, { alphabet: table.alphabet, words: [] }, after);
  if (from.item >= table.states.length) {
    throw new CajalError(`\`after\` ended in state ${from.item}, this grammar has ${table.states.length}`, {
      code: "after-mismatch",
      where,
      hint: "Continue a sequence with the grammar it was made with.",
    });
  }
  let state = from.item < 0 ? table.start : from.item;
  let index = from.position;
  const symbols = new Int32Array(steps);
  const word = new Int32Array(steps);
  const position = new Int32Array(steps);
  for (let t = 0; t < steps; t++) {
    const rules = table.states[state];
    const rule = drawIndex(rules.probability, rng);
    symbols[t] = rules.symbol[rule];
    word[t] = state;
    position[t] = index++;
    state = rules.to[rule];
    if (state < 0) {
      state = table.start;
      index = 0;
    }
  }
  const end = { item: state, position: index, length: 0 };
  return { kind: "symbols", alphabet: table.alphabet, symbols, word, position, words: [], end };
}

/** Whether `tokens` is one complete sentence of the grammar. */
export function isSentence(grammar: Grammar | GrammarName, tokens: readonly string[]): boolean {
  const { alphabet, states, start } = toTable("isSentence", grammar);
  let open = new Set([start]);
  for (let t = 0; t < tokens.length; t++) {
    const symbol = alphabet.indexOf(tokens[t]);
    const next = new Set<number>();
    for (const state of open) {
      // A finished sentence (−1) admits no further token.
      if (state < 0) continue;
      const { probability, symbol: emitted, to } = states[state];
      for (let r = 0; r < to.length; r++) if (emitted[r] === symbol && probability[r] > 0) next.add(to[r]);
    }
    open = next;
  }
  return open.has(-1);
}

/**
 * Highest expected share of right guesses of the next symbol for one who always knows the grammar's state:
 * Σ_s π_s max_a P(a | s), with π_s the share of steps spent in state s. Attainable where symbol and state give the
 * next state, as in all of {@link GRAMMARS}.
 *
 * @throws CajalError `bad-grammar` where sentences do not end.
 */
export function grammarBound(grammar: Grammar | GrammarName): number {
  const { states, start } = toTable("grammarBound", grammar);
  let now = new Float64Array(states.length);
  now[start] = 1;
  let steps = 0;
  let right = 0;
  // Mass of a sentence's k-th step by state, summed over k until the chance of so long a sentence is nothing.
  for (let k = 0; k < LONGEST_SENTENCE; k++) {
    const next = new Float64Array(states.length);
    let mass = 0;
    for (let s = 0; s < states.length; s++) {
      const { probability, symbol, to } = states[s];
      mass += now[s];
      const bySymbol = new Map<number, number>();
      for (let r = 0; r < to.length; r++) {
        bySymbol.set(symbol[r], (bySymbol.get(symbol[r]) ?? 0) + probability[r]);
        if (to[r] >= 0) next[to[r]] += now[s] * probability[r];
      }
      right += now[s] * Math.max(...bySymbol.values());
    }
    steps += mass;
    if (mass < 1e-18) return right / steps;
    now = next;
  }
  throw new CajalError("sentences do not end", {
    code: "bad-grammar",
    where: "grammarBound",
    hint: "Give every state a way to a rule with `to: null`.",
  });
}

// Implementation

const LONGEST_SENTENCE = 100_000;

/** A grammar by indices; `to` −1 ends the sentence. */
interface Table {
  alphabet: string[];
  start: number;
  states: { probability: number[]; symbol: number[]; to: number[] }[];
}

function toTable(where: string, given: Grammar | GrammarName): Table {
  const grammar: Grammar | undefined = typeof given === "string" ? GRAMMARS[given] : given;
  if (!grammar || (typeof given === "string" && !Object.hasOwn(GRAMMARS, given))) {
    const hint = suggest(String(given), Object.keys(GRAMMARS));
    throw new CajalError(`no grammar is called "${given}"`, { code: "unknown-grammar", where, hint });
  }
  const place = `${where}, grammar "${grammar.name}"`;
  const names = Object.keys(grammar.rules);
  const stateOf = (name: string, from: string) => {
    const s = names.indexOf(name);
    if (s >= 0) return s;
    const hint = suggest(name, names);
    throw new CajalError(`${from} "${name}" has no rules`, { code: "bad-grammar", where: place, hint });
  };
  const alphabet: string[] = [];
  const states = names.map((name) => {
    const rules = grammar.rules[name];
    checkProbabilities(
      `${place}, state "${name}"`,
      rules.map((r) => r.probability),
      rules.length,
    );
    return {
      probability: rules.map((r) => r.probability),
      symbol: rules.map((r) => symbolOf(r.emit, alphabet, place)),
      to: rules.map((r) =>
        r.to === null ? -1 : stateOf(r.to, `state "${name}" leads to a place that does not exist:`),
      ),
    };
  });
  return { alphabet, start: stateOf(grammar.start, "start state"), states };
}

function symbolOf(token: string, alphabet: string[], where: string): number {
  if (token === BLANK) {
    throw new CajalError(`"${BLANK}" is the blank and cannot be a symbol`, { code: "bad-grammar", where });
  }
  const s = alphabet.indexOf(token);
  return s >= 0 ? s : alphabet.push(token) - 1;
}
