/**
 * @file From what a network did in a batch of trials to the loss, what the engine needs to go back, and how many
 * trials were answered rightly.
 */

import { choiceAccuracy, readChoices, type Task, type TrialBatch } from "../../../tasks/index.ts";
import { fractionCorrect } from "../losses/classification.ts";
import {
  type ActivitySource,
  checkTerms,
  evaluateLoss,
  type LossTerm,
  type LossValue,
} from "../losses/composite.ts";
import { type WorkTeam, workAlone } from "./shared-work.ts";
import type { Regulariser } from "./train-options.ts";
import type { TrainableNetwork } from "./trainable-network.ts";
import { gatherWeights, spreadWeights, type WholeWeights, wholeWeights } from "./whole-weights.ts";

/** A loss with what follows from it. */
export interface Evaluation extends LossValue {
  /** Of the trials that have a right answer, 0 … 1; NaN where the task has none. */
  fractionCorrect: number;
  /**
   * dL/d(variable) by `"population.variable"`, shape `(time, unit, instance)`; empty unless asked for. The next evaluation
   * writes over them.
   */
  adjoints: Record<string, Float64Array>;
  /** Direct dL/d(weights as they act) by name of the trainable, of those that terms look at; empty unless asked for. */
  weightGradients: Record<string, Float64Array>;
}

/** What one evaluation looks at. */
export interface EvaluationInput {
  batch: TrialBatch;
  /** Variables of {@link Objective.record}, shape `(time, unit, instance)`. */
  records: Readonly<Record<string, ArrayLike<number>>>;
  /** Weights as they act, by name of the trainable. */
  weights: Readonly<Record<string, Float64Array>>;
  /** Who works on activity, default this thread. */
  team?: WorkTeam;
}

/**
 * Terms over a network's variables. In terms `of` is a short name of the network's `sources` or
 * `"population.variable"`, `weights` the name of a trained projection, `target` is `targets` or `labels`.
 */
export class Objective {
  /** Variables that terms look at, to be recorded. */
  readonly record: readonly string[];
  readonly #terms: readonly LossTerm[];
  readonly #supervised: readonly LossTerm[];
  readonly #network: TrainableNetwork;
  readonly #alone = workAlone();
  readonly #wholes = new Map<string, WholeWeights | undefined>();

