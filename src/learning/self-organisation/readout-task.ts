/**
 * @file What a linear readout can read from a network that has organised itself under a stream of symbols: the next
 * symbol, the last symbol of words, the place in the word. The protocol of Lazar, Pipa and Triesch (2009): a plastic
 * phase, then states for training and for testing with plasticity off.
 */

import { rasterFromDense, rasterWindow } from "../../analysis/index.ts";
import { CajalError } from "../../core/index.ts";
import { takeInstance } from "../../engine/index.ts";
import type { Network } from "../../model/index.ts";
import {
  lastSymbolAccuracy,
  nextSymbolAccuracy,
  nextTargets,
  normalisedAccuracy,
  positionAccuracy,
  type SymbolSequence,
  toDrive,
} from "../../tasks/index.ts";
import { type ClassifierOptions, classifier, predictClasses } from "../readouts/classifier.ts";
import { isPacked, type States } from "../readouts/labelled-states.ts";
import { freezeAllBut, type Phase } from "./phases.ts";
import { SelfOrganisation } from "./self-organisation.ts";
import type { SelfOrganisationOptions, SelfOrganisationResult } from "./self-organisation-options.ts";

/**
 * Whether the state of a step has seen the input of that step: `x` has, the internal prediction `r` (x* of the papers)
 * has not. What is known about step t + 1 is x of step t, or r of step t + 1.
 */
export type StateTiming = "after-input" | "before-input";

/** Options of {@link readoutTask}. */
export interface ReadoutTaskOptions {
  /** With one input for each symbol. */
  network: Network;
  seed: number;
  /** Of the whole run: plastic, training and test steps one after another. */
  sequence: SymbolSequence;
  steps: { plastic: number; train: number; test: number };
  /** Rules that act in the plastic phase: all (default), none, or some, e.g. `["ip"]`. */
  rules?: "all" | "none" | readonly string[];
  /** Whether these rules go on acting while states are collected, default false. */
  plasticReadout?: boolean;
  /** Variables that are read out, default E.x (after input) and E.r (before it). */
  states?: Readonly<Record<string, StateTiming>>;
  /** Name of the input, default `input`. */
  input?: string;
  /** Best possible next-symbol accuracy, e.g. `countingBound(n)`; without it nothing is normalised. */
  bound?: number;
  /** Ridge of the readout, default 0: least squares. */
  lambda?: ClassifierOptions["lambda"];
  simulation?: SelfOrganisationOptions["simulation"];
}

/** Scores of one kind of state on the test steps, each 0 … 1. */
export interface ReadoutScores {
  /** Next symbols predicted right. */
  nextSymbol: number;
  /** The same as a part of the best possible; where a bound was given. */
  nextSymbolNormalised?: number;
  /** Last symbols of words predicted right; where the sequence has a list of words. */
  lastSymbol?: number;
  /** Places in the word predicted right, one step ahead. */
  position?: number;
}

/** What a readout makes of a network. */
export interface ReadoutTaskResult {
  /** Of the plastic phase, and warnings of all phases. */
  status: SelfOrganisationResult["status"];
  warnings: SelfOrganisationResult["warnings"];
  /** Mean rate of the recorded population in the test phase, where it has one. */
  rate?: number;
  /** By variable; empty when the run has diverged. */
  scores: Record<string, ReadoutScores>;
}

/**
 * Run the protocol and score.
 *
 * @throws CajalError `shape`, `unknown-rule`, `unknown-variable`, and those of the readout.
 */
