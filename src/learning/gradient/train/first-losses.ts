/**
 * @file Whether training starts soundly: activity that grows from step to step makes losses that have nothing to do with
 * the task, at the start by its weights, or after the first steps of an optimiser, which push most weights alike.
 */

import { type Matrix, plural, spectralRadius, warn } from "../../../core/index.ts";
import type { Network } from "../../../model/index.ts";
import type { Objective } from "./objective.ts";
import type { ResolvedTraining } from "./train-options.ts";

/** Updates that are looked at. */
const FIRST = 20;
/** Losses above so many times that of a silent network are no errors of a task: targets and outputs are of one size. */
const FACTOR = 1e4;
/** Larger networks are not asked for their radius, which would take seconds. */
const MOST_UNITS = 1000;

/** What an update looked at. */
type Looked = Parameters<Objective["evaluate"]>[0];

/** Watches the first losses of a training; warns at most once. */
export class FirstLosses {
  readonly #options: Pick<ResolvedTraining, "network" | "optimiser">;
  readonly #objective: Objective;
  #silent: number | undefined;
  #isOver = false;

  constructor(options: Pick<ResolvedTraining, "network" | "optimiser">, objective: Objective) {
    this.#options = options;
    this.#objective = objective;
  }

  /**
   * Warns (`growing-activity`) of a loss that no error of the task explains. Losses from before a break count too.
   *
   * @param loss - Of this update.
   * @param earlier - Of all updates before it.
   */
  look(loss: number, earlier: readonly number[], seen: Looked): void {
    if (this.#isOver) return;
    this.#silent ??= silentLoss(this.#objective, seen);
    const most = FACTOR * this.#silent;
    const bad = [...earlier.slice(0, FIRST), loss].slice(0, FIRST).findIndex((one) => one > most);
    this.#isOver = bad >= 0 || earlier.length + 1 >= FIRST;
    if (bad < 0 || most === 0) return;
    warn("growing-activity", bad === 0 ? wordsOfStart(this.#options) : wordsOfSteps(this.#options));
  }
}

// Implementation

const LARGE = "more than 10⁴ times that of a network that stays silent";
const COST = "Training may come back from there, but updates are lost";

/** Loss of outputs that are 0. */
function silentLoss(objective: Objective, { records, ...seen }: Looked): number {
  const silent = Object.entries(records).map(([name, { length }]) => [name, new Float64Array(length)]);
  return objective.evaluate({ ...seen, records: Object.fromEntries(silent) }).total;
}

function wordsOfStart({ network: { network } }: Pick<ResolvedTraining, "network">): string {
  const radius = radiusOf(network);
  const at = radius === undefined ? "" : `, at a spectral radius of ${Number(radius.toPrecision(3))}`;
  return (
    `the first loss is ${LARGE}: activity grows from step to step before anything is trained${at}. ${COST}: ` +
    "start with a smaller radius, e.g. spectralRadius: 1 in initial.rec, under Dale's law beside balance: rows."
  );
}

function wordsOfSteps({ optimiser, network }: Pick<ResolvedTraining, "network" | "optimiser">): string {
  const { kind, learningRate } = optimiser;
  const rec = recurrent(network.network);
  const over = rec ? ` over the synapses from ${plural(rec.columns, "unit")}` : "";
  return (
    `the loss comes to ${LARGE} within the first ${FIRST} updates: first steps of ${kind} (learning rate ` +
    `${learningRate}) push most weights alike and add up${over}, so that activity grows from step to step. ${COST}: let ` +
    "the rate rise, schedule: { kind: constant, warmUp: { length: 50, from: 0.05 } }, or lower it."
  );
}

/** Weights of the units among each other. */
function recurrent({ projections }: Network): Matrix | undefined {
  const weights = projections.find(({ name }) => name === "rec")?.weights;
  return weights && weights.rows === weights.columns ? weights : undefined;
}

/** Of the network as given. */
function radiusOf(network: Network): number | undefined {
  const weights = recurrent(network);
  return weights && weights.rows <= MOST_UNITS ? spectralRadius(weights) : undefined;
}
