/**
 * @file A readout of the symbols from rasters of the activity or of the internal prediction: trained on the phases for
 * that, tested on the others.
 */

import { CajalError, type Rng } from "../../../core/index.ts";
import { classifier, type PhaseResult, predictClasses } from "../../../learning/index.ts";
import {
  countingBound,
  grammarBound,
  lastSymbolAccuracy,
  nextSymbolAccuracy,
  nextTargets,
  normalisedAccuracy,
  positionAccuracy,
} from "../../../tasks/index.ts";
import type { ReadoutState, SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";
import type { CueInput, SymbolInput } from "../../spec/symbol-input-schema.ts";
import { choiceMetric } from "./choice-metric.ts";
import { cutSequence, joinSequences, type ShownSequence, shownSequence } from "./shown-sequence.ts";
import { grammarOf } from "./symbol-source.ts";

/** Whatever follows the name of a metric when the state that is read out is not the activity. */
const SUFFIX: Record<ReadoutState, string> = { "E.x": "", "E.r": "Internal" };

/** States that the readouts of an experiment see. */
export function readoutStates({ readout, analyses }: SelfOrganisationExperiment): readonly ReadoutState[] {
  return analyses.includes("readout") ? (readout?.states ?? ["E.x"]) : [];
}

/**
 * Scores of linear readouts by least squares, after Lazar, Pipa and Triesch (2009): the next symbol, the last symbol of
 * each word, and the position inside the word. Those of the internal prediction end in `Internal`.
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
  const sequence = shownSequence({ phases, input: input! }, end.firstStep + end.steps, rng);
  const scores: Record<string, number> = {};
  for (const state of readoutStates(experiment)) {
    const parts = (role: "train" | "test") =>
      used
        .filter((k) => phases[k].readout === role)
        .map((k) => pieceOf(results[k], { whole: sequence, state }));
    const pieces = { train: joined(parts("train")), test: joined(parts("test")) };
    for (const [metric, value] of Object.entries(scoresOf(pieces, { state, input: input! })))
      scores[`${metric}${SUFFIX[state]}`] = value;
  }
  return scores;
}

// Implementation

interface Piece {
  states: { units: number; steps: number; bits: Uint8Array };
  sequence: ShownSequence;
}

function scoresOf(
  { train, test }: { train: Piece; test: Piece },
  { state, input }: { state: ReadoutState; input: SymbolInput },
): Record<string, number> {
  // x of a step has seen its symbol and is to tell the next one; x* has not seen it and is to tell this one.
  const seesInput = state === "E.x";
  const predict = (of: "symbols" | "position", classes: number) => {
    const labels = seesInput ? nextTargets(train.sequence[of]) : train.sequence[of];
    const readout = classifier({ states: train.states, labels }, { units: train.states.units, classes });
    const told = predictClasses(readout, test.states);
    // Scores compare what is told at a step with the step after; the last step has none and is not scored.
    if (!seesInput) told.copyWithin(0, 1);
    return told;
  };
  const positions = 1 + train.sequence.position.reduce((most, p) => Math.max(most, p), 0);
  const next = predict("symbols", train.sequence.alphabet.length);
  const accuracy = nextSymbolAccuracy(test.sequence, next);
  const bound = boundOf(input);
  return {
    nextSymbol: accuracy,
    ...(bound !== undefined && { normalisedScore: normalisedAccuracy(accuracy, bound) }),
    // Symbols by themselves have no place in a word; sentences have no last symbol that is known beforehand.
    ...(positions > 1 &&
      test.sequence.words.length > 0 && {
        lastSymbol: lastSymbolAccuracy(test.sequence, next),
        position: positionAccuracy(test.sequence, predict("position", positions)),
      }),
    ...(input.source === "ambiguous-cue" && decisions({ train, test }, input)),
  };
}

/** Highest expected share of next symbols, where it is known. */
function boundOf(input: SymbolInput): number | undefined {
  if (input.source === "counting") return countingBound(input.n);
  if (input.source === "grammar") return grammarBound(grammarOf(input));
  return undefined;
}

/**
 * What a readout of the step `_` says about the cue, after Hartmann et al. (2015): the share of trials told right, those
 * of a cue of one half left out, and for each mixture the share told as A.
 */
function decisions(
  { train, test }: { train: Piece; test: Piece },
  { repeats }: CueInput,
): Record<string, number> {
  const wordAt = ({ sequence }: Piece) =>
    sequence.word.map((w, t) => (sequence.position[t] === repeats + 1 ? w : -1));
  const readout = classifier(
    { states: train.states, labels: wordAt(train) },
    { units: train.states.units, classes: 2 },
  );
  const told = predictClasses(readout, test.states);
  const byFraction = new Map<number, { trials: number; asA: number }>();
  const clear = { trials: 0, right: 0 };
  wordAt(test).forEach((word, t) => {
    if (word < 0) return;
    const fraction = test.sequence.fraction![t];
    const of = byFraction.get(fraction) ?? { trials: 0, asA: 0 };
    byFraction.set(fraction, of);
    of.trials++;
    if (told[t] === 0) of.asA++;
    if (fraction === 0.5) return;
    clear.trials++;
    if (told[t] === word) clear.right++;
  });
  const shares = [...byFraction].sort(([a], [b]) => a - b);
  return {
    ...(clear.trials > 0 && { decision: clear.right / clear.trials }),
    ...Object.fromEntries(shares.map(([f, { trials, asA }]) => [choiceMetric(f), asA / trials])),
  };
}

function pieceOf(
  { raster, rasters, firstStep, steps }: PhaseResult,
  { whole, state }: { whole: ShownSequence; state: ReadoutState },
): Piece {
  const states = state === "E.x" ? raster : rasters?.[state];
  if (!states)
    throw new CajalError(`no raster of ${state} was recorded`, { code: "no-raster", where: "readOut" });
  return { states, sequence: cutSequence(whole, firstStep, steps) };
}

function joined(pieces: readonly Piece[]): Piece {
  if (pieces.length === 1) return pieces[0];
  return {
    states: {
      units: pieces[0].states.units,
      steps: pieces.reduce((sum, piece) => sum + piece.states.steps, 0),
      bits: Uint8Array.from(pieces.flatMap((piece) => [...piece.states.bits])),
    },
    sequence: joinSequences(pieces.map(({ sequence }) => sequence)),
  };
}
