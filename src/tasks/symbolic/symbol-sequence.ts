/**
 * @file A stream of symbols as plain data: what is shown at each step, and where in which word that step lies.
 */

import { CajalError } from "../../core/index.ts";

/** Symbols over time with what a readout may be asked about them. Every source of this folder returns one. */
export interface SymbolSequence {
  kind: "symbols";
  /** Name of each symbol, shape `(symbol)`. */
  alphabet: string[];
  /** Index into `alphabet` of what each step shows, shape `(time)`; −1 is a blank: nothing is shown. */
  symbols: Int32Array;
  /** Index into `words` of the word each step belongs to (of a grammar: the state it is in), shape `(time)`; −1 between words. */
  word: Int32Array;
  /** Index of each step inside its word or sentence, from 0, shape `(time)`; −1 between words. */
  position: Int32Array;
  /** The words as indices into `alphabet`, −1 for a blank inside a word; empty where the source has no list of words. */
  words: number[][];
  /** Where the source stood after the last step; give the sequence as `after` to go on from there. */
  end: SequenceEnd;
}

/** The trial a source was in when its sequence was cut, so that the next piece can finish it. */
export interface SequenceEnd {
  /** The word, or state of a grammar, under way; −1 before the first. */
  item: number;
  /** Index of the next step inside it, from 0. */
  position: number;
  /** Steps of the whole trial with its blanks; equal to `position` when it is complete. */
  length: number;
}

/** Options that every source takes. */
export interface SourceOptions {
  /** Steps wanted, ≥ 1. */
  steps: number;
  /**
   * A sequence of the same source to continue: the word it was cut in is finished first. Two pieces drawn with the
   * same `rng` are then, bit for bit, one longer piece. Without it the next piece begins with a new word.
   */
  after?: SymbolSequence;
}

/** The source before its first step. */
export const SEQUENCE_START: SequenceEnd = { item: -1, position: 0, length: 0 };

/**
 * One-hot drive of a sequence: 1 at the symbol shown, 0 elsewhere; a blank is a row of zeros.
 *
 * @returns Shape `(time, symbol)`, row-major.
 */
export function toDrive(sequence: Pick<SymbolSequence, "alphabet" | "symbols">): Float64Array {
  const { alphabet, symbols } = sequence;
  const drive = new Float64Array(symbols.length * alphabet.length);
  for (let t = 0; t < symbols.length; t++) {
    const s = symbols[t];
    if (s >= alphabet.length || s < -1) {
      throw new CajalError(`step ${t} shows symbol ${s}, the alphabet has ${alphabet.length}`, {
        code: "bad-symbol",
        where: "toDrive",
        hint: "Symbols are indices into the alphabet, −1 for a blank.",
      });
    }
    if (s >= 0) drive[t * alphabet.length + s] = 1;
  }
  return drive;
}

/**
 * Where a source goes on: its start, or the end of `after`, which must have the same alphabet and words.
 *
 * @throws CajalError `after-mismatch`.
 */
export function startOf(
  where: string,
  source: { alphabet: string[]; words: number[][] },
  after?: SymbolSequence,
): SequenceEnd {
  if (after === undefined) return SEQUENCE_START;
  const words = (s: typeof source) => s.words.map((word) => word.map((k) => s.alphabet[k] ?? "_").join(" "));
  const differ = (a: string[], b: string[]) => a.length !== b.length || a.some((name, k) => name !== b[k]);
  const fail = (what: string, theirs: string[], ours: string[]) => {
    throw new CajalError(
      `\`after\` has the ${what} ${theirs.join(", ")}, this source has ${ours.join(", ")}`,
      { code: "after-mismatch", where, hint: "Continue a sequence with the options it was made with." },
    );
  };
  if (differ(after.alphabet, source.alphabet)) fail("symbols", after.alphabet, source.alphabet);
  if (differ(words(after), words(source))) fail("words", words(after), words(source));
  return after.end;
}
