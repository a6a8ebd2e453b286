/**
 * @file Trials that are looked at again and again while a network learns, always with the same noise: those of
 * validations, and those that a stage of a curriculum is judged by.
 */

import type { Rng } from "../../../core/index.ts";
import type { Divergence, ForwardResult } from "../../../engine/index.ts";
import { batchTrials, type TrialBatch } from "../../../tasks/index.ts";
import { earliest } from "./breakdown.ts";
import type { Evaluation } from "./objective.ts";
import type { ResolvedTraining, ValidationOptions } from "./train-options.ts";
import { ConditionTallies } from "./worst-condition.ts";

/** What was seen in some trials, and where activity was not finite first. */
export interface Look {
  seen: { loss: number; fractionCorrect: number; worstFractionCorrect?: number };
  exploded: Divergence | undefined;
  batches: readonly TrialBatch[];
}

/** How trials are run, by the network of now. */
export interface TrialRunner {
  forward(batch: TrialBatch, noise: Rng): ForwardResult;
  /** Loss without regularisers. */
  evaluate(batch: TrialBatch, records: ForwardResult["records"]): Evaluation;
}

/** Draws fixed trials once and looks at them. */
export class FixedTrials {
  /** Of validations; empty where there are none. */
  readonly validation: readonly TrialBatch[];
  readonly #options: ResolvedTraining;
  readonly #rng: Rng;
  readonly #runner: TrialRunner;
  #ofStage: { stage: number; batches: TrialBatch[] } | undefined;

  /** @throws CajalError those of `batchTrials`. */
  constructor(options: ResolvedTraining, rng: Rng, runner: TrialRunner) {
    const { validation } = options;
    this.#options = options;
    this.#rng = rng;
    this.#runner = runner;
    this.validation = validation ? this.#draw(rng.stream("validation"), validation) : [];
  }

  /** What a validation sees. */
  lookAtAll(): Look {
    const { earlyStopping, task } = this.#options;
    const isByCondition = earlyStopping?.criterion === "worstFractionCorrect";
    const tallies = isByCondition ? new ConditionTallies(task) : undefined;
    return this.#look(this.validation, "validation-noise", tallies);
  }

  /** What a stage's own trials show; undefined for one without a goal. */
  lookAtStage(stage: number): Look | undefined {
    const { curriculum, validation } = this.#options;
    if (!validation || !curriculum[stage]?.until) return undefined;
    if (this.#ofStage?.stage !== stage) {
      const { conditions } = curriculum[stage];
      const rng = this.#rng.stream("stage").stream(stage);
      this.#ofStage = { stage, batches: this.#draw(rng, { ...validation, conditions }) };
    }
    return this.#look(this.#ofStage.batches, "stage-noise");
  }

  #draw(rng: Rng, { conditions, trials }: Required<ValidationOptions>): TrialBatch[] {
    const { task, batchSize } = this.#options;
    return Array.from({ length: Math.ceil(trials / batchSize) }, (_, k) =>
      batchTrials(task, batchSize, rng, { conditions, first: k * batchSize }),
    );
  }

  #look(batches: readonly TrialBatch[], noise: string, tallies?: ConditionTallies): Look {
    let loss = 0;
    let correct = 0;
    let answered = 0;
    let exploded: Divergence | undefined;
    batches.forEach((batch, k) => {
      const { records, diverged } = this.#runner.forward(batch, this.#rng.stream(noise).stream(k));
      exploded ??= earliest(diverged);
      const value = this.#runner.evaluate(batch, records);
      tallies?.add(records[this.#options.network.output], batch);
      const wanted = batch.trials.filter((t) => t.choice >= 0).length || batch.count;
      loss += value.total / batches.length;
      if (Number.isNaN(value.fractionCorrect)) return;
      correct += wanted * value.fractionCorrect;
      answered += wanted;
    });
    const fractionCorrect = answered > 0 ? correct / answered : Number.NaN;
    const worst = tallies && { worstFractionCorrect: tallies.worst };
    return { seen: { loss, fractionCorrect, ...worst }, exploded, batches };
  }
}
