/**
 * @file A network as a reservoir: drive it with a task's input, fit a readout on the first part of its states, score
 * it on the rest. States are seen block by block and never kept, so memory does not grow with the length of the task.
 */

import { type OutputScores, ScoreAccumulator } from "../../analysis/index.ts";
import { CajalError } from "../../core/index.ts";
import {
  BlockProduct,
  type Divergence,
  gatherBlock,
  MomentsAccumulator,
  type SimulationOptions,
  simulate,
} from "../../engine/index.ts";
import type { Network } from "../../model/index.ts";
import { fitRidge, type RidgeOptions, type RidgeReadout } from "../readouts/ridge.ts";
import { splitSteps } from "../readouts/split.ts";

/** A task as series: input and wanted output for every step. */
export interface SeriesData {
  /** Shape `(time, input)`. */
  input: Float64Array;
  /** Shape `(time, output)`. */
  target: Float64Array;
  steps: number;
  outputs: number;
}

/** How a reservoir is driven, read out and scored. */
export interface ReservoirOptions {
  /** Name of the network's input that takes the task's input, default `input`. */
  input?: string;
  /** Variable the readout sees, default `reservoir.r`. */
  record?: string;
  /** Units the readout sees, default all. */
  units?: Int32Array;
  /** Steps dropped at the start, default 200. */
  washout?: number;
  /** Share of the remaining steps that the readout is fitted on, the rest are the test; default 0.7. */
  trainFraction?: number;
  /** How the readout is fitted, default ridge with λ by generalised cross-validation. */
  readout?: Omit<RidgeOptions, "units" | "outputs">;
  /** Instances, seeds and their parameters; dt is 1 unless given. */
  simulation?: SimulationOptions;
}

/** What one instance achieved. */
export type ReservoirResult =
  | {
      status: "done";
      instance: number;
      readout: RidgeReadout;
      scores: OutputScores;
      steps: { train: number; test: number };
    }
  | { status: "diverged"; instance: number; divergence: Divergence };

/** Steps gathered before they are taken into the moments. */
const BLOCK = 256;

/**
 * Drive a network with a task, fit a readout, and score it on the later part of the series. Training and test follow
 * each other in one run, so the test starts from the state that training ended in.
 *
 * @returns One result for each instance.
 * @throws CajalError for mistakes in network, shapes or split.
 */
export function evaluateReservoir(
  network: Network,
  task: SeriesData,
  options: ReservoirOptions = {},
): ReservoirResult[] {
  const { washout = 200, trainFraction = 0.7 } = options;
  const { train, test } = splitSteps(task.steps, { washout, trainFraction });
  const drive = new Drive(network, task, options);
  drive.skip(train.start);
  const moments = drive.eachInstance(
    () => new MomentsAccumulator({ variables: drive.units.length + task.outputs, block: BLOCK }),
  );
  drive.through(train.end, (block, count, instance) => moments[instance].add(block, count));

  const readouts = moments.map((m, instance) =>
    drive.divergence(instance)
      ? undefined
      : fitRidge(m.result(), { ...options.readout, units: drive.units.length, outputs: task.outputs }),
  );
  const judges = readouts.map((readout) => readout && new Judge(readout));
  drive.through(test.end, (block, count, instance) => judges[instance]?.add(block, count));

  const steps = { train: train.end - train.start, test: test.end - test.start };
  return readouts.map((readout, instance): ReservoirResult => {
    const divergence = drive.divergence(instance);
    if (divergence) return { status: "diverged", instance, divergence };
    return { status: "done", instance, readout: readout!, scores: judges[instance]!.scores(), steps };
  });
}

// Implementation

/** Receives a block of one instance: rows are units then targets, shape `(unit + output, BLOCK)`, `count` steps valid. */
type BlockListener = (block: Float64Array, count: number, instance: number) => void;

