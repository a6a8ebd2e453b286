/**
 * @file Training, update by update: draw trials, run them forward, differentiate, step, project.
 *
 * Everything random is a function of the seed and the number of the update, so a run that is resumed from its bytes
 * makes the bits of one that was never interrupted.
 */

import { CajalError, createRng, type Rng } from "../../../core/index.ts";
import {
  type BatchGradient,
  differentiateShards,
  type MakeTeam,
  type ShardedGradient,
} from "../../../engine/index.ts";
import { batchTrials, type TrialBatch } from "../../../tasks/index.ts";
import { clipByNorm, clipByValue, globalNorm } from "../optimisers/clip.ts";
import { createOptimiser, type OptimiserState, optimiserStep } from "../optimisers/optimiser.ts";
import { advanceSchedule, createSchedule, rateFactor, type ScheduleState } from "../optimisers/schedule.ts";
import {
  type Breakdown,
  brokenForward,
  brokenGradient,
  brokenInput,
  brokenLoss,
  brokenStep,
  brokenValidation,
  earliest,
} from "./breakdown.ts";
import { CarriedStates } from "./carried-states.ts";
import { drawStages, stageAt } from "./curriculum.ts";
import { FirstLosses } from "./first-losses.ts";
import { FixedTrials } from "./fixed-trials.ts";
import { Objective } from "./objective.ts";
import { OmegaRegulariser } from "./omega-regulariser.ts";
import { type BestSoFar, readTraining, type SavedTraining, writeTraining } from "./saved-training.ts";
import { workShare } from "./shared-work.ts";
import { checkAnswers, judge } from "./stopping.ts";
import { type ResolvedTraining, resolveTraining, type TrainOptions } from "./train-options.ts";
import { findBadNumber, TrainedParameters } from "./trained-parameters.ts";
import {
  type ActingParameters,
  addReport,
  emptyHistory,
  type TrainingDivergence,
  type TrainingHistory,
  type TrainingResult,
  type TrainingStatus,
  type UpdateReport,
  type Validation,
} from "./training-result.ts";

/** A training run; owns the compiled network. */
export class Trainer {
  readonly #options: ResolvedTraining;
  readonly #gradient: ShardedGradient;
  /** Those of the last update, whose memory the next one takes. */
  #gradients: Record<string, Float64Array> = {};
  readonly #parameters: TrainedParameters;
  readonly #objective: Objective;
  readonly #omega: OmegaRegulariser;
  readonly #first: FirstLosses;
  readonly #rng: Rng;
  readonly #fixed: FixedTrials;
  /** Of trials that follow each other. */
  readonly #carried: CarriedStates | undefined;
  #optimiser: OptimiserState;
  #schedule: ScheduleState;
  #updates = 0;
  #history = emptyHistory();
  #best: BestSoFar | undefined;
  #end: { status: TrainingStatus; message: string; divergence?: TrainingDivergence } | undefined;

