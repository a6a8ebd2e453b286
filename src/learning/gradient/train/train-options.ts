/**
 * @file How a network is trained: task, loss, optimiser, when to look and when to stop. Plain data but for `onUpdate`.
 */

import { CajalError } from "../../../core/index.ts";
import type { GradientOptions } from "../../../engine/index.ts";
import type { Conditions, Task } from "../../../tasks/index.ts";
import type { LossTerm } from "../losses/composite.ts";
import type { OptimiserSpec } from "../optimisers/optimiser.ts";
import type { ScheduleSpec } from "../optimisers/schedule.ts";
import { checkNumber } from "../parameters.ts";
import { checkLoss } from "./check-loss.ts";
import { continuousNetwork } from "./continuous-network.ts";
import { type CurriculumStage, checkCurriculum } from "./curriculum.ts";
import { defaultLoss } from "./objective.ts";
import type { OmegaTerm } from "./omega-regulariser.ts";
import { checkTrainKeys } from "./option-keys.ts";
import { checkTask, type TrainableNetwork } from "./trainable-network.ts";
import type { UpdateReport } from "./training-result.ts";
import { factorsToldApart } from "./worst-condition.ts";

/** Trials that are never trained on, the same each time, with the same noise. */
export interface ValidationOptions {
  /** At least so many, default 200; whole batches are taken. */
  trials?: number;
  /** Updates between validations, default 50; the last update is always followed by one. */
  every?: number;
  /** Conditions gone through again and again, e.g. `conditionGrid(task)`; default drawn as in training. */
  conditions?: Conditions | readonly Conditions[];
}

/** What early stopping can look at. */
export const STOPPING_CRITERIA = ["fractionCorrect", "worstFractionCorrect", "loss"] as const;
/** One of fractionCorrect, worstFractionCorrect, loss. */
export type StoppingCriterion = (typeof STOPPING_CRITERIA)[number];

/** When training ends before its last update. */
export interface EarlyStopping {
  /**
   * What validations are judged by. `worstFractionCorrect` is the smallest fraction correct of any condition, told apart
   * by the factors of the task that have a list of values; validate with `conditionGrid(task)` and many trials of each.
   */
  criterion: StoppingCriterion;
  /** Stop with status `reached` when the mean of the last `window` validations is at least (of a loss, at most) this. */
  target?: number;
  /** Validations that are averaged, default 1; Song, Yang & Wang (2016) take 5. */
  window?: number;
  /** Stop with status `stopped` after so many validations without a better one. */
  patience?: number;
}

/** Limits of the gradient: first of each number, then of the norm. */
export interface ClipOptions {
  /** Largest Euclidean norm over all parameters together. */
  norm?: number;
  /** Largest size of each number. */
  value?: number;
  /** ≥ 0, added to the norm that gradients are divided by, default 0; torch's `clip_grad_norm_` has 1e-6. */
  epsilon?: number;
}

/** A term that is trained on and not validated; Ω can be nothing else. */
export type Regulariser = LossTerm | OmegaTerm;

/** Options of {@link train}. */
export interface TrainOptions {
  network: TrainableNetwork;
  /** Its step is that of the network. */
  task: Task;
  /** Most updates. */
  updates: number;
  /** Trials of one update, default 20. */
  batchSize?: number;
  /**
   * Parts of a batch that can be trained side by side, default 1, at most `batchSize`. Gradients are summed in each and
   * then over all, so last bits depend on their number; who runs them changes no bit.
   */
  shards?: number;
  /**
   * Whether trials follow each other without a reset, default false: trial k of a batch begins in the state, of every
   * variable, in which trial k of the batch before ended, so that a batch is as many streams as it has trials; pycog's
   * continuous mode is `batchSize: 1`. The first batch begins at the network's own start. What is carried is data: no
   * gradient goes back into earlier trials, and starts are not trained. Validations begin in the states carried then,
   * trial k of each of their batches in that of stream k, and leave them as they are; so do stages of a curriculum.
   */
  continuous?: boolean;
  /** Default: squared error, or cross-entropy, as the task has it. */
  loss?: readonly LossTerm[];
  /** Further terms, trained on but not validated; none by default. */
  regularisers?: readonly Regulariser[];
  /** Default Adam with learning rate 1e-3. Overrides are by name of the trainable. */
  optimiser?: OptimiserSpec;
  /** Counted in updates; a plateau, its patience and warm-up, in validations. Default constant. */
  schedule?: ScheduleSpec;
  /** Limits of the gradient; default norm 1, `{}` for none. */
  clip?: ClipOptions;
  /** Seed of trials and noise, default 0. */
  seed?: number;
  /** false: none, and no early stopping. */
  validation?: ValidationOptions | false;
  earlyStopping?: EarlyStopping;
  curriculum?: readonly CurriculumStage[];
  /** Of the run: precision (default f32), method, surrogate, checkpoints, window of gradients, memory, interpreter. */
  run?: Pick<
    GradientOptions,
    "precision" | "method" | "surrogate" | "checkpoint" | "window" | "memory" | "backend"
  >;
  /** Called after each update; if it returns `"stop"`, training ends with status `stopped`. */
  onUpdate?: (report: UpdateReport) => unknown;
}