/** Runs the network along the task and hands out states with their targets, block by block. */
class Drive {
  readonly units: Int32Array;
  readonly #run: ReturnType<typeof simulate>;
  readonly #task: SeriesData;
  readonly #input: string;
  readonly #state: ReturnType<ReturnType<typeof simulate>["memoryOf"]>;
  readonly #record: Float64Array;
  readonly #block: Float64Array;
  #at = 0;

  constructor(network: Network, task: SeriesData, options: ReservoirOptions) {
    this.#run = simulate(network, options.simulation);
    this.#task = task;
    this.#input = options.input ?? "input";
    this.#state = this.#run.memoryOf(options.record ?? "reservoir.r");
    this.units = options.units ?? Int32Array.from({ length: this.#state.units }, (_, i) => i);
    if (this.units.length === 0) {
      throw new CajalError("no unit is read out", {
        code: "no-output-units",
        where: "evaluateReservoir",
        hint: "Choose at least one output node.",
      });
    }
    this.#record = new Float64Array(BLOCK * this.#state.units * this.#state.stride);
    this.#block = new Float64Array((this.units.length + task.outputs) * BLOCK);
  }

  eachInstance<T>(make: (instance: number) => T): T[] {
    return Array.from({ length: this.#run.instances }, (_, b) => make(b));
  }

  divergence(instance: number): Divergence | undefined {
    return this.#run.diverged.find((d) => d.instance === instance);
  }

  /** Run without handing anything out. */
  skip(end: number): void {
    this.#advance(end - this.#at);
  }

  /** Run to step `end`, handing out every state on the way. */
  through(end: number, listener: BlockListener): void {
    while (this.#at < end && this.#run.diverged.length < this.#run.instances) {
      const first = this.#at;
      const count = Math.min(BLOCK, end - first);
      const { values, units, stride } = this.#state;
      this.#advance(count, (step) => this.#record.set(values, step * units * stride));
      this.#placeTargets(first, count);
      for (let b = 0; b < this.#run.instances; b++) {
        if (this.divergence(b)) continue;
        const rows = this.#block.subarray(0, this.units.length * BLOCK);
        gatherBlock(
          this.#record,
          { neurons: units, stride, instance: b, units: this.units, steps: count },
          rows,
        );
        listener(this.#block, count, b);
      }
    }
  }

  #advance(steps: number, onStep?: (step: number) => void): void {
    const { input, steps: total } = this.#task;
    const width = input.length / total;
    const series = input.subarray(this.#at * width, (this.#at + steps) * width);
    this.#run.run(steps * this.#run.dt, { inputs: { [this.#input]: series }, ...(onStep ? { onStep } : {}) });
    this.#at += steps;
  }

  #placeTargets(first: number, count: number): void {
    const { target, outputs } = this.#task;
    for (let o = 0; o < outputs; o++) {
      const row = (this.units.length + o) * BLOCK;
      for (let k = 0; k < count; k++) this.#block[row + k] = target[(first + k) * outputs + o];
    }
  }
}

/** Predicts blocks with a fitted readout and scores them. */
class Judge {
  readonly #readout: RidgeReadout;
  readonly #product: BlockProduct;
  readonly #scores: ScoreAccumulator;

  constructor(readout: RidgeReadout) {
    const { weights, outputs, units } = readout;
    this.#readout = readout;
    this.#product = new BlockProduct(weights, { outputs, units, block: BLOCK });
    this.#scores = new ScoreAccumulator(outputs);
  }

  add(block: Float64Array, count: number): void {
    const { outputs, units, intercept } = this.#readout;
    const predicted = this.#product.multiply(block.subarray(0, units * BLOCK));
    const target = new Float64Array(count * outputs);
    const prediction = new Float64Array(count * outputs);
    for (let o = 0; o < outputs; o++) {
      for (let k = 0; k < count; k++) {
        target[k * outputs + o] = block[(units + o) * BLOCK + k];
        prediction[k * outputs + o] = predicted[o * BLOCK + k] + intercept[o];
      }
    }
    this.#scores.add(target, prediction);
  }

  scores(): OutputScores {
    return this.#scores.scores();
  }
}
