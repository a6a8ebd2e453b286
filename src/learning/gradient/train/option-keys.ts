/**
 * @file The keys of the training loop's options, and the refusal of others: a misspelt learning rate would train at the
 * usual one without a word.
 */

import { checkKeys, type KeysOf } from "../../../core/index.ts";
import type { OptimiserSpec, ParameterOverride } from "../optimisers/optimiser.ts";
import type { ScheduleSpec } from "../optimisers/schedule.ts";
import type { CurriculumStage, StageGoal } from "./curriculum.ts";
import type { ClipOptions, EarlyStopping, TrainOptions, ValidationOptions } from "./train-options.ts";

/**
 * Refuse what no option is called.
 *
 * @throws CajalError `unknown-option`; `where` names the option it stands in.
 */
export function checkTrainKeys(options: TrainOptions): void {
  const { optimiser, schedule, clip, validation, earlyStopping, curriculum = [], run } = options;
  const optimiserKeys = optimiser ? ofKind(OPTIMISER_KEYS, optimiser.kind) : OPTIMISER_KEYS.adam;
  checkKeys(options, Object.keys(TRAIN_KEYS), {
    where: "train",
    below: {
      optimiser: Object.keys(optimiserKeys ?? {}),
      clip: Object.keys(CLIP_KEYS),
      validation: Object.keys(VALIDATION_KEYS),
      earlyStopping: Object.keys(STOPPING_KEYS),
      run: Object.keys(RUN_KEYS),
    },
  });
  const check = (given: object | undefined | false, known: object | undefined, where: string) => {
    if (given && known) checkKeys(given, Object.keys(known), { where: `train, ${where}` });
  };
  check(optimiser, optimiserKeys, "optimiser");
  for (const [name, override] of Object.entries(optimiser?.overrides ?? {}))
    check(override, OVERRIDE_KEYS, `optimiser.overrides["${name}"]`);
  check(schedule, schedule && ofKind(SCHEDULE_KEYS, schedule.kind), "schedule");
  check(schedule?.warmUp, WARM_UP_KEYS, "schedule.warmUp");
  check(clip, CLIP_KEYS, "clip");
  check(validation, VALIDATION_KEYS, "validation");
  check(earlyStopping, STOPPING_KEYS, "earlyStopping");
  check(run, RUN_KEYS, "run");
  for (const [k, stage] of curriculum.entries()) {
    check(stage, STAGE_KEYS, `curriculum[${k}]`);
    check(stage.until, GOAL_KEYS, `curriculum[${k}].until`);
  }
}

// Implementation

/** Those of one kind; undefined where there is no such kind, which others refuse. */
function ofKind<T extends object>(known: T, kind: string): object | undefined {
  return Object.hasOwn(known, kind) ? (known[kind as keyof T] as object) : undefined;
}

const TRAIN_KEYS: KeysOf<TrainOptions> = {
  network: true,
  task: true,
  updates: true,
  batchSize: true,
  shards: true,
  continuous: true,
  loss: true,
  regularisers: true,
  optimiser: true,
  schedule: true,
  clip: true,
  seed: true,
  validation: true,
  earlyStopping: true,
  curriculum: true,
  run: true,
  onUpdate: true,
};

type OptimiserOf<K extends OptimiserSpec["kind"]> = Extract<OptimiserSpec, { kind: K }>;

const SGD_KEYS: KeysOf<OptimiserOf<"sgd">> = {
  kind: true,
  learningRate: true,
  overrides: true,
  momentum: true,
  dampening: true,
  nesterov: true,
  weightDecay: true,
};

const RMSPROP_KEYS: KeysOf<OptimiserOf<"rmsprop">> = {
  kind: true,
  learningRate: true,
  overrides: true,
  smoothing: true,
  epsilon: true,
  momentum: true,
  centered: true,
  weightDecay: true,
};

const ADAM_KEYS: KeysOf<OptimiserOf<"adam">> = {
  kind: true,
  learningRate: true,
  overrides: true,
  beta1: true,
  beta2: true,
  epsilon: true,
  amsgrad: true,
  weightDecay: true,
};

const OPTIMISER_KEYS = { sgd: SGD_KEYS, rmsprop: RMSPROP_KEYS, adam: ADAM_KEYS, adamw: ADAM_KEYS };

const OVERRIDE_KEYS: KeysOf<ParameterOverride> = { learningRateScale: true, weightDecay: true };

const SCHEDULE_KEYS: { [K in ScheduleSpec["kind"]]: KeysOf<Extract<ScheduleSpec, { kind: K }>> } = {
  constant: { kind: true, warmUp: true },
  step: { kind: true, warmUp: true, every: true, factor: true },
  exponential: { kind: true, warmUp: true, factor: true },
  cosine: { kind: true, warmUp: true, length: true, least: true },
  plateau: {
    kind: true,
    warmUp: true,
    factor: true,
    patience: true,
    threshold: true,
    absolute: true,
    cooldown: true,
    least: true,
  },
};

const WARM_UP_KEYS: KeysOf<NonNullable<ScheduleSpec["warmUp"]>> = { length: true, from: true };

const CLIP_KEYS: KeysOf<ClipOptions> = { norm: true, value: true, epsilon: true };

const VALIDATION_KEYS: KeysOf<ValidationOptions> = { trials: true, every: true, conditions: true };

const STOPPING_KEYS: KeysOf<EarlyStopping> = { criterion: true, target: true, window: true, patience: true };

const STAGE_KEYS: KeysOf<CurriculumStage> = { update: true, until: true, conditions: true };

const GOAL_KEYS: KeysOf<StageGoal> = { fractionCorrect: true, loss: true, window: true };

const RUN_KEYS: KeysOf<NonNullable<TrainOptions["run"]>> = {
  precision: true,
  method: true,
  surrogate: true,
  checkpoint: true,
  window: true,
  memory: true,
  backend: true,
};
