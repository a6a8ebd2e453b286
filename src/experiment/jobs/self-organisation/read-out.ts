/**
 * @file A readout of the symbols from the raster: trained on the phases for that, tested on the others.
 */

import { CajalError, createStream, type Rng } from "../../../core/index.ts";
import { classifier, type PhaseResult, predictClasses } from "../../../learning/index.ts";
import {
  countingBound,
  lastSymbolAccuracy,
  nextSymbolAccuracy,
  nextTargets,
  normalisedAccuracy,
  positionAccuracy,
  type SymbolSequence,
} from "../../../tasks/index.ts";
import type { SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";
import { drawSymbols } from "./build-network.ts";

/**
 * Scores of a linear readout by least squares, after Lazar, Pipa and Triesch (2009): the next symbol, the last symbol of
 * each word, and the position inside the word.
 *
 * @param rng - Stream of the symbols, as the run drew them.
 */
export function readOut(
  experiment: SelfOrganisationExperiment,
  results: readonly PhaseResult[],
  rng: Rng,
): Record<string, number> {
  const { phases, input } = experiment;
  const used = phases.flatMap(({ readout }, k) => (readout ? [k] : []));
  const end = results[used[used.length - 1]];
  const sequence = drawSymbols(input!, { steps: end.firstStep + end.steps }, createStream(rng.name));
  const parts = (role: "train" | "test") =>
    used.filter((k) => phases[k].readout === role).map((k) => pieceOf(results[k], sequence));
  const train = joined(parts("train"));
  const test = joined(parts("test"));
  const score = (of: "symbols" | "position", classes: number) => {
    const readout = classifier(
      { states: train.states, labels: nextTargets(train.sequence[of]) },
      { units: train.states.units, classes },
    );
    return predictClasses(readout, test.states);
  };
  const positions = 1 + train.sequence.position.reduce((most, p) => Math.max(most, p), 0);
  const next = score("symbols", sequence.alphabet.length);
  const accuracy = nextSymbolAccuracy(test.sequence, next);
  return {
    nextSymbol: accuracy,
    ...(input?.source === "counting" && {
      normalisedScore: normalisedAccuracy(accuracy, countingBound(input.n)),
    }),
    lastSymbol: lastSymbolAccuracy(test.sequence, next),
    position: positionAccuracy(test.sequence, score("position", Math.max(2, positions))),
  };
}

// Implementation

interface Piece {
  states: { units: number; steps: number; bits: Uint8Array };
  sequence: SymbolSequence;
}

function pieceOf({ raster, firstStep, steps }: PhaseResult, whole: SymbolSequence): Piece {
  if (!raster) throw new CajalError("no raster was recorded", { code: "no-raster", where: "readOut" });
  const cut = (values: Int32Array) => values.slice(firstStep, firstStep + steps);
  const { symbols, word, position } = whole;
  const sequence = { ...whole, symbols: cut(symbols), word: cut(word), position: cut(position) };
  return { states: raster, sequence };
}

function joined(pieces: readonly Piece[]): Piece {
  if (pieces.length === 1) return pieces[0];
  const all = <T extends Int32Array | Uint8Array>(
    make: { from(values: Iterable<number>): T },
    of: (p: Piece) => T,
  ) => make.from(pieces.flatMap((piece) => [...of(piece)]));
  const { states, sequence } = pieces[0];
  return {
    states: {
      units: states.units,
      steps: pieces.reduce((sum, piece) => sum + piece.states.steps, 0),
      bits: all(Uint8Array, (p) => p.states.bits),
    },
    sequence: {
      ...sequence,
      symbols: all(Int32Array, (p) => p.sequence.symbols),
      word: all(Int32Array, (p) => p.sequence.word),
      position: all(Int32Array, (p) => p.sequence.position),
    },
  };
}
