/**
 * @file Words of symbols: read from text, and laid one after another with blanks between.
 */

import { CajalError, suggest } from "../../core/index.ts";
import { checkWhole } from "./checks.ts";
import { type SourceOptions, type SymbolSequence, startOf } from "./symbol-sequence.ts";

/** A word: a text of one-letter symbols, or a list of names; `_` is a blank inside the word. */
export type Word = string | readonly string[];

/** Words as indices into their alphabet. */
export interface WordList {
  alphabet: string[];
  /** −1 is a blank. */
  words: number[][];
}

/** What a source draws at the start of a trial: which item it shows and how many blanks follow. */
export interface Trial {
  item: number;
  blanks: number;
}

/** Name of the blank in words; no symbol can be called so. */
export const BLANK = "_";

/**
 * Words as indices; the alphabet is `given`, or the symbols in order of first appearance.
 *
 * @throws CajalError `bad-words` without words or with an empty one, `unknown-symbol` outside a given alphabet.
 */
export function parseWords(where: string, words: readonly Word[], given?: readonly string[]): WordList {
  const alphabet = given ? [...given] : [];
  const index = new Map(alphabet.map((name, s) => [name, s]));
  const bad = (what: string) => new CajalError(what, { code: "bad-words", where });
  if (index.has(BLANK)) throw bad(`"${BLANK}" is the blank and cannot be a symbol`);
  if (index.size !== alphabet.length) throw bad(`alphabet names a symbol twice: ${alphabet.join(" ")}`);
  if (words.length === 0) throw bad("no words given, nothing can be shown");
  const parsed = words.map((word, w) => {
    const names = [...word];
    if (names.length === 0) throw bad(`word ${w} is empty`);
    return names.map((name) => {
      if (name === BLANK) return -1;
      let s = index.get(name);
      if (s === undefined) {
        if (given) {
          const details = { code: "unknown-symbol", where, hint: suggest(name, given) };
          throw new CajalError(`symbol "${name}" of word ${w} is not in the alphabet`, details);
        }
        s = alphabet.push(name) - 1;
        index.set(name, s);
      }
      return s;
    });
  });
  return { alphabet, words: parsed };
}

/**
 * Lay words one after another. A trial is drawn only when its first step is wanted, which is what makes pieces
 * joined by `after` equal to one long piece.
 *
 * @param draw - Next trial: its item and the blanks after it.
 * @param wordOf - Word shown by an item, default the item itself.
 * @returns The sequence, and the item of each step (blanks after it included), shape `(time)`.
 */
export function layWords(
  list: WordList,
  options: SourceOptions & { where: string; draw: () => Trial; wordOf?: (item: number) => number },
): SymbolSequence & { items: Int32Array } {
  const { steps, after, where, draw, wordOf = (item) => item } = options;
  checkWhole(where, "steps", steps);
  let { item, position, length } = startOf(where, list, after);
  const symbols = new Int32Array(steps).fill(-1);
  const word = new Int32Array(steps).fill(-1);
  const at = new Int32Array(steps).fill(-1);
  const items = new Int32Array(steps);
  for (let t = 0; t < steps; t++) {
    if (position === length) {
      const trial = draw();
      item = trial.item;
      position = 0;
      length = list.words[wordOf(item)].length + trial.blanks;
    }
    items[t] = item;
    const shown = list.words[wordOf(item)];
    if (position < shown.length) {
      symbols[t] = shown[position];
      word[t] = wordOf(item);
      at[t] = position;
    }
    position++;
  }
  const { alphabet, words } = list;
  const end = { item, position, length };
  return { kind: "symbols", alphabet, symbols, word, position: at, words, end, items };
}
