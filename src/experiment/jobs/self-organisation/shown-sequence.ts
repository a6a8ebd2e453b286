/**
 * @file What a network was shown, step by step, for the readouts that are to tell it.
 */

import { createStream, type Rng } from "../../../core/index.ts";
import type { SymbolSequence } from "../../../tasks/index.ts";
import { cues, drawSymbols, isMixed, layPhases, phaseRng, type Shown } from "./symbol-source.ts";

/** Symbols, and of trials with a cue the share of A in it, shape `(time)`. */
export interface ShownSequence extends SymbolSequence {
  fraction?: Float64Array;
}

/** All that is shown in the first `steps` steps, as `symbolsDrive` shows it. */
export function shownSequence({ phases, input }: Shown, steps: number, rng: Rng): ShownSequence {
  const used = layPhases(phases).filter(({ start }) => start < steps);
  const sequence: ShownSequence =
    input.source === "ambiguous-cue"
      ? joinSequences(
          used.map((phase, k) => {
            const piece = { steps: Math.min(phase.end, steps) - phase.start };
            return cues(input, { mixed: isMixed(input, phase), piece }, phaseRng(rng, k));
          }),
        )
      : drawSymbols(input, { steps }, createStream(rng.name));
  for (const { start, end, shows } of used) {
    if (shows !== "nothing") continue;
    for (const values of [sequence.symbols, sequence.word, sequence.position]) values.fill(-1, start, end);
  }
  return sequence;
}

/** `steps` steps from `first` on. */
export function cutSequence(whole: ShownSequence, first: number, steps: number): ShownSequence {
  const cut = <T extends Int32Array | Float64Array>(values: T) => values.slice(first, first + steps) as T;
  const { symbols, word, position, fraction } = whole;
  return {
    ...whole,
    symbols: cut(symbols),
    word: cut(word),
    position: cut(position),
    ...(fraction && { fraction: cut(fraction) }),
  };
}

/** Pieces of one source, one after the other. */
export function joinSequences(pieces: readonly ShownSequence[]): ShownSequence {
  const length = pieces.reduce((sum, p) => sum + p.symbols.length, 0);
  const all = <T extends Int32Array | Float64Array>(out: T, of: (p: ShownSequence) => T) => {
    let at = 0;
    for (const piece of pieces) {
      out.set(of(piece), at);
      at += of(piece).length;
    }
    return out;
  };
  return {
    ...pieces[0],
    symbols: all(new Int32Array(length), (p) => p.symbols),
    word: all(new Int32Array(length), (p) => p.word),
    position: all(new Int32Array(length), (p) => p.position),
    ...(pieces.every((p) => p.fraction) && { fraction: all(new Float64Array(length), (p) => p.fraction!) }),
  };
}