export function readoutTask(options: ReadoutTaskOptions): ReadoutTaskResult {
  const {
    sequence,
    steps,
    states = { "E.x": "after-input", "E.r": "before-input" },
    input = "input",
  } = options;
  const total = steps.plastic + steps.train + steps.test;
  if (sequence.symbols.length !== total) {
    throw new CajalError(`the sequence has ${sequence.symbols.length} steps, the phases have ${total}`, {
      code: "shape",
      where: "readoutTask",
      hint: "Draw one sequence for plastic, training and test steps together.",
    });
  }
  const run = new SelfOrganisation({
    network: options.network,
    seed: options.seed,
    phases: phasesOf(options),
    drive: { [input]: toDrive(sequence) },
    ...(options.simulation && { simulation: options.simulation }),
  });
  run.advance(steps.plastic);
  const monitors = Object.keys(states).map((name) => ({ name, monitor: run.simulation.monitor(name) }));
  run.advance(total);
  const { status, warnings, phases } = run.result();
  const rates = phases.at(-1)?.rates;
  const result: ReadoutTaskResult = {
    status,
    warnings,
    ...(rates && { rate: rates.reduce((sum, r) => sum + r, 0) / rates.length }),
    scores: {},
  };
  if (status === "diverged") return result;
  for (const { name, monitor } of monitors) {
    const data = monitor.data();
    const values = takeInstance(data, 0);
    // Packed states are counted, not multiplied: exact, and several times faster.
    const isBinary = values.every((v) => v === 0 || v === 1);
    const collected = isBinary ? rasterFromDense(values, data.units) : values;
    result.scores[name] = scoreStates(
      { values: collected, units: data.units, timing: states[name] },
      options,
    );
  }
  return result;
}

// Implementation

interface CollectedStates {
  /** Of training and test steps. */
  values: States;
  units: number;
  timing: StateTiming;
}

function phasesOf({ network, steps, rules = "all", plasticReadout = false }: ReadoutTaskOptions): Phase[] {
  const freeze = rules === "all" ? [] : rules === "none" ? "all" : freezeAllBut(network, rules);
  const plastic: Phase[] = steps.plastic > 0 ? [{ name: "plastic", steps: steps.plastic, freeze }] : [];
  const read = plasticReadout ? freeze : "all";
  return [
    ...plastic,
    { name: "train", steps: steps.train, freeze: read },
    { name: "test", steps: steps.test, freeze: read },
  ];
}

function scoreStates(states: CollectedStates, options: ReadoutTaskOptions): ReadoutScores {
  const { sequence, steps, bound } = options;
  const test = piece(sequence, steps.plastic + steps.train, steps.test);
  const predict = (values: Int32Array) => predictNext(states, values, options);
  const symbols = predict(sequence.symbols);
  const nextSymbol = nextSymbolAccuracy(test, symbols);
  return {
    nextSymbol,
    ...(bound !== undefined && { nextSymbolNormalised: normalisedAccuracy(nextSymbol, bound) }),
    ...(sequence.words.length > 0 && { lastSymbol: lastSymbolAccuracy(test, symbols) }),
    ...(sequence.words.length > 0 && { position: positionAccuracy(test, predict(sequence.position)) }),
  };
}

/** Train on the value of the next step, then predict: what is expected at each test step of the step after it. */
function predictNext(
  { values, units, timing }: CollectedStates,
  labels: Int32Array,
  { steps, lambda = 0 }: ReadoutTaskOptions,
): Int32Array {
  const { plastic, train, test } = steps;
  const ofTraining = labels.slice(plastic, plastic + train);
  const readout = classifier(
    {
      states: rowsOf(values, units, { from: 0, to: train }),
      labels: timing === "after-input" ? nextTargets(ofTraining) : ofTraining,
    },
    { units, classes: labels.reduce((a, b) => Math.max(a, b), 1) + 1, lambda },
  );
  const predicted = predictClasses(readout, rowsOf(values, units, { from: train, to: train + test }));
  if (timing === "after-input") return predicted;
  // The state that knows about step t + 1 is that of step t + 1; the last step has none and is not scored.
  predicted.copyWithin(0, 1);
  return predicted;
}

function rowsOf(states: States, units: number, { from, to }: { from: number; to: number }): States {
  if (isPacked(states)) return rasterWindow(states, from, to);
  return (states as Float64Array).subarray(from * units, to * units);
}

function piece(sequence: SymbolSequence, first: number, steps: number): SymbolSequence {
  const cut = (values: Int32Array) => values.slice(first, first + steps);
  const { symbols, word, position } = sequence;
  return { ...sequence, symbols: cut(symbols), word: cut(word), position: cut(position) };
}
