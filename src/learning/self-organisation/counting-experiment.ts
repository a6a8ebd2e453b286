/**
 * @file The counting task with its controls: the same network without plasticity, with intrinsic plasticity alone, and a
 * predictor that only repeats. The published score, the next symbol, hardly tells counting from repeating in long
 * words; the last symbol and the place in the word do.
 */

import { createRng, type Rng, type SparseMatrix } from "../../core/index.ts";
import { lazar2009, type Network } from "../../model/index.ts";
import {
  countingBound,
  countingTask,
  lastSymbolAccuracy,
  nextSymbolAccuracy,
  repeatPrediction,
  repeatScore,
  symbolPools,
} from "../../tasks/index.ts";
import { type ReadoutTaskOptions, type ReadoutTaskResult, readoutTask } from "./readout-task.ts";

/** Options of {@link countingExperiment}. */
export interface CountingExperimentOptions
  extends Pick<ReadoutTaskOptions, "plasticReadout" | "states" | "lambda" | "simulation"> {
  /** Repeats of the middle letter, ≥ 1. */
  n: number;
  seed: number;
  /** Default 50 000, 5000 and 5000. */
  steps?: ReadoutTaskOptions["steps"];
  /** Excitatory units, default 200. */
  units?: number;
  /** Units driven by a symbol and their gain, default 10 and 1. */
  pools?: { unitsPerSymbol?: number; gain?: number };
  /** Makes the network from its input weights, shape `(unit, symbol)`; default `lazar2009`. */
  network?: (inputWeights: SparseMatrix, rng: Rng) => Network;
  /** Rules that act in each condition; default `sorn` all, `static` none, `ip-only` intrinsic plasticity. */
  conditions?: Readonly<Record<string, NonNullable<ReadoutTaskOptions["rules"]>>>;
}

/** Scores of all conditions on the same words, from the same start. */
export interface CountingExperiment {
  n: number;
  seed: number;
  /** Best possible next-symbol accuracy, 1 − 1/(2(n + 2)). */
  bound: number;
  conditions: Record<string, ReadoutTaskResult>;
  /** Of one who repeats the letter he sees: measured on the test words, and expected. */
  repeating: { nextSymbol: number; nextSymbolNormalised: number; expected: number; lastSymbol: number };
  /** Best position score of one who sees the present symbol and remembers nothing, 3/(n + 2). */
  memorylessPosition: number;
}

/**
 * Run the counting task under all conditions. Streams of the seed: `input`, `pools`, `network`.
 *
 * @throws CajalError as `readoutTask`, `countingTask` and `symbolPools`.
 * @example countingExperiment({ n: 8, seed: 1 }).conditions.sorn.scores["E.x"].position // 1
 */
export function countingExperiment(options: CountingExperimentOptions): CountingExperiment {
  const { n, seed, units = 200, pools = {}, plasticReadout, states, lambda, simulation } = options;
  const { steps = { plastic: 50_000, train: 5000, test: 5000 } } = options;
  const { network = (inputWeights, rng) => lazar2009({ units, inputWeights }, rng) } = options;
  const { conditions = { sorn: "all", static: "none", "ip-only": ["ip"] } } = options;
  const rng = createRng(seed);
  const total = steps.plastic + steps.train + steps.test;
  const sequence = countingTask({ n, steps: total }, rng.stream("input"));
  const symbols = sequence.alphabet.length;
  const weights = symbolPools({ symbols, size: units, rng: rng.stream("pools"), ...pools });
  const net = network(weights, rng.stream("network"));
  const bound = countingBound(n);
  const shared = {
    network: net,
    ...{ seed, sequence, steps, bound },
    ...(plasticReadout !== undefined && { plasticReadout }),
    ...(states && { states }),
    ...(lambda !== undefined && { lambda }),
    ...(simulation && { simulation }),
  };
  const first = steps.plastic + steps.train;
  const test = {
    words: sequence.words,
    symbols: sequence.symbols.slice(first),
    word: sequence.word.slice(first),
    position: sequence.position.slice(first),
  };
  const repeated = repeatPrediction(test);
  const nextSymbol = nextSymbolAccuracy(test, repeated);
  return {
    n,
    seed,
    bound,
    conditions: Object.fromEntries(
      Object.entries(conditions).map(([name, rules]) => [name, readoutTask({ ...shared, rules })]),
    ),
    repeating: {
      nextSymbol,
      nextSymbolNormalised: nextSymbol / bound,
      expected: repeatScore(n),
      lastSymbol: lastSymbolAccuracy(test, repeated),
    },
    memorylessPosition: 3 / (n + 2),
  };
}