  /** @throws CajalError as `checkTerms`. */
  constructor(network: TrainableNetwork, terms: readonly LossTerm[], regularisers: readonly Regulariser[]) {
    this.#network = network;
    this.#supervised = terms;
    // Ω needs the gradient of the rest and comes after it.
    this.#terms = [...terms, ...regularisers.filter((term) => term.kind !== "omega")];
    checkTerms(this.#terms);
    const looked = this.#terms.flatMap((term) => [
      ...("of" in term ? [term.of] : []),
      ...("from" in term ? [term.from] : []),
    ]);
    const names = new Set([network.output, ...looked.map((name) => this.#variable(name))]);
    this.record = [...names];
  }

  /** Value and gradients of all terms. @throws CajalError `unknown-source` and those of the terms. */
  differentiate(input: EvaluationInput): Evaluation {
    return this.#evaluate(input, this.#terms, true);
  }

  /** Value of the loss without regularisers. */
  evaluate(input: EvaluationInput): Evaluation {
    return this.#evaluate(input, this.#supervised, false);
  }

  #variable(name: string): string {
    const { sources = {} } = this.#network;
    return Object.hasOwn(sources, name) ? sources[name] : name;
  }

  /** Of a projection with sparse weights. */
  #whole(name: string): WholeWeights | undefined {
    const { network } = this.#network;
    if (!this.#wholes.has(name)) this.#wholes.set(name, wholeWeights(network, name));
    return this.#wholes.get(name);
  }

  #evaluate(
    { batch, records, weights, team = this.#alone }: EvaluationInput,
    terms: readonly LossTerm[],
    back: boolean,
  ): Evaluation {
    const { steps: time, count } = batch;
    const adjoints: Record<string, Float64Array> = {};
    const weightGradients: Record<string, Float64Array> = {};
    const activity: Record<string, ActivitySource> = {};
    for (const name of this.record) {
      const values = records[name];
      if (back) adjoints[name] = team.room(`adjoint ${name}`, "f64", values.length).fill(0);
      activity[name] = { values, units: values.length / (time * count), gradient: adjoints[name] };
    }
    for (const [short, name] of Object.entries(this.#network.sources ?? {})) {
      if (activity[name]) activity[short] = activity[name];
    }
    const looked = new Set(terms.flatMap((term) => ("weights" in term ? [term.weights] : [])));
    const named = Object.fromEntries(
      Object.entries(weights).flatMap(([name, stored]) => {
        if (!name.startsWith(WEIGHTS)) return [];
        const own = name.slice(WEIGHTS.length);
        const whole = looked.has(own) ? this.#whole(own) : undefined;
        const values = whole ? spreadWeights(whole, stored) : stored;
        const gradient = back && looked.has(own) ? new Float64Array(values.length) : undefined;
        return [[own, { values, gradient }] as const];
      }),
    );
    const areLabels = terms.some((term) => "target" in term && term.target === "labels");
    const idle = terms.filter((term) => isIdle(term, batch));
    const value = evaluateLoss(idle.length > 0 ? terms.filter((term) => !idle.includes(term)) : terms, {
      time,
      batch: count,
      activity,
      targets: {
        targets: { values: batch.targets, mask: batch.mask },
        labels: { values: batch.labels, mask: areLabels ? labelMask(batch) : undefined },
      },
      weights: named,
      valid: validSteps(batch),
      divide: (work) => team.divide(work),
    });
    for (const [name, { gradient }] of Object.entries(named)) {
      if (!gradient) continue;
      const whole = this.#whole(name);
      weightGradients[WEIGHTS + name] = whole ? gatherWeights(whole, gradient) : gradient;
    }
    for (const { name, kind } of idle) value.terms[name ?? kind] = 0;
    const answered = fractionAnswered(records[this.#network.output], batch);
    return { ...value, fractionCorrect: answered, adjoints, weightGradients };
  }
}

/** The loss that the targets of a task are meant for. */
export function defaultLoss({ output: of }: TrainableNetwork, { loss }: Task): LossTerm[] {
  return loss === "cross-entropy"
    ? [{ kind: "cross-entropy", of, target: "labels" }]
    : [{ kind: "mse", of, target: "targets" }];
}

// Implementation

const WEIGHTS = "weights:";

/**
 * Whether chance has drawn a batch that a term finds nothing in, which then is 0: trials shorter than a lag, or none but
 * catch trials of which nothing is wanted. That nothing counts in other trials is a mistake, and told by the term.
 */
function isIdle(term: LossTerm, { steps, mask, trials }: TrialBatch): boolean {
  if (term.kind === "smoothness") return (term.lag ?? 1) >= steps;
  return "target" in term && typeof term.target === "string" && isCatch(trials) && mask.every((m) => m === 0);
}

const isCatch = (trials: TrialBatch["trials"]) => trials.every((t) => t.catchTrial);

/** How much each label counts: the mask of its output, shape `(time, instance)`. */
function labelMask({ labels, mask, outputNames, count }: TrialBatch): Float64Array {
  const outputs = outputNames.length;
  return Float64Array.from(labels, (label, k) =>
    label < 0 ? 0 : mask[(Math.floor(k / count) * outputs + label) * count + (k % count)],
  );
}

/** 1 within a trial, 0 in its padding, shape `(time, instance)`; undefined when there is none. */
function validSteps({ steps, count, trials }: TrialBatch): Float64Array | undefined {
  if (trials.every((t) => t.steps === steps)) return undefined;
  return Float64Array.from({ length: steps * count }, (_, k) =>
    Math.floor(k / count) < trials[k % count].steps ? 1 : 0,
  );
}

function fractionAnswered(outputs: ArrayLike<number>, batch: TrialBatch): number {
  const { steps: time, outputNames, count, trials, labels } = batch;
  if (batch.readout.kind === "choice") {
    if (trials.every((t) => t.choice < 0)) return Number.NaN;
    return choiceAccuracy(readChoices(outputs, batch), trials);
  }
  if (labels.every((label) => label < 0)) return Number.NaN;
  return fractionCorrect(outputs, labels, { shape: { time, units: outputNames.length, batch: count } });
}
