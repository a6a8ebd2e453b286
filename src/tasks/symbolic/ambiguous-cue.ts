/**
 * @file Inference from an ambiguous cue: "A" and "B" mixed in steps of a tenth, then "XXX_", where the network
 * decides. After Hartmann, Lazar, Nessler and Triesch (2015), PLoS Computational Biology 11.
 */

import { CajalError, type Rng } from "../../core/index.ts";
import { checkBetween, checkWhole } from "./checks.ts";
import { type SourceOptions, type SymbolSequence, toDrive } from "./symbol-sequence.ts";
import { type Blanks, blankDrawer } from "./word-sequence.ts";
import { layWords, parseWords } from "./words.ts";

/** Trials whose first step shows a mixture of the symbols A (0) and B (1). */
export interface CueSequence extends SymbolSequence {
  /** Shape `(time, symbol)`: as `toDrive`, but a cue drives A by its fraction f and B by 1 − f. */
  drive: Float64Array;
  /** Share f of A in the cue of the trial each step belongs to, blanks after it included, shape `(time)`, 0 … 1. */
  fraction: Float64Array;
  /** The fractions that cues are drawn from. */
  fractions: number[];
  /** Index into `fractions` at the step of the cue, −1 at all other steps, shape `(time)`. */
  level: Int32Array;
}

/** Fractions of the test phase: 0, 0.1 … 1. */
export const CUE_FRACTIONS: readonly number[] = Array.from({ length: 11 }, (_, k) => k / 10);

/**
 * Trials "A XXX _" and "B XXX _" with blanks between. While learning the cue is clear (`cue: "clear"`, A with
 * probability `prior`); in the test it is mixed (`"mixed"`, all fractions equally often). The word of a mixed trial is
 * that of its larger half, a fair coin at ½, where no answer is right.
 *
 * @param options.cue - `"clear"` (default) or `"mixed"`.
 * @param options.prior - Probability of A while the cue is clear, default ½; Hartmann varied it from 0.1 to 0.9.
 * @param options.repeats - Number of X between cue and decision, ≥ 1, default 3.
 * @param options.fractions - Shares of A in mixed cues, default {@link CUE_FRACTIONS}.
 * @param options.blanks - Blank steps after the decision step `_`, default 10 to 15 evenly, as Hartmann's trials.
 * @throws CajalError `bad-option` or `after-mismatch`.
 */
export function ambiguousCue(
  options: SourceOptions & {
    cue?: "clear" | "mixed";
    prior?: number;
    repeats?: number;
    fractions?: readonly number[];
    blanks?: Blanks;
  },
  rng: Rng,
): CueSequence {
  const { steps, after, cue = "clear", prior = 0.5, repeats = 3, blanks = { min: 10, max: 15 } } = options;
  const where = "ambiguousCue";
  checkBetween(where, "prior", prior, [0, 1]);
  checkWhole(where, "repeats", repeats);
  if (cue !== "clear" && cue !== "mixed") {
    throw new CajalError(`cue must be "clear" or "mixed", got "${cue}"`, { code: "bad-option", where });
  }
  const fractions = cue === "clear" ? [0, 1] : [...(options.fractions ?? CUE_FRACTIONS)];
  fractions.forEach((f, k) => {
    checkBetween(where, `fractions[${k}]`, f, [0, 1]);
  });
  if (fractions.length === 0) throw new CajalError("no fractions given", { code: "bad-option", where });
  checkLevels(where, fractions, after);
  const pause = blankDrawer(where, blanks, rng);
  const middle = "X".repeat(repeats);
  const list = parseWords(where, [`A${middle}_`, `B${middle}_`], ["A", "B", "X"]);
  // An item is a level and a word, because at one half the word does not follow from the level.
  const draw = () => {
    const level = cue === "clear" ? Number(rng.uniform() < prior) : rng.integer(fractions.length);
    const f = fractions[level];
    const word = f === 0.5 ? rng.integer(2) : Number(f < 0.5);
    return { item: 2 * level + word, blanks: pause() };
  };
  const wordOf = (item: number) => item % 2;
  const { items, ...sequence } = layWords(list, { steps, after, where, draw, wordOf });
  return withMixture(sequence, items, fractions);
}

/**
 * One-hot drive with a symbol of its own for each mixture, to be used with `mixPools`: columns are A, B, X and then
 * the fractions; the cue shows its fraction's column alone.
 *
 * @returns Shape `(time, symbol + fraction)`, row-major.
 */
export function toLevelDrive(cue: CueSequence): Float64Array {
  const { alphabet, symbols, level, fractions } = cue;
  const names = [...alphabet, ...fractions.map((f) => `A ${f}`)];
  const shown = symbols.map((s, t) => (level[t] >= 0 ? alphabet.length + level[t] : s));
  return toDrive({ alphabet: names, symbols: shown });
}

// Implementation

/** The trial a sequence was cut in has the fraction of its own list, so that list must be the same. */
function checkLevels(where: string, fractions: number[], after?: SymbolSequence): void {
  const before = after && "fractions" in after ? (after as CueSequence).fractions : fractions;
  if (before.join() === fractions.join()) return;
  throw new CajalError(
    `\`after\` has the fractions ${before.join(", ")}, this source has ${fractions.join(", ")}`,
    { code: "after-mismatch", where, hint: "Begin the other phase without `after`." },
  );
}

function withMixture(sequence: SymbolSequence, items: Int32Array, fractions: number[]): CueSequence {
  const symbolCount = sequence.alphabet.length;
  const drive = toDrive(sequence);
  const fraction = new Float64Array(items.length);
  const level = new Int32Array(items.length).fill(-1);
  for (let t = 0; t < items.length; t++) {
    const k = Math.floor(items[t] / 2);
    fraction[t] = fractions[k];
    if (sequence.position[t] !== 0) continue;
    level[t] = k;
    drive[t * symbolCount] = fractions[k];
    drive[t * symbolCount + 1] = 1 - fractions[k];
  }
  return { ...sequence, drive, fraction, fractions, level };
}
