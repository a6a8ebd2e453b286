/**
 * @file What was shown to a network, in words.
 */

import { formatCount, formatExact } from "../../../plot/index.ts";
import type { SymbolInput } from "../../spec/symbol-input-schema.ts";

/** The source of symbols as the object of "shown one a step were …". */
export function inputWords(input: SymbolInput): string {
  switch (input.source) {
    case "counting":
      return `words a bⁿ c and d eⁿ f in random order, n = ${input.n}`;
    case "random-sequence":
      return `one random sequence of ${input.length} letters out of ${input.letters}, repeated`;
    case "words":
      return `the words ${input.words.join(", ")} in random order${pauseWords(input.blanks)}`;
    case "occluder":
      return `a bar crossing ${input.positions} places in either direction, ${input.hidden} of them behind an occluder`;
    case "grammar":
      return typeof input.grammar === "string"
        ? `sentences of the grammar ${input.grammar}`
        : `sentences of a grammar with ${formatCount(Object.keys(input.grammar.rules).length)} states`;
    case "poisson":
      return `${input.letters} symbols at random times, ${formatExact(input.rate)} a step`;
    case "ambiguous-cue":
      return `trials with a cue (A or B, later their mixtures), ${input.repeats} steps of X and a step to decide${pauseWords(input.blanks)}`;
  }
}

// Implementation

function pauseWords(blanks: number | { min: number; max: number }): string {
  if (blanks === 0) return "";
  return typeof blanks === "number"
    ? `, ${blanks} blank steps after each`
    : `, ${blanks.min} to ${blanks.max} blank steps after each`;
}
