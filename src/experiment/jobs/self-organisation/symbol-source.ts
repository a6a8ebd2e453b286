/**
 * @file The symbols that an experiment shows: which source, what each phase shows of it, and the pools they drive.
 */

import { CajalError, createStream, type Rng, type SparseMatrix } from "../../../core/index.ts";
import { type Drive, symbolDrive } from "../../../learning/index.ts";
import {
  ambiguousCue,
  type CueSequence,
  countingTask,
  type GrammarName,
  grammarSequence,
  mixPools,
  occluderTask,
  poissonSymbols,
  randomSequence,
  type SymbolSequence,
  symbolPools,
  wordSequence,
} from "../../../tasks/index.ts";
import type { SelfOrganisationExperiment } from "../../spec/self-organisation-schema.ts";
import type { CueInput, SymbolInput } from "../../spec/symbol-input-schema.ts";

/** An experiment with an input. */
export type Shown = Pick<SelfOrganisationExperiment, "phases"> & { input: SymbolInput };

/** What is asked of a source: so many steps, after a piece of it. */
interface Piece {
  steps: number;
  after?: SymbolSequence;
}

/**
 * A piece of a source; a cue is clear.
 *
 * @throws CajalError of the sources, e.g. `bad-words`, `bad-probabilities`, `bad-grammar`.
 */
export function drawSymbols(input: SymbolInput, piece: Piece, rng: Rng): SymbolSequence {
  switch (input.source) {
    case "counting":
      return countingTask({ n: input.n, ...piece }, rng);
    case "random-sequence":
      return randomSequence({ length: input.length, letters: input.letters, ...piece }, rng);
    case "words":
      return wordSequence({ ...withoutPools(input), ...piece }, rng);
    case "occluder":
      return occluderTask({ positions: input.positions, hidden: input.hidden, ...piece }, rng);
    case "grammar":
      return grammarSequence({ grammar: grammarOf(input), ...piece }, rng);
    case "poisson":
      return poissonSymbols({ ...withoutPools(input), ...piece }, rng);
    case "ambiguous-cue":
      return cues(input, { mixed: false, piece }, rng);
  }
}

/** A grammar as tasks take it. */
export function grammarOf({ grammar }: Extract<SymbolInput, { source: "grammar" }>) {
  return typeof grammar === "string"
    ? (grammar as GrammarName)
    : ({ kind: "grammar", name: "of the file", description: "", ...grammar } as const);
}

/**
 * Weights of the symbols onto the excitatory units; of a cue with a column more for each mixture.
 *
 * @returns Shape `(unit, input)`.
 * @throws CajalError of the sources, and `pools-do-not-fit`.
 */
export function inputPools(input: SymbolInput, size: number, rng: Rng): SparseMatrix {
  // Its alphabet follows from the options, not from what is drawn.
  const { alphabet } = drawSymbols(input, { steps: 1 }, createStream("alphabet"));
  if (alphabet.length === 0) {
    throw new CajalError("no word has a letter", {
      code: "bad-words",
      where: "input.words",
      hint: "Write words such as abc.",
    });
  }
  const { unitsPerSymbol, gain, overlap } = input;
  const pools = symbolPools({ symbols: alphabet.length, size, unitsPerSymbol, gain, overlap, rng });
  return input.source === "ambiguous-cue" ? mixPools(pools, { fractions: input.fractions }) : pools;
}

/**
 * What drives the input in each step.
 *
 * @param rng - Stream of the symbols from its beginning.
 */
export function symbolsDrive({ phases, input }: Shown, rng: Rng): Drive {
  const whole =
    input.source === "ambiguous-cue"
      ? undefined
      : symbolDrive((piece, r) => drawSymbols(input, piece, r), { rng });
  const laid = layPhases(phases);
  const parts = laid.map((phase, k) => {
    const drive =
      whole ?? cueDrive(input as CueInput, { mixed: isMixed(input, phase), rng: phaseRng(rng, k) });
    // Twin runs go on where the last phase ended.
    const end = k === laid.length - 1 ? Number.POSITIVE_INFINITY : phase.end;
    return { ...phase, end, drive, offset: whole ? 0 : phase.start };
  });
  return (first, steps) => {
    const pieces: ArrayLike<number>[] = [];
    for (const { start, end, drive, offset, shows } of parts) {
      const [from, to] = [Math.max(start, first), Math.min(end, first + steps)];
      if (from >= to) continue;
      const values = drive(from - offset, to - from).input;
      pieces.push(shows === "nothing" ? new Float64Array(values.length) : values);
    }
    return {
      input: pieces.length === 1 ? pieces[0] : Float64Array.from(pieces.flatMap((p) => [...Array.from(p)])),
    };
  };
}

/** Whether cues of a phase are mixed. */
export function isMixed(
  input: SymbolInput,
  { name, readout }: Pick<SelfOrganisationExperiment["phases"][number], "name" | "readout">,
): boolean {
  if (input.source !== "ambiguous-cue") return false;
  return input.mixed ? input.mixed.includes(name) : readout === "test";
}

/** Phases with their first step and the step after their last. */
export function layPhases(phases: Shown["phases"]) {
  let start = 0;
  return phases.map((phase) => {
    const end = start + phase.steps;
    const laid = { ...phase, start, end };
    start = end;
    return laid;
  });
}

/** Cues of a phase are drawn from a stream of its own: another mixture begins with another trial. */
export function phaseRng(rng: Rng, phase: number): Rng {
  return createStream(`${rng.name}/phase ${phase}`);
}

/** A piece of trials with cues. */
export function cues(
  { prior, repeats, fractions, blanks }: CueInput,
  { mixed, piece }: { mixed: boolean; piece: Piece },
  rng: Rng,
): CueSequence {
  const { steps, after } = piece;
  const options = {
    steps,
    ...(after && { after }),
    cue: mixed ? "mixed" : "clear",
    prior,
    repeats,
    blanks,
  } as const;
  return ambiguousCue(mixed ? { ...options, fractions } : options, rng);
}

// Implementation

/** The drive of cues: a mixture has an input of its own, after A, B and X; a clear cue is A or B. */
function cueDrive(input: CueInput, { mixed, rng }: { mixed: boolean; rng: Rng }): Drive {
  const drawn = new WeakMap<SymbolSequence, CueSequence>();
  return symbolDrive(
    ({ steps, after }, stream) => {
      const before = after && drawn.get(after);
      const cue = cues(input, { mixed, piece: { steps, ...(before && { after: before }) } }, stream);
      const { alphabet, symbols, level } = cue;
      const shown = mixed ? symbols.map((s, t) => (level[t] >= 0 ? alphabet.length + level[t] : s)) : symbols;
      const names = [...alphabet, ...input.fractions.map((f) => `A ${f}`)];
      const levelled = { ...cue, alphabet: names, symbols: shown };
      drawn.set(levelled, cue);
      return levelled;
    },
    { rng },
  );
}

function withoutPools<T extends SymbolInput>({
  source: _s,
  unitsPerSymbol: _u,
  gain: _g,
  overlap: _o,
  ...rest
}: T) {
  return rest;
}