/** Options with every default filled in. */
export interface ResolvedTraining
  extends Required<Omit<TrainOptions, "onUpdate" | "earlyStopping" | "validation">> {
  validation: Required<ValidationOptions> | undefined;
  earlyStopping: EarlyStopping | undefined;
  onUpdate: TrainOptions["onUpdate"];
}

/**
 * Defaults filled, values checked.
 *
 * @throws CajalError `unknown-option`, `bad-option`, `bad-range`, and those of `checkTask`, `checkLoss`, `continuousNetwork`.
 */
export function resolveTraining(options: TrainOptions): ResolvedTraining {
  const { network, task, updates, batchSize = 20, shards = 1, seed = 0, validation = {} } = options;
  const { continuous = false } = options;
  checkTrainKeys(options);
  checkTask(network, task);
  checkWhole({ updates, batchSize, shards }, 1);
  if (shards > batchSize) refuse(`shards must be at most batchSize, ${batchSize}, got ${shards}`);
  checkWhole({ seed }, 0);
  if (typeof continuous !== "boolean") refuse(`continuous must be true or false, got ${continuous}`);
  const { trials = 200, every = 50, conditions = {} } = validation || {};
  checkWhole({ "validation.trials": trials, "validation.every": every }, 1);
  checkStopping(options);
  const stages = options.curriculum ?? [];
  checkCurriculum(stages, { task, isValidated: validation !== false });
  checkLoss(network, task, [...(options.loss ?? []), ...(options.regularisers ?? [])]);
  return {
    network: continuous ? continuousNetwork(network, task.dt) : network,
    task,
    updates,
    batchSize,
    shards,
    continuous,
    seed,
    loss: options.loss ?? defaultLoss(network, task),
    regularisers: options.regularisers ?? [],
    optimiser: options.optimiser ?? { kind: "adam", learningRate: 1e-3 },
    schedule: options.schedule ?? { kind: "constant" },
    clip: options.clip ?? { norm: 1 },
    validation: validation === false ? undefined : { trials, every, conditions },
    earlyStopping: options.earlyStopping,
    curriculum: stages,
    run: options.run ?? {},
    onUpdate: options.onUpdate,
  };
}

// Implementation

function refuse(what: string, hint?: string): never {
  throw new CajalError(what, { code: "bad-option", where: "train", ...(hint && { hint }) });
}

function checkWhole(values: Readonly<Record<string, number>>, least: number): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    refuse(`${name} must be a whole number ≥ ${least}, got ${value}`);
  }
}

function checkStopping(options: TrainOptions): void {
  const { task, validation, schedule, earlyStopping, clip = {} } = options;
  const where = "train";
  for (const name of ["norm", "value"] as const)
    if (clip[name] !== undefined) checkNumber(clip[name], `clip.${name}`, { where, above: 0 });
  checkNumber(clip.epsilon ?? 0, "clip.epsilon", { where, least: 0 });
  if (clip.epsilon !== undefined && clip.norm === undefined)
    refuse("clip.epsilon has no effect without clip.norm", "Give both: clip: { norm: 1, epsilon: 1e-6 }.");
  if (validation === false && (earlyStopping || schedule?.kind === "plateau")) {
    const what = earlyStopping ? "early stopping" : "a plateau";
    refuse(`${what} is judged by validations, and there are none`, "Leave out validation: false.");
  }
  if (!earlyStopping) return;
  const { criterion, target, window = 1, patience } = earlyStopping;
  checkWhole({ "earlyStopping.window": window, "earlyStopping.patience": patience ?? 1 }, 1);
  if (!STOPPING_CRITERIA.includes(criterion))
    refuse(`there is no criterion "${criterion}"`, `Known: ${STOPPING_CRITERIA.join(", ")}.`);
  if (target === undefined && patience === undefined)
    refuse("earlyStopping has neither a target nor a patience", "Give at least one of them.");
  if (target !== undefined) {
    const most = criterion === "loss" ? {} : { most: 1 };
    checkNumber(target, "earlyStopping.target", { where, least: 0, ...most });
  }
  if (criterion !== "loss" && task.readout.kind === "trace" && task.loss !== "cross-entropy")
    refuse(`the task "${task.name}" has no right answers to count`, 'Use the criterion "loss".');
  if (criterion === "worstFractionCorrect") checkConditions(options);
}

/** Conditions that can be told apart, and trials for each. */
function checkConditions({ task, validation, batchSize = 20 }: TrainOptions): void {
  if (factorsToldApart(task).length === 0) {
    const what = `the task "${task.name}" has no conditions, there is no worst one`;
    refuse(what, 'Use the criterion "fractionCorrect".');
  }
  const { trials = 200, conditions } = validation || {};
  const listed = Array.isArray(conditions) ? conditions.length : 0;
  const shown = Math.ceil(trials / batchSize) * batchSize;
  if (listed > shown) {
    const what = `validation.trials shows ${shown} of ${listed} conditions, the worst may be among the others`;
    refuse(what, `Raise it to ${listed} or a multiple of it.`);
  }
}