  /**
   * @param team - Who runs the shards of a batch; default this thread.
   * @throws CajalError for options that do not fit, before anything is trained.
   */
  constructor(given: TrainOptions, team?: MakeTeam) {
    const options = resolveTraining(given);
    this.#options = options;
    const { network } = options;
    this.#objective = new Objective(network, options.loss, options.regularisers);
    this.#omega = new OmegaRegulariser(options);
    this.#first = new FirstLosses(options, this.#objective);
    this.#carried = options.continuous ? new CarriedStates(network.network) : undefined;
    this.#schedule = createSchedule(options.schedule);
    this.#rng = createRng(options.seed).stream("train");
    this.#gradient = makeGradient(options, team);
    try {
      drawStages(options.curriculum, options.task);
      this.#fixed = new FixedTrials(options, this.#rng, {
        forward: (batch, noise) => this.#forward(batch, noise),
        evaluate: (batch, records) =>
          this.#objective.evaluate({
            batch,
            records,
            weights: this.#parameters.effective,
            team: this.#gradient,
          }),
      });
      checkAnswers(this.#fixed.validation, options.earlyStopping);
      this.#parameters = new TrainedParameters(network, this.#gradient);
      this.#optimiser = createOptimiser(options.optimiser, this.#parameters.theta);
    } catch (error) {
      this.#gradient.dispose();
      throw error;
    }
  }

  /** Updates made. */
  get updates(): number {
    return this.#updates;
  }

  /** `running` until training is over. */
  get status(): TrainingStatus | "running" {
    return this.#end?.status ?? "running";
  }

  /** What runs the equations, forward and backward; `reason` says why it is not the native code asked for. */
  get backend(): BatchGradient["backend"] {
    return this.#gradient.backend;
  }

  /** What was seen so far; live. */
  get history(): Readonly<TrainingHistory> {
    return this.#history;
  }

  /** Parameters as they act now. */
  parameters(): ActingParameters {
    return this.#parameters.act(this.#parameters.theta);
  }

  /**
   * One update, and a validation when one is due.
   *
   * @returns What was seen; undefined when training is over, or has just broken.
   */
  step(): UpdateReport | undefined {
    if (this.#end) return undefined;
    const report = this.#update();
    if (report === undefined) return undefined;
    const { validation, updates, earlyStopping, onUpdate } = this.#options;
    const last = this.#updates === updates;
    if (validation && (last || this.#updates % validation.every === 0)) this.#validate(report);
    addReport(this.#history, report);
    if (this.#end) return report;
    if (report.validation && earlyStopping) this.#end = judge(this.#history.validations, earlyStopping);
    if (onUpdate?.(report) === "stop" && !this.#end) {
      this.#end = { status: "stopped", message: `onUpdate stopped training after ${this.#updates} updates.` };
    }
    if (last) this.#end ??= { status: "done", message: `All ${updates} updates were made.` };
    return report;
  }

  /** Loss and fraction correct on the fixed trials with the parameters of now. @throws CajalError `no-validation`. */
  validate(): Validation {
    if (this.#fixed.validation.length === 0) {
      throw new CajalError("there are no trials to validate with", {
        code: "no-validation",
        where: "Trainer.validate",
        hint: "Leave out validation: false.",
      });
    }
    return { updates: this.#updates, ...this.#fixed.lookAtAll().seen };
  }

  /** How training went so far; a run that is not over counts as `stopped`. */
  result(): TrainingResult {
    const end = this.#end ?? { status: "stopped", message: `${this.#updates} updates were made.` };
    const carried = this.#carried?.states;
    const best = this.#best ?? { updates: this.#updates, theta: this.#parameters.theta, carried };
    return {
      ...end,
      updates: this.#updates,
      history: structuredClone(this.#history),
      last: this.parameters(),
      best: { updates: best.updates, parameters: this.#parameters.act(best.theta) },
      ...(this.#carried && { carried: { last: carried, best: best.carried } }),
      checkpoint: this.save(),
    };
  }

  /** Everything that training goes on from. */
  save(): Uint8Array<ArrayBuffer> {
    return writeTraining(this.#options, {
      updates: this.#updates,
      theta: this.#parameters.copy(),
      optimiser: this.#optimiser,
      schedule: this.#schedule,
      history: this.#history,
      best: this.#best,
      carried: this.#carried?.states,
    });
  }

  /**
   * Go on from bytes of {@link save}, of a trainer with the same options; `updates`, early stopping and `onUpdate` may
   * differ. A run that was over goes on if they let it.
   *
   * @throws CajalError `bad-image`, `bad-parameters`, `optimiser-state`.
   */
  restore(bytes: Uint8Array): void {
    const saved: SavedTraining = readTraining(this.#options, this.#parameters.theta, bytes);
    this.#parameters.replace(saved.theta);
    this.#optimiser = saved.optimiser;
    this.#schedule = saved.schedule;
    this.#updates = saved.updates;
    this.#history = saved.history;
    this.#best = saved.best;
    this.#carried?.replace(saved.carried);
    const { earlyStopping, updates } = this.#options;
    this.#end = earlyStopping && judge(this.#history.validations, earlyStopping);
    if (this.#updates >= updates)
      this.#end ??= { status: "done", message: `All ${this.#updates} updates were made.` };
  }

  /** End the threads of its team, if it has any; it cannot train on then, but still tell and save. */
  dispose(): void {
    this.#gradient.dispose();
  }

  // Implementation

  #update(): UpdateReport | undefined {
    const { optimiser, schedule, clip } = this.#options;
    const update = this.#updates;
    this.#enterStage(update);
    const batch = this.#drawBatch(update);
    const run = this.#forward(batch, this.#rng.stream("noise").stream(update));
    const exploded = earliest(run.diverged);
    if (exploded) return this.#break(brokenInput([batch]) ?? brokenForward(exploded));
    const weights = this.#parameters.effective;
    const value = this.#objective.differentiate({
      ...{ batch, weights, records: run.records },
      team: this.#gradient,
    });
    if (!Number.isFinite(value.total)) return this.#break(brokenLoss(value.terms));
    const { gradients, sums, notFiniteAt } = this.#gradient.backward(value.adjoints, {
      sums: this.#omega.sums,
      into: this.#gradients,
    });
    this.#gradients = gradients;
    for (const [name, direct] of Object.entries(value.weightGradients)) {
      const gradient = gradients[name];
      for (let k = 0; k < direct.length; k++) gradient[k] += direct[k];
    }
    const { records } = run;
    const { products } = this.#gradient;
    const omega = this.#omega.add({
      batch: batch.count,
      records,
      sums,
      values: weights,
      products,
      gradients,
      team: this.#gradient,
    });
    this.#parameters.pullBack(gradients);
    const badGradient = findBadNumber(gradients);
    if (badGradient) return this.#break(brokenGradient(badGradient, notFiniteAt, this.#options));
    if (clip.value !== undefined) clipByValue(gradients, clip.value);
    const gradientNorm =
      clip.norm === undefined ? globalNorm(gradients) : clipByNorm(gradients, clip.norm, clip);
    const learningRate = optimiser.learningRate * rateFactor(schedule, this.#schedule);
    this.#parameters.keep();
    optimiserStep(optimiser, this.#optimiser, {
      parameters: this.#parameters.theta,
      gradients,
      learningRate,
    });
    const badStep = findBadNumber(this.#parameters.theta);
    if (badStep) {
      this.#parameters.goBack();
      return this.#break(brokenStep(badStep, learningRate));
    }
    this.#parameters.project();
    this.#parameters.write();
    this.#updates++;
    if (schedule.kind !== "plateau") this.#schedule = advanceSchedule(schedule, this.#schedule);
    const { fractionCorrect } = value;
    const loss = value.total + omega.total;
    const terms = { ...value.terms, ...omega.terms };
    this.#first.look(loss, this.#history.loss, { batch, records, weights });
    this.#carried?.take(records, batch);
    return { update, loss, terms, fractionCorrect, gradientNorm, learningRate };
  }

  #validate(report: UpdateReport): void {
    const look = this.#fixed.lookAtAll();
    const stage = this.#fixed.lookAtStage(this.#stage);
    const { seen } = look;
    report.validation = {
      updates: this.#updates,
      ...seen,
      ...(stage && { stage: { index: this.#stage, ...stage.seen } }),
    };
    const bad = [look, stage].find((one) => one && !Number.isFinite(one.seen.loss));
    if (bad) {
      const broken = bad.exploded
        ? (brokenInput(bad.batches) ?? brokenForward(bad.exploded))
        : brokenValidation(bad.seen.loss);
      this.#break(broken, true);
      return;
    }
    const { schedule } = this.#options;
    const { loss } = seen;
    if (schedule.kind === "plateau") this.#schedule = advanceSchedule(schedule, this.#schedule, loss);
    if (this.#best && loss >= this.#best.loss) return;
    const carried = this.#carried?.states;
    this.#best = {
      updates: this.#updates,
      loss,
      theta: this.#parameters.copy(),
      ...(carried && { carried }),
    };
  }

  #break({ quantity, what, advice }: Breakdown, inValidation = false): undefined {
    const update = this.#updates;
    const message = inValidation
      ? `Validation after ${update} update${update === 1 ? "" : "s"}: ${quantity} ${what}; ${advice}. Parameters are those of this validation.`
      : `Update ${update}: ${quantity} ${what}; ${advice}. Parameters are those before this update.`;
    this.#end = { status: "diverged", message, divergence: { update, quantity } };
  }

  #forward(batch: TrialBatch, noise: Rng) {
    return this.#gradient.forward({
      inputs: { [this.#options.network.input]: batch.inputs },
      steps: batch.steps,
      seed: noise.integer(2 ** 32),
      ...(this.#carried && { initial: this.#carried.states }),
      record: [
        ...new Set([...this.#objective.record, ...this.#omega.record, ...(this.#carried?.record ?? [])]),
      ],
    });
  }

  #drawBatch(update: number): TrialBatch {
    const { task, batchSize, curriculum } = this.#options;
    const conditions = curriculum[this.#stage]?.conditions ?? {};
    return batchTrials(task, batchSize, this.#rng.stream("trials").stream(update), { conditions });
  }

  /** Index of the stage of the curriculum, −1 before the first. */
  get #stage(): number {
    return this.#history.stages.at(-1)?.stage ?? -1;
  }

  #enterStage(update: number): void {
    const stage = stageAt(this.#options.curriculum, this.#history, update);
    if (stage > this.#stage) this.#history.stages.push({ stage, update });
  }
}

// Implementation

function makeGradient(options: ResolvedTraining, team: MakeTeam | undefined): ShardedGradient {
  const { network, task, batchSize: instances, shards, run } = options;
  const all = {
    ...run,
    surrogate: run.surrogate ?? network.surrogate,
    dt: task.dt,
    steps: task.maxSteps,
    instances,
    trainable: network.trainable,
  };
  return differentiateShards(network.network, all, { shards, team, workShare });
}
